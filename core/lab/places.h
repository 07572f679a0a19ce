// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"

#include <QHash>
#include <QStringList>

namespace sightglass {

/// What templates and prompts know.
const QStringList &labTowns();
/// Empty for a town that is not known.
QStringList labStreets(const QString &town);
/// In the order of LabColour.
const QStringList &labColours();

/// What completion/complete can answer, before it is cut to the longest list that is allowed.
/// `kind` is "ref/prompt" or "ref/resource", `name` the prompt's name or the template's URI;
/// `context` holds the other arguments. Null: there is no such prompt, template or argument.
struct LabCompletion {
    bool known = false;
    QStringList values;
};
LabCompletion labCompletion(const QString &kind, const QString &name, const QString &argument,
                            const QString &typed, const QHash<QString, QString> &context);

} // namespace sightglass
