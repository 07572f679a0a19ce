// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <utility>

namespace sightglass {

/// A JSON object that OAuth has a server send, before it goes out: faults may change it.
class LabDocument {
public:
    enum class Kind : quint8 {
        Resource, ///< metadata of the protected resource (RFC 9728)
        Issuer, ///< metadata of the authorisation server (RFC 8414)
        Registration, ///< a client that was registered (RFC 7591, 3.2.1)
        Token, ///< for a code, or for the client's own credentials (RFC 6749, 5.1)
        RefreshedToken, ///< the same, for a refresh token
        Other,
    };
    explicit LabDocument(Kind kind = Kind::Other)
        : m_kind(kind)
    {
    }

    Kind kind() const { return m_kind; }
    void set(const QString &name, const QString &text);
    void set(const QString &name, const QStringList &texts);
    void set(const QString &name, qint64 number);
    void setFlag(const QString &name, bool flag);
    /// `json`: a value's text.
    void setRaw(const QString &name, const QByteArray &json);
    void remove(QStringView name);
    /// Raw JSON; empty: there is no such member.
    QByteArray raw(QStringView name) const;
    QByteArray text() const;

private:
    Kind m_kind;
    QList<std::pair<QString, QByteArray>> m_members;
};

/// A challenge of WWW-Authenticate with parameters (RFC 9110, 11.6.1), before it goes out.
class LabChallenge {
public:
    explicit LabChallenge(QByteArray scheme)
        : m_scheme(std::move(scheme))
    {
    }

    /// `value` without quotes and backslashes.
    void set(const QByteArray &name, const QByteArray &value);
    QByteArray text() const;

private:
    QByteArray m_scheme;
    QList<std::pair<QByteArray, QByteArray>> m_parameters;
};

/// What OAuth's endpoints answer where they refuse (RFC 6749, 5.2).
struct LabRefusal {
    QByteArray error; ///< "invalid_grant"; empty: nothing was refused
    /// Plain ASCII without quotes, as `error_description` wants it; tells nothing that was sent.
    QString sentence;
    int status = 400;

    explicit operator bool() const { return !error.isEmpty(); }
    LabDocument document() const;
    bool operator==(const LabRefusal &) const = default;
};

} // namespace sightglass
