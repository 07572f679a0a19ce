// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace sightglass {

/// Parameters as application/x-www-form-urlencoded has them (RFC 6749, appendix B): of a query, of
/// a form that was sent, or of an answer by redirect. Their order stays.
class LabForm {
public:
    LabForm() = default;
    /// Never fails: what is no escape stands for itself, and what is no UTF-8 becomes U+FFFD.
    static LabForm parse(const QByteArray &text);

    /// A name that comes more than once, which OAuth forbids (RFC 6749, section 3.1); empty: none.
    QString repeated() const;
    /// An empty value is as good as none (likewise).
    bool has(QStringView name) const { return !value(name).isEmpty(); }
    QString value(QStringView name) const; ///< the first of this name; empty: none
    /// Replaces the value, or adds it at the end.
    void set(const QString &name, const QString &value);
    void remove(QStringView name);
    QByteArray text() const;

    bool operator==(const LabForm &) const = default;

private:
    struct Parameter {
        QString name;
        QString value;

        bool operator==(const Parameter &) const = default;
    };
    QList<Parameter> m_parameters;
};

} // namespace sightglass
