// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/credential_matrix.h"

#include "core/trace/credential_index.h"

#include <QMap>

#include <algorithm>
#include <array>

namespace sightglass {

namespace {

using State = MatrixCell::State;
using Mask = CredentialIndex::Mask;
constexpr int stateCount = int(State::Refused) + 1;
/// Which state a cell shows where its exchanges differ, the worst first.
constexpr std::array<State, stateCount> worstFirst = {
    State::Missing, State::Refused, State::Withheld, State::Carried, State::NotYet, State::None};

QString rowWhat(CredentialIndex::Row row)
{
    switch (row) {
    case CredentialIndex::Row::Discover:
        return QStringLiteral("server/discover");
    case CredentialIndex::Row::Initialize:
        return QStringLiteral("initialize");
    case CredentialIndex::Row::Messages:
        return QStringLiteral("messages");
    case CredentialIndex::Row::Stream:
        return QStringLiteral("event stream");
    case CredentialIndex::Row::Reconnect:
        return QStringLiteral("reconnect");
    case CredentialIndex::Row::Discovery:
        return QStringLiteral("discovery");
    case CredentialIndex::Row::Registration:
        return QStringLiteral("registration");
    case CredentialIndex::Row::Token:
        return QStringLiteral("token");
    case CredentialIndex::Row::Delete:
        return QStringLiteral("end of session");
    case CredentialIndex::Row::Other:
        break;
    }
    return QStringLiteral("other requests");
}

/// The exchanges of one row that are in one state in one column.
struct StateGroup {
    QList<ExchangeId> exchanges;
    QByteArray text; ///< of the newest
    QString why; ///< of the newest
    int refusedWith = 0; ///< of the newest
    QByteArray asksFor; ///< of the newest
};
struct RowGroup {
    ExchangeKind kind = ExchangeKind::Other;
    QByteArray method;
    qint64 count = 0;
    ExchangeId newestAnswer = 0;
    QMap<int, ExchangeId> statuses; ///< and the first exchange that was answered so
    std::vector<std::array<StateGroup, stateCount>> columns;
};

State stateOf(const CredentialIndex::Entry &entry, int column)
{
    const Mask bit = Mask(1) << column;
    if (entry.missing & bit)
        return State::Missing;
    if (entry.withheld & bit)
        return State::Withheld;
    const bool isProtocol = (CredentialIndex::ProtocolColumns & bit) != 0;
    if (entry.carried & bit) {
        // Where another one lacked, it is that one that was asked for.
        const bool blamed = !isProtocol && entry.wasRefused() && !entry.takenUp
            && !((entry.missing | entry.withheld) & ~CredentialIndex::ProtocolColumns);
        return blamed ? State::Refused : State::Carried;
    }
    return isProtocol && CredentialIndex::opensConnection(entry.row) ? State::NotYet : State::None;
}

/// Within `request`, which has to stay.
const Withheld *findWithheld(RequestRecord &&request, const QByteArray &name) = delete;
const Withheld *findWithheld(const RequestRecord &request, const QByteArray &name)
{
    for (const Withheld &withheld : request.withheld) {
        if (withheld.name.compare(name, Qt::CaseInsensitive) == 0)
            return &withheld;
    }
    return nullptr;
}

/// The scheme of the first challenge of an answer; empty where there is none.
QByteArray challengeScheme(const std::optional<ResponseRecord> &response)
{
    if (!response)
        return {};
    for (const Header &header : response->headers) {
        if (header.name.compare("WWW-Authenticate", Qt::CaseInsensitive) != 0)
            continue;
        const QByteArray value = header.value.trimmed();
        qsizetype end = 0;
        while (end < value.size() && value.at(end) != ' ' && value.at(end) != ',')
            ++end;
        return value.left(end);
    }
    return {};
}

} // namespace

struct CredentialMatrixBuilder::Private {
    explicit Private(Redactor r)
        : redactor(std::move(r))
    {
    }

    Redactor redactor;
    const TraceReader *trace = nullptr;
    quint64 revision = 0;
    CredentialIndex index;
    ExchangeId rangeFirst = 1;
    ExchangeId rangeLast = 0; ///< 0: no end
    ExchangeId taken = 0; ///< the rows know all of the range up to it
    std::array<RowGroup, CredentialIndex::RowCount> rows;
    qint64 missing = 0;
    mutable CredentialMatrix matrix;
    mutable bool current = true;
    /// The last value of each column and what it shows as: values seldom change.
    struct Shown {
        QByteArray value;
        QByteArray text;
    };
    mutable QHash<int, Shown> shown;

    ExchangeId end() const
    {
        return rangeLast > 0 ? qMin(rangeLast, index.count()) : index.count();
    }
    void takeNew(ExchangeId id);
    static void noteStatus(RowGroup &row, ExchangeId id, int status);
    void takeAnswer(ExchangeId id);
    void takeUp(ExchangeId id);
    void put(RowGroup &row, ExchangeId id, int column, State state);
    QByteArray textOf(ExchangeId id, int column) const;
    QByteArray makeText(const Header &header, int column) const;
    QList<int> columnOrder() const;
    void build() const;
};

void CredentialMatrixBuilder::Private::noteStatus(RowGroup &row, ExchangeId id, int status)
{
    row.newestAnswer = qMax(row.newestAnswer, id);
    const auto known = row.statuses.find(status);
    if (known == row.statuses.end())
        row.statuses.insert(status, id);
    else
        *known = qMin(*known, id);
}

void CredentialMatrixBuilder::Private::takeNew(ExchangeId id)
{
    // What goes to a program's stdin carries no headers.
    if (!isHttp(trace->summary(id).kind))
        return;
    const CredentialIndex::Entry &entry = index.entry(id);
    RowGroup &row = rows[size_t(entry.row)];
    if (row.count++ == 0) {
        row.kind = trace->summary(id).kind;
        row.method = trace->request(id).method;
    }
    if (entry.status)
        noteStatus(row, id, entry.status);
    if (entry.missing & ~CredentialIndex::ProtocolColumns)
        ++missing;
    for (int column = 0; column < index.columnCount(); ++column)
        put(row, id, column, stateOf(entry, column));
}

void CredentialMatrixBuilder::Private::takeAnswer(ExchangeId id)
{
    if (!isHttp(trace->summary(id).kind))
        return;
    const CredentialIndex::Entry &entry = index.entry(id);
    RowGroup &row = rows[size_t(entry.row)];
    noteStatus(row, id, entry.status);
    if (entry.asked) {
        if (!(entry.missing & ~entry.asked & ~CredentialIndex::ProtocolColumns))
            ++missing;
        for (int column = 0; column < index.columnCount(); ++column) {
            if (entry.asked & (Mask(1) << column))
                put(row, id, column, State::Missing);
        }
    }
    for (size_t column = 0; column < row.columns.size(); ++column) {
        if (stateOf(entry, int(column)) != State::Refused)
            continue;
        // So far it counted as carried; it is near the end.
        QList<ExchangeId> &carried = row.columns[column][size_t(State::Carried)].exchanges;
        const qsizetype at = carried.lastIndexOf(id);
        if (at >= 0)
            carried.removeAt(at);
        put(row, id, int(column), State::Refused);
    }
}

void CredentialMatrixBuilder::Private::takeUp(ExchangeId id)
{
    if (!isHttp(trace->summary(id).kind))
        return;
    const CredentialIndex::Entry &entry = index.entry(id);
    RowGroup &row = rows[size_t(entry.row)];
    noteStatus(row, id, entry.status);
    for (size_t column = 0; column < row.columns.size(); ++column) {
        for (const State state : {State::Missing, State::Refused}) {
            QList<ExchangeId> &exchanges = row.columns[column][size_t(state)].exchanges;
            const qsizetype at = exchanges.lastIndexOf(id);
            if (at < 0 || stateOf(entry, int(column)) == state)
                continue;
            exchanges.removeAt(at);
            if (state == State::Missing && !(entry.missing & ~CredentialIndex::ProtocolColumns))
                --missing;
            put(row, id, int(column), stateOf(entry, int(column)));
        }
    }
}

void CredentialMatrixBuilder::Private::put(RowGroup &row, ExchangeId id, int column, State state)
{
    if (state == State::None)
        return;
    if (size_t(column) >= row.columns.size())
        row.columns.resize(size_t(column) + 1);
    StateGroup &group = row.columns[size_t(column)][size_t(state)];
    if (group.exchanges.isEmpty() || group.exchanges.constLast() < id)
        group.exchanges.append(id);
    else
        group.exchanges.insert(
            std::lower_bound(group.exchanges.cbegin(), group.exchanges.cend(), id), id);
    if (group.exchanges.constLast() != id)
        return;
    if (state == State::Carried || state == State::Refused)
        group.text = textOf(id, column);
    if (state == State::Withheld || state == State::Missing) {
        const RequestRecord request = trace->request(id);
        const Withheld *withheld = findWithheld(request, index.columnName(column));
        group.why = withheld ? withheld->why : QString();
        const CredentialIndex::Entry &entry = index.entry(id);
        const bool asked = (entry.asked & (Mask(1) << column)) != 0;
        group.refusedWith = asked ? entry.status : 0;
        group.asksFor = asked ? challengeScheme(trace->response(id)) : QByteArray();
    }
}

QByteArray CredentialMatrixBuilder::Private::textOf(ExchangeId id, int column) const
{
    const QByteArray &name = index.columnName(column);
    const RequestRecord request = trace->request(id); // outlives the loop over it
    for (const Header &header : request.headers) {
        if (header.name.compare(name, Qt::CaseInsensitive) != 0)
            continue;
        Shown &last = shown[column];
        if (last.text.isEmpty() || last.value != header.value)
            last = {header.value, makeText(header, column)};
        return last.text;
    }
    return {};
}

QByteArray CredentialMatrixBuilder::Private::makeText(const Header &header, int column) const
{
    if (column == CredentialIndex::SessionColumn) {
        const bool isFingerprint = redactor.fingerprint(header.value) == header.value;
        return isFingerprint ? header.value : header.value.left(4);
    }
    if (!Redactor::isSecret(header))
        return redactor.headerValue(header);
    if (header.value.isEmpty())
        return "(empty)";
    const bool oneCookie =
        header.name.compare("Cookie", Qt::CaseInsensitive) == 0 && !header.value.contains(';');
    return redactor.fingerprint(
        oneCookie ? header.value.mid(header.value.indexOf('=') + 1).trimmed() : header.value);
}

QList<int> CredentialMatrixBuilder::Private::columnOrder() const
{
    QList<int> order;
    for (int column = 0; column < index.columnCount(); ++column) {
        if (column == CredentialIndex::SessionColumn || column == CredentialIndex::VersionColumn)
            continue;
        if (index.columnName(column).compare("Authorization", Qt::CaseInsensitive) == 0)
            order.prepend(column);
        else
            order.append(column);
    }
    return order << CredentialIndex::SessionColumn << CredentialIndex::VersionColumn;
}

void CredentialMatrixBuilder::Private::build() const
{
    current = true;
    matrix = {};
    if (index.count() == 0)
        return;
    const QList<int> order = columnOrder();
    for (int column : order)
        matrix.columns.append(index.columnName(column));
    for (int r = 0; r < CredentialIndex::RowCount; ++r) {
        const RowGroup &group = rows[size_t(r)];
        if (group.count == 0)
            continue;
        MatrixRow row;
        row.kind = group.kind;
        row.method = group.method;
        row.what = rowWhat(CredentialIndex::Row(r));
        row.count = group.count;
        row.status = group.newestAnswer ? index.entry(group.newestAnswer).status : 0;
        row.statuses = group.statuses.keys();
        std::sort(row.statuses.begin(), row.statuses.end(), [&group](int a, int b) {
            return group.statuses.value(a) < group.statuses.value(b);
        });
        row.left = std::all_of(group.statuses.cbegin(), group.statuses.cend(),
                               [this](ExchangeId first) { return trace->summary(first).left; })
            && !group.statuses.isEmpty();
        for (int column : order) {
            MatrixCell cell;
            if (size_t(column) < group.columns.size()) {
                for (State state : worstFirst) {
                    const StateGroup &of = group.columns[size_t(column)][size_t(state)];
                    if (!of.exchanges.isEmpty()) {
                        cell = {state, of.text, of.why, of.exchanges, of.refusedWith, of.asksFor};
                        break;
                    }
                }
            }
            row.cells.append(cell);
        }
        matrix.rows.append(row);
    }
}

CredentialMatrixBuilder::CredentialMatrixBuilder(Redactor redactor)
    : d(std::make_unique<Private>(std::move(redactor)))
{
}

CredentialMatrixBuilder::~CredentialMatrixBuilder() = default;
CredentialMatrixBuilder::CredentialMatrixBuilder(CredentialMatrixBuilder &&) noexcept = default;
CredentialMatrixBuilder &
CredentialMatrixBuilder::operator=(CredentialMatrixBuilder &&) noexcept = default;

void CredentialMatrixBuilder::setRange(ExchangeId first, ExchangeId last)
{
    d->rangeFirst = qMax<ExchangeId>(1, first);
    d->rangeLast = last;
    d->taken = d->rangeFirst - 1;
    d->rows = {};
    d->missing = 0;
    d->current = false;
}

bool CredentialMatrixBuilder::update(const TraceReader &trace)
{
    return update(trace, -1);
}

ExchangeId CredentialMatrixBuilder::count() const
{
    return d->index.count();
}

bool CredentialMatrixBuilder::isBehind(const TraceReader &trace) const
{
    return d->trace != &trace || d->index.count() != trace.exchangeCount() || d->taken < d->end();
}

bool CredentialMatrixBuilder::update(const TraceReader &trace, qint64 most)
{
    bool changed = false;
    if (d->trace != &trace || trace.exchangeCount() < d->index.count()) {
        changed = d->trace != nullptr;
        const ExchangeId first = d->rangeFirst;
        const ExchangeId last = d->rangeLast;
        d = std::make_unique<Private>(std::move(d->redactor));
        d->trace = &trace;
        setRange(first, last);
    }
    const quint64 revision = trace.revision();
    if (revision == d->revision && !isBehind(trace))
        return changed;
    d->revision = revision;
    const ExchangeId before = d->index.count();
    QList<ExchangeId> ids;
    d->index.update(trace, &ids, most < 0 ? -1 : before + most);
    bool rowsChanged = false;
    for (ExchangeId id : std::as_const(ids)) {
        // Those above are taken below, as they are now.
        if (id >= d->rangeFirst && id <= d->taken) {
            if (d->index.entry(id).takenUp)
                d->takeUp(id);
            else
                d->takeAnswer(id);
            rowsChanged = true;
        }
    }
    const ExchangeId all = d->end();
    const ExchangeId end = most < 0 ? all : qMin(all, d->taken + most);
    while (d->taken < end) {
        d->takeNew(++d->taken);
        rowsChanged = true;
    }
    if (rowsChanged)
        d->current = false;
    return changed || !ids.isEmpty() || rowsChanged;
}

const CredentialMatrix &CredentialMatrixBuilder::matrix() const
{
    if (!d->current)
        d->build();
    return d->matrix;
}

CredentialGlance CredentialMatrixBuilder::glance(ExchangeId id) const
{
    if (id < 1 || id > d->index.count())
        return {};
    using Glance = CredentialGlance::State;
    const CredentialIndex::Entry &entry = d->index.entry(id);
    const QList<int> order = d->columnOrder();
    const auto first = [&](State state) {
        const auto found = std::find_if(order.cbegin(), order.cend() - 2, [&](int column) {
            return stateOf(entry, column) == state;
        });
        return found == order.cend() - 2 ? -1 : *found;
    };
    if (const int column = first(State::Missing); column >= 0)
        return {Glance::Missing, d->index.columnName(column), d->index.nearestAccepted(id, column)};
    if (const int column = first(State::Refused); column >= 0)
        return {Glance::Refused, d->textOf(id, column), d->index.nearestAccepted(id, column)};
    if (const int column = first(State::Carried); column >= 0)
        return {Glance::Carried, d->textOf(id, column), 0};
    if (const int column = first(State::Withheld); column >= 0)
        return {Glance::Withheld, d->index.columnName(column), 0};
    return {};
}

qint64 CredentialMatrixBuilder::missingCount() const
{
    return d->missing;
}

QList<TraceConnection> traceConnections(const TraceReader &trace)
{
    QList<TraceConnection> connections{TraceConnection()};
    const ExchangeId count = trace.exchangeCount();
    for (qint64 i = 0; i < trace.noteCount(); ++i) {
        const Note note = trace.note(i);
        if (note.name != QLatin1String("connect"))
            continue;
        // Exchanges are numbered in the order of their beginnings.
        ExchangeId low = connections.constLast().first;
        ExchangeId high = count + 1;
        while (low < high) {
            const ExchangeId middle = low + (high - low) / 2;
            if (trace.summary(middle).times.begun < note.at)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == connections.constLast().first)
            connections.removeLast(); // it has no exchange
        else
            connections.last().last = low - 1;
        connections.append({low, 0, note.at, note.text});
    }
    return connections;
}

CredentialMatrix credentialMatrix(const TraceReader &trace, const Redactor &redactor)
{
    CredentialMatrixBuilder builder(redactor);
    builder.update(trace);
    return builder.matrix();
}

CredentialGlance credentialGlance(const TraceReader &trace, ExchangeId id, const Redactor &redactor)
{
    CredentialMatrixBuilder builder(redactor);
    builder.update(trace);
    return builder.glance(id);
}

} // namespace sightglass
