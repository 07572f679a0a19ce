// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/request_head.h"

#include <QNetworkRequest>

#include <algorithm>

namespace sightglass {

namespace {

bool isAnyOf(QByteArrayView name, std::initializer_list<QByteArrayView> names)
{
    return std::any_of(names.begin(), names.end(),
                       [name](QByteArrayView other) { return sameHeaderName(name, other); });
}

bool takesBody(const HttpRequest &request)
{
    return !request.body.isEmpty() || request.method == "POST" || request.method == "PUT"
        || request.method == "PATCH";
}

QByteArray usualContentType(ExchangeKind kind)
{
    return kind == ExchangeKind::Token ? QByteArrayLiteral("application/x-www-form-urlencoded")
                                       : QByteArrayLiteral("application/json");
}

/// Takes away the lines of `from` that `by` has too, and says why.
void yield(HeaderList &from, const HeaderList &by, const QString &why, QList<Withheld> &withheld)
{
    for (const Header &line : by.lines()) {
        if (from.contains(line.name)) {
            withheld.append({line.name, why});
            from.remove(line.name);
        }
    }
}

/// Framing is the gate's: a length that is not the body's would let one request become two.
void takeFraming(HeaderList &lines, QList<Withheld> &withheld)
{
    for (const QByteArrayView name :
         {QByteArrayView("Content-Length"), QByteArrayView("Transfer-Encoding")}) {
        if (!lines.contains(name))
            continue;
        withheld.append({name.toByteArray(),
                         QStringLiteral("the length is counted from the body that is sent")});
        lines.remove(name);
    }
}

void toHttp2(RequestRecord &record)
{
    QList<Header> lines;
    const auto pseudo = [&lines](const char *name, const QByteArray &value) {
        lines.append(Header{name, value, HeaderSource::Library, false});
    };
    pseudo(":authority", record.url.authority(QUrl::FullyEncoded).toLatin1());
    pseudo(":method", record.method);
    pseudo(":path", record.target);
    pseudo(":scheme", record.url.scheme().toLatin1());
    for (Header line : std::as_const(record.headers)) {
        if (isAnyOf(
                line.name,
                {"host", "connection", "keep-alive", "proxy-connection", "transfer-encoding"})) {
            if (line.source != HeaderSource::Library)
                record.withheld.append({line.name, QStringLiteral("HTTP/2 has no such header")});
            continue;
        }
        line.name = line.name.toLower();
        lines.append(line);
    }
    record.headers = lines;
}

} // namespace

RequestRecord buildRequest(const HttpRequest &request, const CredentialSource::Stamp &stamp,
                           const RequestPath &path)
{
    RequestRecord record;
    record.kind = request.kind;
    record.cause = request.cause;
    record.method = request.method;
    record.url = request.url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment
                                      | QUrl::NormalizePathSegments);
    record.target = requestTarget(record.url, path.throughHttpProxy);
    record.what = request.what;
    record.withheld = stamp.withheld;

    HeaderList protocol;
    HeaderList session;
    HeaderList credentials(stamp.headers);
    HeaderList typed;
    for (const Header &line : request.headers.lines()) {
        switch (line.source) {
        case HeaderSource::Session:
            session.add(line);
            break;
        case HeaderSource::Credential:
            credentials.add(line);
            break;
        case HeaderSource::User:
            typed.add(line);
            break;
        default:
            protocol.add(line);
            break;
        }
    }
    takeFraming(credentials, record.withheld);
    takeFraming(typed, record.withheld);
    takeFraming(protocol, record.withheld);
    yield(credentials, typed, QStringLiteral("the header typed for this request goes instead"),
          record.withheld);
    for (HeaderList *lower : {&protocol, &session}) {
        for (const HeaderList *upper : {&typed, &credentials})
            yield(*lower, *upper, QStringLiteral("the header that you set goes instead"),
                  record.withheld);
    }

    HeaderList lines;
    for (const HeaderList *group : {&protocol, &session, &credentials, &typed}) {
        for (const Header &line : group->lines()) {
            if (sameHeaderName(line.name, "Host"))
                lines.add(line);
        }
    }
    if (lines.isEmpty())
        lines.add("Host", hostValue(record.url), HeaderSource::Library);
    for (const HeaderList *group : {&protocol, &session, &credentials, &typed}) {
        for (const Header &line : group->lines()) {
            if (!sameHeaderName(line.name, "Host"))
                lines.add(line);
        }
    }
    const auto unlessThere = [&lines](QByteArrayView name, QByteArrayView value) {
        if (!lines.contains(name))
            lines.add(name, value, HeaderSource::Library);
    };
    unlessThere("User-Agent", "Sightglass/" SIGHTGLASS_VERSION);
    // Compression would hide the timing of an event stream.
    unlessThere("Accept-Encoding", "identity");
    // Without one the library adds the system's language, which is nobody's business.
    unlessThere("Accept-Language", "*");
    unlessThere("Connection", "keep-alive");
    if (path.throughHttpProxy) {
        unlessThere("Proxy-Connection", "keep-alive");
        if (!path.proxyAuthorization.isEmpty())
            lines.set("Proxy-Authorization", path.proxyAuthorization, HeaderSource::Library, true);
    }
    if (takesBody(request)) {
        unlessThere("Content-Type", usualContentType(request.kind));
        lines.add("Content-Length", QByteArray::number(request.body.size()), HeaderSource::Library);
    }
    for (const Withheld &held : request.withheld) {
        if (!lines.contains(held.name))
            record.withheld.append(held);
    }
    record.headers = lines.lines();
    if (path.http2)
        toHttp2(record);
    return record;
}

bool libraryKeepsHeaders()
{
    QNetworkRequest probe;
    probe.setRawHeader("X-Probe", "1");
    return probe.rawHeaderList().value(0) == "X-Probe";
}

void writeAsLibrary(RequestRecord &record)
{
    for (Header &line : record.headers) {
        line.name = line.name.toLower();
        line.value = line.value.trimmed();
    }
}

std::optional<Failure> headProblem(const RequestRecord &record, bool http2, bool keepsHeaders)
{
    Failure failure;
    failure.kind = FailureKind::Usage;
    HeaderList seen;
    for (const Header &line : record.headers) {
        const QByteArrayView name = QByteArrayView(line.name);
        // The pseudo-headers of HTTP/2 are ours alone.
        const bool pseudo = http2 && line.source == HeaderSource::Library && name.startsWith(":");
        const auto problem = HeaderList::check(pseudo ? name.sliced(1) : name, line.value);
        if (problem && problem->fatal) {
            failure.code = QStringLiteral("header-malformed");
            failure.sentence =
                QStringLiteral("%1 was not sent: %2").arg(requestName(record), problem->sentence);
            failure.advice = QStringLiteral("Correct the header where it was entered.");
            return failure;
        }
        if ((http2 || !keepsHeaders) && seen.contains(line.name)) {
            failure.code = QStringLiteral("header-repeated");
            failure.sentence =
                QStringLiteral("%1 was not sent: the header %2 stands there more than once, which "
                               "%3.")
                    .arg(
                        requestName(record), QString::fromLatin1(line.name),
                        http2
                            ? QStringLiteral("can be had over HTTP/1.1 only")
                            : QStringLiteral("Qt %1 does not send").arg(QLatin1String(qVersion())));
            failure.advice = http2
                ? QStringLiteral("Turn HTTP/2 off for this server, or send the header once.")
                : QStringLiteral("Send the header once, its values joined by commas.");
            return failure;
        }
        seen.add(line);
    }
    for (const char c : record.method) {
        if (c < 'A' || c > 'Z') {
            failure.code = QStringLiteral("method-malformed");
            failure.sentence = QStringLiteral("The request to %1 was not sent: its method is no "
                                              "word of capital letters.")
                                   .arg(record.url.toDisplayString(QUrl::RemoveQuery));
            return failure;
        }
    }
    return {};
}

QList<std::pair<QByteArray, QByteArray>> foldForQt(const QList<Header> &lines)
{
    QList<std::pair<QByteArray, QByteArray>> folded;
    for (const Header &line : lines) {
        if (line.name.startsWith(':'))
            continue;
        const bool repeated =
            std::any_of(folded.cbegin(), folded.cend(), [&line](const auto &other) {
                return sameHeaderName(other.first, line.name);
            });
        // A null value would remove the header instead of setting it empty.
        const QByteArray value = line.value.isNull() ? QByteArray("") : line.value;
        if (repeated)
            folded.last().second += "\r\n" + line.name + ": " + value;
        else
            folded.append({line.name, value});
    }
    return folded;
}

std::optional<Failure> setHeaders(QNetworkRequest &out, const RequestRecord &record)
{
    std::optional<Failure> failure;
    const auto refuse = [&](const QByteArray &name) {
        failure.emplace();
        failure->kind = FailureKind::Usage;
        failure->code = QStringLiteral("header-malformed");
        failure->sentence =
            QStringLiteral("%1 was not sent: Qt %2 does not take the value of the "
                           "header %3.")
                .arg(requestName(record), QLatin1String(qVersion()), QString::fromLatin1(name));
        failure->advice = QStringLiteral("Correct the header where it was entered.");
    };
    const auto folded = foldForQt(record.headers);
    for (const auto &[name, value] : folded) {
        out.setRawHeader(name, value);
        if (!failure && !out.hasRawHeader(name))
            refuse(name);
    }
    return failure;
}

QString requestName(const RequestRecord &record)
{
    const QString url =
        record.url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
    const QString method = QString::fromLatin1(record.method);
    return record.what.isEmpty() ? QStringLiteral("%1 to %2").arg(method, url)
                                 : QStringLiteral("%1 %2 to %3").arg(method, record.what, url);
}

QByteArray requestTarget(const QUrl &url, bool absolute)
{
    QUrl::FormattingOptions format =
        QUrl::RemoveFragment | QUrl::RemoveUserInfo | QUrl::FullyEncoded;
    if (!absolute)
        format |= QUrl::RemoveScheme | QUrl::RemoveAuthority;
    QUrl copy = url;
    if (copy.path().isEmpty())
        copy.setPath(QStringLiteral("/"));
    else
        format |= QUrl::NormalizePathSegments;
    return copy.toEncoded(format);
}

QByteArray hostValue(const QUrl &url)
{
    QByteArray value = Origin::of(url).toString();
    return value.mid(value.indexOf("://") + 3);
}

} // namespace sightglass
