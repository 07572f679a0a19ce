// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/refusal.h"

#include "core/http/header_list.h"
#include "core/http/origin.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

const Header *find(const RequestRecord &request, QByteArrayView name)
{
    for (const Header &line : request.headers) {
        if (sameHeaderName(line.name, name))
            return &line;
    }
    return nullptr;
}

/// "The event stream", "POST tools/list": as the subject of a sentence.
QString subject(const RequestRecord &request)
{
    switch (request.kind) {
    case ExchangeKind::Stream:
        return u"The event stream"_s;
    case ExchangeKind::Reconnect:
        return u"The reconnect of the event stream"_s;
    case ExchangeKind::Delete:
        return u"The end of the session"_s;
    default:
        return QString::fromLatin1(request.method) + u' ' + request.what;
    }
}

bool isCredential(const Header &line)
{
    return line.source == HeaderSource::Credential || sameHeaderName(line.name, "Authorization")
        || sameHeaderName(line.name, "Cookie");
}

QString catalogueId(const TraceReader &trace, ExchangeId refused, QByteArrayView missing)
{
    const RequestRecord &request = trace.request(refused);
    if (sameHeaderName(missing, "Cookie"))
        return u"AF-05"_s;
    if (!sameHeaderName(missing, "Authorization"))
        return u"AF-04"_s;
    if (request.kind == ExchangeKind::Delete)
        return u"AF-03"_s;
    if (request.kind == ExchangeKind::Stream)
        return u"AF-01"_s;
    if (request.kind == ExchangeKind::Reconnect) {
        // Only where the stream itself had it is it the reconnect alone that forgets.
        for (ExchangeId id = 1; id < refused; ++id) {
            if (trace.request(id).kind == ExchangeKind::Stream)
                return find(trace.request(id), missing) ? u"AF-02"_s : u"AF-01"_s;
        }
        return u"AF-02"_s;
    }
    return {};
}

/// The nearest exchange before this one, to the same origin, that was accepted with a credential
/// which this one lacks.
struct Lack {
    ExchangeId accepted = 0;
    QByteArray header;
};
std::optional<Lack> lack(const TraceReader &trace, ExchangeId refused)
{
    const RequestRecord &request = trace.request(refused);
    const Origin origin = Origin::of(request.url);
    for (ExchangeId id = refused - 1; id >= 1; --id) {
        const ResponseRecord *response = trace.response(id);
        if (!response || response->status >= 400 || !(Origin::of(trace.request(id).url) == origin))
            continue;
        for (const Header &line : trace.request(id).headers) {
            if (isCredential(line) && !find(request, line.name))
                return Lack{id, line.name};
        }
    }
    return {};
}

QString advice(const RequestRecord &request)
{
    if (!request.acting.isEmpty())
        return u"This is %1, played on purpose: every request has to carry the same credentials."_s
            .arg(request.acting);
    return u"The client forgets credentials on this kind of request: every request has to carry them."_s;
}

} // namespace

Failure explained(const TraceReader &trace, const Failure &failure)
{
    const ExchangeId id = failure.exchange;
    if (failure.kind != FailureKind::Refused || id < 1 || id > trace.exchangeCount())
        return failure;
    const RequestRecord &request = trace.request(id);
    const ResponseRecord *response = trace.response(id);
    if (!response)
        return failure;
    Failure better = failure;
    const QString method = QString::fromLatin1(request.method);
    const QString refused = u"%1 was refused (%2, %3). "_s.arg(subject(request), method,
                                                               QString::number(response->status));

    if (const Header *authorization = find(request, "Authorization")) {
        const QByteArray value = authorization->value;
        if (value.toLower().startsWith("bearer bearer ")) {
            better.finding = u"AF-06"_s;
            better.sentence = refused + u"Its Authorization says “Bearer” twice."_s;
            better.advice = request.acting.isEmpty()
                ? u"The token field wants the bare token, without “Bearer”."_s
                : advice(request);
            return better;
        }
        if (value.toLower().startsWith("bearer ")) {
            const QByteArray token = value.mid(7);
            const bool odd = std::any_of(token.begin(), token.end(), [](char c) {
                return c == '"' || c == '\'' || c == ' ' || c == '\t'
                    || static_cast<unsigned char>(c) >= 0x7f;
            });
            if (odd) {
                better.finding = u"AF-07"_s;
                better.sentence = refused
                    + u"The token in its Authorization has quotes, spaces or characters that tokens do not have."_s;
                better.advice = u"Paste the bare token, without quotes, spaces and line ends."_s;
                return better;
            }
        }
    }
    const bool redirected =
        std::any_of(request.withheld.begin(), request.withheld.end(), [](const Withheld &withheld) {
            return sameHeaderName(withheld.name, "Authorization")
                || withheld.name.toLower().contains("key");
        });
    if (redirected && request.acting.isEmpty() && request.cause > 0) {
        better.finding = u"AF-08"_s;
        better.sentence = refused
            + u"It was redirected here from %1, and credentials are not sent to another origin."_s
                  .arg(trace.request(request.cause).url.toDisplayString());
        better.advice = u"Give the final URL as the target, if you trust it."_s;
        return better;
    }
    if (const std::optional<Lack> missing = lack(trace, id)) {
        const RequestRecord &accepted = trace.request(missing->accepted);
        better.finding = catalogueId(trace, id, missing->header);
        better.sentence = refused
            + u"It carried no %1, while %2 %3 before it did (exchange %4)."_s.arg(
                QString::fromLatin1(missing->header), QString::fromLatin1(accepted.method),
                accepted.what, QString::number(missing->accepted));
        better.advice = advice(request);
    }
    return better;
}

} // namespace sightglass
