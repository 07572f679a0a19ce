// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/stdio.h"

#include "core/jsonrpc/json_text.h"

#include <cerrno>
#include <csignal>
#include <unistd.h>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MostLastWords = 2000;
constexpr int GroupLookMs = 20;

/// "15 (SIGTERM)"; of rare ones the number alone.
QString signalName(int signal)
{
    struct Named {
        int signal;
        const char *name;
    };
    constexpr Named Names[] = {
        {SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"}, {SIGILL, "SIGILL"},
        {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},   {SIGKILL, "SIGKILL"},
        {SIGSEGV, "SIGSEGV"}, {SIGPIPE, "SIGPIPE"}, {SIGTERM, "SIGTERM"},
    };
    for (const Named &named : Names) {
        if (named.signal == signal)
            return u"%1 (%2)"_s.arg(signal).arg(QLatin1StringView(named.name));
    }
    return QString::number(signal);
}

QByteArrayView withoutLineEnd(QByteArrayView line)
{
    if (line.endsWith('\n'))
        line.chop(1);
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

QString counted(const OutputBudget &budget)
{
    return u"%1 %2 (%3 bytes)"_s.arg(QString::number(budget.lines()),
                                     budget.lines() == 1 ? u"line"_s : u"lines"_s,
                                     QString::number(budget.bytes()));
}

QString bounded(QByteArrayView text)
{
    constexpr qsizetype Most = 200;
    const QString said =
        QString::fromUtf8(text.first(std::min(text.size(), 4 * Most))).simplified();
    return said.size() > Most ? said.left(Most - 1) + u'…' : said;
}

/// The last line that says something.
QString lastLine(const QByteArray &text)
{
    const QList<QByteArray> lines = text.split('\n');
    for (auto line = lines.crbegin(); line != lines.crend(); ++line) {
        const QString said = QString::fromUtf8(*line).simplified();
        if (!said.isEmpty())
            return said.size() > 200 ? said.left(199) + u'…' : said;
    }
    return {};
}

} // namespace

Stdio::Stdio(TraceStore *trace, ServerCommand command, QObject *parent)
    : Transport(parent)
    , m_trace(trace)
    , m_command(std::move(command))
{
    m_grace.setSingleShot(true);
    m_groupLook.callOnTimeout(this, [this] {
        if (!groupLives())
            groupEnded();
    });
}

Stdio::~Stdio()
{
    std::optional<Failure> end;
    if (m_process) {
        m_process->disconnect(this);
        if (m_process->state() != QProcess::NotRunning) {
            m_process->closeWriteChannel();
            m_signalled = SIGTERM;
            m_whySignalled = u"because nobody waited for its end"_s;
            signalGroup(SIGTERM);
            if (!m_process->waitForFinished(GraceMs / 10)) {
                m_signalled = SIGKILL;
                signalGroup(SIGKILL);
                m_process->waitForFinished();
            }
            end = orderlyEnd(m_process->exitCode(), m_process->exitStatus());
        }
    }
    // The program's own time was that of its children.
    if (groupLives())
        signalGroup(SIGKILL);
    if (m_process)
        ended({}, end);
}

void Stdio::start()
{
    RequestRecord request;
    request.kind = ExchangeKind::Process;
    request.method = "RUN";
    request.target = commandLine(m_command).toUtf8();
    request.what = commandLine(m_command);
    m_exchange = m_trace->begin(request, {});
    m_state.exchange = m_exchange;
    m_state.phase = StreamState::Phase::Opening;

    const Expected<QString> program = findProgram(m_command);
    if (!program) {
        Failure failure = program.error();
        failure.exchange = m_exchange;
        ended(failure);
        return;
    }
    m_process = std::make_unique<QProcess>();
    m_process->setProgram(*program);
    m_process->setArguments(m_command.arguments);
    if (!m_command.workingFolder.isEmpty())
        m_process->setWorkingDirectory(m_command.workingFolder);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const ServerCommand::Variable &variable : m_command.environment)
        environment.insert(variable.name, variable.value);
    m_process->setProcessEnvironment(environment);
    // A group of its own: Ctrl+C in our terminal is not for it, and its children end with it.
    m_process->setChildProcessModifier([] { ::setpgid(0, 0); });

    connect(m_process.get(), &QProcess::started, this, [this] {
        m_trace->mark(m_exchange, Mark::Connecting);
        ResponseRecord response;
        response.http = "stdio";
        response.reason = "process " + QByteArray::number(m_process->processId());
        m_trace->respond(m_exchange, response);
        m_state.phase = StreamState::Phase::Open;
        m_state.openedAt = m_trace->now();
        Q_EMIT streamChanged();
    });
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &Stdio::onOutput);
    connect(m_process.get(), &QProcess::readyReadStandardError, this, &Stdio::onErrorOutput);
    connect(m_process.get(), &QProcess::bytesWritten, this, &Stdio::onWritten);
    connect(m_process.get(), &QProcess::errorOccurred, this, &Stdio::onError);
    connect(m_process.get(), &QProcess::finished, this, &Stdio::onFinished);
    m_process->start();
    if (m_process)
        m_group = m_process->processId();
}

PostId Stdio::post(const Outgoing &message)
{
    if (m_exchange == 0)
        start();
    const PostId id = ++m_lastPost;
    if (m_failure) {
        refuse(id);
        return id;
    }

    // A line is a message: line ends between its tokens are no part of it.
    QByteArray text = message.text;
    if (text.contains('\n') || text.contains('\r')) {
        const JsonText json = JsonText::parse(text);
        text = json.isValid() ? json.compact() : text.replace('\n', ' ').replace('\r', ' ');
    }
    RequestRecord request;
    request.kind = ExchangeKind::Input;
    request.cause = m_exchange;
    request.method = "STDIN";
    request.what = message.what;
    Open open;
    open.exchange = m_trace->begin(request, text);
    open.what = message.what;
    open.expectsAnswer = message.expectsAnswer;
    open.unwritten = text.size() + 1;
    const ExchangeId exchange = open.exchange;
    m_open.emplace(id, std::move(open));
    Q_EMIT posted(id, exchange);
    write(id, text);
    return id;
}

void Stdio::refuse(PostId id)
{
    m_refused.insert(id);
    Q_EMIT posted(id, m_exchange);
    QMetaObject::invokeMethod(
        this,
        [this, id] {
            if (m_refused.erase(id) > 0)
                Q_EMIT postEnded(id, m_exchange, m_failure);
        },
        Qt::QueuedConnection);
}

void Stdio::write(PostId id, const QByteArray &text)
{
    m_writing.push_back(id);
    m_process->write(text);
    m_process->write("\n", 1);
}

void Stdio::onWritten(qint64 bytes)
{
    while (bytes > 0 && !m_writing.empty()) {
        const PostId id = m_writing.front();
        const auto it = m_open.find(id);
        if (it == m_open.end()) {
            // Abandoned: what is left of it is written all the same, and counts for nothing.
            m_writing.pop_front();
            continue;
        }
        Open &open = it->second;
        const qint64 taken = std::min(bytes, open.unwritten);
        open.unwritten -= taken;
        bytes -= taken;
        if (open.unwritten > 0)
            return;
        m_writing.pop_front();
        m_trace->mark(open.exchange, Mark::Sent);
        if (!open.expectsAnswer) {
            const ExchangeId exchange = open.exchange;
            m_trace->finish(exchange);
            m_open.erase(it);
            Q_EMIT postEnded(id, exchange, {});
        }
    }
}

void Stdio::onOutput()
{
    const QByteArray bytes = m_process->readAllStandardOutput();
    m_output.feed(bytes, *this);
    if (m_process)
        tellFlood(m_output.besides(), u"stdout"_s, m_exchange);
}

void Stdio::onRecord(QByteArrayView bytes)
{
    m_trace->append(m_exchange, bytes.data(), bytes.size());
}

bool Stdio::onLine(const OutputLine &line)
{
    const bool message = line.kind == LineKind::Message;
    Frame frame;
    frame.kind = message              ? FrameKind::Line
        : line.kind == LineKind::Text ? FrameKind::NoMessage
                                      : FrameKind::Ignored;
    frame.start = line.start;
    frame.end = line.end;
    frame.at = m_trace->now();
    if (frame.end > frame.start) // else it was counted, and is not kept
        m_trace->frame(m_exchange, frame);
    const QByteArrayView text = withoutLineEnd(line.bytes);
    if (message) {
        m_line = text;
        receive(text, m_exchange);
        m_line = {};
    } else if (line.kind == LineKind::Text && m_printed++ == 0) {
        Q_EMIT deviated(
            u"The program printed to stdout, where only messages may stand: “%1”; it has to print to stderr instead."_s
                .arg(bounded(text)),
            m_exchange);
    }
    // Whoever was told may have ended all this.
    return m_process != nullptr;
}

void Stdio::onErrorOutput()
{
    const QByteArray bytes = m_process->readAllStandardError();
    if (bytes.isEmpty())
        return;
    m_lastWords = (m_lastWords + bytes).right(MostLastWords);
    m_errorBudget.count(bytes.size(), bytes.count('\n'));
    if (m_errorBudget.isSpent())
        return;
    if (m_errors == 0) {
        RequestRecord request;
        request.kind = ExchangeKind::ErrorOutput;
        request.cause = m_exchange;
        request.method = "STDERR";
        request.what = u"stderr"_s;
        m_errors = m_trace->begin(request, {});
        ResponseRecord response;
        response.http = "stdio";
        m_trace->respond(m_errors, response);
    }
    m_trace->append(m_errors, bytes.constData(), bytes.size());
    const qint64 now = m_trace->now();
    for (qsizetype end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', end + 1)) {
        Frame frame;
        frame.kind = FrameKind::Comment;
        frame.start = m_errorLine;
        frame.end = m_readErrors + end + 1;
        frame.at = now;
        m_trace->frame(m_errors, frame);
        m_errorLine = frame.end;
    }
    m_readErrors += bytes.size();
    tellFlood(m_errorBudget, u"stderr"_s, m_errors);
}

void Stdio::tellFlood(OutputBudget &budget, const QString &stream, ExchangeId exchange)
{
    if (!budget.wasSpentNow())
        return;
    const QString what = stream == "stdout"_L1 ? u"what is no message"_s : u"what comes there"_s;
    Q_EMIT deviated(
        u"The program floods %1: %2 so far. From here on %3 is counted, and not kept."_s.arg(
            stream, counted(budget), what),
        exchange);
}

void Stdio::tellTotal(const OutputBudget &budget, const QString &stream, ExchangeId exchange)
{
    if (!budget.isSpent())
        return;
    const QString where = stream == "stdout"_L1 ? u"besides messages to stdout"_s : u"to stderr"_s;
    m_trace->note(u"notice"_s,
                  u"In all the program wrote %1 %2; of that the first %3 bytes are kept."_s.arg(
                      counted(budget), where, QString::number(budget.keptBytes())),
                  exchange);
}

void Stdio::settle(PostId id)
{
    const auto it = m_open.find(id);
    if (it == m_open.end())
        return;
    const ExchangeId exchange = it->second.exchange;
    if (it->second.unwritten > 0)
        m_trace->mark(exchange, Mark::Sent);
    ResponseRecord response;
    response.http = "stdio";
    m_trace->respond(exchange, response);
    m_trace->append(exchange, m_line.data(), m_line.size());
    m_trace->finish(exchange);
    m_open.erase(it);
}

void Stdio::abandon(PostId id, const std::optional<Failure> &why)
{
    m_refused.erase(id);
    const auto it = m_open.find(id);
    if (it == m_open.end())
        return;
    m_trace->finish(it->second.exchange,
                    why.value_or(Failure{FailureKind::Cancelled,
                                         u"cancelled"_s,
                                         u"%1 was given up."_s.arg(it->second.what),
                                         {},
                                         it->second.exchange,
                                         {}}));
    m_open.erase(it);
}

void Stdio::closeAll()
{
    m_refused.clear();
    while (!m_open.empty())
        abandon(m_open.begin()->first);
}

void Stdio::endSession()
{
    if (!m_process && m_groupLook.isActive()) {
        m_ending = true; // told when the last one of the group has gone
        return;
    }
    if (!m_process || m_process->state() == QProcess::NotRunning) {
        QMetaObject::invokeMethod(
            this, [this] { Q_EMIT sessionEnded({}); }, Qt::QueuedConnection);
        return;
    }
    if (m_ending)
        return;
    m_ending = true;
    m_process->closeWriteChannel();
    m_grace.callOnTimeout(this, [this] {
        const bool first = m_signalled == 0;
        m_signalled = first ? SIGTERM : SIGKILL;
        m_whySignalled = first ? u"because it did not end when we closed its stdin"_s
                               : u"because it did not end on SIGTERM"_s;
        signalGroup(m_signalled);
        m_trace->note(u"stdio-end"_s,
                      first ? u"The program did not end when its stdin was closed: SIGTERM."_s
                            : u"The program did not end on SIGTERM: SIGKILL."_s,
                      m_exchange);
        m_grace.start(GraceMs);
    });
    m_grace.start(GraceMs);
}

void Stdio::signalGroup(int signal)
{
    if (m_group > 0)
        ::kill(-static_cast<pid_t>(m_group), signal);
}

bool Stdio::groupLives() const
{
    // As long as one process is in the group its number is given to nobody else.
    return m_group > 0 && (::kill(-static_cast<pid_t>(m_group), 0) == 0 || errno == EPERM);
}

void Stdio::endGroup()
{
    m_trace->note(u"stdio-end"_s,
                  u"The program has ended, and children of it still ran: SIGTERM."_s, m_exchange);
    signalGroup(SIGTERM);
    m_grace.disconnect(this);
    m_grace.callOnTimeout(this, [this] {
        m_trace->note(u"stdio-end"_s, u"Children of the program did not end on SIGTERM: SIGKILL."_s,
                      m_exchange);
        signalGroup(SIGKILL);
        groupEnded();
    });
    m_grace.start(GraceMs);
    m_groupLook.start(GroupLookMs);
}

void Stdio::groupEnded()
{
    m_grace.stop();
    m_groupLook.stop();
    m_group = 0;
    if (m_ending)
        Q_EMIT sessionEnded({});
}

void Stdio::onError(QProcess::ProcessError error)
{
    if (error != QProcess::FailedToStart)
        return; // finished() says more
    const Failure failure{
        FailureKind::Unreachable,
        u"program-not-started"_s,
        u"%1 could not be started: %2."_s.arg(m_command.program, m_process->errorString()),
        u"Try the command in a terminal."_s,
        m_exchange,
        {}};
    m_group = 0;
    dropProcess();
    ended(failure);
    failAll(failure);
}

void Stdio::onFinished(int exitCode, QProcess::ExitStatus status)
{
    onOutput();
    onErrorOutput();
    m_output.finish(*this);
    m_grace.stop();

    const QString said = lastLine(m_lastWords);
    const QString how = howItEnded(exitCode, status);
    const Failure failure{
        FailureKind::Unreachable,
        status == QProcess::CrashExit ? u"program-crashed"_s : u"program-ended"_s,
        said.isEmpty() ? u"The program %1 %2."_s.arg(m_command.program, how)
                       : u"The program %1 %2. The last line that it wrote to stderr: %3"_s.arg(
                           m_command.program, how, said),
        u"Its stderr stands in the traffic; try the command in a terminal."_s,
        m_exchange,
        {}};
    const bool wanted = m_ending;
    dropProcess();
    if (wanted)
        ended({}, orderlyEnd(exitCode, status));
    else
        ended(failure);
    // A child that outlived the program would go on for ever: nobody knows of it.
    if (groupLives())
        endGroup();
    else
        m_group = 0;
    failAll(failure);
    if (!wanted)
        Q_EMIT streamChanged();
    else if (m_group == 0)
        Q_EMIT sessionEnded({});
}

QString Stdio::howItEnded(int exitCode, QProcess::ExitStatus status)
{
    return status == QProcess::CrashExit ? u"was ended by signal %1"_s.arg(signalName(exitCode))
                                         : u"ended with exit code %1"_s.arg(exitCode);
}

Failure Stdio::orderlyEnd(int exitCode, QProcess::ExitStatus status) const
{
    QString text = u"The program %1 %2"_s.arg(m_command.program, howItEnded(exitCode, status));
    if (m_signalled == 0)
        text += u" after we closed its stdin"_s;
    else if (status == QProcess::CrashExit && exitCode == m_signalled)
        text += u", which we sent %1"_s.arg(m_whySignalled);
    else
        text += u" on %1, which we sent %2"_s.arg(
            m_signalled == SIGTERM ? u"SIGTERM"_s : u"SIGKILL"_s, m_whySignalled);
    return Failure{FailureKind::Cancelled, u"closed"_s, text + u'.', {}, m_exchange, {}};
}

void Stdio::ended(const std::optional<Failure> &failure, const std::optional<Failure> &orderly)
{
    if (m_state.phase != StreamState::Phase::Ended) {
        if (m_printed > 1) {
            Q_EMIT deviated(
                u"In all the program printed %1 lines to stdout that are no messages."_s.arg(
                    m_printed),
                m_exchange);
        }
        tellTotal(m_output.besides(), u"stdout"_s, m_exchange);
    }
    if (m_errors > 0) {
        tellTotal(m_errorBudget, u"stderr"_s, m_errors);
        if (m_errorLine < m_readErrors) {
            Frame frame;
            frame.kind = FrameKind::Comment;
            frame.start = m_errorLine;
            frame.end = m_readErrors;
            frame.at = m_trace->now();
            m_trace->frame(m_errors, frame);
        }
        m_trace->finish(m_errors);
        m_errors = 0;
    }
    if (m_state.phase != StreamState::Phase::Ended)
        m_trace->finish(m_exchange, failure ? failure : orderly);
    m_state.phase = StreamState::Phase::Ended;
    m_state.failure = failure;
    m_failure = failure ? failure : Failure{FailureKind::Unreachable,
                                            u"program-ended"_s,
                                            u"The program has ended."_s,
                                            {},
                                            m_exchange,
                                            {}};
}

void Stdio::dropProcess()
{
    m_process->disconnect(this);
    m_process.release()->deleteLater();
}

void Stdio::failAll(const Failure &failure)
{
    std::map<PostId, Open> open;
    open.swap(m_open);
    m_writing.clear();
    for (const auto &[id, one] : open) {
        Failure own = failure;
        own.exchange = one.exchange;
        m_trace->finish(one.exchange, own);
        Q_EMIT postEnded(id, one.exchange, own);
    }
}

} // namespace sightglass
