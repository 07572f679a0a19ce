// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/credential_index.h"

#include "core/trace/redaction.h"

#include <algorithm>

namespace sightglass {

namespace {

constexpr int mostColumns = 64;

CredentialIndex::Row rowOf(const RequestRecord &request)
{
    using Row = CredentialIndex::Row;
    switch (request.kind) {
    case ExchangeKind::Post:
        return request.what == QLatin1String("server/discover") ? Row::Discover
            : request.what == QLatin1String("initialize")       ? Row::Initialize
                                                                : Row::Messages;
    case ExchangeKind::Stream:
        return Row::Stream;
    case ExchangeKind::Reconnect:
        return Row::Reconnect;
    case ExchangeKind::Delete:
        return Row::Delete;
    case ExchangeKind::Discovery:
        return Row::Discovery;
    case ExchangeKind::Registration:
        return Row::Registration;
    case ExchangeKind::Token:
        return Row::Token;
    case ExchangeKind::Other:
    case ExchangeKind::Process:
    case ExchangeKind::ErrorOutput:
    case ExchangeKind::Input:
        break;
    }
    return Row::Other;
}

/// Requests of MCP's transport have to carry what the others carried; what goes to
/// authorisation servers has not.
bool hasToCarry(CredentialIndex::Row row)
{
    using Row = CredentialIndex::Row;
    return CredentialIndex::opensConnection(row) || row == Row::Messages || row == Row::Stream
        || row == Row::Reconnect || row == Row::Delete;
}

/// One that the person set may be a credential, whatever its name is.
bool hasOwnHeader(const QList<Header> &headers)
{
    return std::any_of(headers.begin(), headers.end(),
                       [](const Header &header) { return header.source == HeaderSource::User; });
}

bool hasHeader(const QList<Header> &headers, QByteArrayView name)
{
    return std::any_of(headers.begin(), headers.end(), [name](const Header &header) {
        return name.compare(header.name, Qt::CaseInsensitive) == 0;
    });
}

} // namespace

CredentialIndex::CredentialIndex()
    : m_columns({"Mcp-Session-Id", "MCP-Protocol-Version"})
{
}

void CredentialIndex::update(const TraceReader &trace, QList<ExchangeId> *changed, ExchangeId upTo)
{
    for (qsizetype i = 0; i < m_unanswered.size();) {
        const ExchangeId id = m_unanswered.at(i);
        const bool ended = trace.summary(id).finished;
        const std::optional<ResponseRecord> response = trace.response(id);
        if (response) {
            answered(m_entries[size_t(id - 1)], trace.request(id), *response);
            if (changed)
                changed->append(id);
        }
        if (response || ended)
            m_unanswered.removeAt(i);
        else
            ++i;
    }
    const ExchangeId all = trace.exchangeCount();
    const ExchangeId end = upTo < 0 ? all : qMin(all, upTo);
    for (ExchangeId id = count() + 1; id <= end; ++id) {
        Entry entry = look(trace, id);
        const bool ended = trace.summary(id).finished;
        if (const std::optional<ResponseRecord> response = trace.response(id))
            answered(entry, trace.request(id), *response);
        else if (!ended)
            m_unanswered.append(id);
        m_entries.push_back(entry);
        const ExchangeId before = takesUp(trace, id);
        if (changed && before > 0)
            changed->append(before);
        if (changed)
            changed->append(id);
    }
}

ExchangeId CredentialIndex::takesUp(const TraceReader &trace, ExchangeId id)
{
    const RequestRecord &request = trace.request(id);
    if (request.cause < 1 || request.cause >= id)
        return 0;
    Entry &refused = m_entries[size_t(request.cause - 1)];
    const RequestRecord &before = trace.request(request.cause);
    const auto authorization = [](const RequestRecord &of) {
        const auto line =
            std::find_if(of.headers.cbegin(), of.headers.cend(), [](const Header &header) {
                return header.name.compare("Authorization", Qt::CaseInsensitive) == 0;
            });
        return line == of.headers.cend() ? QByteArray() : line->value;
    };
    const bool same = before.method == request.method && before.url == request.url
        && before.what == request.what && before.kind == request.kind;
    const QByteArray carried = authorization(request);
    if (!same || !refused.wasRefused() || carried.isEmpty() || carried == authorization(before))
        return 0;
    refused.takenUp = true;
    refused.missing &= ~refused.asked;
    refused.asked = 0;
    return request.cause;
}

int CredentialIndex::columnOf(QByteArrayView name) const
{
    for (int i = 0; i < columnCount(); ++i) {
        const QByteArray &column = m_columns.at(i);
        if (column.size() == name.size()
            && qstrnicmp(column.constData(), column.size(), name.data(), name.size()) == 0)
            return i;
    }
    return -1;
}

ExchangeId CredentialIndex::nearestAccepted(ExchangeId id, int column) const
{
    const Mask bit = Mask(1) << column;
    const quint32 origin = entry(id).origin;
    if (!(m_origins[origin].accepted & bit))
        return 0;
    const auto fits = [&](ExchangeId other) {
        const Entry &e = entry(other);
        return (e.carried & bit) && e.origin == origin && e.wasAccepted();
    };
    for (ExchangeId distance = 1; distance < count(); ++distance) {
        if (id - distance >= 1 && fits(id - distance))
            return id - distance;
        if (id + distance <= count() && fits(id + distance))
            return id + distance;
    }
    return 0;
}

CredentialIndex::Entry CredentialIndex::look(const TraceReader &trace, ExchangeId id)
{
    const RequestRecord &request = trace.request(id);
    Entry entry;
    entry.row = rowOf(request);
    entry.origin = originOf(request.url);
    for (const Header &header : request.headers) {
        int column = columnOf(header.name);
        if (column < 0 && (header.source == HeaderSource::Credential || Redactor::isSecret(header)))
            column = makeColumn(header.name);
        if (column >= 0)
            entry.carried |= Mask(1) << column;
    }
    Mask leftOff = 0; // on purpose, to behave like a faulty client
    for (const Withheld &withheld : request.withheld) {
        const bool acting = !request.acting.isEmpty()
            && withheld.why.startsWith(QLatin1String("acting"), Qt::CaseInsensitive);
        int column = columnOf(withheld.name);
        // What a redirect takes off besides (Content-Type) is no credential.
        if (column < 0 && (acting || Redactor::isSecret({withheld.name, {}, {}, false})))
            column = makeColumn(withheld.name);
        if (column < 0)
            continue;
        (acting ? leftOff : entry.withheld) |= Mask(1) << column;
    }
    entry.withheld &= ~entry.carried;

    OriginState &origin = m_origins[entry.origin];
    // A new connection may be opened with other credentials than the last.
    if (opensConnection(entry.row))
        origin.carried = 0;
    if (hasToCarry(entry.row)) {
        entry.missing = (origin.carried | leftOff) & ~entry.carried & ~entry.withheld;
        if (opensConnection(entry.row))
            entry.missing &= ~ProtocolColumns;
    } else {
        entry.withheld |= leftOff & ~entry.carried;
    }
    origin.carried |= entry.carried;
    return entry;
}

int CredentialIndex::makeColumn(const QByteArray &name)
{
    if (m_columns.size() >= mostColumns || name.isEmpty())
        return -1;
    m_columns.append(name);
    return int(m_columns.size()) - 1;
}

quint32 CredentialIndex::originOf(const QUrl &url)
{
    if (!m_origins.empty() && url == m_lastUrl)
        return m_lastOrigin;
    const QByteArray scheme = url.scheme().toLatin1().toLower();
    const int port = url.port(scheme == "https" ? 443 : scheme == "http" ? 80 : -1);
    const QByteArray key =
        scheme + "://" + url.host().toUtf8().toLower() + ':' + QByteArray::number(port);
    const auto known = m_originNumbers.constFind(key);
    m_lastUrl = url;
    if (known != m_originNumbers.cend()) {
        m_lastOrigin = *known;
    } else {
        m_lastOrigin = quint32(m_origins.size());
        m_originNumbers.insert(key, m_lastOrigin);
        m_origins.emplace_back();
    }
    return m_lastOrigin;
}

void CredentialIndex::answered(Entry &entry, const RequestRecord &request,
                               const ResponseRecord &response)
{
    entry.status = quint16(qBound(0, response.status, 0xffff));
    if (entry.wasAccepted())
        m_origins[entry.origin].accepted |= entry.carried;
    if (!entry.wasRefused() || !hasToCarry(entry.row))
        return;
    // A challenge asks for Authorization. Without one it is what lacks where nothing else explains
    // the refusal: no other credential, nothing that may be one, and for 403 no Origin that a
    // server may dislike.
    const Mask credentials =
        (entry.carried | entry.missing | entry.withheld) & ~CredentialIndex::ProtocolColumns;
    const bool unexplained = !credentials && !hasOwnHeader(request.headers)
        && (entry.status == 401 || !hasHeader(request.headers, "Origin"));
    if (!unexplained && !hasHeader(response.headers, "WWW-Authenticate"))
        return;
    int column = columnOf("Authorization");
    if (column < 0)
        column = makeColumn("Authorization");
    if (column < 0)
        return;
    const Mask bit = Mask(1) << column;
    if ((entry.carried | entry.missing | entry.withheld) & bit)
        return;
    entry.missing |= bit;
    entry.asked |= bit;
}

} // namespace sightglass
