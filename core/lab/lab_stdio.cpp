// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_stdio.h"

#include "core/lab/lab_channel.h"
#include "core/lab/lab_world.h"
#include "core/lab/line_reader.h"

#include <QSocketNotifier>
#include <QTimer>

#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace sightglass {

namespace {

/// So much a write never blocks for, once poll() has said that there is room (POSIX, PIPE_BUF).
constexpr qsizetype readPortion = 4096;
constexpr qsizetype highWater = 256 * 1024;
/// How long the lab outlives its input.
constexpr int graceMs = 1000;

bool isReady(int descriptor, short events)
{
    pollfd one{descriptor, events, 0};
    return ::poll(&one, 1, 0) > 0;
}

} // namespace

/// Writes lines as fast as they are read.
class LabStdio::Channel final : public LabChannel {
public:
    Channel(LabWorld *world, int output)
        : LabChannel(world)
        , m_output(output)
        , m_notifier(output, QSocketNotifier::Write)
    {
        m_notifier.setEnabled(false);
        connect(&m_notifier, &QSocketNotifier::activated, this, [this] { flush(); });
    }

    void write(const QByteArray &message) override
    {
        m_waiting += message;
        m_waiting += '\n';
        flush();
    }
    void print(const QByteArray &bytes) override
    {
        m_waiting += bytes;
        flush();
    }
    void setSource(const LabOutlet::Source &source) override
    {
        m_sources.append(source);
        flush();
    }
    void leave() override
    {
        m_leaving = true;
        flush();
    }
    /// The input has ended: what is written still goes out, if somebody reads it; what is still to
    /// be made does not.
    void end()
    {
        m_sources.clear();
        QTimer::singleShot(graceMs, this, [this] {
            m_waiting.clear();
            m_written = 0;
            flush();
        });
        leave();
    }
    std::function<void()> onEnded;

private:
    void pull()
    {
        if (m_pulling)
            return;
        m_pulling = true;
        while (!m_sources.isEmpty() && !m_leaving && waiting() < highWater) {
            // In turn, so that none starves the others. Taken out while it runs: it may add one.
            const LabOutlet::Source source = m_sources.takeFirst();
            const bool hasMore = source([this](const QByteArray &message) {
                m_waiting += message;
                m_waiting += '\n';
            });
            if (hasMore)
                m_sources.append(source);
        }
        m_pulling = false;
    }

    qsizetype waiting() const { return m_waiting.size() - m_written; }

    void flush()
    {
        if (m_ended)
            return;
        pull();
        while (waiting() > 0 && isReady(m_output, POLLOUT)) {
            const ssize_t written = ::write(m_output, m_waiting.constData() + m_written,
                                            size_t(std::min(waiting(), readPortion)));
            if (written < 0 && (errno == EINTR || errno == EAGAIN))
                continue;
            if (written < 0) {
                m_waiting.clear();
                m_written = 0;
                m_leaving = true;
                break;
            }
            m_written += written;
            if (waiting() < highWater / 2 && !m_sources.isEmpty())
                break; // let the event loop see to the input in between
        }
        if (m_written == m_waiting.size() || m_written > highWater)
            m_waiting.remove(0, std::exchange(m_written, 0));
        m_notifier.setEnabled(waiting() > 0 || (!m_sources.isEmpty() && !m_leaving));
        if (m_leaving && waiting() == 0) {
            m_ended = true;
            m_notifier.setEnabled(false);
            QMetaObject::invokeMethod(
                this,
                [this] {
                    if (onEnded)
                        onEnded();
                },
                Qt::QueuedConnection);
        }
    }

    int m_output;
    QSocketNotifier m_notifier;
    QByteArray m_waiting;
    qsizetype m_written = 0;
    QList<LabOutlet::Source> m_sources;
    bool m_pulling = false;
    bool m_leaving = false;
    bool m_ended = false;
};

LabStdio::LabStdio(const LabSettings &settings, int input, int output, QObject *parent)
    : QObject(parent)
    , m_settings(settings)
    , m_input(input)
    , m_output(output)
{
}

LabStdio::~LabStdio() = default;

bool LabStdio::start(QString *problem)
{
    QString wrong;
    auto world = std::make_unique<LabWorld>(m_settings);
    world->setPlay(m_settings.play, &wrong);
    if (world->revisions().isEmpty())
        wrong = QStringLiteral("The lab speaks none of these revisions.");
    if (problem)
        *problem = wrong;
    if (!wrong.isEmpty())
        return false;
    m_channel = std::make_unique<Channel>(world.get(), m_output);
    m_world = std::move(world);
    m_channel->onEnded = [this] { Q_EMIT ended(); };
    connect(m_channel.get(), &LabChannel::said, this, &LabStdio::log);
    auto *notifier = new QSocketNotifier(m_input, QSocketNotifier::Read, m_channel.get());
    auto lines = std::make_shared<LabLineReader>();
    connect(notifier, &QSocketNotifier::activated, this, [this, notifier, lines] {
        std::array<char, 64 * 1024> buffer{};
        const ssize_t count = ::read(m_input, buffer.data(), buffer.size());
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            return;
        if (count <= 0) {
            notifier->setEnabled(false);
            m_channel->end();
            return;
        }
        lines->feed(QByteArrayView(buffer.data(), count));
        while (const std::optional<QByteArray> line = lines->next())
            m_channel->receive(*line);
        if (lines->isTooLong()) {
            notifier->setEnabled(false);
            Q_EMIT log(QStringLiteral("a line was longer than the lab reads"));
            m_channel->end();
        }
    });
    return true;
}

} // namespace sightglass
