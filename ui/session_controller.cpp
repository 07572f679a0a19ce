// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/session_line.h"

#include "core/export/otlp_live.h"
#include "core/trace/trace_file.h"

#include <QEventLoop>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QThread>

namespace sightglass {

namespace {

constexpr int endWaitMs = 1000;
constexpr int LogDelayMs = 50; ///< from a log message to the page
constexpr int FloodDelayMs = 250; ///< where more come than are kept
/// Numbers of what is asked here, not by the session's own requests.
constexpr quint64 ownNumbers = quint64(1) << 63;

/// The one place where the window draws chance: the salt of fingerprints.
QByteArray randomSalt()
{
    QByteArray salt(16, Qt::Uninitialized);
    QRandomGenerator *random = QRandomGenerator::system();
    for (char &byte : salt)
        byte = char(random->bounded(256));
    return salt;
}

} // namespace

SessionController::SessionController(QObject *parent)
    : SessionController(nullptr, parent)
{
}

SessionController::SessionController(std::unique_ptr<Keychain> keychain, QObject *parent)
    : QObject(parent)
    , m_redactor(std::make_shared<Redactor>(randomSalt()))
{
    openStore(std::move(keychain));
    qRegisterMetaType<SessionState>();
    qRegisterMetaType<ToolList>();
    qRegisterMetaType<Progress>();
    qRegisterMetaType<CallResult>();
    qRegisterMetaType<Failure>();
    qRegisterMetaType<Ticket>("sightglass::Ticket");
    qRegisterMetaType<ExchangeId>("sightglass::ExchangeId");
    m_line = makeLine();
    m_logTimer.setSingleShot(true);
    m_logTimer.setInterval(LogDelayMs);
    connect(&m_logTimer, &QTimer::timeout, this, &SessionController::takeLogs);
    m_recorderCheck.setInterval(2000);
    connect(&m_recorderCheck, &QTimer::timeout, this, &SessionController::checkRecorder);
    arrangeRecordings();
}

SessionController::~SessionController()
{
    for (const auto &[writer, stop] : m_parts) {
        stop->store(true);
        writer->wait();
        delete writer;
    }
    endOpening();
    endKeeping();
    if (m_state.phase == SessionPhase::Ready || m_state.phase == SessionPhase::Connecting) {
        // So that the DELETE goes out; a server that hangs does not hold the window up.
        QEventLoop loop;
        connect(this, &SessionController::stateChanged, &loop, [&loop](const SessionState &state) {
            if (state.phase == SessionPhase::Idle || state.phase == SessionPhase::Failed)
                loop.quit();
        });
        QTimer::singleShot(endWaitMs, &loop, &QEventLoop::quit);
        m_line->session->disconnectFrom();
        loop.exec(QEventLoop::ExcludeUserInputEvents);
    }
    endSpans();
    endLine(m_line.get());
    for (const auto &line : m_retired)
        endLine(line.get());
    closeStore();
    stopLab();
}

std::unique_ptr<SessionController::Line> SessionController::makeLine()
{
    auto line = std::make_unique<Line>();
    line->trace = std::make_shared<TraceStore>();
    line->trace->setLimit(m_traceLimit);
    line->logs = std::make_shared<LogTail>();
    line->thread = new QThread;
    line->thread->setObjectName(QStringLiteral("session"));
    QObject context;
    context.moveToThread(line->thread);
    line->thread->start();
    QMetaObject::invokeMethod(
        &context,
        [&line, &context, keeper = m_keeper.get(), home = thread()] {
            line->session = new Session(line->trace.get());
            line->session->setKeeper(keeper);
            line->session->setLogTail(line->logs);
            // What the pages listen for: a flood of others does not come here.
            line->session->setNoticeMethods({"notifications/resources/updated",
                                             "notifications/tasks/status", "notifications/tasks"});
            context.moveToThread(home);
        },
        Qt::BlockingQueuedConnection);

    Session *const session = line->session;
    line->relay = std::make_unique<SessionRelay>([session](const SessionRelay &relay) {
        QMetaObject::invokeMethod(session,
                                  [session, &relay] { session->setPaused(relay.isFull()); });
    });
    SessionRelay *const relay = line->relay.get();
    // Called in the session's thread: posts what it is told.
    const auto tell = [session, relay](auto signal, auto take) {
        connect(
            session, signal, relay,
            [relay, take](const auto &...values) {
                relay->post([take, values...] { take(values...); });
            },
            Qt::DirectConnection);
    };
    tell(&Session::stateChanged, [this, session](const SessionState &state) {
        if (!m_line || m_line->session != session)
            return; // a late word of one that was retired
        m_state = clean(state);
        if (state.phase != SessionPhase::Ready)
            dropAsked(tr("The connection ended."));
        for (const auto &[number, asked] : m_asked)
            m_state.asked.append(asked.request);
        Q_EMIT stateChanged(m_state);
    });
    tell(&Session::secretsReceived, [this, session](const QList<Header> &secrets) {
        if (m_line && m_line->session == session)
            learnSecretsOfAnswer(secrets);
    });
    tell(&Session::toolsListed, [this, session](const ToolList &tools) {
        if (m_line && m_line->session == session)
            Q_EMIT toolsListed(tools);
    });
    tell(&Session::listed, [this, session](const Listing &listing) {
        if (!m_line || m_line->session != session)
            return;
        Listing known = listing;
        if (known.failure)
            known.failure = clean(*known.failure);
        Q_EMIT listed(known);
    });
    tell(&Session::serverRequested, [this, session](const ServerRequest &request) {
        if (m_line && m_line->session == session)
            Q_EMIT serverRequested(clean(request));
    });
    tell(&Session::serverRequestGone, [this, session](quint64 number, const QString &why) {
        if (m_line && m_line->session == session)
            Q_EMIT serverRequestGone(number, why);
    });
    tell(&Session::notified, [this, session](const Notice &notice) {
        if (m_line && m_line->session == session)
            Q_EMIT notified(notice);
    });
    tell(&Session::logged, [this, session] {
        if (m_line && m_line->session == session && !m_logTimer.isActive())
            m_logTimer.start();
    });
    tell(&Session::sentAgain, [this, session](ExchangeId of, ExchangeId exchange) {
        if (!m_line || m_line->session != session)
            return;
        if (isRecordingShown())
            Q_EMIT sentFromRecording(exchange);
        else
            Q_EMIT sentAgain(of, exchange);
    });
    tell(&Session::callStarted,
         [this](Ticket ticket, ExchangeId exchange) { Q_EMIT callStarted(ticket, exchange); });
    tell(&Session::callProgress, [this](Ticket ticket, const Progress &progress) {
        Progress shown = progress;
        shown.message = withoutSecrets(shown.message);
        Q_EMIT callProgress(ticket, shown);
    });
    tell(&Session::callFinished, [this](Ticket ticket, const CallResult &ended) {
        CallResult result = ended;
        if (result.failure)
            result.failure = clean(*result.failure);
        Q_EMIT callFinished(ticket, result);
    });
    tellOAuth(line.get());
    session->setRoots(m_roots);
    return line;
}

void SessionController::takeLogs()
{
    const LogTail::Taken taken = m_line->logs->take();
    // Nobody reads along in a flood.
    m_logTimer.setInterval(taken.passedOver > 0 ? FloodDelayMs : LogDelayMs);
    if (!taken.messages.isEmpty())
        Q_EMIT logged(taken, m_line->trace->began());
}

void SessionController::endLine(Line *line)
{
    if (!line->thread)
        return;
    Session *session = line->session;
    // Before the session goes: nobody is to hold it back then.
    line->relay->close();
    QMetaObject::invokeMethod(
        session,
        [line] {
            if (line->recorder) {
                line->trace->removeSink(line->recorder.get());
                line->recorder->close();
                line->recorder.reset();
            }
            delete line->session;
        },
        Qt::BlockingQueuedConnection);
    line->session = nullptr;
    line->thread->quit();
    line->thread->wait();
    delete line->thread;
    line->thread = nullptr;
}

void SessionController::retire(std::unique_ptr<Line> line)
{
    Line *const old = line.get();
    m_retired.push_back(std::move(line));
    auto end = [this, old] {
        const auto it = std::find_if(m_retired.begin(), m_retired.end(),
                                     [old](const auto &entry) { return entry.get() == old; });
        if (it == m_retired.end())
            return;
        endLine(old);
        m_retired.erase(it);
    };
    auto *wait = new QTimer(this);
    wait->setSingleShot(true);
    connect(wait, &QTimer::timeout, this, end);
    connect(wait, &QTimer::timeout, wait, &QObject::deleteLater);
    connect(old->session, &Session::stateChanged, wait, [wait](const SessionState &state) {
        if (state.phase == SessionPhase::Idle || state.phase == SessionPhase::Failed)
            wait->start(0);
    });
    wait->start(endWaitMs);
    old->session->disconnectFrom();
}

void SessionController::connectTo(const ServerTarget &target)
{
    closeRecording();
    m_target = target;
    learnSecrets(target);
    m_line->session->connectTo(target);
}

void SessionController::disconnectFrom()
{
    m_line->session->disconnectFrom();
}

void SessionController::cancelAll()
{
    m_line->session->cancelAll();
}

void SessionController::listTools()
{
    m_line->session->listTools();
}

void SessionController::list(ListKind kind)
{
    m_line->session->list(kind);
}

Ticket SessionController::requestBatch(const QByteArray &messages)
{
    return m_line->session->requestBatch(messages);
}

Ticket SessionController::request(const RpcCall &call, bool patient)
{
    return m_line->session->request(call.method, call.params, patient);
}

void SessionController::notify(const RpcCall &call)
{
    m_line->session->notify(call.method, call.params);
}

void SessionController::reply(quint64 number, const ServerReply &reply)
{
    const auto it = m_asked.find(number);
    if (it == m_asked.end()) {
        m_line->session->reply(number, reply);
        return;
    }
    const auto onReply = it->second.onReply;
    withdraw(number, {});
    onReply(reply);
}

quint64 SessionController::ask(ServerRequest request,
                               const std::function<void(const ServerReply &)> &onReply)
{
    request = clean(std::move(request));
    request.number = ownNumbers | ++m_lastAsked;
    m_asked.insert_or_assign(request.number, Asked{request, onReply});
    m_state.asked.append(request);
    Q_EMIT serverRequested(request);
    Q_EMIT stateChanged(m_state);
    return request.number;
}

void SessionController::withdraw(quint64 number, const QString &why)
{
    if (m_asked.erase(number) == 0)
        return;
    m_state.asked.removeIf(
        [number](const ServerRequest &request) { return request.number == number; });
    Q_EMIT serverRequestGone(number, why);
    Q_EMIT stateChanged(m_state);
}

void SessionController::dropAsked(const QString &why)
{
    const std::map<quint64, Asked> asked = std::exchange(m_asked, {});
    for (const auto &[number, one] : asked)
        Q_EMIT serverRequestGone(number, why);
}

void SessionController::setRoots(const QList<Root> &roots)
{
    m_roots = roots;
    m_line->session->setRoots(roots);
}

void SessionController::subscribe(const QString &uri, bool on)
{
    m_line->session->subscribe(uri, on);
}

void SessionController::setLogLevel(const QByteArray &level)
{
    m_line->session->setLogLevel(level);
}

Ticket SessionController::callTool(const QString &name, const QByteArray &arguments,
                                   const QByteArray &task)
{
    return m_line->session->callTool(name, arguments, task);
}

void SessionController::cancel(Ticket ticket)
{
    m_line->session->cancel(ticket);
}

void SessionController::reopenStream()
{
    m_line->session->reopenStream();
}

void SessionController::sendAgain(ExchangeId exchange)
{
    if (!isRecordingShown())
        m_line->session->sendAgain(exchange);
    else if (exchange >= 1 && exchange <= m_recording.trace->exchangeCount())
        m_line->session->sendEdited(
            requestOfRecording(*m_recording.trace, exchange, recordingName(), target().url));
}

void SessionController::sendEdited(const EditedRequest &edited)
{
    EditedRequest sent = edited;
    if (isRecordingShown()) {
        // Its number is one of the recording.
        const EditedRequest before =
            requestOfRecording(*m_recording.trace, edited.from, recordingName(), target().url);
        sent.from = 0;
        sent.recorded = before.recorded;
    }
    m_line->session->sendEdited(sent);
}

void SessionController::startLab(const LabSettings &settings)
{
    stopLab();
    m_labThread = new QThread;
    m_labThread->setObjectName(QStringLiteral("lab"));
    QObject context;
    context.moveToThread(m_labThread);
    m_labThread->start();
    QString problem;
    QUrl url;
    bool listening = false;
    QMetaObject::invokeMethod(
        &context,
        [&, home = thread()] {
            m_lab = new Lab(settings);
            listening = m_lab->listen(&problem);
            url = m_lab->url();
            context.moveToThread(home);
        },
        Qt::BlockingQueuedConnection);
    m_labSettings = settings;
    if (!listening) {
        stopLab();
        Failure failure;
        failure.kind = FailureKind::Unreachable;
        failure.code = QStringLiteral("lab-not-started");
        failure.sentence = tr("The built-in server could not be started: %1.").arg(problem);
        Q_EMIT failed(failure);
        return;
    }
    ServerTarget target;
    target.url = url;
    m_labUrl = url;
    // It speaks all revisions. Those with a session and a stream have more to see and to practise
    // on; the others can be chosen.
    target.revision = QString::fromLatin1(newestRevision(EraKind::Legacy).name);
    target.network.proxy = NetworkSettings::Proxy::None;
    target.credentials.bearer = settings.bearer;
    if (const qsizetype colon = settings.apiKey.indexOf(':');
        settings.apiKey.left(colon).compare("Cookie", Qt::CaseInsensitive) == 0) {
        target.credentials.cookies.append(settings.apiKey.mid(colon + 1).trimmed());
    } else if (colon > 0) {
        Header header;
        header.name = settings.apiKey.left(colon);
        header.value = settings.apiKey.mid(colon + 1).trimmed();
        header.source = HeaderSource::Credential;
        header.secret = true;
        target.credentials.headers.append(header);
    }
    Q_EMIT labStarted(target);
}

void SessionController::setLabPlay(const QStringList &ids)
{
    m_labSettings.play = ids;
    if (m_lab)
        QMetaObject::invokeMethod(m_lab, [lab = m_lab, ids] { lab->setPlay(ids); });
}

void SessionController::stopLab()
{
    if (m_lab)
        QMetaObject::invokeMethod(
            m_lab, [lab = m_lab] { delete lab; }, Qt::BlockingQueuedConnection);
    m_lab = nullptr;
    if (m_labThread) {
        m_labThread->quit();
        m_labThread->wait();
        delete m_labThread;
        m_labThread = nullptr;
    }
}

const TraceReader *SessionController::trace() const
{
    return m_recording.trace ? m_recording.trace.get() : m_line->trace.get();
}

std::shared_ptr<const TraceReader> SessionController::sharedTrace() const
{
    if (m_recording.trace)
        return m_recording.trace;
    return m_line->trace;
}

TraceClock SessionController::clock() const
{
    if (m_recording.trace)
        return {};
    return [trace = m_line->trace.get()] { return trace->now(); };
}

std::shared_ptr<const Redactor> SessionController::redactor() const
{
    return m_recording.redactor ? m_recording.redactor : m_redactor;
}

void SessionController::clearTrace()
{
    if (m_recording.trace) {
        closeRecording();
        return;
    }
    const bool connected =
        m_state.phase == SessionPhase::Ready || m_state.phase == SessionPhase::Connecting;
    std::unique_ptr<Line> old = std::exchange(m_line, makeLine());
    m_recorderCheck.stop();
    m_state = {};
    m_oauth = {};
    m_tokens = {};
    m_asked.clear();
    m_cleared = {};
    if (old->trace->exchangeCount() > 0)
        m_cleared = {old->trace, m_redactor, tr("the trace before"), {}};
    m_redactor = std::make_shared<Redactor>(randomSalt());
    learnSecrets(m_target);
    retireSpans();
    followSpans();
    Q_EMIT traceCleared();
    Q_EMIT traceChanged();
    Q_EMIT recordingToChanged();
    Q_EMIT stateChanged(m_state);
    retire(std::move(old));
    if (connected)
        m_line->session->connectTo(m_target);
}

void SessionController::showCleared()
{
    if (!m_cleared.trace)
        return;
    const Shown before = std::exchange(m_recording, m_cleared);
    Q_EMIT traceChanged();
}

void SessionController::forgetCleared()
{
    m_cleared = {};
}

void SessionController::recordTo(const QString &path, bool withSecrets)
{
    stopRecording();
    // The file may be the same one: it is closed in the session's thread.
    QMetaObject::invokeMethod(
        m_line->session, [] {}, Qt::BlockingQueuedConnection);
    auto writer = TraceFileWriter::create(path, m_line->trace->began(), *m_redactor, withSecrets);
    if (!writer) {
        Q_EMIT failed(writer.error());
        return;
    }
    if (m_traceLimit.beyond == TraceLimit::Beyond::Stop)
        (*writer)->setMostBytes(m_traceLimit.bytes);
    std::shared_ptr<TraceFileWriter> recorder = std::move(*writer);
    m_line->recorder = recorder;
    QMetaObject::invokeMethod(m_line->session, [trace = m_line->trace.get(), recorder] {
        trace->addSink(recorder.get());
    });
    m_recorderCheck.start();
    Q_EMIT recordingToChanged();
}

void SessionController::stopRecording()
{
    m_recorderCheck.stop();
    if (!m_line->recorder)
        return;
    std::shared_ptr<TraceFileWriter> recorder = std::exchange(m_line->recorder, nullptr);
    QMetaObject::invokeMethod(m_line->session, [trace = m_line->trace.get(), recorder] {
        trace->removeSink(recorder.get());
        recorder->close();
    });
    Q_EMIT recordingToChanged();
}

QString SessionController::recordingTo() const
{
    return m_line->recorder ? m_line->recorder->path() : QString();
}

void SessionController::checkRecorder()
{
    if (!m_line->recorder)
        return;
    QMetaObject::invokeMethod(m_line->session, [this, recorder = m_line->recorder] {
        const std::optional<Failure> failure = recorder->failure();
        if (!failure)
            return;
        QMetaObject::invokeMethod(this, [this, failure, recorder] {
            if (m_line->recorder != recorder)
                return;
            stopRecording();
            Q_EMIT failed(*failure);
        });
    });
}

void SessionController::learnSecrets(const ServerTarget &target)
{
    auto redactor = std::make_shared<Redactor>(*m_redactor);
    addKnownSecrets(redactor.get(), target);
    m_redactor = std::move(redactor);
    redactRecording();
    Q_EMIT redactorChanged();
}

} // namespace sightglass
