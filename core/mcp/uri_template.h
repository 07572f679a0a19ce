// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace sightglass {

/// A URI template (RFC 6570), as resource templates have them ("Resource Templates" of each
/// revision): its variables, and the URI that comes out for their values. All operators and the
/// modifier for a prefix are known. Values are texts, so the modifier "*" changes nothing.
///
/// Templates are untrusted: what is malformed is told in problem(), and stays in the URI as it
/// was written (RFC 6570, section 3).
class UriTemplate {
public:
    UriTemplate() = default;
    static UriTemplate parse(const QString &text);

    /// Names, each once, in the order of the template.
    const QStringList &variables() const { return m_variables; }
    /// A sentence; empty: the template is well formed.
    const QString &problem() const { return m_problem; }
    /// Variables without a value are undefined and leave nothing behind; an empty value is one.
    QString expand(const QHash<QString, QString> &values) const;

private:
    struct Variable {
        QString name;
        int prefix = 0; ///< characters; 0: all
    };
    struct Part {
        QString literal; ///< where there are no variables
        QChar op; ///< null: simple expansion
        QList<Variable> variables;
    };
    bool parseExpression(const QString &inner, Part *part);

    QList<Part> m_parts;
    QStringList m_variables;
    QString m_problem;
};

} // namespace sightglass
