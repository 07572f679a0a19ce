// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStringList>

namespace sightglass::cli {

/// Which of the known words somebody may have meant who typed this one: those that begin with it,
/// else those that differ by a letter or two; in their order, at most three. Pure.
QStringList similarWords(const QString &word, const QStringList &known);

/// "Is tools meant? ", "Is --a or --b meant? "; empty where there is none.
QString askWhetherMeant(const QStringList &words);

} // namespace sightglass::cli
