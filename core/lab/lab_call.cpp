// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_call.h"

#include "core/lab/content.h"
#include "core/lab/lab_task.h"
#include "core/lab/lab_world.h"
#include "core/lab/request_state.h"
#include "core/lab/rpc_text.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <memory>

namespace sightglass {

namespace {

constexpr qint64 stateLifetimeMs = 60LL * 60 * 1000;

/// Results that clients may keep, and for how long (2026-07-28, schema, "CacheableResult").
struct Cached {
    const char *method;
    int ms;
    const char *scope;
};
constexpr Cached cached[] = {
    {"server/discover", 60000, "public"},
    {"tools/list", 5000, "public"},
    {"prompts/list", 5000, "public"},
    {"resources/list", 5000, "public"},
    {"resources/templates/list", 5000, "public"},
    {"resources/read", 0, "private"},
};

/// What every result of a stateless revision has besides.
QByteArray statelessMembers(const QByteArray &method, const QByteArray &result)
{
    const JsonText json = JsonText::parse(result);
    QByteArray members;
    const bool complete = json.member(json.root(), u"resultType") < 0;
    if (complete)
        members += R"("resultType":"complete")";
    const auto found = std::find_if(std::begin(cached), std::end(cached),
                                    [&](const Cached &row) { return method == row.method; });
    if (complete && found != std::end(cached)) {
        members += R"(,"ttlMs":)" + QByteArray::number(found->ms) + R"(,"cacheScope":")"
            + found->scope + '"';
    }
    if (json.member(json.root(), u"_meta") < 0) {
        members += (members.isEmpty() ? "" : ",") + QByteArray(R"("_meta":{")") + labMetaServer
            + R"(":)" + labServerInfo(true) + '}';
    }
    return members;
}

} // namespace

LabCall::LabCall(LabPeer *peer, LabOutlet *outlet, QByteArray method, QByteArray id,
                 JsonText params)
    : QObject(peer)
    , m_peer(peer)
    , m_outlet(outlet)
    , m_method(std::move(method))
    , m_id(std::move(id))
    , m_params(std::move(params))
{
    m_arguments = param(u"arguments");
    m_progressToken =
        m_params.raw(m_params.member(param(u"_meta"), u"progressToken")).toByteArray();
    if (revision().stateless && !outlet->task())
        readState();
    peer->addCall(this);
}

JsonText::Node LabCall::meta(const char *name) const
{
    return m_params.member(param(u"_meta"), QString::fromLatin1(name));
}

QByteArray LabCall::arguments() const
{
    return m_arguments < 0 ? QByteArray("{}") : m_params.raw(m_arguments).toByteArray();
}

JsonText::Node LabCall::argument(QStringView name) const
{
    return m_params.member(m_arguments, name);
}

QString LabCall::text(QStringView name, const QString &otherwise) const
{
    const JsonText::Node node = argument(name);
    return m_params.isString(node) ? m_params.string(node) : otherwise;
}

double LabCall::number(QStringView name, double otherwise) const
{
    return m_params.number(argument(name)).value_or(otherwise);
}

qint64 LabCall::integer(QStringView name, qint64 otherwise, qint64 least, qint64 most) const
{
    const double value = std::trunc(number(name, double(otherwise)));
    return qint64(std::clamp(value, double(least), double(most)));
}

bool LabCall::flag(QStringView name, bool otherwise) const
{
    return m_params.boolean(argument(name), otherwise);
}

void LabCall::progress(double progress, double total, const QString &message)
{
    if (m_finished || !wantsProgress())
        return;
    JsonWriter params;
    params.beginObject().key(u"progressToken").raw(m_progressToken);
    params.key(u"progress").value(progress);
    if (total > 0)
        params.key(u"total").value(total);
    if (!message.isEmpty() && revision().progressMessages)
        params.key(u"message").value(QStringView(message));
    params.endObject();
    notify(labNotification("notifications/progress", params.text()));
}

bool LabCall::wantsLog(const QByteArray &level) const
{
    if (!revision().stateless)
        return true;
    const int least = labLogLevel(m_params.string(meta(labMetaLogLevel)).toLatin1());
    return least >= 0 && labLogLevel(level) >= least;
}

void LabCall::log(const QByteArray &level, const QByteArray &logger, const QByteArray &data)
{
    if (!revision().stateless)
        m_peer->log(level, logger, data);
    else if (wantsLog(level))
        notify(labLogMessage(level, logger, data));
}

void LabCall::notify(const QByteArray &message)
{
    if (m_outlet && !m_finished)
        m_outlet->notify(message);
}

void LabCall::readState()
{
    const QString sealed = paramText(u"requestState");
    if (param(u"requestState") >= 0) {
        const auto state = labUnsealed(sealed, world()->secret());
        const QByteArray digest = labRequestDigest(
            m_method, (paramText(u"name") + paramText(u"uri")).toUtf8(), arguments());
        if (!state)
            m_stateProblem = QStringLiteral("requestState is not one that the lab has given.");
        else if (state->request != digest)
            m_stateProblem = QStringLiteral("requestState belongs to another request.");
        else if (state->expires < QDateTime::currentMSecsSinceEpoch())
            m_stateProblem = QStringLiteral("requestState is too old.");
        else
            m_given = state->answers;
    }
    for (const JsonText::Node answer : m_params.children(param(u"inputResponses"))) {
        if (m_params.isObject(answer))
            m_given.insert(m_params.key(answer), m_params.raw(answer).toByteArray());
    }
}

void LabCall::ask(const QList<LabQuestion> &questions, const OnAnswers &onAnswers)
{
    for (const LabQuestion &question : questions) {
        if (!m_peer->mayAsk(question.method, question.params)) {
            refuseToAsk(question);
            return;
        }
    }
    LabTask *task = m_outlet ? m_outlet->task() : nullptr;
    if (!revision().stateless)
        askByRequests(questions, onAnswers);
    else if (task)
        task->ask(questions, onAnswers);
    else
        askByResult(questions, onAnswers);
}

void LabCall::refuseToAsk(const LabQuestion &question)
{
    QByteArray wanted = R"({"roots":{}})";
    const JsonText params = JsonText::parse(question.params);
    if (question.method == "sampling/createMessage") {
        wanted = params.member(params.root(), u"tools") >= 0 ? R"({"sampling":{"tools":{}}})"
                                                             : R"({"sampling":{}})";
    } else if (question.method == "elicitation/create") {
        wanted = params.string(params.member(params.root(), u"mode")) == QLatin1String("url")
            ? R"({"elicitation":{"url":{}}})"
            : R"({"elicitation":{"form":{}}})";
    }
    const QString sentence = QStringLiteral("This needs %1, which the client does not offer.")
                                 .arg(QString::fromLatin1(question.method));
    if (revision().stateless) {
        fail(labMissingCapability, sentence, R"({"requiredCapabilities":)" + wanted + '}');
    } else if (m_method == "tools/call") {
        sayError(sentence);
    } else {
        fail(labInvalidRequest, sentence);
    }
}

void LabCall::askByRequests(const QList<LabQuestion> &questions, const OnAnswers &onAnswers)
{
    LabTask *task = m_outlet ? m_outlet->task() : nullptr;
    if (task)
        task->setStatus(LabTask::Status::InputRequired,
                        QStringLiteral("Waits for the client's answer"));
    auto answers = std::make_shared<QHash<QString, LabHeard>>();
    for (const LabQuestion &question : questions) {
        const QByteArray params = task
            ? labWithMembers(question.params.isEmpty() ? QByteArray("{}") : question.params,
                             task->relatedMeta())
            : question.params;
        const QByteArray id = m_peer->ask(
            m_outlet, question.method, params,
            [call = QPointer<LabCall>(this), key = question.key, answers, onAnswers,
             wanted = questions.size()](const LabHeard &heard) {
                if (!call || call->m_finished)
                    return;
                answers->insert(key, heard);
                if (answers->size() < wanted)
                    return;
                call->m_asked.clear();
                if (LabTask *waiting = call->m_outlet ? call->m_outlet->task() : nullptr)
                    waiting->setStatus(LabTask::Status::Working,
                                       QStringLiteral("Goes on with the client's answer"));
                onAnswers(*answers);
            });
        m_asked.append(id);
    }
}

void LabCall::askByResult(const QList<LabQuestion> &questions, const OnAnswers &onAnswers)
{
    QHash<QString, LabHeard> answers;
    JsonWriter open;
    open.beginObject();
    bool complete = true;
    for (const LabQuestion &question : questions) {
        if (m_given.contains(question.key)) {
            answers.insert(question.key, LabHeard{m_given.value(question.key), {}});
            continue;
        }
        complete = false;
        open.key(question.key).beginObject();
        open.key(u"method").value(question.method.constData());
        if (!question.params.isEmpty())
            open.key(u"params").raw(question.params);
        open.endObject();
    }
    open.endObject();
    if (complete) {
        onAnswers(answers);
        return;
    }
    LabRequestState state;
    state.answers = m_given;
    state.request =
        labRequestDigest(m_method, (paramText(u"name") + paramText(u"uri")).toUtf8(), arguments());
    state.expires = QDateTime::currentMSecsSinceEpoch() + stateLifetimeMs;
    succeed(R"({"resultType":"input_required","inputRequests":)" + open.text()
            + R"(,"requestState":)" + jsonQuoted(labSealed(state, world()->secret())) + '}');
}

void LabCall::succeed(const QByteArray &result)
{
    end(labResult(m_id,
                  revision().stateless ? labWithMembers(result, statelessMembers(m_method, result))
                                       : result));
}

void LabCall::sayStructured(const QString &text, const QByteArray &structured)
{
    succeed(R"({"content":[)" + labTextBlock(text)
            + (revision().structured ? R"(],"structuredContent":)" + structured + '}' : "]}"));
}

void LabCall::sayText(const QString &text)
{
    succeed(R"({"content":[)" + labTextBlock(text) + "]}");
}

void LabCall::sayError(const QString &text)
{
    succeed(R"({"content":[)" + labTextBlock(text) + R"(],"isError":true})");
}

void LabCall::fail(qint64 code, const QString &message, const QByteArray &data)
{
    int status = 200;
    if (revision().stateless && code == labMethodNotFound)
        status = 404;
    else if (revision().stateless && code >= labUnsupportedRevision && code <= labHeaderMismatch)
        status = 400;
    end(labError(m_id, code, message, data), status);
}

void LabCall::cancel()
{
    end({});
}

void LabCall::end(const QByteArray &message, int status)
{
    if (m_finished)
        return;
    m_finished = true;
    for (const QByteArray &id : std::exchange(m_asked, {}))
        m_peer->withdraw(id, QStringLiteral("The request that it was for has ended."));
    if (m_outlet)
        m_outlet->answer(LabAnswered{m_method, m_id, message, status, m_params.text()});
    Q_EMIT ended();
    deleteLater();
}

} // namespace sightglass
