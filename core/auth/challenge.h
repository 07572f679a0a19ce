// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/records.h"

#include <QByteArrayList>

namespace sightglass {

/// One parameter of a challenge: name="value" or name=value.
struct AuthParam {
    QByteArray name; ///< as spelled; names compare without case
    QByteArray value; ///< without quotation marks and escapes

    bool operator==(const AuthParam &) const = default;
};

/// One way to authorise that a server offers (RFC 9110, 11.6.1): a scheme, and either a token68 or
/// parameters.
struct Challenge {
    QByteArray scheme; ///< as spelled; empty where parameters came without one
    QByteArray token68; ///< "abc==" of "Negotiate abc=="; mostly empty
    QList<AuthParam> params; ///< in order, with duplicates

    /// Compares without case (RFC 9110, 11.1).
    bool isScheme(QByteArrayView name) const;
    /// The value of the first parameter of that name; nothing where there is none.
    std::optional<QByteArray> param(QByteArrayView name) const;

    QByteArray error() const; ///< RFC 6750, 3: "invalid_token", "insufficient_scope", …
    QByteArray errorDescription() const;
    QByteArrayList scopes() const; ///< RFC 6750, 3: the words of `scope`
    QByteArray resourceMetadata() const; ///< RFC 9728, 5.1: as sent, which may be no URL at all

    bool operator==(const Challenge &) const = default;
};

/// Where a WWW-Authenticate breaks the grammar, and how.
struct ChallengeProblem {
    qsizetype header = 0; ///< which of the values, from 0
    qsizetype position = 0; ///< byte in that value
    QString sentence;

    bool operator==(const ChallengeProblem &) const = default;
};

/// All challenges of one answer. What is malformed is read as far as it can be meant, and told.
struct Challenges {
    QList<Challenge> list;
    QList<ChallengeProblem> problems;

    /// Reads the values of all WWW-Authenticate (or Proxy-Authenticate) headers of an answer, in
    /// order. Several challenges may stand in one value. Never fails.
    static Challenges parse(const QByteArrayList &values);
    /// The same of an answer's headers: all that are named WWW-Authenticate.
    static Challenges of(const QList<Header> &headers);

    bool isEmpty() const { return list.isEmpty(); }
    /// The first of that scheme; null where there is none.
    const Challenge *find(QByteArrayView scheme) const;
    /// The challenge that says most about a bearer token: Bearer, else DPoP, else the first that
    /// names an error; null where none does.
    const Challenge *forToken() const;
    /// The schemes offered, each once, as first spelled.
    QByteArrayList schemes() const;
    /// Of the first challenge that has one, whatever its scheme (RFC 9728, 5.1); may be empty.
    QByteArray resourceMetadata() const;

    bool operator==(const Challenges &) const = default;
};

} // namespace sightglass
