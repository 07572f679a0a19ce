// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/events_view.h"

#include "core/sse/sse_parser.h"
#include "core/trace/trace_text.h"
#include "ui/counted.h"
#include "ui/models/body_loader.h"
#include "ui/models/events_model.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"
#include "ui/widgets/wire_table.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QShortcut>
#include <QSplitter>
#include <QVBoxLayout>

namespace sightglass {

namespace {

/// So much of a frame is shown as it is; all of it is in the body.
constexpr qint64 kRawBytes = 32 * 1024;
/// So much is taken for its JSON.
constexpr qint64 kJsonBytes = 64 * 1024 * 1024;
constexpr int kPulseMs = 1000;
constexpr qint64 kFactsNs = 4'000'000;
/// Exchanges whose values are taken in for completion with each key.
constexpr qint64 kSeenWithEachKey = 2000;

class EventsDelegate final : public RowsDelegate {
public:
    using RowsDelegate::RowsDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const QString text = index.data().toString();
        if (text.isEmpty())
            return;
        const QColor ground =
            roleColor(option.state.testFlag(QStyle::State_Selected) ? Role::Selection : Role::Base,
                      option.palette);
        if (index.column() == 0 && index.data(EventsModel::MarkedRole).toBool())
            paintMark(painter, option.rect, option.palette);
        painter->setFont(index.column() == EventsModel::Id ? wireFont() : option.font);
        painter->setPen(
            readableColor(Role(index.data(EventsModel::ToneRole).toInt()), ground, option.palette));
        drawText(painter, option.rect.adjusted(kPadding, 0, -kPadding, 0),
                 Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt()), text);
    }
};

QString offsetText(qint64 offset)
{
    // Narrow spaces part the thousands: an offset is read, not calculated with.
    return QLocale(QLocale::English).toString(offset).replace(u',', QChar(0x2009));
}

} // namespace

EventsView::EventsView(QWidget *parent)
    : QWidget(parent)
    , m_model(new EventsModel(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_list(new RowsView(this))
    , m_filter(new FilterLine(this))
    , m_factsLabel(new RoleLabel(Role::Muted, this))
    , m_hint(new RoleLabel(Role::Muted, this))
    , m_loader(new BodyLoader(this))
    , m_raw(new WireTable(this))
    , m_json(new JsonView(this))
{
    m_list->setHeaderVisible(false);
    m_list->setRowHeight(std::max(22, fontMetrics().height() + 4));
    m_list->setItemDelegate(new EventsDelegate(m_list));
    m_list->setModel(m_model);
    m_list->setColumns({{QStringLiteral("0,000.000"), 0, 0},
                        {QStringLiteral("+00,000"), 0, 0},
                        {QStringLiteral("e1000"), 0, 420},
                        {QStringLiteral("incomplete"), 0, 0},
                        {QString(), 1, 0}});
    m_list->setCanFollow(true);
    m_list->setAccessibleName(tr("Event stream"));
    m_list->installEventFilter(this);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_raw->setAccessibleName(tr("Bytes of the frame"));

    auto *left = new QWidget(this);
    m_hint->setContentsMargins(12, 2, 12, 4);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->setSpacing(0);
    m_filter->setPlaceholderText(tr("Filter events: event.type:message, event.data/method, words"));
    m_filter->lineEdit()->setAccessibleName(tr("Filter events"));
    m_filter->setContentsMargins(12, 2, 12, 4);
    m_filter->setSuggest([this](const QString &text, qsizetype cursor, bool asked) {
        if (m_shown.trace)
            m_seen.update(*m_shown.trace, kSeenWithEachKey);
        return filterSuggestions(text, cursor, m_seen, asked);
    });
    connect(m_filter, &FilterLine::textChanged, this, &EventsView::applyFilter);
    connect(m_model, &EventsModel::filterAdvanced, this, &EventsView::updateHint);
    auto *find = new QShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+F")), this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, [this] {
        m_filter->lineEdit()->setFocus(Qt::ShortcutFocusReason);
        m_filter->lineEdit()->selectAll();
    });
    leftLayout->addWidget(m_filter);
    leftLayout->addWidget(m_list, 1);
    leftLayout->addWidget(m_hint);

    auto *right = new QSplitter(Qt::Vertical, this);
    right->setHandleWidth(1);
    right->setChildrenCollapsible(false);
    right->addWidget(m_raw);
    right->addWidget(m_json);
    right->setStretchFactor(0, 1);
    right->setStretchFactor(1, 2);
    right->setSizes({130, 150});
    m_raw->setMinimumHeight(40);
    m_json->setMinimumHeight(40);

    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(left);
    m_splitter->addWidget(right);
    m_splitter->setStretchFactor(0, 6);
    m_splitter->setStretchFactor(1, 5);
    m_splitter->setSizes({610, 506});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_factsLabel);
    layout->addWidget(m_splitter, 1);
    m_factsLabel->setWordWrap(true);
    m_factsLabel->setContentsMargins(12, 6, 12, 4);
    m_factsLabel->setAccessibleName(tr("The stream as a whole"));
    m_factsLabel->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_factsLabel->hide();
    m_pulse.setInterval(kPulseMs);
    connect(&m_pulse, &QTimer::timeout, this, &EventsView::updateFacts);

    connect(m_list, &RowsView::currentRowChanged, this, &EventsView::showRow);
    connect(m_list, &RowsView::followingChanged, this, &EventsView::updateHint);
    connect(m_json, &JsonView::statusMessage, this, &EventsView::statusMessage);
    connect(m_json, &JsonView::cancelled, this, [this] {
        if (!m_loader->isBusy())
            return;
        m_loader->cancel();
        m_json->clear(); // how it begins stands beside it
    });
    connect(m_list, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        const qint64 frame = m_model->frameAt(m_list->currentIndex().row());
        QMenu menu;
        if (frame >= 0) {
            const FrameKind kind = m_shown.trace->frame(m_id, frame).kind;
            const auto bytes = [this, frame] {
                const Frame f = m_shown.trace->frame(m_id, frame);
                return m_shown.responseBody(m_id, f.start, f.end - f.start);
            };
            menu.addAction(tr("Copy data"), this, [this, bytes, kind] {
                QApplication::clipboard()->setText(
                    QString::fromUtf8(frameContent(kind, bytes()).data));
                Q_EMIT statusMessage(tr("Data of the event copied"));
            });
            menu.addAction(tr("Copy frame as it came"), this, [this, bytes] {
                QApplication::clipboard()->setText(QString::fromUtf8(bytes()));
                Q_EMIT statusMessage(tr("Frame copied"));
            });
        }
        menu.addAction(tr("Copy lines"), this, [this] {
            QApplication::clipboard()->setText(m_list->selectedText());
            Q_EMIT statusMessage(tr("Lines copied"));
        });
        menu.addSeparator();
        Q_EMIT menuOpening(&menu, frame);
        menu.addAction(m_held ? tr("Follow the stream (Space)") : tr("Hold the stream (Space)"),
                       this, [this] { setHeld(!m_held); });
        menu.exec(m_list->viewport()->mapToGlobal(at));
    });
}

void EventsView::setExchange(const ShownTrace &shown, ExchangeId id, TraceClock now)
{
    m_now = std::move(now);
    const bool same = m_id == id && m_shown.trace == shown.trace;
    const qint64 frame = same ? m_frame : -1;
    m_shown = shown;
    m_id = shown.trace ? id : 0;
    m_held = false;
    m_frame = -1;
    m_model->setExchange(shown, m_id);
    m_facts.reset(shown, m_id);
    // A stream that lives is followed from its end; one that is over is read from its beginning.
    const bool lives = m_id > 0 && !m_shown.trace->summary(m_id).finished;
    m_list->setCanFollow(lives);
    m_loader->cancel();
    m_raw->setRows({}, 1);
    m_json->clear();
    if (frame >= 0)
        showFrame(frame);
    else if (!lives && m_model->rowCount() > 0)
        m_list->setCurrentRow(std::max(0, m_model->rowOfFrame(0)));
    updateHint();
    updateFacts();
}

void EventsView::updateFacts()
{
    const bool stream = m_id > 0 && StreamFacts::isStream(*m_shown.trace, m_id);
    m_factsLabel->setVisible(stream);
    if (!stream) {
        m_pulse.stop();
        return;
    }
    const bool more = m_facts.update(kFactsNs);
    m_pulse.setInterval(more ? 0 : kPulseMs);
    const bool lives = !m_shown.trace->summary(m_id).finished && m_now;
    if (more || lives)
        m_pulse.start();
    else
        m_pulse.stop();
    QString text = m_facts.words(m_now ? m_now() : -1).join(QStringLiteral("   ·   "));
    if (!text.isEmpty())
        text[0] = text.at(0).toUpper();
    // A text that is being selected is not taken away.
    if (!m_factsLabel->hasSelectedText() && m_factsLabel->text() != text)
        m_factsLabel->setText(text);
    if (m_held)
        updateHint();
}

void EventsView::applyFilter()
{
    QList<FilterProblem> problems;
    const TraceFilter filter =
        TraceFilter::parse(m_filter->text(), &problems).withFindings(m_findings);
    const FilterProblem problem = problems.value(0);
    m_filter->setProblem(problem.sentence, problem.start, problem.length);
    // What was chosen stays chosen where the filter lets it.
    const qint64 frame = m_frame;
    m_model->setFilter(filter);
    if (frame >= 0)
        showFrame(frame);
    updateHint();
}

void EventsView::refresh()
{
    if (!m_held)
        m_model->refresh();
    updateHint();
    updateFacts();
}

bool EventsView::isHeld() const
{
    return m_held;
}

void EventsView::setHeld(bool held)
{
    if (held && !m_held)
        m_heldAt = m_id > 0 ? m_shown.trace->summary(m_id).frames : 0;
    m_held = held;
    if (!held) {
        m_model->refresh();
        m_list->setFollowing(true);
    }
    updateHint();
}

void EventsView::showFrame(qint64 frame)
{
    const int row = m_model->rowOfFrame(frame);
    if (row >= 0)
        m_list->setCurrentRow(row);
}

void EventsView::updateHint()
{
    const bool over = m_id == 0 || m_shown.trace->summary(m_id).finished;
    const QString found = m_id > 0 && m_model->isFiltered()
        ? counted(m_model->matches(), tr("%1 line of %L2 matches"), tr("%1 lines of %L2 match"))
              .arg(m_model->framesTaken())
        : QString();
    if (over && !m_held) {
        m_hint->setText(found);
        m_hint->setRole(Role::Muted);
        m_hint->setVisible(!found.isEmpty());
        return;
    }
    const qint64 since = m_held ? m_shown.trace->summary(m_id).frames - m_heldAt : 0;
    if (!m_held)
        m_hint->setText(tr("The stream is open: Space holds it still"));
    else if (since == 0)
        m_hint->setText(tr("Held: Space goes on"));
    else
        m_hint->setText(counted(since, tr("Held, %1 more line came: Space goes on"),
                                tr("Held, %1 more lines came: Space goes on")));
    if (!found.isEmpty())
        m_hint->setText(found + QStringLiteral("   ·   ") + m_hint->text());
    m_hint->setRole(m_held ? Role::Attention : Role::Muted);
    m_hint->show();
}

bool EventsView::eventFilter(QObject *object, QEvent *event)
{
    if (object == m_list && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier) {
            setHeld(!m_held);
            return true;
        }
    }
    return QWidget::eventFilter(object, event);
}

void EventsView::showRow(int row)
{
    m_frame = m_model->frameAt(row);
    m_loader->cancel();
    if (m_frame < 0) {
        m_raw->setRows({}, 1);
        m_json->clear();
        return;
    }
    using Run = WireTable::Run;
    using Cell = WireTable::Cell;
    const Frame frame = m_shown.trace->frame(m_id, m_frame);
    const qint64 length = frame.end - frame.start;
    const QByteArray bytes = m_shown.responseBody(m_id, frame.start, std::min(length, kRawBytes));
    QList<WireTable::Row> rows;
    // What a program wrote are lines without fields.
    const bool isSse = m_shown.trace->summary(m_id).kind != ExchangeKind::Process
        && m_shown.trace->summary(m_id).kind != ExchangeKind::ErrorOutput;
    const QList<SseField> fields = isSse ? sseFields(bytes) : QList<SseField>();
    if (!isSse) {
        rows.append(
            {Cell{{Run{offsetText(frame.start), Role::Muted, false, true, {}, false}}, true},
             Cell{{Run{visibleText(QString::fromUtf8(bytes.trimmed())),
                       Role::Text,
                       false,
                       true,
                       {},
                       false}}},
             Cell{}});
    }
    qint64 covered = 0;
    for (const SseField &field : fields) {
        const QString value = visibleText(QString::fromUtf8(field.value));
        Cell text;
        if (field.name.isEmpty())
            text.runs = {Run{QStringLiteral(":") + value, Role::Muted, false, true, {}, false}};
        else
            text.runs = {Run{visibleText(QString::fromUtf8(field.name)) + u':',
                             Role::Accent,
                             false,
                             true,
                             {},
                             false},
                         Run{u' ' + value, Role::Text, false, true, {}, false}};
        rows.append(
            {Cell{{Run{offsetText(frame.start + field.start), Role::Muted, false, true, {}, false}},
                  true},
             text, Cell{}});
        covered = field.end;
    }
    if (length > kRawBytes) {
        rows.append({Cell{{Run{tr("%1 in all; the Body tab has every byte").arg(humanSize(length)),
                               Role::Muted,
                               false,
                               false,
                               {},
                               false}}},
                     Cell{}});
    } else if (frame.kind == FrameKind::Event) {
        rows.append(
            {Cell{{Run{offsetText(frame.start + covered), Role::Muted, false, true, {}, false}},
                  true},
             Cell{{Run{tr("(empty line: dispatch)"), Role::Muted, false, true, {}, false}}},
             Cell{}});
    }
    m_raw->setRows(rows, 1);
    if (!isDispatched(frame.kind) || length > kJsonBytes) {
        m_json->clear();
    } else if (length <= kRawBytes) {
        m_json->setJson(frameContent(frame.kind, bytes).data);
    } else {
        m_json->showWaiting(tr("Reading %1…").arg(humanSize(length)));
        m_loader->load(
            [trace = m_shown.trace, id = m_id, from = frame.start](qint64 start, qint64 size) {
                return trace->responseBody(id, from + start, size);
            },
            length, m_shown.redacts() ? m_shown.redactor : nullptr,
            [view = m_json, kind = frame.kind](const QByteArray &event) -> BodyLoader::Done {
                const JsonText parsed = JsonText::parseAsFar(frameContent(kind, event).data);
                return [view, parsed] { view->setJson(parsed); };
            });
    }
}

} // namespace sightglass
