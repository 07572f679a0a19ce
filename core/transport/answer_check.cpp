// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/answer_check.h"

#include "core/auth/challenge.h"
#include "core/jsonrpc/json_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

Failure failure(const AnswerFacts &facts, FailureKind kind, const QString &code,
                const QString &sentence, const QString &advice, const QString &finding = {})
{
    return Failure{kind, code, sentence, advice, facts.exchange, finding};
}

QString name(const AnswerFacts &facts)
{
    return QString::fromLatin1(facts.method) + u' ' + facts.what;
}

/// A server's words for a sentence of ours: one line, not too long, without its full stop.
QString quotable(const QString &words)
{
    QString text = words.simplified();
    if (text.size() > 300)
        text = text.left(299) + u'…';
    return text.endsWith(u'.') ? text.chopped(1) : text;
}

/// ": the server says “…”.", or a full stop.
QString serverSays(const QString &words)
{
    const QString text = quotable(words);
    return text.isEmpty() ? u"."_s : u": the server says “%1”."_s.arg(text);
}
QString serverSays(const AnswerFacts &facts)
{
    return serverSays(errorMessageIn(facts.body));
}

QString joined(const QByteArrayList &words)
{
    return quotable(QString::fromUtf8(words.join(", ")));
}

/// What the server says of a refusal: in the body, else in the challenge.
QString refusalWords(const AnswerFacts &facts, const Challenge *challenge)
{
    const QString words = errorMessageIn(facts.body);
    if (!words.isEmpty() || !challenge)
        return words;
    const QByteArray description = challenge->errorDescription();
    return QString::fromUtf8(description.isEmpty() ? challenge->error() : description);
}

/// "X-A, X-B and X-C"; many are not all named.
QString named(const QByteArrayList &headers)
{
    constexpr qsizetype Most = 5;
    QStringList names;
    for (const QByteArray &header : headers.first(std::min(headers.size(), Most)))
        names.append(QString::fromLatin1(header.left(60)));
    if (headers.size() > Most)
        names.append(headers.size() == Most + 1 ? u"one more"_s
                                                : u"%1 more"_s.arg(headers.size() - Most));
    const QString last = names.takeLast();
    return names.isEmpty() ? last : u"%1 and %2"_s.arg(names.join(u", "_s), last);
}

/// Which credentials the request carried, as far as they are known as such.
QString carried(const AnswerFacts &facts)
{
    if (facts.hadCredentials)
        return u"It carried credentials, but they were not accepted."_s;
    if (facts.ownHeaders.isEmpty())
        return u"It carried no credentials."_s;
    return u"It carried %1, which you set, and nothing else that could be a credential."_s.arg(
        named(facts.ownHeaders));
}

QString adviceOn401(const AnswerFacts &facts, const Challenges &challenges)
{
    const QByteArray metadata = challenges.resourceMetadata();
    if (!challenges.schemes().isEmpty() && !challenges.forToken()) {
        return challenges.find("Basic")
            ? u"Give the user name and the password that this server asks for."_s
            : u"Give credentials of this scheme as a header, if you have them."_s;
    }
    if (facts.hadCredentials) {
        return u"Check that the token is for this server, and neither expired nor revoked; "
               "otherwise get a new one."_s;
    }
    if (!metadata.isEmpty()) {
        return u"Give a bearer token. Who issues it is told at %1."_s.arg(
            quotable(QString::fromUtf8(metadata)));
    }
    if (!facts.ownHeaders.isEmpty()) {
        return u"If %1 is what this server asks for, check the value; otherwise give a bearer token or the header that it asks for."_s
            .arg(named(facts.ownHeaders));
    }
    return u"Give a bearer token or the header that this server asks for."_s;
}

Failure refused(const AnswerFacts &facts)
{
    const Challenges challenges = Challenges::of(facts.headers.lines());
    const Challenge *challenge = challenges.forToken();
    const QString head = u"%1 was refused (%2)%3 "_s.arg(
        name(facts), QString::number(facts.status), serverSays(refusalWords(facts, challenge)));
    if (facts.hadCredentials && challenge && challenge->error() == "insufficient_scope") {
        const QByteArrayList scopes = challenge->scopes();
        return failure(
            facts, FailureKind::Refused, u"insufficient-scope"_s,
            head
                + (scopes.isEmpty()
                       ? u"The token is valid, but its scope does not suffice."_s
                       : u"The token is valid, but this needs the scope %1."_s.arg(joined(scopes))),
            u"Get a token with that scope; a new one with the same scope will be refused as well."_s,
            u"AF-61"_s);
    }
    if (facts.status == 401) {
        QString sentence = head + carried(facts);
        if (!facts.headers.contains("WWW-Authenticate"))
            sentence +=
                u" The answer has no WWW-Authenticate, so it does not say how to authorise."_s;
        else if (challenges.schemes().isEmpty())
            sentence +=
                u" The WWW-Authenticate of the answer names no scheme, so it does not say how to authorise."_s;
        else if (!challenge)
            sentence += u" The server asks for %1."_s.arg(joined(challenges.schemes()));
        return failure(facts, FailureKind::Refused, u"unauthorized"_s, sentence,
                       adviceOn401(facts, challenges));
    }
    if (!facts.hadCredentials && !facts.ownHeaders.isEmpty()) {
        return failure(
            facts, FailureKind::Refused, u"forbidden"_s, head + carried(facts),
            u"If %1 is what this server knows you by, ask its owner for the right to do this; otherwise give the credentials that it wants."_s
                .arg(named(facts.ownHeaders)));
    }
    if (!facts.hadCredentials) {
        return failure(
            facts, FailureKind::Refused, u"forbidden-without-credentials"_s,
            head
                + u"It carried no credentials, and a server that wants some has to answer 401 and say which."_s,
            u"Give the credentials that this server wants. On the server's side: answer 401 with WWW-Authenticate."_s,
            u"AF-67"_s);
    }
    return failure(
        facts, FailureKind::Refused, u"forbidden"_s,
        head + u"The credentials that it carried do not allow this."_s,
        u"Ask the server's owner for the right to do it, or use the credentials of somebody who has it."_s);
}

Failure noStream(const AnswerFacts &facts)
{
    return failure(
        facts, FailureKind::Protocol, u"no-stream"_s,
        facts.status == 405
            ? u"The server offers no event stream (GET was answered with 405)."_s
            : u"The server offers no event stream (GET was answered with %1, where 405 would be right)."_s
                  .arg(facts.status),
        u"This is normal: the server has nothing to say on its own."_s, u"AF-80"_s);
}

Failure cannotResume(const AnswerFacts &facts)
{
    const QString asked = facts.what.startsWith("resume "_L1) ? facts.what.sliced(7) : facts.what;
    return failure(
        facts, FailureKind::Protocol, u"stream-ended"_s,
        u"The response to %1 is lost: its event stream broke off, and the server cannot take it up again (GET with Last-Event-ID was answered with %2). Whether the work was done is not known."_s
            .arg(asked, QString::number(facts.status)),
        u"Send it once more if that does no harm. On the server's side: answer this GET, or do not end the stream before the response."_s);
}

std::optional<Failure> clientOrServerError(const AnswerFacts &facts)
{
    const QString status = QString::number(facts.status);
    const QString head = u"%1 was answered with %2"_s.arg(name(facts), status);
    const QByteArray retryAfter = facts.headers.value("Retry-After");
    switch (facts.status) {
    case 401:
    case 403:
        return refused(facts);
    case 404:
        if (facts.firstStream)
            return noStream(facts);
        if (facts.resumes && !facts.hadSession)
            return cannotResume(facts);
        if (facts.hadSession) {
            return failure(
                facts, FailureKind::Protocol, u"session-expired"_s,
                u"%1 was answered with 404, because the server no longer knows the session%2"_s.arg(
                    name(facts), serverSays(facts)),
                u"A new session has to be initialised."_s, u"AF-81"_s);
        }
        return failure(
            facts, FailureKind::Protocol, u"not-found"_s, head + serverSays(facts),
            u"Nothing answers at this path: check the URL of the MCP endpoint (often /mcp)."_s);
    case 405:
        if (facts.resumes)
            return cannotResume(facts);
        if (facts.opensStream)
            return noStream(facts);
        return failure(facts, FailureKind::Protocol, u"method-not-allowed"_s,
                       head + serverSays(facts),
                       facts.method == "POST"
                           ? u"The URL does not take POST: check that it is the MCP endpoint."_s
                           : u"The server does not offer this."_s);
    case 406:
        return failure(
            facts, FailureKind::Protocol, u"not-acceptable"_s, head + serverSays(facts),
            u"The server is not content with Accept: a POST has to list application/json and "
            "text/event-stream, a GET text/event-stream."_s,
            u"AF-85"_s);
    case 429:
    case 503:
        return failure(facts, FailureKind::Protocol, u"try-later"_s,
                       retryAfter.isEmpty()
                           ? head + serverSays(facts)
                           : u"%1, and Retry-After: %2%3"_s.arg(head, QString::fromUtf8(retryAfter),
                                                                serverSays(facts)),
                       u"The server is busy or limits its callers: wait, then try again."_s,
                       retryAfter.isEmpty() ? QString() : u"AF-98"_s);
    default:
        return failure(
            facts, FailureKind::Protocol,
            facts.status >= 500 ? u"server-error"_s : u"bad-request"_s, head + serverSays(facts),
            facts.status >= 500
                ? u"The fault is on the server's side: look at its log."_s
                : u"Look at the exchange: the body says what the server did not like."_s);
    }
}

std::optional<Failure> wrongBody(const AnswerFacts &facts, const QByteArray &type)
{
    const bool html = type == "text/html" || type == "application/xhtml+xml";
    if (facts.redirectedBy == 301 || facts.redirectedBy == 302 || facts.redirectedBy == 303) {
        return failure(
            facts, FailureKind::Protocol, u"login-page"_s,
            u"%1 was redirected (%2) to %3, which answered with %4 instead of MCP."_s.arg(
                name(facts), QString::number(facts.redirectedBy),
                facts.url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery),
                type.isEmpty() ? u"a page"_s : QString::fromLatin1(type)),
            u"A login for browsers stands in front of the server: use an address or a token that "
            "passes it."_s,
            u"AF-92"_s);
    }
    if (html) {
        return failure(
            facts, FailureKind::Protocol, u"html-answer"_s,
            u"%1 was answered with a web page (%2, text/html)."_s.arg(
                name(facts), QString::number(facts.status)),
            u"This URL is a website or a login page, not the MCP endpoint: check the path."_s,
            u"AF-91"_s);
    }
    const bool chunked = facts.headers.value("Transfer-Encoding").toLower().contains("chunked");
    if (facts.bodyBytes == 0 && type != "text/event-stream" && chunked) {
        // Qt takes a chunk size that is none for the end of the body, and tells nobody.
        return failure(
            facts, FailureKind::Protocol, u"empty-answer"_s,
            u"%1 was answered with %2, and no body could be read from its chunks."_s.arg(
                name(facts), QString::number(facts.status)),
            u"The server sent none, or its chunked encoding is broken (RFC 9112, 7.1): look at the bytes with a tool that shows the socket."_s,
            u"AF-91"_s);
    }
    if (facts.bodyBytes == 0 && type != "text/event-stream") {
        return failure(
            facts, FailureKind::Protocol, u"empty-answer"_s,
            u"%1 was answered with %2 and an empty body."_s.arg(name(facts),
                                                                QString::number(facts.status)),
            u"A request wants an answer: this may not be the MCP endpoint, or the server failed."_s,
            u"AF-91"_s);
    }
    return failure(facts, FailureKind::Protocol, u"wrong-content-type"_s,
                   type.isEmpty() ? u"%1 was answered without a Content-Type."_s.arg(name(facts))
                                  : u"%1 was answered with Content-Type %2."_s.arg(
                                      name(facts), QString::fromLatin1(type)),
                   u"The answer has to be application/json or text/event-stream."_s);
}

} // namespace

QByteArray mediaType(const HeaderList &headers)
{
    const QByteArray value = headers.value("Content-Type");
    // A comma: the header came twice.
    const auto end =
        std::find_if(value.begin(), value.end(), [](char c) { return c == ';' || c == ','; });
    return value.first(end - value.begin()).trimmed().toLower();
}

QString errorMessageIn(QByteArrayView body)
{
    if (body.isEmpty() || body.size() > 1024 * 1024)
        return {};
    const JsonText json = JsonText::parse(body.toByteArray());
    if (!json.isValid() || !json.isObject(json.root()))
        return {};
    const JsonText::Node error = json.member(json.root(), u"error");
    if (json.isObject(error))
        return json.string(json.member(error, u"message"));
    const QString description = json.string(json.member(json.root(), u"error_description"));
    return description.isEmpty() ? json.string(error) : description;
}

std::optional<Failure> checkAnswer(const AnswerFacts &facts)
{
    if (facts.status >= 400)
        return clientOrServerError(facts);
    if (facts.status >= 300 || facts.status < 200) {
        return failure(
            facts, FailureKind::Protocol, u"unexpected-status"_s,
            u"%1 was answered with %2."_s.arg(name(facts), QString::number(facts.status)),
            u"Use the URL that the server redirects to, if it names one."_s);
    }
    const QByteArray type = mediaType(facts.headers);
    if (facts.opensStream)
        return type == "text/event-stream" ? std::nullopt : wrongBody(facts, type);
    if (!facts.expectsAnswer)
        return std::nullopt;
    if (type == "text/event-stream")
        return std::nullopt;
    if (type == "application/json" && facts.bodyBytes > 0)
        return std::nullopt;
    return wrongBody(facts, type);
}

} // namespace sightglass
