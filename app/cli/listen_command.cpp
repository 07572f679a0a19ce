// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"
#include "app/cli/frame_json.h"

#include "core/trace/trace_text.h"

#include <QTimer>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// Prints the frames of the server's own stream as they come.
class StreamPrinter final : public TraceSink {
public:
    StreamPrinter(const TraceStore &trace, Output &output, bool json)
        : m_trace(trace)
        , m_output(output)
        , m_json(json)
    {
    }

    void onFrame(ExchangeId id, const Frame &frame) override
    {
        const RequestRecord &request = m_trace.request(id);
        if (request.method != "GET" || request.what != "event stream"_L1)
            return;
        if (m_json) {
            m_output.result(frameJson(m_trace, id, frame) + '\n');
            return;
        }
        if (frame.kind != FrameKind::Event)
            return;
        const SseContent content =
            sseContent(m_trace.responseBody(id, frame.start, frame.end - frame.start));
        QString line = humanDuration(frame.at).rightJustified(10) + u"  "_s
            + forTerminal(QString::fromUtf8(content.type));
        if (frame.idLength > 0)
            line += u"  "_s
                + forTerminal(
                        QString::fromUtf8(m_trace.responseBody(id, frame.idStart, frame.idLength)));
        m_output.line(line + u"  "_s + forTerminal(QString::fromUtf8(content.data)));
    }
    void onRequest(ExchangeId, qint64, const RequestRecord &, const QByteArray &) override { }
    void onMark(ExchangeId, Mark, qint64) override { }
    void onResponse(ExchangeId, qint64, const ResponseRecord &) override { }
    void onBody(ExchangeId, const BodyChunk &, const char *) override { }
    void onFinish(ExchangeId, qint64, const std::optional<Failure> &) override { }
    void onNote(const Note &) override { }

private:
    const TraceStore &m_trace;
    Output &m_output;
    bool m_json;
};

class ListenCommand final : public Client {
public:
    ListenCommand(const Options &options, Output &output)
        : Client(options, output)
        , m_printer(trace(), output, options.json)
    {
        trace().addSink(&m_printer);
        m_end.setSingleShot(true);
        connect(&m_end, &QTimer::timeout, this, &ListenCommand::timeIsOver);
        // Nobody tells that the reader of a pipe went away.
        connect(&m_look, &QTimer::timeout, this, [this] {
            if (this->output().ended())
                finish(Done);
        });
        m_look.start(500);
    }
    ~ListenCommand() override { trace().removeSink(&m_printer); }

private:
    void begin() override
    {
        if (options().seconds > 0)
            m_end.start(options().seconds * 1000);
    }

    void onState(const SessionState &state) override
    {
        const StreamState &stream = state.stream;
        if (stream.phase == m_phase)
            return;
        m_phase = stream.phase;
        switch (stream.phase) {
        case StreamState::Phase::Open:
            m_wasOpen = true;
            output().note(u"event stream open (exchange %1)"_s.arg(stream.exchange));
            break;
        case StreamState::Phase::NotOffered:
            output().note(
                u"The server offers no event stream (405, which is allowed) [exchange %1]"_s.arg(
                    stream.exchange));
            finish(Done);
            break;
        case StreamState::Phase::Waiting: {
            const QString in = humanDuration(stream.retryAt - trace().now());
            output().note(stream.failure
                              ? u"%1 Tried again in %2."_s.arg(stream.failure->sentence, in)
                              : u"The stream ended; opened again in %1."_s.arg(in));
            break;
        }
        case StreamState::Phase::Ended:
            // The session opens another one; if it cannot, it says so itself.
            if (stream.failure && stream.failure->code == "session-expired"_L1)
                break;
            fail(stream.failure.value_or(Failure{}));
            break;
        case StreamState::Phase::Refused:
            fail(stream.failure.value_or(Failure{}));
            break;
        default:
            break;
        }
    }

    void timeIsOver()
    {
        const StreamState stream = session().state().stream;
        if (m_wasOpen || stream.phase == StreamState::Phase::NotOffered) {
            finish(Done);
        } else if (stream.failure) {
            fail(*stream.failure);
        } else {
            fail(Failure{FailureKind::TimedOut,
                         u"stream-unanswered"_s,
                         u"The GET of the event stream was not answered within %1 s."_s.arg(
                             options().seconds),
                         u"The server, or a proxy before it, holds the head of the stream back."_s,
                         stream.exchange,
                         {}});
        }
    }

    StreamPrinter m_printer;
    bool m_wasOpen = false;
    QTimer m_end;
    QTimer m_look;
    StreamState::Phase m_phase = StreamState::Phase::None;
};

} // namespace

int runListen(const Options &options, Output &output)
{
    return ListenCommand(options, output).run();
}

} // namespace sightglass::cli
