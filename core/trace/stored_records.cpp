// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/stored_records.h"

#include "core/trace/redaction.h"

#include <cstring>

namespace sightglass {

namespace {

constexpr quint8 MarkedSecret = 1; ///< by the person
constexpr quint8 InMemory = 2; ///< the value is a number in the list of secrets

/// Proofs are secrets that are made anew for each request: of so many values it is known that they
/// are there already.
constexpr qsizetype MostSecretNumbers = 1024;
/// More are no memory either; each is then taken apart when it is read.
constexpr qsizetype MostUrls = 1024;
constexpr quint32 NoNumber = 0xffffffff;

bool isMadeOfSecrets(ExchangeKind kind)
{
    return kind == ExchangeKind::Token || kind == ExchangeKind::Registration;
}

/// Something in it would be replaced in a recording without secrets.
bool holdsSecret(const QString &text)
{
    static const Redactor redactor(QByteArray(16, '\0'));
    return redactor.text(text) != text;
}

bool holdsSecret(const RequestRecord &request)
{
    static const Redactor redactor(QByteArray(16, '\0'));
    if (isMadeOfSecrets(request.kind) || request.kind == ExchangeKind::Process)
        return true;
    const bool hasQuery =
        request.target.contains('?') || request.url.hasQuery() || !request.url.userInfo().isEmpty();
    return (hasQuery
            && (redactor.target(request.target) != request.target
                || redactor.url(request.url) != request.url))
        || holdsSecret(request.what);
}

} // namespace

/// In the order of this machine: it is for this process alone.
class StoredRecords::Packer {
public:
    template <typename T> void number(T value)
    {
        m_bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
    }
    void bytes(QByteArrayView bytes)
    {
        number(quint32(bytes.size()));
        m_bytes.append(bytes);
    }
    void text(QStringView text) { bytes(text.toUtf8()); }
    const QByteArray &packed() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

class StoredRecords::Unpacker {
public:
    explicit Unpacker(StoredRecord record)
        : m_at(record.bytes())
    {
    }
    template <typename T> T number()
    {
        T value;
        std::memcpy(&value, m_at, sizeof value);
        m_at += sizeof value;
        return value;
    }
    QByteArrayView view()
    {
        const auto length = number<quint32>();
        const char *start = m_at;
        m_at += length;
        return {start, qsizetype(length)};
    }
    QByteArray bytes() { return view().toByteArray(); }
    QString text() { return QString::fromUtf8(view()); }

private:
    const char *m_at;
};

StoredRecord StoredRecords::keep(const QByteArray &packed, bool secret)
{
    auto *place = static_cast<char *>((secret ? m_memory : *m_pages).take(size_t(packed.size())));
    std::memcpy(place, packed.constData(), size_t(packed.size()));
    return StoredRecord(place);
}

void StoredRecords::putHeaders(Packer &out, const QList<Header> &headers)
{
    out.number(quint32(headers.size()));
    for (const Header &header : headers) {
        const bool secret = Redactor::isSecret(header);
        out.number(quint8(header.source));
        out.number(quint8((header.secret ? MarkedSecret : 0) | (secret ? InMemory : 0)));
        out.bytes(header.name);
        if (!secret) {
            out.bytes(header.value);
            continue;
        }
        auto it = m_secretNumbers.constFind(header.value);
        if (it == m_secretNumbers.constEnd()) {
            if (m_secretNumbers.size() >= MostSecretNumbers)
                m_secretNumbers.clear();
            // A copy: the caller's may be a view of bytes that do not last.
            const QByteArray value(header.value.constData(), header.value.size());
            it = m_secretNumbers.insert(value, quint32(m_secrets.append(value)));
        }
        out.number(it.value());
    }
}

QList<Header> StoredRecords::headers(Unpacker &in) const
{
    const auto count = in.number<quint32>();
    QList<Header> headers;
    headers.reserve(count);
    for (quint32 i = 0; i < count; ++i) {
        Header header;
        header.source = HeaderSource(in.number<quint8>());
        const auto flags = in.number<quint8>();
        header.secret = flags & MarkedSecret;
        header.name = in.bytes();
        header.value = flags & InMemory ? m_secrets.at(in.number<quint32>()) : in.bytes();
        headers.append(std::move(header));
    }
    return headers;
}

void StoredRecords::putUrl(Packer &out, const QUrl &url)
{
    auto it = m_urlNumbers.constFind(url);
    if (it == m_urlNumbers.constEnd() && m_urlNumbers.size() < MostUrls)
        it = m_urlNumbers.insert(url, quint32(m_urls.append(url)));
    const bool numbered = it != m_urlNumbers.constEnd();
    out.number(numbered ? it.value() : NoNumber);
    if (!numbered)
        out.bytes(url.toEncoded());
}

QUrl StoredRecords::url(Unpacker &in) const
{
    const auto number = in.number<quint32>();
    return number == NoNumber ? QUrl::fromEncoded(in.bytes()) : m_urls.at(number);
}

StoredRecord StoredRecords::put(const RequestRecord &request)
{
    Packer out;
    out.number(request.kind);
    out.number(request.cause);
    out.bytes(request.method);
    putUrl(out, request.url);
    out.bytes(request.target);
    out.text(request.what);
    out.text(request.acting);
    putHeaders(out, request.headers);
    out.number(quint32(request.withheld.size()));
    for (const Withheld &withheld : request.withheld) {
        out.bytes(withheld.name);
        out.text(withheld.why);
    }
    return keep(out.packed(), holdsSecret(request));
}

RequestRecord StoredRecords::request(StoredRecord record) const
{
    Unpacker in(record);
    RequestRecord request;
    request.kind = in.number<ExchangeKind>();
    request.cause = in.number<ExchangeId>();
    request.method = in.bytes();
    request.url = url(in);
    request.target = in.bytes();
    request.what = in.text();
    request.acting = in.text();
    request.headers = headers(in);
    const auto count = in.number<quint32>();
    for (quint32 i = 0; i < count; ++i) {
        QByteArray name = in.bytes();
        request.withheld.append({std::move(name), in.text()});
    }
    return request;
}

StoredRecord StoredRecords::put(const ResponseRecord &response)
{
    Packer out;
    out.number(response.status);
    out.bytes(response.reason);
    out.bytes(response.http);
    putHeaders(out, response.headers);
    return keep(out.packed(), false);
}

ResponseRecord StoredRecords::response(StoredRecord record) const
{
    Unpacker in(record);
    ResponseRecord response;
    response.status = in.number<int>();
    response.reason = in.bytes();
    response.http = in.bytes();
    response.headers = headers(in);
    return response;
}

namespace {

bool holdsSecret(const Failure &failure)
{
    return holdsSecret(failure.sentence) || holdsSecret(failure.advice);
}

template <typename Packer> void packFailure(Packer &out, const Failure &failure)
{
    out.number(failure.kind);
    out.text(failure.code);
    out.text(failure.sentence);
    out.text(failure.advice);
    out.number(failure.exchange);
    out.text(failure.finding);
    out.bytes(failure.certificateSha256);
}

template <typename Unpacker> Failure unpackFailure(Unpacker &in)
{
    Failure failure;
    failure.kind = in.template number<FailureKind>();
    failure.code = in.text();
    failure.sentence = in.text();
    failure.advice = in.text();
    failure.exchange = in.template number<ExchangeId>();
    failure.finding = in.text();
    failure.certificateSha256 = in.bytes();
    return failure;
}

} // namespace

StoredRecord StoredRecords::put(const Failure &failure)
{
    Packer out;
    packFailure(out, failure);
    return keep(out.packed(), holdsSecret(failure));
}

Failure StoredRecords::failure(StoredRecord record) const
{
    Unpacker in(record);
    return unpackFailure(in);
}

StoredRecord StoredRecords::put(const Note &note)
{
    Packer out;
    out.number(note.at);
    out.text(note.name);
    out.text(note.text);
    out.number(note.exchange);
    out.text(note.finding);
    out.number(quint8(note.failure.has_value()));
    if (note.failure)
        packFailure(out, *note.failure);
    return keep(out.packed(),
                holdsSecret(note.text) || (note.failure && holdsSecret(*note.failure)));
}

Note StoredRecords::note(StoredRecord record) const
{
    Unpacker in(record);
    Note note;
    note.at = in.number<qint64>();
    note.name = in.text();
    note.text = in.text();
    note.exchange = in.number<ExchangeId>();
    note.finding = in.text();
    if (in.number<quint8>())
        note.failure = unpackFailure(in);
    return note;
}

StoredRecord StoredRecords::putBody(const QByteArray &body, ExchangeKind kind)
{
    if (body.isEmpty())
        return {};
    auto *place = static_cast<char *>(
        (isMadeOfSecrets(kind) ? m_memory : *m_pages).take(sizeof(qint64) + size_t(body.size())));
    const qint64 size = body.size();
    std::memcpy(place, &size, sizeof size);
    std::memcpy(place + sizeof size, body.constData(), size_t(size));
    return StoredRecord(place);
}

QByteArray StoredRecords::body(StoredRecord record) const
{
    if (!record)
        return {};
    qint64 size = 0;
    std::memcpy(&size, record.bytes(), sizeof size);
    return QByteArray(record.bytes() + sizeof size, size);
}

} // namespace sightglass
