// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/http_request.h"

#include <algorithm>

namespace sightglass {

namespace {

bool isTokenCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

bool equalNames(QByteArrayView a, QByteArrayView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

/// A URL in place of a path (RFC 9112, 3.2.2): what a client sends to a proxy, and any server has
/// to take.
bool isAbsoluteForm(const QByteArray &target)
{
    const QByteArray start = target.first(std::min<qsizetype>(target.size(), 8)).toLower();
    return start.startsWith("http://") || start.startsWith("https://");
}

} // namespace

QByteArray labBefore(const QByteArray &text, char mark)
{
    const qsizetype at = text.indexOf(mark);
    return at < 0 ? text : text.left(at);
}

bool LabRequest::has(QByteArrayView name) const
{
    return std::any_of(headers.begin(), headers.end(),
                       [&](const LabHeader &header) { return equalNames(header.name, name); });
}

QByteArray LabRequest::header(QByteArrayView name) const
{
    QByteArray value;
    bool first = true;
    for (const LabHeader &header : headers) {
        if (!equalNames(header.name, name))
            continue;
        if (!first)
            value += ", ";
        value += header.value;
        first = false;
    }
    return value;
}

bool LabRequest::keepsAlive() const
{
    const QByteArray connection = header("Connection").toLower();
    return minorVersion >= 1 ? !connection.contains("close") : connection.contains("keep-alive");
}

void LabRequestParser::feed(QByteArrayView bytes)
{
    if (m_part == Part::Broken)
        return;
    if (m_at > 0 && (m_at == m_buffer.size() || m_at > maxHead)) {
        m_buffer.remove(0, m_at);
        m_scanned = std::max<qsizetype>(0, m_scanned - m_at);
        m_at = 0;
    }
    m_buffer.append(bytes.data(), bytes.size());
}

LabRequestParser::Step LabRequestParser::next()
{
    while (true) {
        if (m_part == Part::Broken)
            return Step::Malformed;
        if (m_part == Part::Done)
            return Step::Complete;
        const std::optional<Step> step = m_part == Part::Head ? readHead() : readBodyPart();
        if (step)
            return *step;
    }
}

LabRequest LabRequestParser::take()
{
    LabRequest request = std::exchange(m_request, {});
    m_part = Part::Head;
    m_headBytes = 0;
    m_saidContinue = false;
    return request;
}

LabRequestParser::Step LabRequestParser::malformed(int status, const QByteArray &reason)
{
    m_part = Part::Broken;
    m_status = status;
    m_reason = reason;
    m_buffer.clear();
    return Step::Malformed;
}

std::optional<QByteArray> LabRequestParser::takeLine(qsizetype limit, bool *tooLong)
{
    const qsizetype end = m_buffer.indexOf('\n', std::max(m_scanned, m_at));
    *tooLong = (end < 0 ? m_buffer.size() : end) - m_at > limit;
    if (end < 0 || *tooLong) {
        m_scanned = m_buffer.size();
        return std::nullopt;
    }
    QByteArray line = m_buffer.mid(m_at, end - m_at);
    if (line.endsWith('\r'))
        line.chop(1);
    m_at = end + 1;
    m_scanned = m_at;
    return line;
}

std::optional<LabRequestParser::Step> LabRequestParser::readHead()
{
    bool tooLong = false;
    const std::optional<QByteArray> line = takeLine(maxHead - m_headBytes, &tooLong);
    if (tooLong)
        return malformed(431, "The head of the request is longer than 64 KiB");
    if (!line)
        return Step::NeedsMore;
    m_headBytes += line->size() + 2;
    if (m_request.method.isEmpty()) {
        if (line->isEmpty())
            return std::nullopt; // RFC 9112, 2.2: empty lines before a request are skipped
        const QList<QByteArray> words = line->split(' ');
        if (words.size() != 3 || !isToken(words[0]) || words[1].isEmpty())
            return malformed(400, "The request line is not METHOD TARGET VERSION");
        if (words[2] != "HTTP/1.1" && words[2] != "HTTP/1.0")
            return malformed(words[2].startsWith("HTTP/") ? 505 : 400,
                             "Only HTTP/1.1 and HTTP/1.0 are spoken here");
        const auto isControl = [](char c) { return uchar(c) < 0x20 || c == 0x7f; };
        if (std::any_of(words[1].begin(), words[1].end(), isControl))
            return malformed(400, "The target of the request has a control character");
        m_request.method = words[0];
        m_request.target = words[1];
        m_request.path = labBefore(words[1], '?');
        m_authority.reset();
        if (isAbsoluteForm(words[1])) {
            const QByteArray rest = words[1].sliced(words[1].indexOf("://") + 3);
            const auto end =
                std::find_if(rest.begin(), rest.end(), [](char c) { return c == '/' || c == '?'; });
            m_authority = rest.first(end - rest.begin());
            if (m_authority->isEmpty())
                return malformed(400, "The target of the request names no host");
            m_request.path = labBefore(rest.sliced(end - rest.begin()), '?');
            if (m_request.path.isEmpty())
                m_request.path = "/";
        }
        m_request.minorVersion = words[2].endsWith('1') ? 1 : 0;
        return std::nullopt;
    }
    return line->isEmpty() ? chooseFraming() : readHeaderLine(*line);
}

std::optional<LabRequestParser::Step> LabRequestParser::readHeaderLine(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    if (colon < 0 || !isToken(line.first(colon)))
        return malformed(400, "A header line has no name before its colon");
    const QByteArrayView value = line.sliced(colon + 1).trimmed();
    if (value.contains('\0') || value.contains('\r'))
        return malformed(400, "A header value has a control character");
    m_request.headers.append(LabHeader{line.first(colon).toByteArray(), value.toByteArray()});
    return std::nullopt;
}

std::optional<LabRequestParser::Step> LabRequestParser::chooseFraming()
{
    const bool chunked = m_request.has("Transfer-Encoding");
    if (m_request.minorVersion == 1 && !m_request.has("Host"))
        return malformed(400, "The request has no Host");
    if (m_authority) {
        // RFC 9112, 3.2.2: what the target says holds in place of the header.
        m_request.headers.removeIf(
            [](const LabHeader &header) { return equalNames(header.name, "Host"); });
        m_request.headers.prepend(
            LabHeader{"Host", m_authority->sliced(m_authority->lastIndexOf('@') + 1)});
    }
    if (chunked && m_request.has("Content-Length"))
        return malformed(400, "Content-Length and Transfer-Encoding exclude each other");
    if (chunked) {
        if (m_request.header("Transfer-Encoding").toLower() != "chunked")
            return malformed(501, "The only transfer coding known here is chunked");
        m_part = Part::ChunkSize;
        return std::nullopt;
    }
    bool ok = true;
    const QByteArray length = m_request.header("Content-Length");
    m_left = length.isEmpty() ? 0 : length.toLongLong(&ok);
    if (!ok || m_left < 0 || length.startsWith('+'))
        return malformed(400, "Content-Length is not one number");
    if (m_left > maxBody)
        return malformed(413, "The body is longer than 64 MiB");
    m_part = m_left > 0 ? Part::Length : Part::Done;
    return std::nullopt;
}

std::optional<LabRequestParser::Step> LabRequestParser::readBodyPart()
{
    const qsizetype available = m_buffer.size() - m_at;
    const bool wantsContinue =
        !m_saidContinue && available == 0 && equalNames(m_request.header("Expect"), "100-continue");
    if (wantsContinue) {
        m_saidContinue = true;
        return Step::ExpectsContinue;
    }
    if (m_part == Part::Length || m_part == Part::ChunkData) {
        const qsizetype portion = std::min<qint64>(available, m_left);
        m_request.body.append(m_buffer.constData() + m_at, portion);
        m_at += portion;
        m_scanned = m_at;
        m_left -= portion;
        if (m_left > 0)
            return Step::NeedsMore;
        m_part = m_part == Part::Length ? Part::Done : Part::ChunkEnd;
        return std::nullopt;
    }
    bool tooLong = false;
    const std::optional<QByteArray> line = takeLine(4096, &tooLong);
    if (tooLong)
        return malformed(400, "A line of the chunked body is too long");
    if (!line)
        return Step::NeedsMore;
    switch (m_part) {
    case Part::ChunkSize: {
        bool ok = false;
        const QByteArray size = labBefore(*line, ';').trimmed();
        m_left = size.toLongLong(&ok, 16);
        if (!ok || m_left < 0 || size.startsWith('-') || size.startsWith('+') || size.contains('x'))
            return malformed(400, "A chunk does not begin with its size");
        if (m_request.body.size() + m_left > maxBody)
            return malformed(413, "The body is longer than 64 MiB");
        m_part = m_left > 0 ? Part::ChunkData : Part::Trailer;
        break;
    }
    case Part::ChunkEnd:
        if (!line->isEmpty())
            return malformed(400, "A chunk is longer than its size says");
        m_part = Part::ChunkSize;
        break;
    default: // a trailer, which nobody here reads
        if (line->isEmpty())
            m_part = Part::Done;
        break;
    }
    return std::nullopt;
}

} // namespace sightglass
