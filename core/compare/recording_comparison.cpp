// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/compare/recording_comparison.h"

#include "core/compare/json_difference.h"
#include "core/compare/recording_facts.h"
#include "core/jsonrpc/envelope.h"
#include "core/mcp/recorded_answer.h"
#include "core/mcp/recorded_lists.h"
#include "core/trace/trace_text.h"

#include <QHash>
#include <QMap>
#include <QSet>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;
using Kind = RecordingDifference::Kind;

namespace {

/// Of one answer, tool or request so many places are told: the rest is told as a number.
constexpr qsizetype MostPlaces = 50;
/// Of all.
constexpr qsizetype MostDifferences = 5000;
constexpr qsizetype MostParsedAnswer = 16 * 1024 * 1024;
/// Times are worth a word from here on.
constexpr qint64 SlowerBy = 20'000'000; // ns
constexpr qint64 SlowerTimes = 2;

ComparedArea areaOf(ListKind kind)
{
    switch (kind) {
    case ListKind::Resources:
        return ComparedArea::Resources;
    case ListKind::ResourceTemplates:
        return ComparedArea::Templates;
    case ListKind::Prompts:
        return ComparedArea::Prompts;
    default:
        return ComparedArea::Tools;
    }
}

/// What is compared as a whole elsewhere.
bool isToldElsewhere(const QString &subject)
{
    if (subject == "initialize"_L1 || subject == "server/discover"_L1)
        return true;
    const QList<ListKind> &kinds = listKinds();
    return std::any_of(kinds.begin(), kinds.end(), [&](ListKind kind) {
        return kind != ListKind::Tasks && subject == QLatin1String(listMethod(kind));
    });
}

QByteArray number(qint64 value)
{
    return QByteArray::number(value);
}

struct Both {
    ExchangeId left = 0;
    ExchangeId right = 0;
};

class RecordingJudge {
public:
    RecordingJudge(const ComparedTrace &left, const ComparedTrace &right,
                   const std::function<bool(qint64, qint64)> &progress)
        : m_left(left)
        , m_right(right)
        , m_progress(progress)
        , m_all(2 * (left.trace->exchangeCount() + right.trace->exchangeCount()))
    {
        // What has no end there may have had one.
        for (ComparedTrace *each : {&m_left, &m_right}) {
            if (!each->isWhole)
                each->state = TraceState::Growing;
        }
    }

    RecordingComparison run()
    {
        server();
        lists();
        asked();
        if (goesOn(0))
            credentials();
        if (goesOn(0))
            findingsOf();
        std::stable_sort(m_found.differences.begin(), m_found.differences.end(),
                         [](const RecordingDifference &a, const RecordingDifference &b) {
                             return a.area < b.area;
                         });
        tellUntold();
        if (m_tooMany)
            m_found.remarks.append(
                u"There are more differences than are told: these are the first %1."_s.arg(
                    m_found.differences.size()));
        return m_found;
    }

private:
    bool goesOn(qint64 by)
    {
        m_done += by;
        if (!m_found.ended && m_progress && !m_progress(m_done, m_all))
            m_found.ended = true;
        return !m_found.ended;
    }
    /// Whether it may be there for no other reason than that the rest of a recording is missing.
    bool isForWant(const RecordingDifference &difference) const
    {
        // How often something was asked.
        const bool counts =
            difference.area == ComparedArea::Requests && difference.kind == Kind::Changed;
        const qlonglong left = difference.left.toLongLong();
        const qlonglong right = difference.right.toLongLong();
        return (!m_right.isWhole && (difference.kind == Kind::Removed || (counts && right < left)))
            || (!m_left.isWhole && (difference.kind == Kind::Added || (counts && left < right)));
    }
    void tellUntold()
    {
        if (m_left.isWhole && m_right.isWhole)
            return;
        const QString which = m_left.isWhole ? u"The second recording"_s
            : m_right.isWhole                ? u"The first recording"_s
                                             : u"Neither recording"_s;
        m_found.remarks.append(
            which
            + (m_left.isWhole || m_right.isWhole ? u" could not be read whole: "_s
                                                 : u" could be read whole: "_s)
            + (m_found.untold == 0 ? u"what differs in the rest cannot be told."_s
                   : m_found.untold == 1
                   ? u"1 thing that is missing may stand in the rest."_s
                   : u"%1 things that are missing may stand in the rest."_s.arg(m_found.untold)));
    }
    void tell(const RecordingDifference &difference)
    {
        if (isForWant(difference)) {
            m_found.untold += difference.counts ? 1 : 0;
            return;
        }
        if (m_found.differences.size() < MostDifferences)
            m_found.differences.append(difference);
        else
            m_tooMany = true;
    }
    void remark(const QString &sentence)
    {
        if (!m_found.remarks.contains(sentence))
            m_found.remarks.append(sentence);
    }

    /// All places at which two values differ; `prefix` is where they stand in their subject.
    void places(ComparedArea area, const QString &subject, const QByteArray &prefix,
                const JsonText &left, const JsonText &right, const Both &at)
    {
        if (!left.hasValues() && !right.hasValues())
            return;
        if (!left.hasValues() || !right.hasValues()) {
            tell({area, left.hasValues() ? Kind::Removed : Kind::Added, subject, prefix,
                  toldJson(left, left.root()), toldJson(right, right.root()), at.left, at.right,
                  true});
            return;
        }
        const JsonDifferences found = jsonDifferences(left, right, MostPlaces);
        for (const JsonDifference &each : found.list)
            tell({area,
                  each.kind == JsonDifference::Kind::Added         ? Kind::Added
                      : each.kind == JsonDifference::Kind::Removed ? Kind::Removed
                                                                   : Kind::Changed,
                  subject, prefix + each.pointer, toldJson(left, each.left),
                  toldJson(right, each.right), at.left, at.right, true});
        if (!found.all)
            remark(u"“%1” differs in more than %2 places: the first are told."_s.arg(
                subject, QString::number(MostPlaces)));
    }

    void server()
    {
        const ServerFacts left = serverFacts(m_left);
        const ServerFacts right = serverFacts(m_right);
        const auto part = [&](ComparedArea area, const QString &subject, const ComparedJson &a,
                              const ComparedJson &b) {
            places(area, subject, {}, a.json, b.json, {a.exchange, b.exchange});
        };
        if (left.address != right.address && left.first > 0 && right.first > 0)
            tell({ComparedArea::Server,
                  Kind::Changed,
                  u"address"_s,
                  {},
                  toldText(shownUrl(m_left, left.address)),
                  toldText(shownUrl(m_right, right.address)),
                  left.first,
                  right.first,
                  false});
        part(ComparedArea::Server, u"revision"_s, left.revision, right.revision);
        part(ComparedArea::Server, u"serverInfo"_s, left.info, right.info);
        part(ComparedArea::Server, u"instructions"_s, left.instructions, right.instructions);
        part(ComparedArea::Capabilities, u"capabilities"_s, left.capabilities, right.capabilities);
    }
    static QString shownUrl(const ComparedTrace &from, const QString &address)
    {
        return from.redactor ? from.redactor->text(address) : address;
    }

    struct Listed {
        JsonText json;
        ExchangeId exchange = 0;
    };
    static QMap<QString, QList<Listed>> itemsOf(const ComparedTrace &from, const Listing &list,
                                                QStringList *order, QSet<QString> *known)
    {
        QMap<QString, QList<Listed>> items;
        qsizetype page = 0;
        qsizetype left = list.pages.isEmpty() ? 0 : list.pages.first().count;
        for (const ListItem &item : list.items) {
            while (left == 0 && page + 1 < list.pages.size())
                left = list.pages[++page].count;
            --left;
            const ExchangeId at = list.pages.isEmpty() ? 0 : list.pages[page].exchange;
            if (!known->contains(item.key())) {
                known->insert(item.key());
                order->append(item.key());
            }
            items[item.key()].append({JsonText::parse(shownBytes(from, item.json.text())), at});
        }
        return items;
    }
    void lists()
    {
        const QList<Listing> left = recordedLists(*m_left.trace);
        const QList<Listing> right = recordedLists(*m_right.trace);
        for (const Listing &a : left) {
            if (a.kind == ListKind::Tasks)
                continue;
            const auto b = std::find_if(right.begin(), right.end(),
                                        [&a](const Listing &each) { return each.kind == a.kind; });
            if (b == right.end()) {
                remark(u"%1 were listed in the first alone, and are not compared."_s.arg(
                    comparedAreaTitle(areaOf(a.kind))));
                continue;
            }
            if (!a.complete || !b->complete)
                remark(u"A list of %1 is not complete: what is said to be missing may stand "
                       "behind its end."_s.arg(comparedAreaTitle(areaOf(a.kind)).toLower()));
            compare(a, *b);
        }
        for (const Listing &b : right) {
            if (b.kind != ListKind::Tasks
                && std::none_of(left.begin(), left.end(),
                                [&b](const Listing &each) { return each.kind == b.kind; }))
                remark(u"%1 were listed in the second alone, and are not compared."_s.arg(
                    comparedAreaTitle(areaOf(b.kind))));
        }
    }
    void compare(const Listing &a, const Listing &b)
    {
        const ComparedArea area = areaOf(a.kind);
        QStringList order;
        QSet<QString> known;
        const QMap<QString, QList<Listed>> left = itemsOf(m_left, a, &order, &known);
        const QMap<QString, QList<Listed>> right = itemsOf(m_right, b, &order, &known);
        for (const QString &name : std::as_const(order)) {
            const QList<Listed> was = left.value(name);
            const QList<Listed> is = right.value(name);
            for (qsizetype i = 0; i < std::max(was.size(), is.size()); ++i) {
                const Listed x = was.value(i);
                const Listed y = is.value(i);
                places(area, name, {}, x.json, y.json, {x.exchange, y.exchange});
            }
        }
    }

    void asked()
    {
        const auto next = [this](ExchangeId) { return goesOn(1); };
        const QList<AskedAlike> left = askedIn(m_left, next);
        const QList<AskedAlike> right = askedIn(m_right, next);
        QHash<QString, AskedAlike> others;
        for (const AskedAlike &each : right)
            others.insert(each.subject, each);
        for (const AskedAlike &each : left)
            match(each, others.take(each.subject));
        for (const AskedAlike &each : right) {
            if (others.contains(each.subject))
                match({each.subject, each.kind, {}}, each);
        }
    }
    void match(const AskedAlike &left, const AskedAlike &right)
    {
        if (m_found.ended)
            return;
        if (left.times.size() != right.times.size())
            tell({ComparedArea::Requests,
                  left.times.isEmpty()        ? Kind::Added
                      : right.times.isEmpty() ? Kind::Removed
                                              : Kind::Changed,
                  left.subject,
                  {},
                  left.times.isEmpty() ? QByteArray() : number(left.times.size()),
                  right.times.isEmpty() ? QByteArray() : number(right.times.size()),
                  left.times.isEmpty() ? 0 : left.times.constLast().id,
                  right.times.isEmpty() ? 0 : right.times.constLast().id,
                  true});
        // The same arguments first, then what is left in its order.
        QHash<quint64, QList<qsizetype>> alike;
        for (qsizetype i = 0; i < right.times.size(); ++i)
            alike[right.times[i].arguments].append(i);
        QList<bool> taken(right.times.size(), false);
        QList<Both> pairs;
        QList<ExchangeId> rest;
        for (const AskedOnce &once : left.times) {
            const auto found = alike.find(once.arguments);
            if (found == alike.end() || found->isEmpty()) {
                rest.append(once.id);
                continue;
            }
            const qsizetype place = found->takeFirst();
            taken[place] = true;
            pairs.append({once.id, right.times[place].id});
        }
        for (qsizetype i = 0, next = 0; i < right.times.size() && next < rest.size(); ++i) {
            if (!taken[i])
                pairs.append({rest[next++], right.times[i].id});
        }
        std::sort(pairs.begin(), pairs.end(),
                  [](const Both &a, const Both &b) { return a.left < b.left; });
        for (const Both &pair : std::as_const(pairs)) {
            if (!goesOn(2))
                return;
            params(left.subject, pair);
            answers(left.subject, pair);
        }
        times(left, right);
    }
    static JsonText withoutMeta(const JsonText &params)
    {
        if (!params.isObject(params.root()) || params.member(params.root(), u"_meta") < 0)
            return params;
        JsonWriter writer;
        writer.beginObject();
        for (const JsonText::Node node : params.children(params.root())) {
            if (params.key(node) != "_meta"_L1)
                writer.key(params.key(node)).raw(params.raw(node));
        }
        writer.endObject();
        const JsonText rest = JsonText::parse(writer.text());
        return rest.firstChild(rest.root()) < 0 ? JsonText() : rest;
    }
    void params(const QString &subject, const Both &pair)
    {
        places(ComparedArea::Requests, subject, "/params", withoutMeta(paramsOf(m_left, pair.left)),
               withoutMeta(paramsOf(m_right, pair.right)), pair);
    }

    struct Answer {
        int status = 0;
        bool finished = false;
        QString failure;
        RecordedAnswer::Kind kind = RecordedAnswer::Kind::None;
        JsonText json;
        QByteArray bytes; ///< where it is no answer of JSON-RPC
        qint64 size = 0;
    };
    Answer answerOf(const ComparedTrace &from, ExchangeId id)
    {
        const ExchangeSummary summary = from.trace->summary(id);
        Answer answer;
        answer.status = summary.status;
        answer.finished = summary.finished;
        answer.size = summary.responseBytes;
        if (const std::optional<Failure> failure = from.trace->failure(id))
            answer.failure = failure->code;
        const ExchangeKind kind = from.trace->request(id).kind;
        const bool message = kind == ExchangeKind::Post || kind == ExchangeKind::Input;
        if (!message || summary.letGo > 0)
            return answer;
        const QByteArray body = from.trace->requestBody(id);
        const Envelope asked = scanEnvelope(body);
        if (summary.frames == 0 && summary.responseBytes > MostParsedAnswer)
            remark(u"Answers above 16 MB were compared by their size alone."_s);
        else if (asked.kind == EnvelopeKind::Request) {
            const RecordedAnswer found = recordedAnswer(*from.trace, id, asked.id);
            answer.kind = found.kind;
            if (found.kind != RecordedAnswer::Kind::None)
                answer.json = JsonText::parse(shownBytes(from, found.json));
            else if (summary.frames == 0)
                answer.bytes = shownBytes(from, from.trace->responseBody(id));
        }
        return answer;
    }
    void answers(const QString &subject, const Both &pair)
    {
        const Answer left = answerOf(m_left, pair.left);
        const Answer right = answerOf(m_right, pair.right);
        // What runs still may become the same.
        if ((!left.finished && m_left.state == TraceState::Growing)
            || (!right.finished && m_right.state == TraceState::Growing))
            return;
        const auto change = [&](const QByteArray &pointer, const QByteArray &was,
                                const QByteArray &is) {
            if (was != is)
                tell({ComparedArea::Answers,
                      was.isEmpty()      ? Kind::Added
                          : is.isEmpty() ? Kind::Removed
                                         : Kind::Changed,
                      subject, pointer, was, is, pair.left, pair.right, true});
        };
        const auto word = [](const QString &text) {
            return text.isEmpty() ? QByteArray() : toldText(text);
        };
        change("/status", left.status > 0 ? number(left.status) : QByteArray(),
               right.status > 0 ? number(right.status) : QByteArray());
        change("/failure", word(left.failure), word(right.failure));
        using Found = RecordedAnswer::Kind;
        if (left.kind != right.kind || left.kind == Found::None) {
            const auto told = [](const Answer &answer) {
                return answer.kind == Found::None ? QByteArray()
                                                  : toldJson(answer.json, answer.json.root());
            };
            if (left.kind == Found::Result || right.kind == Found::Result)
                change("/result", left.kind == Found::Result ? told(left) : QByteArray(),
                       right.kind == Found::Result ? told(right) : QByteArray());
            if (left.kind == Found::Error || right.kind == Found::Error)
                change("/error", left.kind == Found::Error ? told(left) : QByteArray(),
                       right.kind == Found::Error ? told(right) : QByteArray());
            if (left.bytes != right.bytes)
                change("/body", toldText(QString::fromUtf8(left.bytes)),
                       toldText(QString::fromUtf8(right.bytes)));
            return;
        }
        if (left.kind == Found::Result && isToldElsewhere(subject))
            return;
        places(ComparedArea::Answers, subject, left.kind == Found::Result ? "/result" : "/error",
               left.json, right.json, pair);
    }

    static qint64 median(const ComparedTrace &from, const AskedAlike &asked)
    {
        QList<qint64> times;
        for (const AskedOnce &once : asked.times) {
            const ExchangeSummary summary = from.trace->summary(once.id);
            if (summary.finished && summary.times.ended >= 0 && summary.status > 0)
                times.append(summary.times.ended - summary.times.begun);
        }
        if (times.isEmpty())
            return -1;
        const auto middle = times.begin() + times.size() / 2;
        std::nth_element(times.begin(), middle, times.end());
        return *middle;
    }
    void times(const AskedAlike &left, const AskedAlike &right)
    {
        if (left.kind == ExchangeKind::Stream || left.kind == ExchangeKind::Reconnect
            || left.kind == ExchangeKind::Process || left.times.isEmpty() || right.times.isEmpty())
            return;
        const qint64 was = median(m_left, left);
        const qint64 is = median(m_right, right);
        const auto [less, more] = std::minmax(was, is);
        if (less < 0 || more - less < SlowerBy || more < SlowerTimes * less)
            return;
        tell({ComparedArea::Timing,
              Kind::Changed,
              left.subject,
              {},
              toldText(humanDuration(was)),
              toldText(humanDuration(is)),
              left.times.constLast().id,
              right.times.constLast().id,
              false});
    }

    void credentials()
    {
        const QList<CarriedFacts> left = carriedIn(m_left);
        for (const CarriedFacts &b : carriedIn(m_right)) {
            const auto a = std::find_if(left.begin(), left.end(), [&b](const CarriedFacts &each) {
                return each.subject == b.subject;
            });
            if (a == left.end())
                continue;
            const auto tellOf = [&](const QString &kind, bool added, ExchangeId was,
                                    ExchangeId is) {
                tell({ComparedArea::Credentials,
                      added ? Kind::Added : Kind::Removed,
                      b.subject,
                      {},
                      added ? QByteArray() : toldText(kind),
                      added ? toldText(kind) : QByteArray(),
                      was,
                      is,
                      true});
            };
            for (auto it = a->kinds.begin(); it != a->kinds.end(); ++it) {
                if (!b.kinds.contains(it.key()))
                    tellOf(it.key(), false, it.value(), b.kinds.first());
            }
            for (auto it = b.kinds.begin(); it != b.kinds.end(); ++it) {
                if (!a->kinds.contains(it.key()))
                    tellOf(it.key(), true, a->kinds.first(), it.value());
            }
        }
    }

    static QMap<QString, Finding> found(const ComparedTrace &from)
    {
        QMap<QString, Finding> byId;
        const Redactor redactor = from.redactor ? *from.redactor : Redactor(QByteArray());
        for (const Finding &finding : findings(*from.trace, redactor, nullptr, from.state)) {
            if (finding.weight != Weight::Normal && !byId.contains(finding.id))
                byId.insert(finding.id, finding);
        }
        return byId;
    }
    void findingsOf()
    {
        const QMap<QString, Finding> left = found(m_left);
        const QMap<QString, Finding> right = found(m_right);
        const auto at = [](const Finding &finding) {
            return finding.exchanges.isEmpty() ? 0 : finding.exchanges.first();
        };
        for (const Finding &each : left) {
            if (!right.contains(each.id))
                tell({ComparedArea::Findings,
                      Kind::Removed,
                      each.id,
                      {},
                      toldText(each.title),
                      {},
                      at(each),
                      0,
                      true});
        }
        for (const Finding &each : right) {
            if (!left.contains(each.id))
                tell({ComparedArea::Findings,
                      Kind::Added,
                      each.id,
                      {},
                      {},
                      toldText(each.title),
                      0,
                      at(each),
                      true});
        }
    }

    ComparedTrace m_left;
    ComparedTrace m_right;
    const std::function<bool(qint64, qint64)> &m_progress;
    qint64 m_all;
    qint64 m_done = 0;
    RecordingComparison m_found;
    bool m_tooMany = false;
};

} // namespace

QString comparedAreaTitle(ComparedArea area)
{
    switch (area) {
    case ComparedArea::Server:
        return u"Server"_s;
    case ComparedArea::Capabilities:
        return u"Capabilities"_s;
    case ComparedArea::Tools:
        return u"Tools"_s;
    case ComparedArea::Resources:
        return u"Resources"_s;
    case ComparedArea::Templates:
        return u"Resource templates"_s;
    case ComparedArea::Prompts:
        return u"Prompts"_s;
    case ComparedArea::Requests:
        return u"What was asked"_s;
    case ComparedArea::Answers:
        return u"What was answered"_s;
    case ComparedArea::Credentials:
        return u"Credentials"_s;
    case ComparedArea::Findings:
        return u"Findings"_s;
    case ComparedArea::Timing:
        break;
    }
    return u"Times"_s;
}

QByteArray comparedAreaName(ComparedArea area)
{
    switch (area) {
    case ComparedArea::Server:
        return "server";
    case ComparedArea::Capabilities:
        return "capabilities";
    case ComparedArea::Tools:
        return "tools";
    case ComparedArea::Resources:
        return "resources";
    case ComparedArea::Templates:
        return "templates";
    case ComparedArea::Prompts:
        return "prompts";
    case ComparedArea::Requests:
        return "requests";
    case ComparedArea::Answers:
        return "answers";
    case ComparedArea::Credentials:
        return "credentials";
    case ComparedArea::Findings:
        return "findings";
    case ComparedArea::Timing:
        break;
    }
    return "timing";
}

bool RecordingComparison::isSame() const
{
    return untold == 0 && counted() == 0;
}

qsizetype RecordingComparison::counted() const
{
    return std::count_if(differences.begin(), differences.end(),
                         [](const RecordingDifference &each) { return each.counts; });
}

RecordingComparison compareRecordings(const ComparedTrace &left, const ComparedTrace &right,
                                      const std::function<bool(qint64, qint64)> &progress)
{
    return RecordingJudge(left, right, progress).run();
}

} // namespace sightglass
