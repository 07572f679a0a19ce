// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/sequence_model.h"

#include "core/sse/sse_parser.h"
#include "core/trace/rpc_outcome.h"
#include "core/trace/trace_text.h"
#include "ui/models/events_model.h"
#include "ui/models/exchange_model.h"
#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QThreadPool>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// How often one looks what the thread of the pool found.
constexpr int kSequenceLookMs = 8;
/// Rows that are taken in at once.
constexpr size_t kRowsAtOnce = 16'384;
constexpr qint64 kBetweenSequencesNs = 30'000'000;
/// Of a long message only the beginning is read for its line.
constexpr qint64 kSequenceLineBytes = 64 * 1024;

using Kind = SequenceRow::Kind;

} // namespace

/// What one thread of the pool does; shared with it.
struct SequenceModel::Job final : PoolJob {
    const TraceReader *trace = nullptr;
    std::shared_ptr<SequenceBuilder> builder;
    QList<ExchangeId> fresh;

    // Under the mutex.
    std::vector<SequenceBuilder::Part> parts;
    bool hasOpen = false;
    qint64 tookNs = 0;

    void run()
    {
        if (!begin()) {
            builder.reset();
            return;
        }
        QElapsedTimer timer;
        timer.start();
        builder->update(*trace, fresh, stop, [this](SequenceBuilder::Part &&part) {
            const std::lock_guard lock(mutex);
            parts.push_back(std::move(part));
        });
        const bool open = builder->hasOpen();
        builder.reset(); // in this thread, where nobody else wants it any more
        const std::lock_guard lock(mutex);
        hasOpen = open;
        tookNs = timer.nsecsElapsed();
        end();
    }
};

SequenceModel::SequenceModel(QObject *parent)
    : QAbstractTableModel(parent)
    , m_messages(1024)
{
    m_timer.setInterval(kSequenceLookMs);
    connect(&m_timer, &QTimer::timeout, this, &SequenceModel::step);
}

SequenceModel::~SequenceModel()
{
    m_leaving.take(std::move(m_job));
}

void SequenceModel::setExchanges(const ShownTrace &shown, const QList<ExchangeId> &ids)
{
    m_leaving.take(std::move(m_job));
    m_job.reset();
    if (shown.trace != m_shown.trace)
        m_leaving.waitForAll();
    if (m_builder)
        QThreadPool::globalInstance()->start(
            [builder = std::move(m_builder)]() mutable { builder.reset(); });
    beginResetModel();
    m_shown = shown;
    m_rows.clear();
    m_messages.clear();
    m_builder = std::make_shared<SequenceBuilder>();
    m_fresh = shown.trace ? ids : QList<ExchangeId>();
    m_grown = false;
    m_hasOpen = false;
    m_current = -1;
    m_sinceJob.invalidate();
    endResetModel();
    if (m_fresh.isEmpty())
        m_timer.stop();
    else
        step();
}

void SequenceModel::addExchanges(const QList<ExchangeId> &ids)
{
    m_fresh += ids;
    step();
}

void SequenceModel::refresh()
{
    m_grown = m_grown || m_hasOpen || m_job;
    step();
}

void SequenceModel::step()
{
    take();
    const bool wanted = !m_fresh.isEmpty() || (m_grown && m_hasOpen);
    const bool due = !m_sinceJob.isValid()
        || m_sinceJob.nsecsElapsed() >= std::max(kBetweenSequencesNs, 2 * m_tookNs);
    if (!m_job && wanted && due && m_shown.trace) {
        auto job = std::make_shared<Job>();
        job->trace = m_shown.trace;
        job->builder = m_builder;
        job->fresh.swap(m_fresh);
        m_grown = false;
        m_job = job;
        QThreadPool::globalInstance()->start([job] { job->run(); });
    }
    if (m_job || wanted)
        m_timer.start();
    else
        m_timer.stop();
}

void SequenceModel::take()
{
    if (!m_job)
        return;
    std::vector<SequenceBuilder::Part> parts;
    bool done = false;
    {
        const std::lock_guard lock(m_job->mutex);
        // The rest the next time.
        size_t count = 0;
        size_t rows = 0;
        while (count < m_job->parts.size() && rows < kRowsAtOnce)
            rows += m_job->parts[count++].rows.size();
        const auto end = m_job->parts.begin() + std::ptrdiff_t(count);
        parts.assign(std::make_move_iterator(m_job->parts.begin()), std::make_move_iterator(end));
        m_job->parts.erase(m_job->parts.begin(), end);
        done = m_job->isDone() && m_job->parts.empty();
        if (done) {
            m_hasOpen = m_job->hasOpen;
            m_tookNs = m_job->tookNs;
            m_sinceJob.start();
        }
    }
    bool joined = false;
    for (const SequenceBuilder::Part &part : parts) {
        if (!part.rows.empty()) {
            const int first = rowCount();
            beginInsertRows({}, first, first + int(part.rows.size()) - 1);
            m_rows.insert(m_rows.end(), part.rows.begin(), part.rows.end());
            endInsertRows();
        }
        for (const auto &[row, peer] : part.joined) {
            m_rows[size_t(row)].peer = peer;
            m_messages.remove(row);
            joined = true;
        }
    }
    if (joined)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    if (done) {
        m_job.reset();
        Q_EMIT caughtUp();
    }
}

SequenceRow SequenceModel::row(int row) const
{
    if (row >= 0 && size_t(row) < m_rows.size())
        return m_rows[size_t(row)];
    SequenceRow none;
    none.kind = Kind::Gap;
    return none;
}

int SequenceModel::rowOf(ExchangeId id, qint64 frame) const
{
    if (!m_shown.trace || id < 1 || id > m_shown.trace->exchangeCount())
        return -1;
    const qint64 at =
        frame < 0 ? m_shown.trace->summary(id).times.begun : m_shown.trace->frame(id, frame).at;
    auto place = std::lower_bound(m_rows.cbegin(), m_rows.cend(), at,
                                  [](const SequenceRow &a, qint64 b) { return a.at < b; });
    // What came late stands somewhat later than its time.
    constexpr int Looked = 4096;
    for (int i = 0; i < Looked && place != m_rows.cend(); ++i, ++place) {
        if (place->id == id && (frame < 0 || place->frame == frame))
            return int(place - m_rows.cbegin());
    }
    return -1;
}

void SequenceModel::setCurrent(int row)
{
    if (row == m_current)
        return;
    m_current = row;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int SequenceModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int SequenceModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString SequenceModel::message(int row) const
{
    if (const QString *known = m_messages.object(row))
        return *known;
    const QString text = readMessage(row);
    // What runs may say more later.
    if (m_rows[size_t(row)].kind != Kind::Gap)
        m_messages.insert(row, new QString(text));
    return text;
}

QString SequenceModel::readMessage(int row) const
{
    const SequenceRow &at = m_rows[size_t(row)];
    if (at.kind == Kind::Gap)
        return tr("nothing for %1")
            .arg(humanDuration(row > 0 ? at.at - m_rows[size_t(row - 1)].at : 0));
    const TraceReader &trace = *m_shown.trace;
    const RequestRecord &request = trace.request(at.id);
    const QString what =
        visibleText(request.what.isEmpty() ? QString::fromUtf8(request.target) : request.what);
    const ExchangeSummary summary = trace.summary(at.id);
    const QString status = summary.status > 0 ? QString::number(summary.status) : QString();
    const auto words = [](const QStringList &parts) {
        QStringList said = parts;
        said.removeAll(QString());
        return said.join(u"  "_s);
    };
    const auto asked = [&](int peer) {
        const SequenceRow of = this->row(peer);
        if (of.kind != Kind::Request)
            return QHash<RpcId, QString>();
        const QByteArray body = m_shown.requestBody(of.id);
        return body.size() < kSequenceLineBytes ? askedIn(body) : QHash<RpcId, QString>();
    };
    switch (at.kind) {
    case Kind::Request:
        return request.method == "POST" || request.method.isEmpty()
            ? what
            : words({QString::fromLatin1(request.method), what});
    case Kind::ClientAnswer: {
        const QByteArray body = m_shown.requestBody(at.id);
        const QString said = body.size() < kSequenceLineBytes ? messageWords(body, {}) : QString();
        return said.isEmpty() ? what : said;
    }
    case Kind::Answer: {
        if (summary.failed && summary.status == 0) {
            const auto failure = m_shown.failure(at.id);
            return failure ? visibleText(failure->sentence) : tr("failed");
        }
        const QByteArray body =
            summary.responseBytes < kSequenceLineBytes ? m_shown.responseBody(at.id) : QByteArray();
        QString said = messageWords(body, asked(at.peer));
        if (said.isEmpty() && summary.responseBytes > 0)
            said = humanSize(summary.responseBytes);
        return words({status, said});
    }
    case Kind::Opened:
        return words({status, tr("opens stream %1").arg(at.id)});
    case Kind::Ended: {
        const auto failure = m_shown.failure(at.id);
        return failure ? visibleText(failure->sentence) : tr("stream %1 ended").arg(at.id);
    }
    case Kind::StreamAnswer:
    case Kind::ServerRequest:
    case Kind::Event: {
        const Frame frame = trace.frame(at.id, at.frame);
        if (frame.start < summary.letGo)
            return tr("let go of, to make room");
        const qint64 length = std::min(frame.end - frame.start, kSequenceLineBytes);
        const SseContent content =
            frameContent(frame.kind, m_shown.responseBody(at.id, frame.start, length));
        QString said = messageWords(content.data, asked(at.peer));
        if (said.isEmpty())
            said = visibleText(QString::fromUtf8(content.data.left(400)));
        return said.isEmpty() ? tr("(no data)") : said;
    }
    case Kind::Gap:
        break;
    }
    return {};
}

QString SequenceModel::took(int row) const
{
    const SequenceRow &at = m_rows[size_t(row)];
    const bool answers = at.peer >= 0 && at.peer < row && size_t(at.peer) < m_rows.size();
    return answers ? millisecondsText(at.at - m_rows[size_t(at.peer)].at) : QString();
}

/// What the lines and arrows show.
QString SequenceModel::lanesInWords(int row) const
{
    const SequenceRow &at = m_rows[size_t(row)];
    QString words;
    if (at.kind == Kind::Gap)
        return tr("silence");
    if (at.kind == Kind::Ended)
        words = tr("stream %1 ends").arg(at.id);
    else if (at.fromClient())
        words = tr("client to server, exchange %1").arg(at.id);
    else if (at.frame >= 0)
        words = tr("server to client, on stream %1").arg(at.id);
    else
        words = tr("server to client, exchange %1").arg(at.id);
    if (at.peer > row)
        words += tr(", answered in row %1").arg(at.peer + 1);
    else if (at.peer >= 0)
        words += tr(", answers row %1").arg(at.peer + 1);
    else if (at.kind == Kind::Request || at.kind == Kind::ServerRequest)
        words += tr(", not answered");
    return words;
}

Role SequenceModel::tone(int row) const
{
    const SequenceRow &at = m_rows[size_t(row)];
    if (at.failed)
        return Role::Failure;
    if (at.kind == Kind::Gap)
        return Role::Attention;
    return at.kind == Kind::Opened || at.kind == Kind::Ended ? Role::Muted : Role::Text;
}

QVariant SequenceModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || size_t(index.row()) >= m_rows.size())
        return {};
    const int row = index.row();
    const SequenceRow &at = m_rows[size_t(row)];
    switch (role) {
    case Qt::TextAlignmentRole:
        return headerData(index.column(), Qt::Horizontal, role);
    case GroundRole:
        if (m_current >= 0 && at.peer == m_current)
            return int(Role::Accent);
        return {};
    case ToneRole:
        return int(index.column() == Time || index.column() == Took ? Role::Muted : tone(row));
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        switch (index.column()) {
        case Time:
            if (at.kind == Kind::Gap)
                return {};
            return role == Qt::DisplayRole ? secondsText(at.at)
                                           : tr("%1 s").arg(secondsText(at.at));
        case Lanes:
            return lanesInWords(row);
        case Message:
            return message(row);
        case Took:
            if (role == Qt::DisplayRole)
                return took(row);
            return at.peer >= 0 && at.peer < row ? tr("after %1 ms").arg(took(row)) : QString();
        default:
            return {};
        }
    case Qt::ToolTipRole:
        return index.column() == Lanes ? lanesInWords(row) : QVariant();
    default:
        return {};
    }
}

QVariant SequenceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Time || section == Took ? Qt::AlignRight : Qt::AlignLeft)
                   | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time s");
    case Lanes:
        return tr("Client, server, streams");
    case Message:
        return tr("Message");
    case Took:
        return tr("ms");
    default:
        return {};
    }
}

} // namespace sightglass
