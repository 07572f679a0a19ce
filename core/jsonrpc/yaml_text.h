// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>

namespace sightglass {

/// A value of YAML.
struct YamlValue {
    enum class Kind : quint8 { Scalar, Sequence, Mapping };
    Kind kind = Kind::Scalar;
    QString text; ///< of a scalar, unescaped
    bool isPlain = false; ///< a scalar without quotes: it may mean a number, a truth, or nothing
    QList<QString> keys; ///< of a mapping, one a child
    QList<YamlValue> children;

    bool operator==(const YamlValue &) const = default;
};

/// A document, or why it could not be read.
struct YamlDocument {
    YamlValue value;
    QString problem; ///< a sentence; mostly empty
    int line = 0; ///< of the problem, from 1

    bool operator==(const YamlDocument &) const = default;
};

/// Reads one document of YAML by libyaml (https://pyyaml.org/wiki/LibYAML). Anchors, aliases, tags
/// and keys that are no text are refused by name, as is a second document; depth is bounded.
YamlDocument readYaml(const QString &text);

} // namespace sightglass
