// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/refusal.h"

#include "core/auth/challenge.h"
#include "core/diagnose/body_start.h"
#include "core/diagnose/redirect_story.h"
#include "core/diagnose/stall.h"
#include "core/http/header_list.h"
#include "core/http/origin.h"
#include "core/trace/redaction.h"
#include "core/transport/answer_check.h"

#include <QRegularExpression>

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

/// "The event stream was refused (GET, 401). ", "POST tools/list was refused (401). "
QString refused(const RequestRecord &request, int status)
{
    QString subject;
    switch (request.kind) {
    case ExchangeKind::Stream:
        subject = u"The event stream"_s;
        break;
    case ExchangeKind::Reconnect:
        subject = u"The reconnect of the event stream"_s;
        break;
    case ExchangeKind::Delete:
        subject = u"The end of the session"_s;
        break;
    default:
        return u"%1 %2 was refused (%3). "_s.arg(QString::fromLatin1(request.method), request.what,
                                                 QString::number(status));
    }
    return u"%1 was refused (%2, %3). "_s.arg(subject, QString::fromLatin1(request.method),
                                              QString::number(status));
}

bool isLeftOff(const RequestRecord &request, QByteArrayView name)
{
    return std::any_of(
        request.withheld.begin(), request.withheld.end(),
        [name](const Withheld &withheld) { return sameHeaderName(withheld.name, name); });
}

bool opensConnection(const RequestRecord &request)
{
    return request.kind == ExchangeKind::Post
        && (request.what == "initialize"_L1 || request.what == "server/discover"_L1);
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
        for (ExchangeId id = refused - 1; id >= 1; --id) {
            if (trace.summary(id).kind == ExchangeKind::Stream)
                return find(trace.request(id), missing) ? u"AF-02"_s : u"AF-01"_s;
        }
        return u"AF-02"_s;
    }
    return {};
}

QString forgets(const RequestRecord &request)
{
    if (!request.acting.isEmpty())
        return u"This is %1, played on purpose: every request has to carry the same credentials."_s
            .arg(request.acting);
    return u"The client forgets credentials on this kind of request: every request has to carry them."_s;
}

/// What a token has that tokens do not have, and where; empty where it is well.
QString oddity(QByteArrayView token, bool redacted)
{
    if (redacted) {
        // A fingerprint, and in brackets what was odd about the value.
        if (token.contains(", in quotes"))
            return u"quotation marks around it"_s;
        if (token.contains(", with white space"))
            return u"white space in it"_s;
        return token.contains(", with non-ASCII") ? u"characters that are no ASCII"_s : QString();
    }
    for (qsizetype i = 0; i < token.size(); ++i) {
        const auto c = static_cast<unsigned char>(token.at(i));
        const QString what = c == '"' ? u"a quotation mark"_s
            : c == '\''               ? u"an apostrophe"_s
            : c <= ' '                ? u"white space"_s
            : c >= 0x7f               ? u"a character that is no ASCII"_s
                                      : QString();
        if (!what.isEmpty())
            return u"%1 at character %2 of %3"_s.arg(what, QString::number(i + 1),
                                                     QString::number(token.size()));
    }
    return {};
}

/// AF-06, AF-07: the token itself is malformed. False: it is not.
bool blameToken(const TraceReader &trace, const RequestRecord &request, const QString &head,
                Failure &better)
{
    const Header *authorization = find(request, "Authorization");
    if (!authorization || authorization->value.left(7).toLower() != "bearer ")
        return false;
    const QByteArrayView token = QByteArrayView(authorization->value).sliced(7);
    if (token.first(qMin<qsizetype>(7, token.size())).toByteArray().toLower() == "bearer ") {
        better.finding = u"AF-06"_s;
        better.sentence = head + u"Its Authorization says “Bearer” twice."_s;
        better.advice = request.acting.isEmpty()
            ? u"The token field wants the bare token, without “Bearer”."_s
            : u"This is %1, played on purpose: the scheme is to be sent once."_s.arg(
                request.acting);
        return true;
    }
    const QString odd = oddity(token, trace.redacted());
    if (odd.isEmpty())
        return false;
    better.finding = u"AF-07"_s;
    better.sentence =
        head + u"The token in its Authorization has %1, which tokens do not have."_s.arg(odd);
    better.advice = u"Paste the bare token, without quotation marks, spaces and line ends."_s;
    return true;
}

/// The server asks for schemes, and the Authorization that it got is of another one.
void blameScheme(const RequestRecord &request, const Challenges &challenges, Failure &better)
{
    const Header *authorization = find(request, "Authorization");
    if (!authorization || challenges.schemes().isEmpty())
        return;
    const QByteArray scheme =
        authorization->value.left(qMax<qsizetype>(0, authorization->value.indexOf(' ')));
    if (scheme.isEmpty() || challenges.find(scheme))
        return;
    better.sentence += u" It carried %1, and the server asks for %2."_s.arg(
        QString::fromUtf8(scheme), QString::fromUtf8(challenges.schemes().join(" or ")));
    better.advice = u"Give credentials of the scheme that the server asks for."_s;
}

/// "Host" or "Origin", where the words of a refusal name that header; empty where they do not. Of a
/// 400, which may be for anything, they have to say what is wrong with it.
QByteArray refusedHeader(const QString &words, int status, bool isPage)
{
    constexpr auto NoCase = QRegularExpression::CaseInsensitiveOption;
    static const QRegularExpression named(
        u"\\b(?:http_)?(host|origin)\\b(?! server| is unreachable)"_s, NoCase);
    static const QRegularExpression blamed(
        u"\\b(?:host|origin) header\\b|\\bhttp_host\\b|\\bdisallowed ?(?:host|origin)\\b|"
        "\\b(?:host|origin)\\b[^.]{0,80}\\bnot (?:allowed|permitted|trusted)\\b|"
        "\\b(?:invalid|untrusted|forbidden) origin\\b"_s,
        NoCase);
    const QRegularExpressionMatch match = named.match(words);
    if (!match.hasMatch() || ((status == 400 || isPage) && !blamed.match(words).hasMatch()))
        return {};
    return match.captured(1).toLower() == "origin"_L1 ? "Origin" : "Host";
}

/// AF-87: the words of a 400, 403 or 421 name Host or Origin, which is no matter of credentials.
/// False: they do not.
bool blameHost(const TraceReader &trace, ExchangeId id, int status, Failure &better)
{
    constexpr qint64 BodyStart = 4096;
    constexpr qsizetype MostWords = 300;
    if (status != 400 && status != 403 && status != 421)
        return false;
    const RequestRecord &request = trace.request(id);
    const QByteArray body = trace.responseBody(id, 0, BodyStart);
    QString words = errorMessageIn(body);
    const bool isPage = words.isEmpty() && body.trimmed().startsWith('<');
    if (words.isEmpty())
        words = QString::fromUtf8(body);
    words = words.simplified();
    if (words.size() > MostWords) // between words: half a token is not known as a secret
        words = words.left(words.lastIndexOf(u' ', MostWords)) + u'…';
    const QByteArray name = refusedHeader(words, status, isPage);
    if (name.isEmpty())
        return false;
    const Header *header = find(request, name);
    better.finding = u"AF-87"_s;
    better.code = u"host-refused"_s;
    better.sentence =
        u"%1 %2 was refused (%6): the server says “%3”. It names the %4, which was %5: as a protection against DNS rebinding, servers refuse those that they do not know."_s
            .arg(QString::fromLatin1(request.method), request.what, words,
                 QString::fromLatin1(name),
                 header ? u"“%1”"_s.arg(QString::fromUtf8(header->value)) : u"not sent"_s,
                 QString::number(status));
    better.advice = name == "Host"
        ? u"Use an address that the server allows (often localhost or 127.0.0.1), or have it allow this one."_s
        : header
        ? u"Have the server allow this origin, or leave the header off if you set it."_s
        : u"Only browsers send an Origin: have the server take requests without one, or set one that it allows as a header of your own."_s;
    return true;
}

void explainRefusal(const TraceReader &trace, ExchangeId id, int status,
                    const std::optional<RedirectStory> &story, Failure &better)
{
    const RequestRecord &request = trace.request(id);
    const QString head = refused(request, status);
    if (blameToken(trace, request, head, better) || blameHost(trace, id, status, better))
        return;
    const bool stripped = story
        && std::any_of(story->withheld.begin(), story->withheld.end(),
                       [](const QByteArray &name) { return Redactor::isSecretName(name); });
    if (stripped) {
        better.finding = u"AF-08"_s;
        better.sentence = head + story->sentence();
        better.advice = story->advice();
        return;
    }
    const auto hasAny = [](const RequestRecord &one) {
        return std::any_of(one.headers.begin(), one.headers.end(),
                           [](const Header &line) { return Redactor::isSecret(line); });
    };
    // Nothing was lost, but whatever is given for the first will be.
    if (story && story->leftOrigin && status == 401 && !hasAny(request)
        && !hasAny(trace.request(story->first))) {
        better.finding = u"AF-08"_s;
        better.sentence = head
            + u"It had been redirected from %1 to %2 (%3, exchange %4), and that is another origin: credentials for the first do not go with it."_s
                  .arg(story->from, story->to, QString::number(story->status),
                       QString::number(story->hop));
        better.advice = story->advice();
        return;
    }
    if (const std::optional<Lack> missing = lackOf(trace, id)) {
        const RequestRecord &accepted = trace.request(missing->accepted);
        better.finding = catalogueId(trace, id, missing->headers.constFirst());
        better.sentence = head
            + u"It carried no %1, while %2 %3 before it did (exchange %4)."_s.arg(
                QString::fromLatin1(missing->headers.join(" and no ")),
                QString::fromLatin1(accepted.method), accepted.what,
                QString::number(missing->accepted));
        better.advice = forgets(request);
        return;
    }
    const Challenges challenges = Challenges::of(trace.response(id)->headers);
    if (challenges.problems.isEmpty()) {
        if (status == 401)
            blameScheme(request, challenges, better);
    } else {
        const ChallengeProblem &problem = challenges.problems.constFirst();
        better.sentence +=
            u" The WWW-Authenticate of the answer is malformed (at byte %1). %2"_s.arg(
                QString::number(problem.position), problem.sentence);
        better.advice += u" Tell the server's owner: other clients may not understand it at all."_s;
    }
}

/// AF-81: was it done anew, and was that in vain?
void explainExpiry(const TraceReader &trace, ExchangeId id, Failure &better)
{
    const RequestRecord &request = trace.request(id);
    const Header *session = find(request, "Mcp-Session-Id");
    if (!session)
        return;
    for (ExchangeId other = id - 1; other >= 1; --other) {
        const std::optional<ResponseRecord> response = trace.response(other);
        const Header *before = find(trace.request(other), "Mcp-Session-Id");
        if (!response || response->status != 404 || !before || before->value == session->value
            || !(trace.request(other).url == request.url))
            continue;
        better.sentence +=
            u" It was a new session already: the one before was lost in the same way (exchange %1)."_s
                .arg(other);
        better.advice =
            u"The server forgets its sessions: it restarts, or runs in several copies that do not share them. Look at its log."_s;
        return;
    }
}

/// AF-85: what our Accept really said.
void explainAccept(const RequestRecord &request, Failure &better)
{
    const Header *accept = find(request, "Accept");
    if (!isAcceptRight(request)) {
        better.sentence += accept ? u" Its Accept was “%1”."_s.arg(QString::fromUtf8(accept->value))
                                  : u" It had no Accept."_s;
        return;
    }
    better.sentence += u" Its Accept was “%1”, as the specification wants it."_s.arg(
        QString::fromUtf8(accept->value));
    better.advice =
        u"The fault is on the server's side, or with a proxy before it that alters Accept."_s;
}

/// AF-94 as proxies tell it by HTTP (nginx: 400; 496 by itself is its own code for it).
bool wantsCertificate(const ResponseRecord &response, QByteArrayView body)
{
    return response.status == 496
        || (response.status == 400 && body.contains("No required SSL certificate was sent"));
}

/// What came, where it is no message and the sentence does not quote it.
void explainBody(const TraceReader &trace, ExchangeId id, Failure &better)
{
    constexpr qint64 BodyStart = 64 * 1024;
    const std::optional<ResponseRecord> response = trace.response(id);
    const QByteArray body = trace.responseBody(id, 0, BodyStart);
    if (response && wantsCertificate(*response, body)) {
        better.finding = u"AF-94"_s;
        better.code = u"client-certificate-asked"_s;
        better.sentence += u" The server, or a proxy before it, wants a client certificate."_s;
        better.advice = u"Give a client certificate and its key for this server."_s;
        return;
    }
    const bool unreadable = better.code == "not-json"_L1 || better.code == "malformed-message"_L1;
    const bool wrongKind = better.code == "html-answer"_L1 || better.code == "login-page"_L1
        || better.code == "wrong-content-type"_L1;
    const bool refused = response && response->status >= 400 && errorMessageIn(body).isEmpty()
        && better.code != "host-refused"_L1;
    if (!unreadable && !wrongKind && !refused)
        return;
    if (const QString what = whatCame(trace, id); !what.isEmpty())
        better.sentence += u' ' + what;
}

} // namespace

std::optional<Lack> lackOf(const TraceReader &trace, ExchangeId refused)
{
    const RequestRecord &request = trace.request(refused);
    // Whoever connects anew may have other credentials on purpose.
    if (opensConnection(request))
        return {};
    const Origin origin = Origin::of(request.url);
    for (ExchangeId id = refused - 1; id >= 1; --id) {
        const RequestRecord &other = trace.request(id);
        if (!(Origin::of(other.url) == origin))
            continue;
        if (const std::optional<ResponseRecord> response = trace.response(id);
            response && response->status < 400) {
            Lack lack{id, {}};
            for (const Header &line : other.headers) {
                const bool isCredential = line.source == HeaderSource::Credential
                    || Redactor::isSecret(line) || isLeftOff(request, line.name);
                if (!isCredential || find(request, line.name) || lack.headers.contains(line.name)
                    || line.source == HeaderSource::Session)
                    continue;
                if (sameHeaderName(line.name, "Authorization"))
                    lack.headers.prepend(line.name);
                else
                    lack.headers.append(line.name);
            }
            if (!lack.headers.isEmpty())
                return lack;
        }
        if (opensConnection(other))
            return {};
    }
    return {};
}

bool isAcceptRight(const RequestRecord &request)
{
    const Header *accept = find(request, "Accept");
    const QByteArray value = accept ? accept->value.toLower() : QByteArray();
    return value.contains("text/event-stream")
        && (value.contains("application/json") || request.method == "GET");
}

Failure explained(const TraceReader &trace, const Failure &failure)
{
    const ExchangeId id = failure.exchange;
    if (id < 1 || id > trace.exchangeCount() || failure.kind == FailureKind::Cancelled
        || failure.kind == FailureKind::Usage)
        return failure;
    const RequestRecord &request = trace.request(id);
    const std::optional<ResponseRecord> response = trace.response(id);
    const std::optional<RedirectStory> story = redirectStory(trace, id);
    Failure better = failure;
    if (response) {
        const bool isRefusal = failure.kind == FailureKind::Refused;
        const bool ofHost = !isRefusal && blameHost(trace, id, response->status, better);
        if (isRefusal)
            explainRefusal(trace, id, response->status, story, better);
        else if (!ofHost && failure.code == "session-expired"_L1)
            explainExpiry(trace, id, better);
        else if (!ofHost && failure.code == "not-acceptable"_L1)
            explainAccept(request, better);
        else if (!ofHost && request.method == "GET" && response->status / 100 == 4
                 && find(request, "Content-Type")) {
            better.finding = u"AF-09"_s;
            better.sentence += u" It carried a Content-Type, though a GET has no body."_s;
            better.advice = request.acting.isEmpty()
                ? u"The client has to leave that header off."_s
                : u"This is %1, played on purpose: the header is to be left off."_s.arg(
                    request.acting);
        }
    }
    if (failure.kind == FailureKind::Protocol || failure.kind == FailureKind::Refused)
        explainBody(trace, id, better);
    if (failure.kind == FailureKind::TimedOut && failure.code == "timed-out"_L1) {
        if (const QString stall = stallSentence(trace, id); !stall.isEmpty()) {
            better.sentence += u' ' + stall;
            // What came and could not be read stands in the advice already.
            if (better.finding.isEmpty())
                better.advice =
                    u"Raise the time limit if the work may take this long; else look at the log of the server, or of a proxy before it."_s;
        }
    }
    // A login page is told with its redirect already.
    if (story && story->lostSomething() && better.finding != "AF-08"_L1
        && better.finding != "AF-92"_L1) {
        better.sentence += u' ' + story->sentence();
        better.advice = story->advice();
    }
    return better;
}

} // namespace sightglass
