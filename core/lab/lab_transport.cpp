// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_transport.h"

#include "core/lab/lab_channel.h"
#include "core/lab/lab_world.h"

#include <QTimer>

namespace sightglass {

using namespace Qt::StringLiterals;

/// Keeps what the lab says until the event loop comes round.
class LabTransport::Channel final : public LabChannel {
public:
    explicit Channel(LabWorld *world, std::function<void(const QByteArray &)> take,
                     std::function<void()> gone)
        : LabChannel(world)
        , m_take(std::move(take))
        , m_gone(std::move(gone))
    {
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, this, &Channel::hand);
    }

    void write(const QByteArray &message) override { print(message + '\n'); }
    void print(const QByteArray &bytes) override
    {
        m_said += bytes;
        m_timer.start(0);
    }
    void setSource(const LabOutlet::Source &source) override
    {
        m_sources.append(source);
        m_timer.start(0);
    }
    void leave() override
    {
        m_leaving = true;
        m_timer.start(0);
    }

private:
    void hand()
    {
        // A portion of one at a time: the event loop comes in between.
        if (m_said.isEmpty() && !m_sources.isEmpty() && !m_leaving) {
            const LabOutlet::Source source = m_sources.takeFirst();
            if (source([this](const QByteArray &message) { m_said += message + '\n'; }))
                m_sources.append(source);
        }
        const QPointer<Channel> guard(this);
        const QByteArray said = std::exchange(m_said, {});
        qsizetype at = 0;
        for (qsizetype end = said.indexOf('\n'); end >= 0; end = said.indexOf('\n', at)) {
            m_take(said.mid(at, end + 1 - at));
            if (!guard)
                return;
            at = end + 1;
        }
        m_said.prepend(said.mid(at));
        if (m_leaving)
            m_gone();
        else if (!m_sources.isEmpty() || m_said.contains('\n'))
            m_timer.start(0);
    }

    std::function<void(const QByteArray &)> m_take;
    std::function<void()> m_gone;
    QTimer m_timer;
    QByteArray m_said;
    QList<LabOutlet::Source> m_sources;
    bool m_leaving = false;
};

LabTransport::LabTransport(TraceStore *trace, const LabSettings &settings, QObject *parent)
    : Transport(parent)
    , m_trace(trace)
{
    auto world = std::make_unique<LabWorld>(settings);
    m_channel = std::make_unique<Channel>(
        world.get(), [this](const QByteArray &line) { take(line); },
        [this] {
            end(Failure{FailureKind::Unreachable,
                        u"lab-left"_s,
                        u"The lab has gone away."_s,
                        u"It was told to: see the faults that it plays."_s,
                        m_exchange,
                        {}});
        });
    m_world = std::move(world);
}

LabTransport::~LabTransport()
{
    if (m_exchange != 0 && m_state.phase != StreamState::Phase::Ended)
        m_trace->finish(m_exchange);
}

void LabTransport::begin()
{
    RequestRecord request;
    request.kind = ExchangeKind::Process;
    request.method = "LAB";
    request.target = "in-process";
    request.what = u"lab"_s;
    m_exchange = m_trace->begin(request, {});
    ResponseRecord response;
    response.http = "in-process";
    m_trace->respond(m_exchange, response);
    m_state.exchange = m_exchange;
    m_state.phase = StreamState::Phase::Open;
    m_state.openedAt = m_trace->now();
}

PostId LabTransport::post(const Outgoing &message)
{
    if (m_exchange == 0)
        begin();
    const PostId id = ++m_lastPost;
    RequestRecord request;
    request.kind = ExchangeKind::Input;
    request.cause = m_exchange;
    request.method = "CALL";
    request.what = message.what;
    Open open;
    open.exchange = m_trace->begin(request, message.text);
    open.what = message.what;
    open.expectsAnswer = message.expectsAnswer;
    const ExchangeId exchange = open.exchange;
    m_open.emplace(id, std::move(open));
    m_waiting.append({id, message.text});
    QMetaObject::invokeMethod(this, &LabTransport::deliver, Qt::QueuedConnection);
    Q_EMIT posted(id, exchange);
    return id;
}

void LabTransport::deliver()
{
    while (!m_waiting.isEmpty()) {
        const auto [id, text] = m_waiting.takeFirst();
        const auto it = m_open.find(id);
        if (it == m_open.end())
            continue; // given up before it was handed over
        if (m_state.phase == StreamState::Phase::Ended) {
            const Open open = it->second;
            m_open.erase(it);
            Failure failure{FailureKind::Unreachable,
                            u"lab-left"_s,
                            u"The lab has gone away."_s,
                            {},
                            open.exchange,
                            {}};
            m_trace->finish(open.exchange, failure);
            Q_EMIT postEnded(id, open.exchange, failure);
            continue;
        }
        m_trace->mark(it->second.exchange, Mark::Sent);
        if (!it->second.expectsAnswer) {
            const ExchangeId exchange = it->second.exchange;
            m_trace->finish(exchange);
            m_open.erase(it);
            m_channel->receive(text);
            Q_EMIT postEnded(id, exchange, {});
            continue;
        }
        m_channel->receive(text);
    }
}

void LabTransport::take(const QByteArray &line)
{
    m_trace->append(m_exchange, line.constData(), line.size());
    Frame frame;
    frame.start = m_said;
    m_said += line.size();
    frame.end = m_said;
    frame.at = m_trace->now();
    frame.kind = FrameKind::Line;
    m_trace->frame(m_exchange, frame);
    m_line = QByteArrayView(line).chopped(1);
    receive(m_line, m_exchange);
    m_line = {};
}

void LabTransport::settle(PostId id)
{
    const auto it = m_open.find(id);
    if (it == m_open.end())
        return;
    const ExchangeId exchange = it->second.exchange;
    m_open.erase(it);
    ResponseRecord response;
    response.http = "in-process";
    m_trace->respond(exchange, response);
    m_trace->append(exchange, m_line.data(), m_line.size());
    m_trace->finish(exchange);
}

void LabTransport::abandon(PostId id, const std::optional<Failure> &why)
{
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

void LabTransport::closeAll()
{
    while (!m_open.empty())
        abandon(m_open.begin()->first);
}

void LabTransport::endSession()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            end({});
            Q_EMIT sessionEnded({});
        },
        Qt::QueuedConnection);
}

void LabTransport::end(const std::optional<Failure> &failure)
{
    if (m_state.phase == StreamState::Phase::Ended)
        return;
    m_state.phase = StreamState::Phase::Ended;
    m_state.failure = failure;
    if (m_exchange != 0)
        m_trace->finish(m_exchange, failure);
    std::map<PostId, Open> open;
    open.swap(m_open);
    for (const auto &[id, one] : open) {
        Failure own = failure.value_or(Failure{FailureKind::Cancelled,
                                               u"cancelled"_s,
                                               u"%1 was given up."_s.arg(one.what),
                                               {},
                                               one.exchange,
                                               {}});
        own.exchange = one.exchange;
        m_trace->finish(one.exchange, own);
        Q_EMIT postEnded(id, one.exchange, own);
    }
    if (failure)
        Q_EMIT streamChanged();
}

namespace {

class LocalLab final : public LocalServer {
public:
    explicit LocalLab(LabSettings settings)
        : m_settings(std::move(settings))
    {
    }
    QString name() const override { return u"lab"_s; }
    std::unique_ptr<Transport> open(TraceStore *trace) const override
    {
        return std::make_unique<LabTransport>(trace, m_settings);
    }

private:
    LabSettings m_settings;
};

} // namespace

std::shared_ptr<const LocalServer> localLab(const LabSettings &settings)
{
    return std::make_shared<LocalLab>(settings);
}

} // namespace sightglass
