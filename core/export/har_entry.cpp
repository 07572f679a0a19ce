// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/har_entry.h"

#include "core/export/har_names.h"
#include "core/jsonrpc/envelope.h"
#include "core/mcp/calls.h"
#include "core/trace/redaction.h"

#include <QUrlQuery>

#include <algorithm>
#include <cmath>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 MostNs = qint64(4) * 1'000'000'000 * 86'400 * 365; // four years

QByteArray textOf(const JsonText &json, JsonText::Node object, const char16_t *name)
{
    const JsonText::Node node = json.member(object, QStringView(name));
    return json.isString(node) ? jsonBytes(json.raw(node)) : QByteArray();
}

qint64 numberOf(const JsonText &json, JsonText::Node object, const char16_t *name, qint64 otherwise)
{
    const std::optional<qint64> number = json.integer(json.member(object, QStringView(name)));
    return number.value_or(otherwise);
}

/// Milliseconds as nanoseconds, within reason.
std::optional<qint64> nanoseconds(const JsonText &json, JsonText::Node object, const char16_t *name)
{
    const std::optional<double> ms = json.number(json.member(object, QStringView(name)));
    if (!ms || !std::isfinite(*ms) || *ms < 0 || *ms * 1e6 > double(MostNs))
        return {};
    return qint64(std::llround(*ms * 1e6));
}

bool is(const QByteArray &a, const char *b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

QByteArray headerOf(const QList<Header> &lines, const char *name)
{
    for (const Header &line : lines) {
        if (is(line.name, name))
            return line.value;
    }
    return {};
}

/// "HTTP/2" of "h2", "HTTP/2.0" and "http/2.0".
QByteArray httpVersion(const QByteArray &said)
{
    const QByteArray upper = said.toUpper();
    if (upper == "H2" || upper == "HTTP/2.0" || upper == "HTTP/2")
        return "HTTP/2";
    if (upper == "H3" || upper == "HTTP/3.0" || upper == "HTTP/3")
        return "HTTP/3";
    return upper.startsWith("HTTP/") ? upper : said;
}

HeaderSource guessedSource(const QByteArray &name)
{
    if (is(name, "Mcp-Session-Id"))
        return HeaderSource::Session;
    if (is(name, "Cookie") || Redactor::isSecretName(name))
        return HeaderSource::Credential;
    if (name.startsWith("Mcp-") || name.startsWith("mcp-") || name.startsWith("MCP-")
        || is(name, "Accept") || is(name, "Content-Type") || is(name, "Last-Event-ID"))
        return HeaderSource::Protocol;
    for (const char *own : {"Host", "Connection", "Content-Length", "User-Agent", "Accept-Encoding",
                            "Accept-Language"}) {
        if (is(name, own))
            return HeaderSource::Library;
    }
    return name.startsWith(':') ? HeaderSource::Library : HeaderSource::User;
}

/// `whose` is "request" or "answer".
QList<Header> headersOf(const JsonText &json, JsonText::Node message, const QString &whose,
                        QStringList *problems)
{
    QList<Header> lines;
    const JsonText::Node list = json.member(message, u"headers");
    if (list >= 0 && !json.isArray(list))
        problems->append(u"the headers of its %1 are left out, as they are no list"_s.arg(whose));
    qint64 bad = 0;
    for (JsonText::Node one = json.isArray(list) ? json.firstChild(list) : -1; one >= 0;
         one = json.nextSibling(one)) {
        Header line;
        line.name = textOf(json, one, u"name");
        line.value = textOf(json, one, u"value");
        if (!line.name.isEmpty() && json.isString(json.member(one, u"value")))
            lines.append(line);
        else
            ++bad;
    }
    if (bad > 0)
        problems->append((bad == 1 ? u"one header"_s : u"%1 headers"_s.arg(bad))
                         + u" of its %1 without a name or a text is left out"_s.arg(whose));
    return lines;
}

void readTimes(const JsonText &json, JsonText::Node entry, HarEntry &read)
{
    const JsonText::Node own = json.member(json.member(entry, u"_sightglass"), u"ns");
    ExchangeTimes &t = read.times;
    if (json.isObject(own)) {
        read.ownTimes = true;
        std::array<qint64 *, 7> places{&t.begun, &t.connecting, &t.encrypted, &t.sent,
                                       &t.head,  &t.lastByte,   &t.ended};
        size_t i = 0;
        for (const auto &[name, unset] : harTimes({})) {
            const QString key = QString::fromLatin1(name);
            const qint64 at = json.integer(json.member(own, key)).value_or(unset);
            *places.at(i++) = at > MostNs ? unset : std::max<qint64>(unset, at);
        }
        return;
    }
    const JsonText::Node timings = json.member(entry, u"timings");
    qint64 at = nanoseconds(json, timings, u"blocked").value_or(0);
    const auto connect = nanoseconds(json, timings, u"connect");
    if (connect) {
        t.connecting = at;
        at += nanoseconds(json, timings, u"dns").value_or(0) + *connect;
        if (nanoseconds(json, timings, u"ssl"))
            t.encrypted = at;
    }
    at += nanoseconds(json, timings, u"send").value_or(0);
    t.sent = at;
    at += nanoseconds(json, timings, u"wait").value_or(0);
    t.head = at;
    at += nanoseconds(json, timings, u"receive").value_or(0);
    t.ended = std::max(at, nanoseconds(json, entry, u"time").value_or(0));
}

void readOwn(const JsonText &json, JsonText::Node own, HarEntry &read)
{
    if (!json.isObject(own))
        return;
    RequestRecord &request = read.request;
    read.id = std::max<qint64>(0, numberOf(json, own, u"id", 0));
    if (const auto kind = exchangeKindFromName(textOf(json, own, u"kind")))
        request.kind = *kind;
    request.cause = std::max<qint64>(0, numberOf(json, own, u"cause", 0));
    request.what = QString::fromUtf8(textOf(json, own, u"what"));
    request.acting = QString::fromUtf8(textOf(json, own, u"acting"));
    request.target = textOf(json, own, u"target");
    if (!isHttp(request.kind))
        request.url.clear();
    const QList<JsonText::Node> sources = json.children(json.member(own, u"sources"));
    if (sources.size() == request.headers.size()) {
        for (qsizetype i = 0; i < sources.size(); ++i) {
            const auto source = headerSourceFromName(jsonBytes(json.raw(sources.at(i))));
            if (json.isString(sources.at(i)) && source)
                request.headers[i].source = *source;
        }
    }
    for (const JsonText::Node one : json.children(json.member(own, u"withheld"))) {
        const QByteArray name = textOf(json, one, u"name");
        if (!name.isEmpty())
            request.withheld.append({name, QString::fromUtf8(textOf(json, one, u"why"))});
    }
    read.failure = harFailure(json, json.member(own, u"failure"));
}

/// A body as it stands in postData or content.
QByteArray bodyOf(const JsonText &json, JsonText::Node node, const char16_t *encoding,
                  QString *problem)
{
    const QByteArray text = textOf(json, node, u"text");
    if (!is(textOf(json, node, encoding), "base64"))
        return text;
    const auto decoded =
        QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
    if (decoded.decodingStatus == QByteArray::Base64DecodingStatus::Ok)
        return decoded.decoded;
    *problem = u"a body that is said to be base64 is not, and stands here as it is"_s;
    return text;
}

} // namespace

QByteArray jsonBytes(QByteArrayView raw)
{
    QByteArrayView text = raw.size() >= 2 ? raw.sliced(1, raw.size() - 2) : QByteArrayView();
    if (!text.contains('\\'))
        return text.toByteArray();
    QByteArray out;
    out.reserve(text.size());
    while (!text.isEmpty()) {
        const qsizetype escape = text.indexOf('\\');
        if (escape < 0) {
            out += text;
            break;
        }
        out += text.first(escape);
        text = text.sliced(escape);
        // Escapes that follow each other without a gap: a pair of surrogates is two.
        qsizetype end = 0;
        while (end + 1 < text.size() && text.at(end) == '\\')
            end += text.at(end + 1) == 'u' ? 6 : 2;
        end = std::min(end, text.size());
        out += jsonUnquoted('"' + text.first(end).toByteArray() + '"').toUtf8();
        text = text.sliced(std::max<qsizetype>(1, end));
    }
    return out;
}

std::optional<HarEntry> readHarEntry(const JsonText &json, JsonText::Node node)
{
    const JsonText::Node request = json.member(node, u"request");
    HarEntry entry;
    entry.node = node;
    entry.request.method = textOf(json, request, u"method");
    entry.request.url = QUrl::fromEncoded(textOf(json, request, u"url"));
    if (!json.isObject(node) || entry.request.method.isEmpty() || entry.request.url.isEmpty()
        || !entry.request.url.isValid())
        return {};
    entry.request.url.setUserInfo({});
    entry.request.url.setFragment({});
    entry.started = QDateTime::fromString(QString::fromUtf8(textOf(json, node, u"startedDateTime")),
                                          Qt::ISODateWithMs);
    entry.request.headers = headersOf(json, request, u"request"_s, &entry.problems);
    for (Header &line : entry.request.headers)
        line.source = guessedSource(line.name);
    const QByteArray query = entry.request.url.query(QUrl::FullyEncoded).toLatin1();
    entry.request.target = entry.request.url.path(QUrl::FullyEncoded).toLatin1();
    if (entry.request.target.isEmpty())
        entry.request.target = "/";
    if (!query.isEmpty())
        entry.request.target += '?' + query;

    const JsonText::Node response = json.member(node, u"response");
    const qint64 status = numberOf(json, response, u"status", 0);
    const QByteArray http = httpVersion(textOf(json, response, u"httpVersion"));
    const bool isChannel =
        http == "STDIO" || http == "IN-PROCESS" || http == "stdio" || http == "in-process";
    if ((status >= 100 && status <= 999) || isChannel) {
        ResponseRecord &record = entry.response.emplace();
        record.status = int(std::clamp<qint64>(status, 0, 999));
        record.reason = textOf(json, response, u"statusText");
        record.http = http;
        record.headers = headersOf(json, response, u"answer"_s, &entry.problems);
        for (Header &line : record.headers)
            line.source = HeaderSource::Server;
    } else if (const QByteArray error = textOf(json, response, u"_error"); !error.isEmpty()) {
        entry.failure = Failure{FailureKind::Unreachable,
                                u"no-answer"_s,
                                u"No answer came: %1."_s.arg(QString::fromUtf8(error)),
                                {},
                                0,
                                {}};
    }
    // 0 and -1 are what browsers write where no answer came.
    const JsonText::Node said = json.member(response, u"status");
    if (!entry.response && said >= 0 && (!json.integer(said) || status < -1 || status > 0))
        entry.problems.append(
            u"its answer is left out, as its status is no number from 100 to 999"_s);
    readTimes(json, node, entry);
    if (!entry.response)
        entry.times.head = -1;
    readOwn(json, json.member(node, u"_sightglass"), entry);
    return entry;
}

QByteArray harRequestBody(const JsonText &json, JsonText::Node entry, QString *problem)
{
    const JsonText::Node post = json.member(json.member(entry, u"request"), u"postData");
    const bool ours = json.isString(json.member(post, u"_encoding"));
    const QByteArray body = bodyOf(json, post, ours ? u"_encoding" : u"encoding", problem);
    if (!body.isEmpty())
        return body;
    // Some say a form in pairs alone.
    QUrlQuery form;
    for (const JsonText::Node one : json.children(json.member(post, u"params"))) {
        const QByteArray name = textOf(json, one, u"name");
        if (!name.isEmpty())
            form.addQueryItem(QString::fromLatin1(name.toPercentEncoding()),
                              QString::fromLatin1(textOf(json, one, u"value").toPercentEncoding()));
    }
    return form.toString(QUrl::FullyEncoded).toLatin1();
}

QByteArray harResponseBody(const JsonText &json, JsonText::Node entry, QString *problem)
{
    const JsonText::Node content = json.member(json.member(entry, u"response"), u"content");
    const QByteArray body = bodyOf(json, content, u"encoding", problem);
    if (body.isEmpty() && numberOf(json, content, u"size", 0) > 0 && problem->isEmpty())
        *problem = u"a body is not in the file"_s;
    return body;
}

std::optional<Failure> harFailure(const JsonText &json, JsonText::Node node)
{
    const auto kind = failureKindFromName(textOf(json, node, u"kind"));
    if (!json.isObject(node) || !kind)
        return {};
    Failure failure;
    failure.kind = *kind;
    failure.code = QString::fromUtf8(textOf(json, node, u"code"));
    failure.sentence = QString::fromUtf8(textOf(json, node, u"sentence"));
    failure.advice = QString::fromUtf8(textOf(json, node, u"advice"));
    failure.exchange = std::max<qint64>(0, numberOf(json, node, u"exchange", 0));
    failure.finding = QString::fromUtf8(textOf(json, node, u"finding"));
    return failure;
}

std::optional<Note> harNote(const JsonText &json, JsonText::Node node)
{
    Note note;
    note.at = numberOf(json, node, u"at", 0);
    note.name = QString::fromUtf8(textOf(json, node, u"name"));
    note.text = QString::fromUtf8(textOf(json, node, u"text"));
    note.exchange = std::max<qint64>(0, numberOf(json, node, u"exchange", 0));
    note.finding = QString::fromUtf8(textOf(json, node, u"finding"));
    note.failure = harFailure(json, json.member(node, u"failure"));
    if (note.name.isEmpty() || note.at < 0 || note.at > MostNs)
        return {};
    return note;
}

ExchangeKind guessedKind(const RequestRecord &request, const QByteArray &body)
{
    if (request.url.path().contains("/.well-known/"_L1))
        return ExchangeKind::Discovery;
    if (request.method == "GET") {
        if (!headerOf(request.headers, "Accept").contains("text/event-stream"))
            return ExchangeKind::Other;
        return headerOf(request.headers, "Last-Event-ID").isEmpty() ? ExchangeKind::Stream
                                                                    : ExchangeKind::Reconnect;
    }
    if (request.method == "DELETE" && !headerOf(request.headers, "Mcp-Session-Id").isEmpty())
        return ExchangeKind::Delete;
    if (request.method != "POST")
        return ExchangeKind::Other;
    if (body.startsWith("grant_type=") || body.contains("&grant_type="))
        return ExchangeKind::Token;
    const EnvelopeBatch batch = scanBody(body);
    if (!batch.messages.isEmpty() && batch.messages.constFirst().kind != EnvelopeKind::Malformed)
        return ExchangeKind::Post;
    return body.contains("\"redirect_uris\"") ? ExchangeKind::Registration : ExchangeKind::Other;
}

QString guessedWhat(const RequestRecord &request, const QByteArray &body)
{
    switch (request.kind) {
    case ExchangeKind::Stream:
    case ExchangeKind::Reconnect:
        return u"event stream"_s;
    case ExchangeKind::Delete:
        return u"end of session"_s;
    case ExchangeKind::Registration:
        return u"client registration"_s;
    case ExchangeKind::Token:
        return u"token request"_s;
    case ExchangeKind::Post: {
        const EnvelopeBatch batch = scanBody(body);
        if (batch.batch)
            return u"batch"_s;
        const Envelope message = batch.messages.value(0);
        if (!message.method.isEmpty())
            return callTitle(RpcCall{message.method, message.params.toByteArray()});
        return u"response"_s;
    }
    default:
        break;
    }
    return request.url.path().isEmpty() ? u"/"_s : request.url.path();
}

} // namespace sightglass
