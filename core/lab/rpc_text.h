// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

namespace sightglass {

/// JSON-RPC 2.0 messages as the lab writes them; ids are raw JSON, so that a client gets back the
/// spelling that it sent.
QByteArray labResult(const QByteArray &id, const QByteArray &result);
/// `data`: raw JSON; empty: none. An empty id: the error answers no request.
QByteArray labError(const QByteArray &id, qint64 code, const QString &message,
                    const QByteArray &data = {});
QByteArray labNotification(const QByteArray &method, const QByteArray &params = {});
QByteArray labRequest(const QByteArray &id, const QByteArray &method);

} // namespace sightglass
