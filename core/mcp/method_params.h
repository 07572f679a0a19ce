// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace sightglass {

class MessageCheck;

/// A member of a method's params, as the schema of the specification has it.
struct MethodParam {
    QString name;
    QString type; ///< in words: "string", "object: name, value", "\"debug\" or \"info\" or …"
    bool required = false;
    QString description; ///< as it stands there, with its lines; may be empty

    bool operator==(const MethodParam &) const = default;
};

/// What a request or notification with this method takes, by the schema of a revision: what is
/// required first, `_meta` last. Nothing where the schema does not know the method. Pure.
std::optional<QList<MethodParam>> methodParams(const MessageCheck &schema,
                                               const QByteArray &method);

} // namespace sightglass
