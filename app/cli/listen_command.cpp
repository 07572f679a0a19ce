// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/frame_json.h"
#include "app/cli/watch_action.h"

#include "core/mcp/revision.h"
#include "core/trace/trace_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// The stream on which the server sends what it was not asked for: by GET, by
/// subscriptions/listen, or what a program writes.
bool isServerStream(const RequestRecord &request)
{
    if (request.kind == ExchangeKind::Process)
        return true;
    return (request.method == "GET" && request.what == "event stream"_L1)
        || (request.method == "POST" && request.what == "subscriptions/listen"_L1);
}

/// Prints the frames of the server's own stream as they come.
class StreamPrinter final : public TraceSink {
public:
    StreamPrinter(const TraceStore &trace, Output &output, bool json)
        : m_trace(trace)
        , m_output(output)
        , m_json(json)
        , m_from(trace.now())
    {
    }

    void onFrame(ExchangeId id, const Frame &frame) override
    {
        // A sink that comes late is told of what was before, too.
        if (frame.at < m_from || !isServerStream(m_trace.request(id)))
            return;
        if (m_json) {
            m_output.resultLine(frameJson(m_trace, id, frame));
            return;
        }
        if (frame.kind == FrameKind::NoMessage) {
            const QByteArray text =
                m_trace.responseBody(id, frame.start, frame.end - frame.start).trimmed();
            m_output.line(humanDuration(frame.at).rightJustified(10) + u"  no message  "_s
                          + lineForTerminal(QString::fromUtf8(text)));
            return;
        }
        if (!isDispatched(frame.kind))
            return;
        const SseContent content = frameContent(
            frame.kind, m_trace.responseBody(id, frame.start, frame.end - frame.start));
        QString line = humanDuration(frame.at).rightJustified(10) + u"  "_s
            + lineForTerminal(QString::fromUtf8(content.type));
        if (frame.idLength > 0)
            line += u"  "_s
                + lineForTerminal(
                        QString::fromUtf8(m_trace.responseBody(id, frame.idStart, frame.idLength)));
        m_output.line(line + u"  "_s + lineForTerminal(QString::fromUtf8(content.data)));
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
    qint64 m_from; ///< trace time, ns
};

class ListenAction final : public WatchAction {
public:
    explicit ListenAction(const Workplace &place)
        : WatchAction(place)
        , m_printer(place.trace, place.output, place.options.json)
    {
        trace().addSink(&m_printer);
    }
    ~ListenAction() override { trace().removeSink(&m_printer); }

    void begin() override
    {
        const SessionState state = session().state();
        const Revision *revision = revisionNamed(state.revision.toLatin1());
        // Where a stream has to be asked for, there is none without something to ask for.
        if (revision && revision->era == EraKind::Modern
            && state.stream.phase == StreamState::Phase::None) {
            output().note(
                u"The server announces no changes of its lists: there is nothing to listen to."_s);
            finish(Done);
            return;
        }
        watch();
    }

private:
    QString what() const override { return u"events"_s; }

    StreamPrinter m_printer;
};

} // namespace

std::unique_ptr<Action> listenAction(const Workplace &place)
{
    return std::make_unique<ListenAction>(place);
}

} // namespace sightglass::cli
