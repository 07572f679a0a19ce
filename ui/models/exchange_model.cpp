// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/exchange_model.h"

#include "core/trace/trace_text.h"
#include "ui/models/stream_facts.h"
#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QElapsedTimer>
#include <QLocale>

#include <algorithm>

namespace sightglass {

namespace {

constexpr qint64 kSliceNs = 4'000'000;
/// How often one looks what the threads of a filter found.
constexpr int kLookMs = 8;
/// Exchanges whose credentials are worked out between two looks at the clock.
constexpr qint64 kCredentialsAtOnce = 128;
/// What was read of answers is kept for more rows than a screen has.
constexpr qsizetype kOutcomesKept = 4096;
/// How far a second server is looked for, for the first row's sake.
constexpr ExchangeId kServersLookedFor = 5000;

/// From here on a duration is said in seconds, for its column is narrow.
constexpr qint64 kLongNs = 999'999 * 1'000'000LL;

QLocale numbers()
{
    return QLocale(QLocale::English, QLocale::UnitedKingdom);
}

/// The kind, where one would not guess it from the method.
QString kindWord(ExchangeKind kind)
{
    switch (kind) {
    case ExchangeKind::Stream:
    case ExchangeKind::Reconnect:
    case ExchangeKind::Discovery:
    case ExchangeKind::Registration:
    case ExchangeKind::Token:
        return QString::fromLatin1(exchangeKindName(kind));
    case ExchangeKind::Post:
    case ExchangeKind::Delete:
    case ExchangeKind::Other:
    case ExchangeKind::Process:
    case ExchangeKind::ErrorOutput:
    case ExchangeKind::Input:
        break;
    }
    return {};
}

/// "tools/call add": the protocol's word, and what it was said of. Only a method with a slash has
/// a name behind it: "event stream" is one thing.
qsizetype nameStart(const QString &what)
{
    const qsizetype space = what.indexOf(u' ');
    return space > 0 && QStringView(what).left(space).contains(u'/') ? space + 1 : -1;
}

QString iconOf(CredentialGlance::State state)
{
    switch (state) {
    case CredentialGlance::State::NoneNeeded:
        return {};
    case CredentialGlance::State::Carried:
        return QStringLiteral("key");
    case CredentialGlance::State::Withheld:
        return QStringLiteral("key-slash");
    case CredentialGlance::State::Missing:
        return QStringLiteral("missing");
    case CredentialGlance::State::Refused:
        return QStringLiteral("refused");
    }
    return {};
}

Role toneOf(CredentialGlance::State state)
{
    switch (state) {
    case CredentialGlance::State::Carried:
        return Role::Ok;
    case CredentialGlance::State::Missing:
    case CredentialGlance::State::Refused:
        return Role::Failure;
    case CredentialGlance::State::NoneNeeded:
    case CredentialGlance::State::Withheld:
        break;
    }
    return Role::Muted;
}

} // namespace

qint64 lastMoment(const ExchangeTimes &times)
{
    return std::max({times.begun, times.sent, times.head, times.lastByte, times.ended});
}

QString millisecondsText(qint64 nanoseconds)
{
    if (nanoseconds > 0 && nanoseconds < 500'000)
        return QStringLiteral("<1");
    return numbers().toString((nanoseconds + 500'000) / 1'000'000);
}

QString secondsText(qint64 nanoseconds)
{
    return numbers().toString(double(nanoseconds) / 1e9, 'f', 3);
}

ExchangeModel::ExchangeModel(QObject *parent)
    : QAbstractTableModel(parent)
{
    m_timer.setInterval(kLookMs);
    connect(&m_timer, &QTimer::timeout, this, &ExchangeModel::slice);
    m_pulse.setInterval(1000);
    connect(&m_pulse, &QTimer::timeout, this, [this] {
        for (const ExchangeId id : std::as_const(m_running)) {
            if (const int row = rowOf(id); row >= 0)
                Q_EMIT dataChanged(index(row, What), index(row, Duration));
        }
    });
    connect(&m_colours, &RowColours::known, this, [this](const QList<ExchangeId> &ids) {
        for (const ExchangeId id : ids) {
            if (const int row = rowOf(id); row >= 0)
                Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        }
    });
    m_credentialTimer.setInterval(0);
    connect(&m_credentialTimer, &QTimer::timeout, this, &ExchangeModel::sliceCredentials);
    m_sortTimer.setInterval(kLookMs);
    connect(&m_sortTimer, &QTimer::timeout, this, &ExchangeModel::sliceSort);
}

void ExchangeModel::setTrace(const TraceReader *trace, TraceClock now)
{
    m_trace = trace;
    m_now = std::move(now);
    if (m_trace && m_now)
        m_pulse.start();
    else
        m_pulse.stop();
    m_span = 1;
    m_window.reset();
    m_drawn.reset();
    m_outcomes.clear();
    m_colours.setTrace(m_trace);
    m_byHand.reset();
    m_notes = {};
    m_findings->set({});
    m_serversSeen = 0;
    m_severalServers = false;
    noteServers();
    if (m_trace)
        m_byHand.update(*m_trace);
    if (m_trace) {
        m_notes.update(*m_trace);
        m_notes.takeChanged();
    }
    updateCredentials(true);
    setFilter(m_scan.filter());
}

void ExchangeModel::setColourRules(const QList<ColourRule> &rules)
{
    m_rules = rules;
    QList<TraceFilter> filters;
    for (const ColourRule &rule : rules)
        filters.append(TraceFilter::parse(rule.text).withFindings(findingsLookup()));
    m_colours.setFilters(filters);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void ExchangeModel::setRedactor(std::shared_ptr<const Redactor> redactor)
{
    m_redactor = std::move(redactor);
    updateCredentials(true);
    if (sortColumn() == Credentials)
        startSorter(m_sorter.by());
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Credentials), index(rowCount() - 1, Credentials));
}

void ExchangeModel::setFilter(const TraceFilter &filter)
{
    beginResetModel();
    m_rows.clear();
    m_running.clear();
    noteStart();
    m_lookAgain.clear();
    m_scan.reset(m_trace, filter.withFindings(findingsLookup()));
    // The first step belongs to the reset: an ordinary trace is filtered without a flicker.
    FilterScan::Changes changes;
    const bool more = m_scan.step(kSliceNs, &changes);
    m_rows = changes.joined;
    std::sort(m_rows.begin(), m_rows.end());
    for (const ExchangeId id : std::as_const(m_rows)) {
        const ExchangeSummary summary = m_trace->summary(id);
        m_span = std::max(m_span, lastMoment(summary.times));
        if (!summary.finished)
            m_running.append(id);
    }
    m_order.reset();
    if (sortColumn() >= 0) {
        m_order = std::make_shared<const RowOrder>();
        startSorter(m_sorter.by());
        if (m_sorter.step(kSliceNs))
            m_order = m_sorter.order();
    }
    m_sortAwaited = sortColumn() >= 0 && m_sorter.isBusy();
    endResetModel();
    Q_EMIT matchesReset();
    Q_EMIT timesChanged();
    Q_EMIT sortingChanged();
    if (more) {
        m_timer.start(filter.isEmpty() ? 0 : kLookMs);
    } else {
        m_timer.stop();
        Q_EMIT scanFinished();
    }
}

void ExchangeModel::updateNotes()
{
    m_notes.update(*m_trace);
    const QSet<ExchangeId> changed = m_notes.takeChanged();
    m_colours.markGrown(changed);
    if (changed.isEmpty())
        return;
    for (const ExchangeId id : changed) {
        const int row = rowOf(id);
        if (row >= 0)
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        // The filter may ask for what was noted.
        if (!m_scan.filter().isEmpty())
            m_scan.lookAtAgain(id, row >= 0);
    }
}

void ExchangeModel::setFindings(const ExchangeFindings &found, const QSet<ExchangeId> &changed)
{
    m_findings->set(found);
    const QList<TraceFilter> &colours = m_colours.filters();
    if (std::any_of(colours.begin(), colours.end(),
                    [](const TraceFilter &filter) { return filter.asksForFindings(); })) {
        m_colours.markGrown(changed);
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
    if (!m_scan.filter().asksForFindings())
        return;
    m_lookAgain.unite(changed);
    slice();
}

void ExchangeModel::lookAtFindings()
{
    if (m_scan.isBusy())
        return;
    for (const ExchangeId id : std::as_const(m_lookAgain))
        m_scan.lookAtAgain(id, rowOf(id) >= 0);
    m_lookAgain.clear();
}

void ExchangeModel::noteStart()
{
    m_start = m_trace && m_trace->exchangeCount() > 0 ? m_trace->summary(1).times.begun : 0;
}

void ExchangeModel::refresh()
{
    if (!m_trace)
        return;
    updateCredentials(false);
    m_byHand.update(*m_trace);
    updateNotes();
    noteServers();
    noteStart();
    m_scan.markGrown();
    for (const ExchangeId id : std::as_const(m_running)) {
        const int row = rowOf(id);
        if (row >= 0)
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    }
    const qint64 before = m_span;
    const QList<ExchangeId> running = m_running;
    m_running.removeIf([this](ExchangeId id) {
        const ExchangeSummary summary = m_trace->summary(id);
        m_span = std::max(m_span, lastMoment(summary.times));
        return summary.finished;
    });
    slice();
    // A longer trace moves every bar; what is not on the screen is not painted for it.
    if (m_span != before && !isZoomed())
        tellTimes();
    if (sortColumn() >= 0) {
        m_sorter.lookAgain(running);
        sliceSort();
    }
}

void ExchangeModel::slice()
{
    if (!m_lookAgain.isEmpty())
        lookAtFindings();
    FilterScan::Changes changes;
    const bool more = m_scan.step(0, &changes) || !m_lookAgain.isEmpty();
    apply(changes);
    if (more) {
        // Without a filter there are no threads to wait for.
        m_timer.start(m_scan.filter().isEmpty() ? 0 : kLookMs);
    } else if (m_timer.isActive()) {
        m_timer.stop();
        Q_EMIT scanFinished();
    }
}

void ExchangeModel::setTimeWindow(const std::optional<TimeWindow> &window)
{
    const bool whole = !window || *window == wholeTime();
    const std::optional<TimeWindow> wanted = whole ? std::nullopt : window;
    if (wanted == m_window)
        return;
    m_window = wanted;
    tellTimes();
}

void ExchangeModel::setSpan(const std::optional<TimeWindow> &span)
{
    m_drawn = span;
    tellTimes();
}

void ExchangeModel::tellTimes()
{
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Waterfall), index(rowCount() - 1, Waterfall));
    Q_EMIT timesChanged();
}

CredentialGlance ExchangeModel::glance(ExchangeId id) const
{
    if (!m_trace || !m_credentials)
        return {};
    return m_credentials->glance(id);
}

void ExchangeModel::updateCredentials(bool anew)
{
    if (anew)
        m_credentials.reset();
    if (!m_credentials && m_redactor)
        m_credentials = std::make_unique<CredentialMatrixBuilder>(*m_redactor);
    sliceCredentials();
}

void ExchangeModel::sliceCredentials()
{
    if (!m_credentials || !m_trace) {
        m_credentialTimer.stop();
        return;
    }
    QElapsedTimer timer;
    timer.start();
    do {
        m_credentials->update(*m_trace, kCredentialsAtOnce);
    } while (m_credentials->isBehind(*m_trace) && timer.nsecsElapsed() < kSliceNs);
    if (m_credentials->isBehind(*m_trace)) {
        m_credentialTimer.start();
    } else if (m_credentialTimer.isActive()) {
        m_credentialTimer.stop();
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, Credentials), index(rowCount() - 1, Credentials));
        Q_EMIT credentialsKnown();
    }
}

int ExchangeModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ExchangeModel::display(ExchangeId id, const ExchangeSummary &summary, int column) const
{
    switch (column) {
    case Number:
        return QString::number(id);
    case Time:
        return secondsText(summary.times.begun);
    case Method:
        return QString::fromLatin1(m_trace->request(id).method);
    case What: {
        const RequestRecord &request = m_trace->request(id);
        return visibleText(request.what.isEmpty() ? QString::fromUtf8(request.target)
                                                  : request.what);
    }
    case Credentials: {
        const CredentialGlance seen = glance(id);
        switch (seen.state) {
        case CredentialGlance::State::NoneNeeded:
            return {};
        case CredentialGlance::State::Carried:
            return QString::fromLatin1(seen.text);
        case CredentialGlance::State::Withheld:
            return tr("withheld");
        case CredentialGlance::State::Missing:
            return tr("missing");
        case CredentialGlance::State::Refused:
            return tr("refused");
        }
        return {};
    }
    case Status:
        // What is wrong with an answer that HTTP calls fine is said in words.
        if (const QString words = rpcOutcomeWords(outcome(id, summary)); !words.isEmpty())
            return summary.status > 0 ? QStringLiteral("%1 %2").arg(summary.status).arg(words)
                                      : words;
        if (summary.failed && summary.status > 0 && summary.status < 400)
            return tr("%1 failed").arg(summary.status);
        if (summary.status > 0)
            return QString::number(summary.status);
        return summary.failed ? tr("failed") : QString();
    case Events:
        return summary.events > 0 ? numbers().toString(summary.events) : QString();
    case Size:
        return summary.status > 0 || summary.responseBytes > 0 ? humanSize(summary.responseBytes)
                                                               : QString();
    case Duration:
        if (summary.finished && summary.times.ended - summary.times.begun >= kLongNs)
            return QStringLiteral("%1 s").arg(
                numbers().toString((summary.times.ended - summary.times.begun) / 1'000'000'000));
        if (summary.finished && summary.times.ended >= 0)
            return millisecondsText(summary.times.ended - summary.times.begun);
        return summary.finished ? QString() : tr("open");
    default:
        return {};
    }
}

RpcOutcome ExchangeModel::outcome(ExchangeId id, const ExchangeSummary &summary) const
{
    const auto known = m_outcomes.constFind(id);
    if (known != m_outcomes.constEnd())
        return *known;
    RpcOutcome read = rpcOutcome(*m_trace, id);
    if (m_redactor)
        read.message = m_redactor->text(read.message);
    if (summary.finished) {
        if (m_outcomes.size() >= kOutcomesKept)
            m_outcomes.clear();
        m_outcomes.insert(id, read);
    }
    return read;
}

/// The first row names its server only where others follow.
void ExchangeModel::noteServers()
{
    if (!m_trace)
        return;
    const ExchangeId last = std::min(m_trace->exchangeCount(), kServersLookedFor);
    for (; m_serversSeen < last && !m_severalServers; ++m_serversSeen)
        m_severalServers = serverOf(*m_trace, m_serversSeen + 1) != serverOf(*m_trace, 1);
}

QString ExchangeModel::serverAt(int row) const
{
    const QString server = serverOf(*m_trace, idAt(row));
    const bool same = row > 0 ? serverOf(*m_trace, idAt(row - 1)) == server : !m_severalServers;
    return same ? QString() : visibleText(server);
}

QString ExchangeModel::asideOf(ExchangeId id) const
{
    QStringList words;
    if (m_notes.isMarked({id, -1}))
        words << tr("bookmarked");
    if (const QString note = m_notes.remark({id, -1}); !note.isEmpty())
        words << tr("note: %1").arg(visibleText(note));
    if (const auto origin = m_byHand.originOf(id))
        words << (origin->edited ? tr("%1, edited by you").arg(origin->of)
                                 : tr("%1, sent again").arg(origin->of));
    if (const QString live = streamGlance(*m_trace, id, m_now ? m_now() : -1); !live.isEmpty())
        words << live;
    return words.join(QStringLiteral(", "));
}

bool ExchangeModel::isBad(ExchangeId id, const ExchangeSummary &summary) const
{
    return !isNoFault(summary)
        && (summary.failed || summary.status >= 400 || outcome(id, summary).isError());
}

QVariant ExchangeModel::toolTip(ExchangeId id, const ExchangeSummary &summary, int column) const
{
    switch (column) {
    case Number:
        // Colour alone would say nothing.
        if (const int rule = m_colours.of(id); rule >= 0)
            return tr("%1: it matches %2")
                .arg(FilterBook::colourName(m_rules.at(rule).role),
                     visibleText(m_rules.at(rule).text));
        return {};
    case Time:
        return m_trace->began()
            .addMSecs(summary.times.begun / 1'000'000)
            .toLocalTime()
            .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    case Method:
    case What: {
        const RequestRecord &request = m_trace->request(id);
        const QUrl url = m_redactor ? m_redactor->url(request.url) : request.url;
        QString text = QStringLiteral("%1 %2\n%3")
                           .arg(QString::fromLatin1(request.method), url.toString(),
                                visibleText(request.what.left(2000)));
        if (StreamFacts::isStream(*m_trace, id)) {
            StreamFacts facts;
            facts.reset({m_trace, m_redactor, false}, id);
            facts.update(kSliceNs);
            text += u'\n' + facts.words(m_now ? m_now() : -1).join(u'\n');
        }
        return text;
    }
    case Credentials: {
        const CredentialGlance seen = glance(id);
        const QString name = QString::fromLatin1(seen.text);
        switch (seen.state) {
        case CredentialGlance::State::NoneNeeded:
            return tr("Carried nothing that is known to be a credential");
        case CredentialGlance::State::Carried:
            return tr("Carried %1").arg(name);
        case CredentialGlance::State::Withheld:
            return tr("%1 was withheld on purpose").arg(name);
        case CredentialGlance::State::Missing:
            return seen.comparedWith > 0
                ? tr("%1 is missing; exchange %2 carried it").arg(name).arg(seen.comparedWith)
                : tr("%1 is missing").arg(name);
        case CredentialGlance::State::Refused:
            return tr("The server refused what it carried");
        }
        return {};
    }
    case Status:
        if (summary.left)
            return visibleText(leftBecause(*m_trace, id));
        if (const auto failure = m_trace->failure(id))
            return failure->sentence;
        if (const RpcOutcome said = outcome(id, summary); said.isError()) {
            if (said.kind == RpcOutcome::Kind::ToolError)
                return tr("The tool said isError: it did not succeed");
            const QString words = rpcOutcomeWords(said);
            return said.message.isEmpty()
                ? tr("The answer is a JSON-RPC %1").arg(words)
                : tr("The answer is a JSON-RPC %1: %2").arg(words, visibleText(said.message));
        }
        if (isStreamNotOffered(summary.kind, summary.status))
            return tr("405: the server offers no event stream by GET, which it need not");
        if (const std::optional<ResponseRecord> response = m_trace->response(id))
            return QStringLiteral("%1 %2")
                .arg(response->status)
                .arg(visibleText(QString::fromLatin1(response->reason)));
        return {};
    case Size:
        return tr("%1 bytes received, %2 bytes sent")
            .arg(numbers().toString(summary.responseBytes),
                 numbers().toString(summary.requestBytes));
    case Duration:
    case Waterfall:
        if (summary.times.ended >= 0)
            return humanDuration(summary.times.ended - summary.times.begun);
        return {};
    default:
        return {};
    }
}

QVariant ExchangeModel::data(const QModelIndex &index, int role) const
{
    const ExchangeId id = index.isValid() ? idAt(index.row()) : 0;
    if (id == 0)
        return {};
    const int column = index.column();
    switch (role) {
    case IdRole:
        return id;
    case Qt::DisplayRole:
        return display(id, m_trace->summary(id), column);
    case Qt::ToolTipRole:
        return toolTip(id, m_trace->summary(id), column);
    case Qt::TextAlignmentRole:
        return headerData(column, Qt::Horizontal, role);
    case Qt::AccessibleTextRole: {
        const QString text = display(id, m_trace->summary(id), column).toString();
        if (column == Waterfall)
            return toolTip(id, m_trace->summary(id), column);
        if (column == What) {
            QStringList words{text};
            if (const QString server = serverAt(index.row()); !server.isEmpty())
                words << tr("server %1").arg(server);
            if (const QString aside = asideOf(id); !aside.isEmpty())
                words << aside;
            if (const int rule = m_colours.of(id); rule >= 0)
                words << tr("matches %1").arg(visibleText(m_rules.at(rule).text));
            return words.join(QStringLiteral(", "));
        }
        return QStringLiteral("%1 %2").arg(
            headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(),
            text.isEmpty() ? tr("none") : text);
    }
    case MutedRole:
        return column == Method ? kindWord(m_trace->summary(id).kind) : QString();
    case NameRole: {
        if (column != What)
            return {};
        const QString &what = m_trace->request(id).what;
        const qsizetype start = nameStart(what);
        return start < 0 ? QString() : visibleText(what.mid(start));
    }
    case ServerRole:
        return serverAt(index.row());
    case LiveRole:
        return column == What ? asideOf(id) : QString();
    case GroundRole: {
        const int rule = m_colours.of(id);
        return rule < 0 ? QVariant() : QVariant(int(m_rules.at(rule).role));
    }
    case MarkedRole:
        return m_notes.isMarked({id, -1});
    case IconRole:
        if (column == Status)
            return outcome(id, m_trace->summary(id)).isError() ? QStringLiteral("warning")
                                                               : QString();
        return column == Credentials ? iconOf(glance(id).state) : QString();
    case ToneRole: {
        if (column == Credentials)
            return int(toneOf(glance(id).state));
        const bool bad = isBad(id, m_trace->summary(id));
        if (column == Status || column == Waterfall)
            return int(bad ? Role::Failure : (column == Status ? Role::Text : Role::Accent));
        return {};
    }
    case BarStartRole:
        return timeWindow().shareOf(m_trace->summary(id).times.begun);
    case BarEndRole: {
        const ExchangeSummary summary = m_trace->summary(id);
        return timeWindow().shareOf(summary.finished ? lastMoment(summary.times)
                                                     : std::max(m_span, summary.times.begun));
    }
    case SpanRole:
        if (!m_drawn)
            return {};
        return QPointF(timeWindow().shareOf(m_drawn->from), timeWindow().shareOf(m_drawn->to));
    default:
        return {};
    }
}

QVariant ExchangeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool number = section == Number || section == Time || section == Events
            || section == Size || section == Duration;
        return int((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role == Qt::AccessibleTextRole && section == Waterfall)
        return tr("Waterfall, %1").arg(timeWords(timeWindow()));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number:
        return tr("#");
    case Time:
        return tr("Time s");
    case Method:
        return tr("Method");
    case What:
        return tr("What");
    case Credentials:
        return tr("Credentials");
    case Status:
        return tr("Status");
    case Events:
        return tr("Events");
    case Size:
        return tr("Size");
    case Duration:
        return tr("ms");
    default:
        return {};
    }
}

} // namespace sightglass
