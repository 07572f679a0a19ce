// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/body_comparison.h"

#include "core/compare/json_difference.h"
#include "core/compare/line_difference.h"
#include "core/sse/sse_parser.h"
#include "core/trace/trace_text.h"
#include "ui/counted.h"
#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QFont>
#include <QPointer>
#include <QThreadPool>

#include <algorithm>

namespace sightglass {

using BodyChange = BodyDifference::Kind;

namespace {

struct BodyTr {
    Q_DECLARE_TR_FUNCTIONS(BodyComparison)
};

/// A body above this is not compared: four of them are held at once.
constexpr qint64 kMostBytes = 64 * 1024 * 1024;
constexpr qsizetype kMostRows = 2000;
constexpr qsizetype kShownOfBody = 400;
/// Events of a stream that are compared.
constexpr qint64 kMostFrames = 20'000;

QString cell(QByteArrayView bytes)
{
    QString text =
        QString::fromUtf8(bytes.first(std::min<qsizetype>(bytes.size(), 4 * kShownOfBody)));
    if (text.size() > kShownOfBody || bytes.size() > 4 * kShownOfBody)
        text = text.left(kShownOfBody) + u'…';
    return visibleText(text);
}

/// The body as JSON: as it stands, or the messages of its events as one array.
JsonText jsonOf(const ComparedBody &body)
{
    if (body.frames.isEmpty())
        return JsonText::parse(body.bytes);
    QByteArray list = "[";
    for (const Frame &frame : body.frames) {
        if (!isDispatched(frame.kind))
            continue;
        const QByteArray data =
            frameContent(frame.kind,
                         QByteArrayView(body.bytes.mid(frame.start, frame.end - frame.start)))
                .data;
        if (data.trimmed().isEmpty())
            continue;
        if (list.size() > 1)
            list += ',';
        list += data;
    }
    return JsonText::parse(list + ']');
}

bool isText(const QByteArray &bytes)
{
    return !bytes.left(4096).contains('\0');
}

QList<BodyDifference> byJson(const JsonText &mine, const JsonText &other, bool *all)
{
    QList<BodyDifference> rows;
    const JsonDifferences found = jsonDifferences(mine, other, kMostRows);
    *all = found.all;
    for (const JsonDifference &each : found.list) {
        const QString where = each.pointer.isEmpty() ? BodyTr::tr("the whole of it")
                                                     : QString::fromUtf8(each.pointer);
        rows.append({each.kind == JsonDifference::Kind::Added         ? BodyChange::Added
                         : each.kind == JsonDifference::Kind::Removed ? BodyChange::Removed
                                                                      : BodyChange::Changed,
                     visibleText(where), cell(mine.raw(each.left)), cell(other.raw(each.right))});
    }
    return rows;
}

QList<BodyDifference> byLines(const QByteArray &mine, const QByteArray &other, bool *all)
{
    QList<BodyDifference> rows;
    for (const LineDifference &each : lineDifferences(mine, other)) {
        const qsizetype lines = std::max(each.left.size(), each.right.size());
        for (qsizetype i = 0; i < lines; ++i) {
            if (rows.size() == kMostRows) {
                *all = false;
                return rows;
            }
            const bool here = i < each.left.size();
            const bool there = i < each.right.size();
            rows.append({here && there ? BodyChange::Changed
                             : here    ? BodyChange::Removed
                                       : BodyChange::Added,
                         BodyTr::tr("line %L1").arg(here ? each.leftLine + i : each.rightLine + i),
                         here ? cell(each.left[i]) : QString(),
                         there ? cell(each.right[i]) : QString()});
        }
    }
    return rows;
}

} // namespace

QList<BodyDifference> bodyDifferences(const QString &title, const ComparedBody &mine,
                                      const ComparedBody &other)
{
    const auto heading = [&title](const QString &words) {
        return QList<BodyDifference>{
            {BodyChange::Heading, BodyTr::tr("%1: %2").arg(title, words), {}, {}}};
    };
    if (mine.bytes == other.bytes)
        return heading(mine.bytes.isEmpty() ? BodyTr::tr("no body in either")
                                            : BodyTr::tr("the same"));
    if (mine.bytes.isEmpty() || other.bytes.isEmpty())
        return heading(
            mine.bytes.isEmpty()
                ? BodyTr::tr("only the other one has a body, of %1")
                      .arg(humanSize(other.bytes.size()))
                : BodyTr::tr("only this one has a body, of %1").arg(humanSize(mine.bytes.size())));
    bool all = true;
    QList<BodyDifference> rows;
    const JsonText a = jsonOf(mine);
    const JsonText b = jsonOf(other);
    if (a.isValid() && b.isValid()) {
        rows = byJson(a, b, &all);
        if (rows.isEmpty())
            return heading(BodyTr::tr("the same but for how it is written"));
    } else if (isText(mine.bytes) && isText(other.bytes)) {
        rows = byLines(mine.bytes, other.bytes, &all);
    } else {
        const auto [x, y] = std::mismatch(mine.bytes.cbegin(), mine.bytes.cend(),
                                          other.bytes.cbegin(), other.bytes.cend());
        return heading(BodyTr::tr("%1 and %2 that differ from byte %L3 on")
                           .arg(humanSize(mine.bytes.size()), humanSize(other.bytes.size()))
                           .arg(qint64(x - mine.bytes.cbegin())));
    }
    const QString words =
        counted(rows.size(), BodyTr::tr("%1 difference"), BodyTr::tr("%1 differences"));
    return heading(all ? words : BodyTr::tr("more than %1").arg(words)) + rows;
}

BodyComparisonModel::BodyComparisonModel(QObject *parent)
    : QAbstractTableModel(parent)
    , m_loader(new BodyLoader(this))
{
    connect(m_loader, &BodyLoader::progressed, this, [this](qint64 copied, qint64 size) {
        Q_EMIT progressed(tr("Reading %1 of %2…").arg(humanSize(copied), humanSize(size)));
    });
}

void BodyComparisonModel::compare(const ShownTrace &shown, ExchangeId id, ExchangeId other)
{
    ++m_turn;
    m_loader->cancel();
    m_shown = shown;
    m_id = id;
    m_other = other;
    m_bodies = {};
    m_next = 0;
    beginResetModel();
    m_differences.clear();
    endResetModel();
    m_busy = id > 0 && other > 0 && shown.trace;
    if (!m_busy) {
        m_shown = {};
        return;
    }
    for (size_t i = 0; i < m_bodies.size(); ++i) {
        const ExchangeSummary summary = shown.trace->summary(i < 2 ? id : other);
        const qint64 size =
            i % 2 == 0 ? summary.requestBytes : summary.responseBytes - summary.letGo;
        if (size <= kMostBytes)
            continue;
        take(m_turn,
             {{BodyChange::Heading,
               tr("A body of %1 is too long to be compared here.").arg(humanSize(size)),
               {},
               {}}});
        return;
    }
    load();
}

void BodyComparisonModel::load()
{
    if (m_next < m_bodies.size()) {
        const size_t part = m_next++;
        const ExchangeId of = part < 2 ? m_id : m_other;
        const ExchangeSummary summary = m_shown.trace->summary(of);
        const bool request = part % 2 == 0;
        const qint64 size = request ? summary.requestBytes : summary.responseBytes - summary.letGo;
        if (size <= 0) {
            load();
            return;
        }
        if (!request && summary.letGo == 0) {
            for (qint64 i = 0; i < std::min(summary.frames, kMostFrames); ++i)
                m_bodies[part].frames.append(m_shown.trace->frame(of, i));
        }
        m_loader->load(
            [trace = m_shown.trace, of, request, gone = summary.letGo](qint64 start,
                                                                       qint64 length) {
                return request ? trace->requestBody(of).mid(start, length)
                               : trace->responseBody(of, gone + start, length);
            },
            size, m_shown.redacts() ? m_shown.redactor : nullptr,
            [this, part](const QByteArray &bytes) -> BodyLoader::Done {
                return [this, part, bytes] {
                    m_bodies[part].bytes = bytes;
                    load();
                };
            });
        return;
    }
    Q_EMIT progressed(tr("Comparing…"));
    QThreadPool::globalInstance()->start(
        [model = QPointer<BodyComparisonModel>(this), bodies = m_bodies, turn = m_turn] {
            const QList<BodyDifference> found =
                bodyDifferences(BodyTr::tr("Request"), bodies[0], bodies[2])
                + bodyDifferences(BodyTr::tr("Answer"), bodies[1], bodies[3]);
            // Only the GUI's thread looks whether anybody still waits for it.
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [model, turn, found] {
                    if (model)
                        model->take(turn, found);
                },
                Qt::QueuedConnection);
        });
}

void BodyComparisonModel::take(quint64 turn, const QList<BodyDifference> &differences)
{
    if (turn != m_turn)
        return;
    m_busy = false;
    m_bodies = {};
    beginResetModel();
    m_differences = differences;
    endResetModel();
    Q_EMIT progressed({});
}

int BodyComparisonModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_differences.size());
}

int BodyComparisonModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant BodyComparisonModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_differences.size())
        return {};
    const BodyDifference &difference = m_differences.at(index.row());
    const bool heading = difference.kind == BodyChange::Heading;
    const auto text = [&]() -> QString {
        switch (index.column()) {
        case Sign:
            switch (difference.kind) {
            case BodyChange::Heading:
                return {};
            case BodyChange::Added:
                return tr("+ only there");
            case BodyChange::Removed:
                return tr("− only here");
            case BodyChange::Changed:
                return tr("~ differs");
            }
            return {};
        case Where:
            return difference.where;
        case Mine:
            return difference.mine;
        default:
            return difference.other;
        }
    };
    switch (role) {
    case Qt::DisplayRole:
        return text();
    case Qt::ToolTipRole:
        return plainToolTip(text());
    case Qt::FontRole:
        if (heading) {
            QFont bold = QApplication::font();
            bold.setBold(true);
            return bold;
        }
        return index.column() == Sign ? QVariant() : QVariant(wireFont());
    case Qt::ForegroundRole:
        if (index.column() == Sign)
            return roleColor(difference.kind == BodyChange::Added         ? Role::Ok
                                 : difference.kind == BodyChange::Removed ? Role::Failure
                                                                          : Role::Attention,
                             QApplication::palette());
        return {};
    default:
        return {};
    }
}

QVariant BodyComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Sign:
        return tr("Change");
    case Where:
        return tr("Where");
    case Mine:
        return m_id > 0 ? tr("Exchange %1").arg(m_id) : tr("This one");
    case Other:
        return m_other > 0 ? tr("Exchange %1").arg(m_other) : tr("The other one");
    default:
        return {};
    }
}

} // namespace sightglass
