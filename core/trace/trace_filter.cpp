// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_filter.h"

#include "core/trace/credential_index.h"
#include "core/trace/redaction.h"
#include "core/trace/rpc_outcome.h"

#include <functional>
#include <mutex>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Bodies are searched in their first part only.
constexpr qint64 SearchedBody = 64 * 1024;
/// Exchanges that are taken into the index at once, beyond the one that is asked for: whoever
/// filters a long trace in slices is not kept waiting by the first of them.
constexpr ExchangeId IndexedAhead = 512;

/// What a filter knows of a trace besides one exchange; kept while the trace grows.
struct Knowledge {
    std::mutex mutex;
    const TraceReader *trace = nullptr;
    CredentialIndex index;
};

struct Subject {
    const TraceReader &trace;
    ExchangeId id;
    Knowledge &knowledge;

    CredentialIndex::Mask credentials(const QByteArray &name,
                                      CredentialIndex::Mask CredentialIndex::Entry::*which) const
    {
        const std::lock_guard lock(knowledge.mutex);
        if (knowledge.trace != &trace || trace.exchangeCount() < knowledge.index.count()) {
            knowledge.index = CredentialIndex();
            knowledge.trace = &trace;
        }
        if (id > knowledge.index.count())
            knowledge.index.update(trace, nullptr, id + IndexedAhead);
        if (id > knowledge.index.count())
            return 0;
        // An answer that came since may tell what its request lacked.
        if (knowledge.index.entry(id).status == 0 && trace.summary(id).status > 0)
            knowledge.index.update(trace, nullptr, knowledge.index.count());
        const CredentialIndex::Mask mask = knowledge.index.entry(id).*which;
        if (name == "any")
            return mask & ~CredentialIndex::ProtocolColumns;
        const int column = knowledge.index.columnOf(name);
        return column < 0 ? 0 : mask & (CredentialIndex::Mask(1) << column);
    }
};

using Test = std::function<bool(const Subject &)>;

struct Term {
    bool wanted = true;
    Test test;
};

/// One piece of the text: KEY:VALUE or a word, perhaps negated.
struct Piece {
    bool wanted = true;
    QString key; ///< empty: a word
    QString value;
    qsizetype start = 0;
    qsizetype length = 0;
    bool unclosed = false; ///< its quotation mark was never closed
};

/// `loose` is told where a "not" stands that has nothing to negate.
QList<Piece> split(const QString &text, QList<FilterProblem> &loose)
{
    QList<Piece> pieces;
    bool negate = false;
    qsizetype notAt = 0;
    qsizetype at = 0;
    while (at < text.size()) {
        if (text.at(at).isSpace()) {
            ++at;
            continue;
        }
        Piece piece;
        piece.start = at;
        if (text.at(at) == u'-' && at + 1 < text.size() && !text.at(at + 1).isSpace()) {
            piece.wanted = false;
            ++at;
        }
        bool quoted = false;
        QString word;
        while (at < text.size()) {
            const QChar c = text.at(at);
            if (c == u'"') {
                ++at;
                quoted = true;
                const qsizetype end = text.indexOf(u'"', at);
                word += text.mid(at, end < 0 ? -1 : end - at);
                piece.unclosed = end < 0;
                at = end < 0 ? text.size() : end + 1;
                continue;
            }
            if (c.isSpace())
                break;
            if (c == u':' && piece.key.isEmpty() && !quoted && !word.isEmpty()
                && word.at(0).isLetter()) {
                piece.key = word;
                word.clear();
            } else {
                word += c;
            }
            ++at;
        }
        piece.value = word;
        piece.length = at - piece.start;
        if (!quoted && piece.key.isEmpty() && word == "not"_L1) {
            negate = !negate;
            notAt = piece.start;
            continue;
        }
        if (!quoted && piece.key.isEmpty() && word == "and"_L1)
            continue;
        piece.wanted = piece.wanted != negate;
        negate = false;
        if (!piece.key.isEmpty() || !piece.value.isEmpty() || piece.unclosed)
            pieces.append(piece);
    }
    if (negate)
        loose.append({notAt, 3, u"“not” wants something behind it."_s});
    return pieces;
}

bool containsWord(const QByteArray &bytes, const QByteArray &lower)
{
    if (bytes.size() < lower.size())
        return false;
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? char(a + 32) : a) == b; };
    return std::search(bytes.begin(), bytes.end(), lower.begin(), lower.end(), same) != bytes.end();
}

bool headersContain(const QList<Header> &headers, const QByteArray &lower)
{
    return std::any_of(headers.begin(), headers.end(), [&](const Header &header) {
        return containsWord(header.name, lower)
            || (!Redactor::isSecret(header) && containsWord(header.value, lower));
    });
}

Test wordTest(const QString &word)
{
    const QByteArray lower = word.toLower().toUtf8();
    return [lower, word](const Subject &s) {
        const RequestRecord &request = s.trace.request(s.id);
        if (request.what.contains(word, Qt::CaseInsensitive) || containsWord(request.method, lower)
            || containsWord(request.url.toEncoded(), lower)
            || headersContain(request.headers, lower)
            || containsWord(s.trace.requestBody(s.id).left(SearchedBody), lower))
            return true;
        const ResponseRecord *response = s.trace.response(s.id);
        return (response && headersContain(response->headers, lower))
            || containsWord(s.trace.responseBody(s.id, 0, SearchedBody), lower);
    };
}

std::optional<Test> statusTest(const QString &value)
{
    if (value == "none"_L1)
        return [](const Subject &s) { return s.trace.summary(s.id).status == 0; };
    if (value.size() != 3 || !value.at(0).isDigit())
        return {};
    if (value.endsWith("xx"_L1, Qt::CaseInsensitive))
        return [hundreds = value.at(0).digitValue()](const Subject &s) {
            return s.trace.summary(s.id).status / 100 == hundreds;
        };
    bool ok = false;
    const int status = value.toInt(&ok);
    if (!ok)
        return {};
    return [status](const Subject &s) { return s.trace.summary(s.id).status == status; };
}

std::optional<Test> isTest(const QString &value)
{
    if (value == "failed"_L1)
        return [](const Subject &s) {
            const ExchangeSummary summary = s.trace.summary(s.id);
            return (summary.failed || summary.status >= 400)
                && !isNoFault(summary, s.trace.request(s.id).kind);
        };
    if (value == "error"_L1)
        return [](const Subject &s) {
            return rpcOutcome(s.trace, s.id).isError() && !s.trace.summary(s.id).left;
        };
    if (value == "open"_L1)
        return [](const Subject &s) { return !s.trace.summary(s.id).finished; };
    if (value == "stream"_L1)
        return [](const Subject &s) { return s.trace.summary(s.id).frames > 0; };
    if (value == "acting"_L1)
        return [](const Subject &s) { return !s.trace.request(s.id).acting.isEmpty(); };
    return {};
}

/// Nothing where the key or the value is not known; `problem` says why.
std::optional<Test> makeTest(const Piece &piece, QString &problem)
{
    const QString key = piece.key.toLower();
    const QString value = piece.value;
    const QByteArray name = value.toLower().toUtf8();
    if (key.isEmpty())
        return wordTest(value);
    if (value.isEmpty()) {
        problem = u"%1: wants a value."_s.arg(key);
        return {};
    }
    if (key == "status"_L1) {
        const auto test = statusTest(value);
        problem = u"status: takes a number such as 401, a class such as 4xx, or none."_s;
        return test;
    }
    if (key == "is"_L1) {
        const auto test = isTest(value.toLower());
        problem = u"is: takes failed, error, open, stream or acting."_s;
        return test;
    }
    if (key == "method"_L1)
        return [name](const Subject &s) { return s.trace.request(s.id).method.toLower() == name; };
    if (key == "kind"_L1) {
        const auto kind = exchangeKindFromName(name);
        if (!kind) {
            problem =
                u"kind: takes post, stream, reconnect, delete, discovery, registration, token or other."_s;
            return {};
        }
        return [kind = *kind](const Subject &s) { return s.trace.request(s.id).kind == kind; };
    }
    if (key == "missing"_L1)
        return [name](const Subject &s) {
            return s.credentials(name, &CredentialIndex::Entry::missing) != 0;
        };
    if (key == "carried"_L1)
        return [name](const Subject &s) {
            return s.credentials(name, &CredentialIndex::Entry::carried) != 0;
        };
    if (key == "withheld"_L1)
        return [name](const Subject &s) {
            return s.credentials(name, &CredentialIndex::Entry::withheld) != 0;
        };
    if (key == "server"_L1)
        return [value](const Subject &s) {
            return serverOf(s.trace, s.id).contains(value, Qt::CaseInsensitive);
        };
    if (key == "tool"_L1)
        return [value](const Subject &s) {
            const QString &what = s.trace.request(s.id).what;
            return what.startsWith("tools/call "_L1)
                && QStringView(what).mid(11).compare(value, Qt::CaseInsensitive) == 0;
        };
    if (key == "error"_L1) {
        const bool ofTool = value.compare("isError"_L1, Qt::CaseInsensitive) == 0;
        bool ok = false;
        const qint64 code = value.toLongLong(&ok);
        problem = u"error: takes a JSON-RPC code such as -32602, or isError."_s;
        if (!ok && !ofTool)
            return {};
        return [ofTool, code](const Subject &s) {
            const RpcOutcome outcome = rpcOutcome(s.trace, s.id);
            return ofTool ? outcome.kind == RpcOutcome::Kind::ToolError : outcome.code == code;
        };
    }
    if (key == "finding"_L1)
        return [value](const Subject &s) {
            const std::optional<Failure> failure = s.trace.failure(s.id);
            return failure && failure->finding.compare(value, Qt::CaseInsensitive) == 0;
        };
    if (key == "id"_L1) {
        bool ok = false;
        const ExchangeId id = value.toLongLong(&ok);
        problem = u"id: takes the number of an exchange."_s;
        if (!ok)
            return {};
        return [id](const Subject &s) { return s.id == id; };
    }
    problem =
        u"“%1” is no key; put the words in quotation marks to search for them."_s.arg(piece.key);
    return {};
}

} // namespace

struct TraceFilter::Private {
    QList<Term> terms;
    mutable Knowledge knowledge;
};

TraceFilter::TraceFilter()
    : d(std::make_shared<Private>())
{
}

TraceFilter TraceFilter::parse(const QString &text, QList<FilterProblem> *problems)
{
    auto parsed = std::make_shared<Private>();
    QList<FilterProblem> loose;
    for (const Piece &piece : split(text, loose)) {
        QString problem;
        std::optional<Test> test;
        if (!piece.key.isEmpty() || !piece.value.isEmpty())
            test = makeTest(piece, problem);
        if (test) {
            parsed->terms.append({piece.wanted, *test});
            problem.clear();
        }
        if (piece.unclosed && problem.isEmpty())
            problem = u"The quotation mark is not closed."_s;
        if (problems && !problem.isEmpty())
            problems->append({piece.start, piece.length, problem});
    }
    if (problems)
        problems->append(loose);
    TraceFilter filter;
    filter.d = parsed;
    return filter;
}

bool TraceFilter::isEmpty() const
{
    return d->terms.isEmpty();
}

bool TraceFilter::matches(const TraceReader &trace, ExchangeId id) const
{
    if (id < 1 || id > trace.exchangeCount())
        return false;
    const Subject subject{trace, id, d->knowledge};
    return std::all_of(d->terms.begin(), d->terms.end(),
                       [&](const Term &term) { return term.test(subject) == term.wanted; });
}

QList<FilterKey> filterKeys()
{
    return {
        {u"status:"_s, u"Status of the answer: 401, 4xx, none"_s},
        {u"method:"_s, u"HTTP method: POST, GET, DELETE"_s},
        {u"kind:"_s, u"What the request is for: post, stream, reconnect, delete, discovery"_s},
        {u"missing:"_s,
         u"A credential that it lacks though others had it: authorization, x-api-key, any"_s},
        {u"carried:"_s, u"A credential that it carried"_s},
        {u"withheld:"_s, u"A credential that was held back"_s},
        {u"tool:"_s, u"Calls of this tool"_s},
        {u"server:"_s, u"Whom it was with: a part of host and port, or of a program's command"_s},
        {u"finding:"_s, u"Id of the catalogue of failures: AF-01"_s},
        {u"error:"_s, u"Code of a JSON-RPC error, -32602, or isError of a tool's result"_s},
        {u"is:"_s, u"failed, error (JSON-RPC or isError), open, stream, acting"_s},
        {u"id:"_s, u"Number of the exchange"_s},
    };
}

} // namespace sightglass
