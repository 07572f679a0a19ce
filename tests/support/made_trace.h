// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/rules.h"
#include "core/trace/trace_store.h"

#include <QTimeZone>

namespace sightglass::test {

using namespace Qt::StringLiterals;

/// A request and its answer, for a trace that is made by hand. As MCP's own POST where nothing else
/// is said.
struct Made {
    QString url = u"https://mcp.example/mcp"_s;
    ExchangeKind kind = ExchangeKind::Post;
    QString what = u"tools/list"_s;
    QByteArrayList sends = {}; ///< headers as lines: "Authorization: Bearer x"
    QByteArray body = {};
    int status = 200; ///< 0: no answer
    QByteArrayList gets = {}; ///< headers of the response, as lines
    QByteArray answer = {};
    ExchangeId cause = 0;
};

/// A call with its token, and the stream that forgot it: AF-01.
inline const Made CallWithToken{.what = u"tools/call add"_s,
                                .sends = {"Authorization: Bearer abcdefgh"}};
inline const Made BareStream{
    .kind = ExchangeKind::Stream, .what = u"event stream"_s, .status = 401};

/// A trace in the making, whose clock stands still unless it is told to go on. It began at the
/// first second of 2026.
class MadeTrace {
public:
    MadeTrace()
        : store([this] { return now; }, QDateTime({2026, 1, 1}, {0, 0}, QTimeZone::utc()))
    {
    }

    ExchangeId add(const Made &made)
    {
        const ExchangeId id = begin(made);
        if (made.status > 0) {
            store.append(id, made.answer.constData(), made.answer.size());
            store.finish(id);
        }
        return id;
    }
    /// The same without an end and a body.
    ExchangeId begin(const Made &made)
    {
        RequestRecord request;
        request.kind = made.kind;
        request.cause = made.cause;
        request.method = methodOf(made.kind);
        request.url = QUrl(made.url);
        request.what = made.what;
        request.headers = lines(made.sends);
        const ExchangeId id = store.begin(request, made.body);
        if (made.status > 0) {
            ResponseRecord response;
            response.status = made.status;
            response.headers = lines(made.gets);
            store.respond(id, response);
        }
        return id;
    }
    /// Bytes of an event stream, now, as one frame.
    void frame(ExchangeId id, FrameKind kind, const QByteArray &bytes)
    {
        const BodyChunk chunk = store.append(id, bytes.constData(), bytes.size());
        store.frame(id, {kind, chunk.offset, chunk.offset + chunk.length, now, -1, 0});
    }
    void later(qint64 milliseconds) { now += milliseconds * 1'000'000; }

    // Requests that occur in many stories.
    ExchangeId metadata(const QByteArray &json, const QString &url,
                        const QByteArray &type = "application/json", ExchangeId cause = 0)
    {
        return add({.url = url,
                    .kind = ExchangeKind::Discovery,
                    .what = QUrl(url).path().mid(1),
                    .gets = {"Content-Type: " + type},
                    .answer = json,
                    .cause = cause});
    }
    ExchangeId token(const QByteArray &form, int status, const QByteArray &answer,
                     const QByteArrayList &sends = {}, const QByteArray &type = "application/json")
    {
        return add({.url = u"https://as.example/token"_s,
                    .kind = ExchangeKind::Token,
                    .what = u"token"_s,
                    .sends = sends,
                    .body = form,
                    .status = status,
                    .gets = {"Content-Type: " + type},
                    .answer = answer});
    }

    QList<Finding> findings() const
    {
        return sightglass::findings(store, Redactor("0123456789abcdef"));
    }
    /// Their ids, sorted.
    QStringList ids() const
    {
        QStringList list;
        for (const Finding &finding : findings())
            list.append(finding.id);
        list.sort();
        return list;
    }
    std::optional<Finding> found(const QString &id) const
    {
        for (const Finding &finding : findings()) {
            if (finding.id == id)
                return finding;
        }
        return {};
    }

    qint64 now = 0;
    TraceStore store;

private:
    static QByteArray methodOf(ExchangeKind kind)
    {
        switch (kind) {
        case ExchangeKind::Stream:
        case ExchangeKind::Reconnect:
        case ExchangeKind::Discovery:
            return "GET";
        case ExchangeKind::Delete:
            return "DELETE";
        default:
            return "POST";
        }
    }
    static QList<Header> lines(const QByteArrayList &texts)
    {
        QList<Header> list;
        for (const QByteArray &text : texts) {
            const qsizetype colon = text.indexOf(':');
            list.append(
                {text.left(colon), text.mid(colon + 1).trimmed(), HeaderSource::Protocol, false});
        }
        return list;
    }
};

inline const QByteArray MadeToken = "Authorization: Bearer token-of-ada-0123";
inline const QString MadeEndpoint = u"https://mcp.example/mcp"_s;
inline const QString MadePlace = u"https://mcp.example/.well-known/oauth-protected-resource/mcp"_s;
inline const QString MadeRootPlace = u"https://mcp.example/.well-known/oauth-protected-resource"_s;
inline const QString MadeIssuerPlace =
    u"https://as.example/.well-known/oauth-authorization-server"_s;
inline const QByteArray MadeResource =
    R"({"resource":"https://mcp.example/mcp","authorization_servers":["https://as.example"]})";
inline const QByteArray MadeIssuer =
    R"({"issuer":"https://as.example","authorization_endpoint":"https://as.example/authorize",)"
    R"("token_endpoint":"https://as.example/token","registration_endpoint":"https://as.example/register",)"
    R"("code_challenge_methods_supported":["S256"],"token_endpoint_auth_methods_supported":["none"]})";
inline const QByteArray MadeChallenge =
    R"(WWW-Authenticate: Bearer resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp")";

/// A test's rows: how a trace came about, and what is found in it, no more and no less.
using Story = void (*)(MadeTrace &trace);

/// Whole sentences without secrets, evidence of exchanges that are there.
inline QString faultOf(const MadeTrace &trace, const QList<QByteArray> &secrets)
{
    for (const Finding &finding : trace.findings()) {
        if (finding.title.isEmpty() || finding.evidence.isEmpty())
            return finding.id + u" has no title or no evidence"_s;
        QStringList texts{finding.sentence, finding.advice};
        for (const QString &text : std::as_const(texts)) {
            if (!text.endsWith(u'.') || !text.at(0).isUpper() || text.contains("%1"_L1)
                || text.contains("  "_L1) || text.contains(".."_L1))
                return text;
        }
        for (const Evidence &evidence : finding.evidence) {
            if (evidence.exchange < 1 || evidence.exchange > trace.store.exchangeCount())
                return evidenceWords(evidence);
            texts.append(evidenceWords(evidence));
        }
        for (const ExchangeId id : finding.exchanges) {
            if (id < 1 || id > trace.store.exchangeCount())
                return finding.id + u" names exchange %1"_s.arg(id);
        }
        for (const QString &text : std::as_const(texts)) {
            for (const QByteArray &secret : secrets) {
                if (text.contains(QString::fromUtf8(secret)))
                    return text;
            }
        }
    }
    return {};
}

} // namespace sightglass::test

Q_DECLARE_METATYPE(sightglass::test::Story)
