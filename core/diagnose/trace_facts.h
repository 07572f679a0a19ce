// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/challenge.h"
#include "core/diagnose/finding.h"
#include "core/diagnose/oauth_facts.h"
#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

#include <QHash>

#include <atomic>
#include <vector>

namespace sightglass {

/// Of a body that is looked into: what is longer is not.
constexpr qint64 MostBodyBytes = 1024 * 1024;

/// What the rules know of a trace, found out once: each exchange and each note is looked at once,
/// so that it costs in proportion to the trace. It is of one moment; what comes later is not in it.
class TraceFacts {
public:
    /// The trace and the redactor outlive it. Once `stop` is true it is given up, and empty.
    TraceFacts(const TraceReader &trace, const Redactor &redactor,
               const std::atomic<bool> *stop = nullptr, bool over = false);

    /// Of one exchange. Numbers name what is the same: -1 is none.
    struct Exchange {
        ExchangeId id = 0;
        qint32 server = -1; ///< origin of its URL
        /// The origin of the MCP server for which it was made: its own of an MCP request, of a
        /// request for metadata or a token that of the MCP request before it.
        qint32 behalf = -1;
        qint32 connection = 0; ///< counted from "connect" notes
        qint32 token = -1; ///< the value of Authorization, by its secret (or fingerprint)
        qint32 session = -1; ///< the value of Mcp-Session-Id
        quint16 status = 0; ///< 0: no answer
        ExchangeKind kind = ExchangeKind::Other;
        bool toServer = false; ///< post, stream, reconnect or delete, over HTTP
        /// How it was answered is no fault: a way to connect that was left, or a 401 that asks for
        /// no more than a nonce (RFC 9449, 9).
        bool left = false;

        bool accepted() const { return status >= 200 && status < 300; }
        /// The server's own stream, by GET.
        bool isStream() const
        {
            return kind == ExchangeKind::Stream || kind == ExchangeKind::Reconnect;
        }
    };
    /// A failure that stands in the trace or follows from the answer, of an exchange or a note.
    struct Failed {
        Failure failure;
        bool ofNote = false;
    };

    const TraceReader &trace() const { return m_trace; }
    const Redactor &redactor() const { return m_redactor; }
    const std::vector<Exchange> &exchanges() const { return m_exchanges; }
    const Exchange &exchange(ExchangeId id) const { return m_exchanges[size_t(id - 1)]; }
    const QList<Failed> &failures() const { return m_failures; }
    const QList<SeenResource> &resources() const { return m_resources; }
    const QList<SeenIssuer> &issuers() const { return m_issuers; }
    const QList<SeenTokenRequest> &tokens() const { return m_tokens; }
    const QList<SeenRegistration> &registrations() const { return m_registrations; }
    /// All requests for metadata that were answered, whatever they brought.
    const QList<ExchangeId> &discoveries() const { return m_discoveries; }
    bool isOver() const { return m_over; } ///< nothing more comes: it is a recording
    bool stopped() const { return m_stop && m_stop->load(std::memory_order_relaxed); }

    /// The client got over it by itself: in the same connection the server accepted another token
    /// later.
    bool gotAnotherToken(const Exchange &refused) const;

    // By a number of Exchange.
    QByteArray serverName(qint32 server) const { return m_servers.value(server); }
    /// The bare secret (or its fingerprint) of an Authorization.
    QByteArray token(qint32 number) const { return m_tokenValues.value(number); }
    /// What that token says of itself where it is a JWT, unchecked: all of it where the trace holds
    /// it, else what was noted when it was refused (TokenNote). Invalid where neither is there.
    JsonText claims(qint32 number) const;
    /// Of a secret as it is sent or received; -1 where no request carried it.
    qint32 tokenNumber(QByteArrayView secret) const;
    /// The request that brought the token of that number; null where none in the trace did.
    const SeenTokenRequest *issuedBy(qint32 token) const;

    /// What the resource that this MCP request asked says of itself; null where it was not asked.
    const SeenResource *resourceOf(ExchangeId id) const;
    /// The URL of the MCP endpoint that was asked, encoded, without user info, query and fragment.
    QString endpoint(ExchangeId id) const;
    /// The URL that was asked before redirects led to the one of this exchange.
    QUrl askedUrl(ExchangeId id) const;

    // Of an exchange that has its number in the trace.
    RequestRecord request(ExchangeId id) const { return m_trace.request(id); }
    /// Empty where it is not there.
    QByteArray requestHeader(ExchangeId id, QByteArrayView name) const;
    QByteArray responseHeader(ExchangeId id, QByteArrayView name) const;
    bool carries(ExchangeId id, QByteArrayView name) const;
    Challenges challenges(ExchangeId id) const;
    /// Kept open for what the server has to say; in 2026-07-28 that is the answer to a request.
    bool isListening(const Exchange &exchange) const;
    /// Of the response, in lower case, without parameters.
    QByteArray mediaType(ExchangeId id) const;
    /// The whole body of the response, where it is no longer than MostBodyBytes; else empty.
    QByteArray body(ExchangeId id) const;
    /// When it began, in UTC.
    QDateTime begun(ExchangeId id) const;

    // Parts of findings.
    /// "POST tools/list", "the event stream (GET)".
    QString name(ExchangeId id) const;
    /// Of the catalogue, with the exchange as its first evidence.
    Finding finding(const char *id, ExchangeId exchange) const;
    /// What the header of that name says, without secrets. `name` begins with '>' for one of the
    /// request, with '<' for one of the response.
    Evidence header(ExchangeId exchange, QLatin1StringView name) const;
    /// What a server wrote, for a sentence: one line, not too long, without secrets.
    QString quoted(const QString &words) const;
    QString quoted(const QByteArray &words) const { return quoted(QString::fromUtf8(words)); }

private:
    void readNotes(QHash<ExchangeId, QList<Failure>> *failures);
    void look(ExchangeId id, const QList<Failure> &noted);
    void lookAtOauth(const Exchange &exchange);
    void lookAtMetadata(ExchangeId id);
    std::optional<Failure> judge(const Exchange &exchange) const;
    qint32 serverOfUrl(const QUrl &url);
    static qint32 numberOf(const QByteArray &value, QList<QByteArray> *values,
                           QHash<QByteArray, qint32> *numbers);

    const TraceReader &m_trace;
    const Redactor &m_redactor;
    const std::atomic<bool> *m_stop;
    bool m_over;
    std::vector<Exchange> m_exchanges;
    QList<Failed> m_failures;
    QList<SeenResource> m_resources;
    QList<SeenIssuer> m_issuers;
    QList<SeenTokenRequest> m_tokens;
    QList<SeenRegistration> m_registrations;
    QList<ExchangeId> m_discoveries;
    QList<QByteArray> m_servers;
    QHash<QByteArray, qint32> m_serverNumbers;
    QList<QByteArray> m_tokenValues;
    QHash<QByteArray, qint32> m_tokenNumbers;
    QHash<ExchangeId, QByteArray> m_notedClaims; ///< by an exchange that carried the token
    QHash<qint32, QByteArray> m_claims; ///< by token
    QHash<QByteArray, qsizetype> m_issued; ///< by access token: its place in m_tokens
    QList<QByteArray> m_sessionValues;
    QHash<QByteArray, qint32> m_sessionNumbers;
    QHash<std::pair<qint32, qint32>, ExchangeId> m_accepted; ///< the newest by server, connection
    QHash<QByteArray, ExchangeId> m_openedStreams; ///< a stream of that server and session opened
    QList<qint64> m_connects; ///< times of "connect" notes, ascending
    QUrl m_lastUrl;
    qint32 m_lastServer = -1;
    ExchangeId m_lastMcp = 0; ///< the newest MCP request so far
};

} // namespace sightglass
