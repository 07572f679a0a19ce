// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/rpc_outcome.h"

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

// The JSON room stands above this one, and this has to be cheap rather than exact: it is asked of
// each row of a table.

/// A longer message is read at its two ends.
constexpr qint64 EndBytes = 64 * 1024;
/// An answer is the last event of its stream, but for a few that a server sends behind it.
constexpr qint64 EventsLookedAt = 16;
constexpr qsizetype MessageBytes = 400;

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

QString decoded(QByteArrayView raw)
{
    QByteArray out;
    for (qsizetype i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\' || i + 1 == raw.size()) {
            out += raw[i];
            continue;
        }
        const char c = raw[++i];
        if (c == 'u' && i + 4 < raw.size()) {
            const QChar unit(raw.sliced(i + 1, 4).toByteArray().toUShort(nullptr, 16));
            out += unit.isSurrogate() ? QByteArray("\xef\xbf\xbd") : QString(unit).toUtf8();
            i += 4;
        } else {
            out += c == 'n' || c == 'r' || c == 't' ? ' ' : c;
        }
    }
    return QString::fromUtf8(out);
}

/// Walks over JSON text and keeps the few members that matter.
class Skimmer {
public:
    explicit Skimmer(QByteArrayView text)
        : m_at(text.data())
        , m_end(text.data() + text.size())
    {
    }

    void run()
    {
        skipSpace();
        if (m_at < m_end && *m_at == '[')
            m_base = 1;
        else if (m_at == m_end || *m_at != '{')
            return;
        while (m_at < m_end && !m_done)
            step();
    }

    const RpcOutcome &outcome() const { return m_found; }
    /// The text ended within a result that did not say yet how it went.
    bool isWithinResult() const
    {
        return m_base == 0 && m_depth >= 2 && m_member == Member::Result
            && m_found.kind == RpcOutcome::Kind::Result;
    }

private:
    enum class Member : quint8 { Other, Result, Error };

    void skipSpace()
    {
        while (m_at < m_end && isSpace(*m_at))
            ++m_at;
    }

    /// From behind an opening quote to behind the closing one: what stood between.
    QByteArrayView string()
    {
        const char *const from = m_at;
        while (m_at < m_end && *m_at != '"')
            m_at += *m_at == '\\' ? 2 : 1;
        m_at = std::min(m_at, m_end);
        const QByteArrayView text(from, m_at - from);
        if (m_at < m_end)
            ++m_at;
        return text;
    }

    void step()
    {
        const char c = *m_at++;
        if (c == '{' || c == '[') {
            ++m_depth;
        } else if (c == '}' || c == ']') {
            --m_depth;
            m_done = m_depth <= 0;
            if (m_depth == m_base)
                endMessage();
        } else if (c == '"') {
            const QByteArrayView name = string();
            if (m_depth != m_base + 1 && m_depth != m_base + 2)
                return;
            skipSpace();
            if (m_at < m_end && *m_at == ':') {
                ++m_at;
                skipSpace();
                member(name);
            }
        }
    }

    void member(QByteArrayView name)
    {
        const char first = m_at < m_end ? *m_at : 'n';
        if (m_depth == m_base + 1) {
            m_member = first == 'n'   ? Member::Other // null says nothing
                : name == "result"_L1 ? Member::Result
                : name == "error"_L1  ? Member::Error
                                      : Member::Other;
            if (m_member == Member::Error && m_found.kind != RpcOutcome::Kind::ToolError)
                m_found.kind = RpcOutcome::Kind::Error;
            else if (m_member == Member::Result && m_found.kind == RpcOutcome::Kind::None)
                m_found.kind = RpcOutcome::Kind::Result;
        } else if (m_member == Member::Result && name == "isError"_L1) {
            if (first == 't' && m_found.kind == RpcOutcome::Kind::Result)
                m_found.kind = RpcOutcome::Kind::ToolError;
        } else if (m_member == Member::Error && name == "code"_L1) {
            const char *end = m_at;
            while (end < m_end && (*end == '-' || (*end >= '0' && *end <= '9')))
                ++end;
            const bool whole = end == m_end || (*end != '.' && *end != 'e' && *end != 'E');
            bool ok = false;
            const qint64 code = QByteArrayView(m_at, end - m_at).toLongLong(&ok);
            if (ok && whole)
                m_found.code = code;
        } else if (m_member == Member::Error && name == "message"_L1 && first == '"') {
            ++m_at;
            const QByteArrayView said = string();
            m_found.message = decoded(said.first(std::min(said.size(), MessageBytes)));
        }
    }

    void endMessage()
    {
        m_member = Member::Other;
        // The first error of a batch is the one that is told.
        m_done = m_done || m_found.isError();
    }

    const char *m_at;
    const char *const m_end;
    qsizetype m_base = 0; ///< 1 within a batch
    qsizetype m_depth = 0;
    Member m_member = Member::Other; ///< of the message, in whose value we are
    bool m_done = false;
    RpcOutcome m_found;
};

/// Whether "isError": true stands in the result that ends with this text, read from its end. From
/// there each quote that is not escaped opens or closes a string, so this is no guess.
bool endsWithIsError(QByteArrayView text)
{
    constexpr QByteArrayView name("\"isError\"");
    qsizetype depth = 0;
    bool within = false;
    for (qsizetype i = text.size() - 1; i >= 0; --i) {
        const char c = text[i];
        if (c == '"') {
            qsizetype backslashes = 0;
            while (backslashes < i && text[i - 1 - backslashes] == '\\')
                ++backslashes;
            if (backslashes % 2 == 1)
                continue;
            within = !within;
            if (within || depth != 2 || !text.sliced(i).startsWith(name))
                continue;
            qsizetype value = i + name.size();
            while (value < text.size() && (isSpace(text[value]) || text[value] == ':'))
                ++value;
            if (text.sliced(value).startsWith("true"))
                return true;
        } else if (!within && (c == '}' || c == ']')) {
            ++depth;
        } else if (!within && (c == '{' || c == '[')) {
            --depth;
        }
    }
    return false;
}

/// The data of an event (HTML, 9.2.6) or of a part of one, which may begin within a line.
QByteArray dataOf(FrameKind kind, const QByteArray &bytes)
{
    if (kind == FrameKind::Line)
        return bytes;
    QByteArray data;
    for (qsizetype at = 0; at < bytes.size();) {
        qsizetype end = at;
        while (end < bytes.size() && bytes.at(end) != '\n' && bytes.at(end) != '\r')
            ++end;
        const QByteArrayView line = QByteArrayView(bytes).sliced(at, end - at);
        if (line.startsWith("data:"))
            data += line.sliced(5);
        else if (!line.startsWith("id:") && !line.startsWith("event:") && !line.startsWith(':')
                 && at == 0)
            data += line; // the rest of one
        at = end + 1;
    }
    return data;
}

RpcOutcome ofBytes(const TraceReader &trace, ExchangeId id, FrameKind kind, qint64 start,
                   qint64 length)
{
    if (length <= 2 * EndBytes)
        return rpcOutcome(dataOf(kind, trace.responseBody(id, start, length)));
    return rpcOutcome(dataOf(kind, trace.responseBody(id, start, EndBytes)),
                      dataOf(kind, trace.responseBody(id, start + length - EndBytes, EndBytes)));
}

} // namespace

RpcOutcome rpcOutcome(QByteArrayView text, QByteArrayView behind)
{
    Skimmer skimmer(text);
    skimmer.run();
    RpcOutcome outcome = skimmer.outcome();
    if (!behind.isEmpty() && skimmer.isWithinResult() && endsWithIsError(behind))
        outcome.kind = RpcOutcome::Kind::ToolError;
    return outcome;
}

RpcOutcome rpcOutcome(const TraceReader &trace, ExchangeId id)
{
    if (id < 1 || id > trace.exchangeCount())
        return {};
    const ExchangeKind kind = trace.summary(id).kind;
    if (kind != ExchangeKind::Post && kind != ExchangeKind::Input
        && kind != ExchangeKind::Reconnect)
        return {};
    const ExchangeSummary summary = trace.summary(id);
    if (summary.frames == 0)
        return kind == ExchangeKind::Reconnect
            ? RpcOutcome()
            : ofBytes(trace, id, FrameKind::Line, 0, summary.responseBytes);
    const qint64 last = summary.frames - 1;
    for (qint64 i = last; i >= 0 && i > last - EventsLookedAt; --i) {
        const Frame frame = trace.frame(id, i);
        if (!isDispatched(frame.kind))
            continue;
        const RpcOutcome outcome =
            ofBytes(trace, id, frame.kind, frame.start, frame.end - frame.start);
        if (outcome.kind != RpcOutcome::Kind::None)
            return outcome;
    }
    return {};
}

QString rpcOutcomeWords(const RpcOutcome &outcome)
{
    switch (outcome.kind) {
    case RpcOutcome::Kind::Error:
        return outcome.code ? u"error %1"_s.arg(*outcome.code) : u"error"_s;
    case RpcOutcome::Kind::ToolError:
        return u"isError"_s;
    case RpcOutcome::Kind::None:
    case RpcOutcome::Kind::Result:
        break;
    }
    return {};
}

} // namespace sightglass
