// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/oauth/oauth_flow.h"

#include <QHash>

namespace sightglass::test {

/// An MCP server, an authorisation server and a person, as tables: what each URL answers. Time
/// stands still, and random bytes count up, so that all is the same each time.
class OAuthWorld {
public:
    struct Page {
        int status = 200;
        QByteArray body;
        QByteArray type = "application/json";
        QList<Header> headers = {};
    };

    OAuthWorld();

    /// Its metadata, with members in place of the usual ones; empty text: left out.
    void setServer(const QHash<QByteArray, QByteArray> &changed);
    static OAuthRefusal refusal(const QByteArray &challenge, int status = 401,
                                bool hadToken = false, const QByteArray &type = {});
    void begin(const QByteArray &challenge = "Bearer");
    /// Until a person is needed, or the end.
    void run();
    QUrl browse() const; ///< empty: nothing is to be opened
    QString parameter(const QString &name) const; ///< of browse()
    /// The browser comes back with this query, in which STATE is the right state.
    void comeBack(const QByteArray &query);
    void agree() { comeBack("code=the-code&state=STATE"); }

    const OAuthStep &step(OAuthStepKind kind) const { return flow.steps().at(int(kind)); }
    QString sent(const QString &name) const; ///< of the form that was sent last
    QStringList findings() const; ///< of all checks, each once

    OAuthFlow flow;
    QHash<QByteArray, Page> pages; ///< by "GET https://..."
    QList<QByteArray> asked;
    QList<OAuthFetch> fetches;
    qint64 nowMs = 1'800'000'000'000;
    int randoms = 0;
    ExchangeId exchange = 1;
};

} // namespace sightglass::test
