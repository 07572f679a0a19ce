// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"

#include <QMap>

namespace sightglass::test {

/// Answers what a server asks as a test wants it, and remembers what was asked and told.
class Person : public QObject {
    Q_OBJECT
public:
    explicit Person(Session *session);

    QMap<QByteArray, ServerReply> replies; ///< by method; what has none stays open
    QList<ServerRequest> asked; ///< by the server, in order
    QList<Notice> notices; ///< from the server, in order

    qsizetype askedFor(const QByteArray &method) const;
    /// True once a notification of that method came whose parameters contain `part`.
    bool wasTold(const QByteArray &method, const QByteArray &part = {}) const;
};

/// A reply with a result.
ServerReply withResult(const QByteArray &result);

} // namespace sightglass::test
