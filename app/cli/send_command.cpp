// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"

#include "core/http/header_list.h"
#include "core/mcp/edited_request.h"
#include "core/sse/sse_parser.h"
#include "core/trace/rpc_outcome.h"

#include <QRegularExpression>
#include <QTimer>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// A request of a recording sent once more, as it was or with another body, method or more headers:
/// prints what answered it.
class SendRecorded final : public Action {
public:
    explicit SendRecorded(const Workplace &place)
        : Action(place)
        , m_sink(*this)
    {
        m_end.setSingleShot(true);
        connect(&m_end, &QTimer::timeout, this, [this] { answered(); });
    }
    ~SendRecorded() override { trace().removeSink(&m_sink); }

    void begin() override
    {
        trace().addSink(&m_sink);
        connect(&session(), &Session::sentAgain, this, [this](ExchangeId of, ExchangeId exchange) {
            if (of != 0 || m_exchange != 0)
                return;
            m_exchange = exchange;
            if (trace().summary(exchange).finished)
                ended(exchange);
            else if (options().seconds > 0)
                m_end.start(options().seconds * 1000);
        });
        session().sendEdited(wanted());
    }

private:
    struct Sink final : public TraceSink {
        explicit Sink(SendRecorded &to)
            : action(to)
        {
        }
        void onFinish(ExchangeId id, qint64, const std::optional<Failure> &) override
        {
            action.ended(id);
        }
        void onRequest(ExchangeId, qint64, const RequestRecord &, const QByteArray &) override { }
        void onMark(ExchangeId, Mark, qint64) override { }
        void onResponse(ExchangeId, qint64, const ResponseRecord &) override { }
        void onBody(ExchangeId, const BodyChunk &, const char *) override { }
        void onFrame(ExchangeId, const Frame &) override { }
        void onNote(const Note &) override { }

        SendRecorded &action;
    };

    EditedRequest wanted()
    {
        const RecordedRequest &recorded = *options().recorded;
        EditedRequest edited = requestOfRecording(recorded, options().target.url);
        if (options().body)
            edited.body = *options().body;
        if (!options().method.isEmpty())
            edited.method = options().method;
        for (const Header &line : options().sentHeaders) {
            const auto sameName = [&line](const Header &other) {
                return sameHeaderName(other.name, line.name);
            };
            edited.headers.removeIf(sameName);
        }
        edited.headers += options().sentHeaders;
        static const QRegularExpression fingerprint(u"~[0-9a-f]{4}\\*"_s);
        if (recorded.redacted && !options().body
            && fingerprint.match(QString::fromUtf8(edited.body)).hasMatch())
            output().note(
                u"note: where the recording has no secrets, their fingerprints go out in its body."_s);
        return edited;
    }

    void ended(ExchangeId exchange)
    {
        // Whoever writes the trace is not to be ended by what it tells.
        if (exchange == m_exchange)
            QMetaObject::invokeMethod(
                this, [this] { answered(); }, Qt::QueuedConnection);
    }

    void answered()
    {
        if (hasEnded())
            return;
        m_end.stop();
        const ExchangeSummary summary = trace().summary(m_exchange);
        if (summary.frames > 0) {
            for (qint64 i = 0; i < summary.frames; ++i) {
                const Frame frame = trace().frame(m_exchange, i);
                if (isDispatched(frame.kind))
                    print(frameContent(frame.kind,
                                       trace().responseBody(m_exchange, frame.start,
                                                            frame.end - frame.start))
                              .data);
            }
        } else {
            print(trace().responseBody(m_exchange));
        }
        const std::optional<Failure> failure = trace().failure(m_exchange);
        if (failure && failure->kind != FailureKind::Cancelled) {
            fail(*failure);
            return;
        }
        output().note(summary.status == 0
                          ? u"sent; no answer came [exchange %1]"_s.arg(m_exchange)
                          : u"HTTP %1 [exchange %2]"_s.arg(QString::number(summary.status),
                                                           QString::number(m_exchange)));
        if (summary.status == 401 || summary.status == 403)
            finish(RefusedCode);
        else if (summary.status == 0)
            finish(TimedOutCode);
        else if (summary.status >= 400)
            finish(ProtocolError);
        else
            finish(outcomeCode(rpcOutcome(trace(), m_exchange).kind));
    }
    static int outcomeCode(RpcOutcome::Kind kind)
    {
        return kind == RpcOutcome::Kind::Error    ? ProtocolError
            : kind == RpcOutcome::Kind::ToolError ? ToolError
                                                  : Done;
    }
    void print(const QByteArray &body)
    {
        const JsonText json = JsonText::parse(body);
        if (options().json && !body.isEmpty())
            output().resultLine(json.isValid() ? json.compact() : body);
        else if (json.isValid())
            output().text(json.indented() + '\n');
        else if (!body.isEmpty())
            output().line(forTerminal(QString::fromUtf8(body)));
    }

    Sink m_sink;
    ExchangeId m_exchange = 0;
    QTimer m_end;
};

} // namespace

std::unique_ptr<Action> sendAction(const Workplace &place)
{
    return std::make_unique<SendRecorded>(place);
}

} // namespace sightglass::cli
