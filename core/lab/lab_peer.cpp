// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_peer.h"

#include "core/lab/lab_call.h"
#include "core/lab/lab_outlet.h"
#include "core/lab/lab_task.h"
#include "core/lab/lab_world.h"
#include "core/lab/rpc_text.h"

#include <algorithm>
#include <array>

namespace sightglass {

namespace {

constexpr std::array<const char *, 8> logLevels{"debug", "info",     "notice", "warning",
                                                "error", "critical", "alert",  "emergency"};
/// A client could start call after call that asks, and never answer.
constexpr qsizetype mostQuestions = 256;
constexpr qsizetype mostSubscriptions = 1000;

bool isPing(const QByteArray &method)
{
    return method == "ping";
}

} // namespace

int labLogLevel(QByteArrayView level)
{
    const auto found = std::find(logLevels.begin(), logLevels.end(), level);
    return found == logLevels.end() ? -1 : int(found - logLevels.begin());
}

LabPeer::LabPeer(LabWorld *world, LabRevision revision, QObject *parent)
    : QObject(parent)
    , m_world(world)
    , m_revision(std::move(revision))
    , m_logLevel(labLogLevel("warning"))
{
    connect(&m_pingTimer, &QTimer::timeout, this, &LabPeer::ping);
}

LabPeer::~LabPeer() = default;

void LabPeer::setDeclared(const QByteArray &capabilities)
{
    m_declared = capabilities.isEmpty() ? QByteArray("{}") : capabilities;
}

bool LabPeer::declares(QByteArrayView pointer) const
{
    const JsonText json = JsonText::parse(m_declared);
    return json.isObject(json.find(pointer));
}

bool LabPeer::mayAsk(const QByteArray &method, const QByteArray &params) const
{
    if (method == "roots/list")
        return declares("/roots");
    if (method == "sampling/createMessage") {
        const JsonText json = JsonText::parse(params);
        const bool tools = json.member(json.root(), u"tools") >= 0;
        return declares(tools ? "/sampling/tools" : "/sampling");
    }
    if (method != "elicitation/create" || !m_revision.elicitation)
        return false;
    const JsonText json = JsonText::parse(params);
    if (json.string(json.member(json.root(), u"mode")) == QLatin1String("url"))
        return declares("/elicitation/url");
    return declares("/elicitation/form")
        || (declares("/elicitation") && !declares("/elicitation/url"));
}

void LabPeer::log(const QByteArray &level, const QByteArray &logger, const QByteArray &data)
{
    // Where requests stand for themselves, each says whether it wants to hear anything.
    if (m_revision.stateless || labLogLevel(level) < m_logLevel)
        return;
    speak(labLogMessage(level, logger, data));
}

bool LabPeer::setLogLevel(const QByteArray &level)
{
    const int number = labLogLevel(level);
    if (number < 0)
        return false;
    m_logLevel = number;
    return true;
}

void LabPeer::subscribe(const QString &uri, bool on)
{
    if (!on)
        m_subscriptions.remove(uri);
    else if (m_subscriptions.size() < mostSubscriptions)
        m_subscriptions.insert(uri);
}

void LabPeer::tellChanges()
{
    if (std::exchange(m_tellsChanges, true))
        return;
    const auto tell = [this](const char *method) { speak(labNotification(method)); };
    connect(m_world, &LabWorld::toolsChanged, this,
            [tell] { tell("notifications/tools/list_changed"); });
    connect(m_world, &LabWorld::promptsChanged, this,
            [tell] { tell("notifications/prompts/list_changed"); });
    connect(m_world, &LabWorld::resourcesChanged, this,
            [tell] { tell("notifications/resources/list_changed"); });
    connect(m_world, &LabWorld::resourceUpdated, this, [this](const QString &uri) {
        if (m_subscriptions.contains(uri))
            speak(labNotification("notifications/resources/updated",
                                  R"({"uri":)" + jsonQuoted(uri) + '}'));
    });
}

void LabPeer::tellConsent(const QString &id)
{
    if (!std::exchange(m_tellsConsents, true)) {
        connect(m_world, &LabWorld::consented, this, [this](const QString &opened) {
            if (m_consents.remove(opened))
                speak(labElicitationComplete(opened));
        });
    }
    m_consents.insert(id);
}

QByteArray LabPeer::expect(const QByteArray &method, const OnHeard &onHeard)
{
    const bool pings = isPing(method);
    const QByteArray id = pings ? "\"ping-" + QByteArray::number(++m_lastPing) + '"'
                                : "\"ask-" + QByteArray::number(++m_lastQuestion) + '"';
    Question question{method, onHeard, {}};
    question.clock.start();
    m_questions.insert(id, question);
    if (!pings) {
        QTimer::singleShot(m_world->settings().askTimeoutMs, this, [this, id] {
            if (!m_questions.contains(id))
                return;
            const QString why = QStringLiteral("Nobody answered in time.");
            const OnHeard heard = m_questions.value(id).onHeard;
            withdraw(id, why);
            if (heard)
                heard(LabHeard{{}, why});
        });
    }
    return id;
}

QByteArray LabPeer::ask(LabOutlet *outlet, const QByteArray &method, const QByteArray &params,
                        const OnHeard &onHeard)
{
    if (m_questions.size() >= mostQuestions) {
        QMetaObject::invokeMethod(
            this,
            [onHeard] {
                onHeard(LabHeard{
                    {}, QStringLiteral("The client leaves too many questions unanswered.")});
            },
            Qt::QueuedConnection);
        return {};
    }
    const QByteArray id = expect(method, onHeard);
    const QByteArray message = labRequest(id, method, params);
    if (outlet)
        outlet->notify(message);
    else
        speak(message);
    return id;
}

void LabPeer::withdraw(const QByteArray &id, const QString &why)
{
    if (m_questions.remove(id) == 0)
        return;
    speak(labNotification("notifications/cancelled",
                          R"({"requestId":)" + id + R"(,"reason":)" + jsonQuoted(why) + '}'));
    Q_EMIT said(QStringLiteral("%1 was withdrawn: %2").arg(QString::fromUtf8(id), why));
}

void LabPeer::takeResponse(const Envelope &message)
{
    const QByteArray &id = message.id.raw;
    if (!m_questions.contains(id)) {
        Q_EMIT said(QStringLiteral("a response to %1, which was not asked")
                        .arg(QString::fromUtf8(id.left(80))));
        return;
    }
    LabHeard heard;
    if (message.kind == EnvelopeKind::Error) {
        heard.problem = QStringLiteral("The client answered with error %1: %2")
                            .arg(message.errorCode)
                            .arg(message.errorMessage.left(500));
    } else {
        heard.result = message.result.toByteArray();
    }
    finish(id, heard);
}

void LabPeer::finish(const QByteArray &id, const LabHeard &heard)
{
    const Question question = m_questions.take(id);
    const bool failed = heard.result.isEmpty();
    Q_EMIT said(
        QStringLiteral("%1 was answered%2 after %3 ms")
            .arg(QString::fromUtf8(id), failed ? QStringLiteral(" with an error") : QString())
            .arg(question.clock.elapsed()));
    if (question.onHeard)
        question.onHeard(heard);
}

void LabPeer::pingEvery(int ms)
{
    if (ms > 0)
        m_pingTimer.start(ms);
    else
        m_pingTimer.stop();
}

void LabPeer::ping()
{
    if (!isReached())
        return;
    for (auto at = m_questions.begin(); at != m_questions.end();) {
        if (!isPing(at->method)) {
            ++at;
            continue;
        }
        Q_EMIT said(QStringLiteral("%1 was not answered after %2 ms")
                        .arg(QString::fromUtf8(at.key()))
                        .arg(at->clock.elapsed()));
        at = m_questions.erase(at);
    }
    speak(labRequest(expect("ping", {}), "ping"));
}

void LabPeer::addCall(LabCall *call)
{
    m_calls.insert(call->id(), call);
    connect(call, &QObject::destroyed, this, [this, call, id = call->id()] {
        const auto at = m_calls.constFind(id);
        if (at != m_calls.constEnd() && *at == call)
            m_calls.erase(at);
    });
}

bool LabPeer::cancelCall(const QByteArray &id)
{
    LabCall *call = m_calls.value(id);
    if (!call || call->isFinished())
        return false;
    call->cancel();
    return true;
}

void LabPeer::cancelAllCalls()
{
    const QList<LabCall *> calls = m_calls.values();
    for (LabCall *call : calls)
        call->cancel();
}

void LabPeer::takeNotification(const Envelope &message)
{
    if (message.method == "notifications/roots/list_changed") {
        askForRoots();
        return;
    }
    if (message.method != "notifications/cancelled")
        return;
    const JsonText params = JsonText::parse(message.params.toByteArray());
    const QByteArray id = params.raw(params.member(params.root(), u"requestId")).toByteArray();
    const QString name = QString::fromUtf8(id.left(80));
    Q_EMIT said(cancelCall(id) ? QStringLiteral("request %1 was cancelled").arg(name)
                               : QStringLiteral("request %1 was not running").arg(name));
}

void LabPeer::askForRoots()
{
    if (!declares("/roots") || !isReached())
        return;
    ask(nullptr, "roots/list", {}, [this](const LabHeard &heard) {
        if (heard.result.isEmpty())
            return;
        m_roots = heard.result;
        const JsonText json = JsonText::parse(m_roots);
        log("warning", "roots",
            jsonQuoted(QStringLiteral("The client's roots have changed: there are %1 now.")
                           .arg(json.childCount(json.find("/roots")))));
    });
}

LabTasks *LabPeer::tasks()
{
    if (!m_tasks)
        m_tasks = new LabTasks(this);
    return m_tasks;
}

} // namespace sightglass
