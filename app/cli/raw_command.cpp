// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/request_action.h"

#include <algorithm>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// A request with a method of the person's own: prints its result, or its error.
class RawRequest final : public RequestAction {
public:
    using RequestAction::RequestAction;

    void begin() override
    {
        send(RpcCall{word(0).toUtf8(), options().args.value_or(QByteArray())});
    }

private:
    void answered(const CallResult &result) override
    {
        if (result.failure && !options().json && !result.error.isEmpty())
            output().text(JsonText::parse(result.error).indented() + '\n');
        RequestAction::answered(result);
    }
    void print(const CallResult &result) override
    {
        output().text(JsonText::parse(result.result).indented() + '\n');
        finish(Done);
    }
};

/// Several messages as one: prints the answers, also where some are errors.
class RawBatch final : public RequestAction {
public:
    using RequestAction::RequestAction;

    void begin() override
    {
        const JsonText messages = JsonText::parse(*options().args);
        const QList<JsonText::Node> all = messages.children(messages.root());
        if (std::any_of(all.cbegin(), all.cend(), [&](JsonText::Node message) {
                return messages.member(message, u"id") >= 0;
            }))
            output().note(
                u"note: each request of the batch gets an id of this session in place of the one that stands there."_s);
        waitFor(session().requestBatch(*options().args));
    }

private:
    void answered(const CallResult &result) override
    {
        const JsonText answers = JsonText::parse(result.result);
        const bool any = answers.childCount(answers.root()) > 0;
        if (any && options().json)
            output().resultLine(result.result);
        else if (any)
            output().text(answers.indented() + '\n');
        if (result.failure)
            fail(*result.failure);
        else
            print(result);
    }
    void print(const CallResult &result) override
    {
        const JsonText answers = JsonText::parse(result.result);
        if (answers.childCount(answers.root()) == 0)
            output().note(
                u"sent; notifications have no answer [exchange %1]"_s.arg(result.exchange));
        finish(Done);
    }
};

/// A notification, which has no answer: waits until it is out.
class RawNotification final : public Action {
public:
    explicit RawNotification(const Workplace &place)
        : Action(place)
        , m_sink(*this)
    {
    }
    ~RawNotification() override { trace().removeSink(&m_sink); }

    void begin() override
    {
        if (tellEnd(session().state()))
            return;
        m_before = trace().exchangeCount();
        trace().addSink(&m_sink);
        session().notify(word(0).toUtf8(), options().args.value_or(QByteArray()));
    }

    void onState(const SessionState &state) override { tellEnd(state); }

private:
    /// A program that has ended takes nothing: that leaves no exchange to wait for.
    bool tellEnd(const SessionState &state)
    {
        if (hasEnded() || !state.isProgram || state.stream.phase != StreamState::Phase::Ended)
            return false;
        fail(state.stream.failure.value_or(Failure{}));
        return true;
    }
    struct Sink final : public TraceSink {
        explicit Sink(RawNotification &to)
            : action(to)
        {
        }
        void onFinish(ExchangeId id, qint64, const std::optional<Failure> &failure) override
        {
            action.ended(id, failure);
        }
        void onRequest(ExchangeId, qint64, const RequestRecord &, const QByteArray &) override { }
        void onMark(ExchangeId, Mark, qint64) override { }
        void onResponse(ExchangeId, qint64, const ResponseRecord &) override { }
        void onBody(ExchangeId, const BodyChunk &, const char *) override { }
        void onFrame(ExchangeId, const Frame &) override { }
        void onNote(const Note &) override { }

        RawNotification &action;
    };

    void ended(ExchangeId exchange, const std::optional<Failure> &failure)
    {
        if (exchange <= m_before || trace().request(exchange).what != word(0))
            return;
        // Whoever writes the trace is not to be ended by what it tells.
        QMetaObject::invokeMethod(
            this,
            [this, exchange, failure] {
                const std::optional<ResponseRecord> answer = trace().response(exchange);
                if (failure) {
                    fail(*failure);
                } else if (answer && answer->status >= 300) {
                    fail(Failure{
                        FailureKind::Protocol,
                        u"notification-refused"_s,
                        u"The server answered the notification with HTTP %1."_s.arg(answer->status),
                        {},
                        exchange,
                        {}});
                } else {
                    output().note(
                        u"sent; a notification has no answer [exchange %1]"_s.arg(exchange));
                    finish(Done);
                }
            },
            Qt::QueuedConnection);
    }

    Sink m_sink;
    ExchangeId m_before = 0;
};

} // namespace

std::unique_ptr<Action> rawAction(const Workplace &place)
{
    const QString method = place.options.arguments.value(1);
    const JsonText arguments = JsonText::parse(place.options.args.value_or(QByteArray()));
    if (method == "batch"_L1 && arguments.isArray(arguments.root()))
        return std::make_unique<RawBatch>(place);
    if (method.startsWith("notifications/"_L1))
        return std::make_unique<RawNotification>(place);
    return std::make_unique<RawRequest>(place);
}

} // namespace sightglass::cli
