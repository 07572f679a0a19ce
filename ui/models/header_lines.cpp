// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/header_lines.h"

#include "ui/visible_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace sightglass {

namespace {

struct Tr {
    Q_DECLARE_TR_FUNCTIONS(HeaderLines)
};

/// How far away an accepted exchange is looked for.
constexpr ExchangeId kNear = 2000;

bool sameName(QByteArrayView a, QByteArrayView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

QString whoPut(HeaderSource source)
{
    switch (source) {
    case HeaderSource::Protocol:
        return Tr::tr("protocol");
    case HeaderSource::Session:
        return Tr::tr("session");
    case HeaderSource::Credential:
        return Tr::tr("credential");
    case HeaderSource::User:
        return Tr::tr("you");
    case HeaderSource::Library:
        return Tr::tr("library");
    case HeaderSource::Server:
        break;
    }
    return {};
}

/// Whether it could be why one request was accepted and another was not. What follows from the
/// method or the body (Accept, Content-Length, …) is no difference worth a word.
bool isTelling(const Header &header)
{
    return header.source == HeaderSource::Credential || header.source == HeaderSource::Session
        || header.source == HeaderSource::User || Redactor::isSecret(header)
        || sameName(header.name, "MCP-Protocol-Version");
}

/// Left off because we play a faulty client: then it is missing, as it would be there.
bool isPlayed(const RequestRecord &request, const Withheld &held)
{
    return !request.acting.isEmpty() && held.why.startsWith(QLatin1String("acting"));
}

/// Taken away by the person who edited the request.
bool isByHand(const Withheld &held)
{
    return held.why.startsWith(QLatin1String("you "));
}

bool isMessage(ExchangeKind kind)
{
    return kind == ExchangeKind::Post || kind == ExchangeKind::Stream
        || kind == ExchangeKind::Reconnect || kind == ExchangeKind::Delete;
}

QString shownValue(const ShownTrace &shown, const Header &header)
{
    return visibleText(QString::fromUtf8(shown.headerValue(header)));
}

} // namespace

ExchangeId comparableExchange(const ShownTrace &shown, ExchangeId id,
                              const CredentialGlance &glance)
{
    if (!shown.trace || id <= 0)
        return 0;
    const TraceReader &trace = *shown.trace;
    if (glance.comparedWith > 0)
        return glance.comparedWith;
    const ExchangeSummary own = trace.summary(id);
    if (own.status < 400)
        return 0;
    const RequestRecord &request = trace.request(id);
    const auto accepted = [&](ExchangeId other) {
        const int status = trace.summary(other).status;
        if (status < 200 || status >= 300)
            return false;
        const RequestRecord &them = trace.request(other);
        return isMessage(them.kind) == isMessage(request.kind)
            && them.url.host() == request.url.host() && them.url.port() == request.url.port()
            && them.url.scheme() == request.url.scheme();
    };
    const ExchangeId count = trace.exchangeCount();
    for (ExchangeId before = id - 1; before >= std::max<ExchangeId>(1, id - kNear); --before) {
        if (accepted(before))
            return before;
    }
    for (ExchangeId after = id + 1; after <= std::min(count, id + kNear); ++after) {
        if (accepted(after))
            return after;
    }
    return 0;
}

QList<HeaderLine> requestLines(const ShownTrace &shown, ExchangeId id, ExchangeId compared)
{
    const RequestRecord request = shown.trace->request(id);
    std::optional<RequestRecord> other;
    if (compared > 0)
        other = shown.trace->request(compared);
    QList<HeaderLine> lines;
    for (const Header &header : request.headers) {
        HeaderLine line;
        line.name = header.name;
        line.value = shownValue(shown, header);
        line.who = whoPut(header.source);
        line.secret = Redactor::isSecret(header);
        if (other && isTelling(header)) {
            const auto theirs =
                std::find_if(other->headers.cbegin(), other->headers.cend(),
                             [&](const Header &h) { return sameName(h.name, header.name); });
            if (theirs != other->headers.cend() && theirs->value != header.value) {
                line.kind = HeaderLine::Kind::Different;
                line.otherValue = shown.headerValue(*theirs);
            }
        }
        lines.append(line);
    }
    QList<Withheld> held = request.withheld;
    if (other) {
        QByteArray before; // the name after which a missing one stood there
        for (const Header &theirs : other->headers) {
            const auto named = [&](QByteArrayView name) {
                return [name](const auto &h) { return sameName(h.name, name); };
            };
            const bool here = std::any_of(lines.cbegin(), lines.cend(), named(theirs.name));
            if (here) {
                before = theirs.name;
                continue;
            }
            if (!isTelling(theirs))
                continue;
            const auto why = std::find_if(held.cbegin(), held.cend(), named(theirs.name));
            HeaderLine line;
            line.kind = HeaderLine::Kind::Missing;
            line.name = theirs.name;
            line.otherValue = shown.headerValue(theirs);
            line.value = Tr::tr("not sent; exchange %1 carried %2")
                             .arg(QString::number(compared), shownValue(shown, theirs));
            line.who = Tr::tr("missing");
            line.secret = Redactor::isSecret(theirs);
            if (why != held.cend()) {
                line.value = Tr::tr("not sent: %1; exchange %2 carried %3")
                                 .arg(visibleText(why->why), QString::number(compared),
                                      shownValue(shown, theirs));
                if (!isPlayed(request, *why)) {
                    line.kind = HeaderLine::Kind::Withheld;
                    line.who = isByHand(*why) ? Tr::tr("you") : Tr::tr("withheld");
                }
                held.erase(why);
            }
            const auto after = std::find_if(lines.cbegin(), lines.cend(), named(before));
            lines.insert(after == lines.cend() ? 0 : after - lines.cbegin() + 1, line);
            before = theirs.name;
        }
    }
    for (const Withheld &why : std::as_const(held)) {
        HeaderLine line;
        const bool played = isPlayed(request, why);
        line.kind = played ? HeaderLine::Kind::Missing : HeaderLine::Kind::Withheld;
        line.name = why.name;
        line.value = Tr::tr("not sent: %1").arg(visibleText(why.why));
        line.who = played ? Tr::tr("missing") : isByHand(why) ? Tr::tr("you") : Tr::tr("withheld");
        lines.append(line);
    }
    return lines;
}

namespace {

/// Lines of two lists of headers by name, the n-th of a name with the n-th.
QList<ComparedLine> sideBySide(const ShownTrace &shown, const QList<Header> &left,
                               const QList<Header> &right, bool (*telling)(const Header &))
{
    const auto lineOf = [&](const Header &header, bool isLeft) {
        ComparedLine line;
        line.name = header.name;
        (isLeft ? line.left : line.right) = shownValue(shown, header);
        (isLeft ? line.inLeft : line.inRight) = true;
        line.secret = Redactor::isSecret(header);
        line.kind = telling(header)
            ? (isLeft ? ComparedLine::Kind::Telling : ComparedLine::Kind::Lacking)
            : ComparedLine::Kind::Different;
        return line;
    };
    QList<ComparedLine> lines;
    for (const Header &header : left)
        lines.append(lineOf(header, true));
    qsizetype place = 0; // behind the line that the last one of the right stood in
    for (const Header &header : right) {
        const auto twin = std::find_if(lines.begin(), lines.end(), [&](const ComparedLine &line) {
            return line.inLeft && !line.inRight && sameName(line.name, header.name);
        });
        if (twin == lines.end()) {
            lines.insert(place++, lineOf(header, false));
            continue;
        }
        const ComparedLine theirs = lineOf(header, false);
        twin->inRight = true;
        twin->right = theirs.right;
        twin->secret = twin->secret || theirs.secret;
        if (twin->left == twin->right)
            twin->kind = ComparedLine::Kind::Same;
        else if (theirs.kind == ComparedLine::Kind::Lacking)
            twin->kind = ComparedLine::Kind::Telling;
        place = twin - lines.begin() + 1;
    }
    return lines;
}

} // namespace

QList<ComparedLine> comparedRequests(const ShownTrace &shown, ExchangeId id, ExchangeId other)
{
    const RequestRecord &request = shown.trace->request(id);
    const RequestRecord &theirs = shown.trace->request(other);
    QList<ComparedLine> lines = sideBySide(shown, request.headers, theirs.headers, isTelling);
    const auto fill = [&lines](const QList<Withheld> &held, QString ComparedLine::*side,
                               bool ComparedLine::*in) {
        for (const Withheld &why : held) {
            const QString words = Tr::tr("not sent: %1").arg(visibleText(why.why));
            const auto line = std::find_if(lines.begin(), lines.end(), [&](const ComparedLine &l) {
                return !(l.*in) && sameName(l.name, why.name);
            });
            if (line != lines.end()) {
                (*line).*side = words;
                continue;
            }
            ComparedLine extra;
            extra.name = why.name;
            extra.*side = words;
            extra.kind = ComparedLine::Kind::Different;
            lines.append(extra);
        }
    };
    fill(request.withheld, &ComparedLine::left, &ComparedLine::inLeft);
    fill(theirs.withheld, &ComparedLine::right, &ComparedLine::inRight);
    return lines;
}

QList<ComparedLine> comparedResponses(const ShownTrace &shown, ExchangeId id, ExchangeId other)
{
    const std::optional<ResponseRecord> left = shown.trace->response(id);
    const std::optional<ResponseRecord> right = shown.trace->response(other);
    return sideBySide(
        shown, left ? left->headers : QList<Header>(), right ? right->headers : QList<Header>(),
        [](const Header &header) { return sameName(header.name, "WWW-Authenticate"); });
}

QList<HeaderLine> responseLines(const ShownTrace &shown, ExchangeId id)
{
    QList<HeaderLine> lines;
    const std::optional<ResponseRecord> response = shown.trace->response(id);
    if (!response)
        return lines;
    for (const Header &header : response->headers) {
        HeaderLine line;
        line.name = header.name;
        line.value = shownValue(shown, header);
        line.secret = Redactor::isSecret(header);
        lines.append(line);
    }
    return lines;
}

} // namespace sightglass
