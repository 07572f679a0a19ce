// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/traffic_page_private.h"

#include "core/filter/trace_filter.h"
#include "ui/counted.h"
#include "ui/models/header_lines.h"
#include "ui/models/sequence_model.h"
#include "ui/pages/export_panel.h"
#include "ui/pages/filter_menu.h"
#include "ui/pages/spans_panel.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/ask_line.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/sequence_view.h"
#include "ui/widgets/waterfall.h"
#include "ui/widgets/waterfall_axis.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <limits>

namespace sightglass {

namespace {

/// Exchanges whose values are taken in for completion with each key.
constexpr qint64 kSeenAtOnce = 2000;
/// How often one looks how much the buttons would find.
constexpr int kCountMs = 30;
const char kSplitterKey[] = "traffic/splitter";

} // namespace

TrafficPage::TrafficPage(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->q = this;
    QByteArray salt(16, '\0');
    QRandomGenerator::system()->generate(salt.begin(), salt.end());
    d->redactor = std::make_shared<Redactor>(salt);

    d->filter = new FilterLine(this);
    d->filter->setPlaceholderText(
        tr("Filter: status:401, ms>500, body/params/name=\"add\", words (Ctrl+Space lists all)"));
    d->filter->lineEdit()->setAccessibleName(tr("Filter exchanges"));
    d->filter->setSuggest([this](const QString &text, qsizetype cursor, bool asked) {
        // A long trace is taken in by and by, while one types.
        if (d->follower.trace())
            d->seen.update(*d->follower.trace(), kSeenAtOnce);
        return filterSuggestions(text, cursor, d->seen, asked);
    });

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(12, 8, 12, 8);
    bar->setSpacing(8);
    bar->addWidget(d->filter, 1);
    d->marks = new RowMarks(this);
    auto *name = new AskLine(this);
    d->book = new FilterBook(this);
    d->filterMenu = new FilterMenu(d->book, name, d->marks->undoStack(), this);
    d->filterMenu->setRedactor(d->redactor);
    bar->addWidget(d->filterMenu, 0, Qt::AlignTop);
    connect(d->filterMenu, &FilterMenu::filterChosen, this, &TrafficPage::setFilterText);
    connect(d->filterMenu, &FilterMenu::partWanted, this, &TrafficPage::partWanted);
    connect(d->filterMenu, &FilterMenu::statusMessage, this, &TrafficPage::statusMessage);
    d->chips.resize(5);
    d->chips[0] = {QStringLiteral("is:failed"), tr("Failed"), true, nullptr, {}};
    d->chips[1] = {QStringLiteral("is:error"), tr("Errors"), true, nullptr, {}};
    d->chips[2] = {QStringLiteral("kind:stream"), tr("Streams"), false, nullptr, {}};
    d->chips[3] = {QStringLiteral("\"tools/call\""), tr("Calls"), false, nullptr, {}};
    d->chips[4] = {QStringLiteral("missing:any"), tr("Missing credentials"), true, nullptr, {}};
    for (Chip &chip : d->chips) {
        chip.button = new QPushButton(chip.title, this);
        chip.button->setCheckable(true);
        chip.button->setToolTip(chip.term);
        bar->addWidget(chip.button, 0, Qt::AlignTop);
        connect(chip.button, &QPushButton::clicked, this, [this, term = chip.term](bool on) {
            QStringList terms = filterText().split(u' ', Qt::SkipEmptyParts);
            terms.removeAll(term);
            const QString rest = terms.join(u' ');
            setFilterText(on ? filterWithTerm(rest, term) : rest);
        });
    }

    d->model = new ExchangeModel(this);
    d->model->setRedactor(d->redactor);
    d->model->setColourRules(d->book->rules());
    connect(d->book, &FilterBook::rulesChanged, this,
            [this] { d->model->setColourRules(d->book->rules()); });
    d->table = new RowsView(this);
    d->table->setItemDelegate(new TrafficDelegate(d->table));
    d->table->setAlternatingRowColors(true);
    d->table->setModel(d->model);
    d->table->setCanFollow(true);
    d->sorting = new TrafficSorting(d->table, d->model, this);
    connect(d->sorting, &TrafficSorting::statusMessage, this, &TrafficPage::statusMessage);
    d->axis = new WaterfallAxis(d->table, d->model, this);
    connect(d->axis, &WaterfallAxis::statusMessage, this, &TrafficPage::statusMessage);
    connect(d->axis, &WaterfallAxis::filterWanted, this, [this](const QString &term) {
        // One span at a time: another takes the place of the last.
        QStringList terms = filterText().split(u' ', Qt::SkipEmptyParts);
        terms.removeIf([](const QString &other) { return other.startsWith(QLatin1String("at:")); });
        setFilterText(filterWithTerm(terms.join(u' '), term));
    });
    d->table->installEventFilter(this);
    d->filter->lineEdit()->installEventFilter(this);
    d->table->setAccessibleName(tr("Exchanges"));
    d->table->setContextMenuPolicy(Qt::CustomContextMenu);

    d->empty = new RoleLabel(Role::Muted, this);
    d->empty->setAlignment(Qt::AlignCenter);
    d->empty->setAutoFillBackground(true);
    d->empty->setBackgroundRole(QPalette::Base);
    d->stack = new QStackedWidget(this);
    d->stack->addWidget(d->table);
    d->stack->addWidget(d->empty);
    d->addSequence();
    bar->addWidget(d->sequenceButton, 0, Qt::AlignTop);

    d->pane = new ExchangePane(this);
    d->pane->setFindings(d->model->findingsLookup());
    d->pane->setGlance([this](ExchangeId id) { return d->model->glance(id); });
    d->pane->hide();
    d->splitter = new QSplitter(Qt::Vertical, this);
    d->splitter->setHandleWidth(1);
    d->splitter->setChildrenCollapsible(false);
    d->splitter->addWidget(d->stack);
    d->splitter->addWidget(d->pane);
    d->splitter->setStretchFactor(0, 3);
    d->splitter->setStretchFactor(1, 2);
    d->splitter->setSizes({380, 265});
    d->stack->setMinimumSize(200, 90);
    d->pane->setMinimumSize(200, 120);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    d->exporting = new ExportPanel(this);
    d->spans = new SpansPanel(this);
    d->exporting->setChoices([this] {
        ExportChoices choices = d->exportSource ? d->exportSource() : ExportChoices();
        choices.selected = d->selected();
        choices.filter = filterText().trimmed();
        choices.filtered = d->model->rowCount();
        return choices;
    });
    connect(d->exporting, &ExportPanel::statusMessage, this, &TrafficPage::statusMessage);
    layout->addLayout(bar);
    layout->addWidget(name);
    layout->addWidget(d->marks);
    layout->addWidget(d->exporting);
    layout->addWidget(d->spans);
    layout->addWidget(d->splitter, 1);
    // No focus proxy: with one, Tab would go past the filter line to the table.

    const QSettings settings;
    d->setWide(settings.value(QLatin1String(Private::WideKey), false).toBool());
    d->setBeside(settings.value(QLatin1String(Private::BesideKey), false).toBool());
    d->sharedByHand =
        d->splitter->restoreState(settings.value(QLatin1String(kSplitterKey)).toByteArray());
    connect(d->splitter, &QSplitter::splitterMoved, this, [this] {
        d->sharedByHand = true;
        QSettings().setValue(QLatin1String(kSplitterKey), d->splitter->saveState());
    });

    d->counting.setInterval(kCountMs);
    connect(&d->counting, &QTimer::timeout, this, [this] { d->count(); });
    connect(&d->follower, &TraceFollower::grown, this, [this] {
        d->model->refresh();
        d->tellCount();
        for (Chip &chip : d->chips)
            chip.scan.markGrown();
        d->count();
        d->pane->refresh();
        d->sequence->refresh();
        d->showEmpty();
    });
    connect(d->filter, &FilterLine::textChanged, this, [this] { d->applyFilter(); });
    connect(d->model, &ExchangeModel::scanFinished, this, [this] {
        d->table->setUnseenCounted(true);
        d->tellCount();
        d->showEmpty();
    });
    connect(d->model, &QAbstractItemModel::rowsInserted, this, [this] { d->chooseCurrent(); });
    connect(d->model, &QAbstractItemModel::layoutChanged, this, [this] { d->chooseCurrent(); });
    connect(d->table, &RowsView::currentRowChanged, this, [this](int row) {
        if (row >= 0 && !d->selecting)
            d->select(d->model->idAt(row));
    });
    connect(d->table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        const QList<int> rows = d->table->selectedRows(2);
        const int current = d->table->currentIndex().row();
        if (rows.size() == 2 && rows.contains(current))
            d->pane->compareWith(
                d->model->idAt(rows.first() == current ? rows.last() : rows.first()));
        else if (d->comparesRows)
            d->pane->compareWith(0);
        d->comparesRows = rows.size() == 2;
    });
    connect(d->model, &ExchangeModel::credentialsKnown, d->pane, &ExchangePane::credentialsChanged);
    connect(d->table, &RowsView::copied, this, [this](int rows) {
        Q_EMIT statusMessage(counted(rows, tr("%1 row copied"), tr("%1 rows copied")));
    });
    connect(d->table, &QWidget::customContextMenuRequested, this,
            [this](const QPoint &at) { d->menu(at); });
    connect(d->pane, &ExchangePane::sendAgainRequested, this, &TrafficPage::sendAgainRequested);
    connect(d->pane, &ExchangePane::sendEditedRequested, this, &TrafficPage::sendEditedRequested);
    connect(d->pane, &ExchangePane::editingChanged, this, [this](bool on) { d->editing(on); });
    connect(d->marks, &RowMarks::noteWanted, this, &TrafficPage::noteWanted);
    connect(d->marks, &RowMarks::statusMessage, this, &TrafficPage::statusMessage);
    connect(d->pane, &ExchangePane::eventMenuOpening, this, [this](QMenu *menu, qint64 frame) {
        if (frame >= 0)
            d->marks->addTo(menu, {d->current, frame});
        menu->addSeparator();
    });
    const auto onKey = [this](const char *keys, const std::function<void()> &act) {
        auto *shortcut = new QShortcut(QKeySequence(QLatin1String(keys)), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, act);
    };
    onKey("Ctrl+Shift+L", [this] { d->sequenceButton->click(); });
    onKey("Ctrl+B", [this] { d->marks->toggleBookmark({d->current, d->pane->focusedFrame()}); });
    onKey("F2", [this] { d->marks->editNote({d->current, d->pane->focusedFrame()}); });
    onKey("Ctrl+Z", [this] { d->marks->undoStack()->undo(); });
    onKey("Ctrl+Shift+Z", [this] { d->marks->undoStack()->redo(); });
    auto *edit = new QShortcut(QKeySequence(QStringLiteral("Ctrl+E")), this);
    edit->setContext(Qt::WidgetWithChildrenShortcut);
    connect(edit, &QShortcut::activated, this, [this] { d->pane->editAndSend(); });
    connect(d->pane, &ExchangePane::copyAsCurlRequested, this,
            [this](ExchangeId id) { d->copyAsCurl(id, false); });
    connect(d->pane, &ExchangePane::exchangeRequested, this, &TrafficPage::showExchange);
    connect(d->pane, &ExchangePane::filterRequested, this, &TrafficPage::setFilterText);
    connect(d->pane, &ExchangePane::statusMessage, this, &TrafficPage::statusMessage);
    d->showEmpty();
}

TrafficPage::~TrafficPage() = default;

bool TrafficPage::eventFilter(QObject *object, QEvent *event)
{
    // From the filter line the arrows lead into what it found.
    if (object == d->filter->lineEdit() && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->modifiers() == Qt::NoModifier && d->lookFromFilter(key->key()))
            return true;
    }
    // Space holds the stream that is looked at, wherever in the page the keyboard is.
    if ((object == d->table || object == d->sequence) && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier
            && d->pane->toggleHold())
            return true;
    }
    return QWidget::eventFilter(object, event);
}

void TrafficPage::setTrace(const TraceReader *trace, TraceClock now)
{
    d->now = std::move(now);
    d->current = 0;
    d->pane->setTrace({trace, d->redactor, false}, d->now);
    d->pane->hide();
    d->marks->setTrace(trace);
    d->sorting->reset();
    d->sequence->setTrace({}, false); // what the model tells is of the other trace
    d->model->setTrace(trace, d->now);
    d->table->setUnseenCounted(!d->model->isScanning());
    d->table->setFollowing(bool(d->now));
    d->sequence->setTrace({trace, d->redactor, false}, bool(d->now));
    for (Chip &chip : d->chips)
        chip.scan.reset(trace, TraceFilter::parse(chip.term));
    d->follower.setTrace(trace);
    d->tellCount();
    d->count();
    d->showEmpty();
}

bool TrafficPage::isTakingIn() const
{
    return d->model->isScanning() || d->model->isReadingCredentials()
        || (d->showsSequence() && d->sequence->sequence()->isBusy());
}

void TrafficPage::setFindings(const ExchangeFindings &found, const QSet<ExchangeId> &changed)
{
    d->model->setFindings(found, changed);
}

void TrafficPage::setRedactor(std::shared_ptr<const Redactor> redactor)
{
    if (!redactor)
        return;
    d->redactor = std::move(redactor);
    d->filterMenu->setRedactor(d->redactor);
    d->model->setRedactor(d->redactor);
    d->pane->setTrace(d->shown(), d->now);
    d->pane->showExchange(d->current);
    d->sequence->setTrace(d->shown(), bool(d->now));
}

void TrafficPage::setExportSource(std::function<ExportChoices()> source)
{
    d->exportSource = std::move(source);
}
ExportPanel *TrafficPage::exportPanel() const
{
    return d->exporting;
}
SpansPanel *TrafficPage::spansPanel() const
{
    return d->spans;
}

void TrafficPage::setCanSendAgain(bool can, const QUrl &server)
{
    d->canSendAgain = can;
    d->pane->setCanSendAgain(can, server);
}

ExchangeId TrafficPage::currentExchange() const
{
    return d->current;
}
QString TrafficPage::filterText() const
{
    return d->filter->text();
}
void TrafficPage::showTab(DetailTab tab)
{
    d->pane->showTab(tab);
}
void TrafficPage::compareWith(ExchangeId other)
{
    d->pane->compareWith(other);
}

ExchangeId TrafficPage::comparedWith() const
{
    return d->pane->comparedWith();
}

void TrafficPage::setFilterText(const QString &text)
{
    d->filter->setText(text);
}

void TrafficPage::showFiltered(const QString &text)
{
    setFilterText(text);
    d->wantsFirst = true;
    d->chooseFirst();
}

void TrafficPage::focusFilter()
{
    d->filter->lineEdit()->setFocus(Qt::ShortcutFocusReason);
    d->filter->lineEdit()->selectAll();
}

void TrafficPage::showExchange(ExchangeId id)
{
    const TraceReader *trace = d->follower.trace();
    if (!trace || id < 1 || id > trace->exchangeCount())
        return;
    d->model->refresh();
    const bool matches = d->model->filter().matches(*trace, id);
    if (!matches)
        setFilterText({});
    d->select(id);
    d->table->setCurrentRow(d->model->rowOf(id));
}

void TrafficPage::showSentAgain(ExchangeId of, ExchangeId id)
{
    showExchange(id);
    Q_EMIT statusMessage(tr("Exchange %1 was sent again: it is exchange %2").arg(of).arg(id));
}

/// In a low window the details get more than their share: a few rows of the table lead to all
/// others.
void TrafficPage::Private::shareRoom()
{
    if (sharedByHand || pane->isHidden() || !sizesBefore.isEmpty()
        || splitter->orientation() != Qt::Vertical)
        return;
    const int whole = splitter->height();
    const int wanted = std::max(whole * 2 / 5, std::min(270, whole - 140));
    splitter->setSizes({whole - wanted, wanted});
    if (table->currentIndex().isValid())
        table->scrollTo(table->currentIndex());
}

void TrafficPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    d->shareRoom();
}

/// A form wants more room than what it stands in place of.
void TrafficPage::Private::editing(bool on)
{
    if (!on) {
        if (!sizesBefore.isEmpty())
            splitter->setSizes(sizesBefore);
        sizesBefore.clear();
        return;
    }
    const QList<int> sizes = splitter->sizes();
    const int whole = sizes.value(0) + sizes.value(1);
    const int wanted = std::min(340, whole - 90);
    if (splitter->orientation() == Qt::Vertical && sizes.value(1) < wanted) {
        sizesBefore = sizes;
        splitter->setSizes({whole - wanted, wanted});
        table->scrollTo(table->currentIndex());
    }
}

void TrafficPage::Private::select(ExchangeId id)
{
    if (id == 0 || (id == current && pane->isVisibleTo(q)))
        return;
    current = id;
    if (pane->isHidden()) {
        pane->show();
        splitter->refresh(); // room for it now, not with the next turn of the event loop
        shareRoom();
    }
    pane->showExchange(id);
    if (showsSequence())
        sequence->showExchange(id);
    Q_EMIT q->exchangeShown(id);
}

void TrafficPage::Private::chooseFirst()
{
    if (!wantsFirst || model->rowCount() == 0)
        return;
    wantsFirst = false;
    if (model->rowOf(current) < 0)
        table->setCurrentRow(0);
}

/// In a long trace the row of what was asked for comes with a later slice.
void TrafficPage::Private::chooseCurrent()
{
    chooseFirst();
    if (current == 0 || table->currentIndex().isValid())
        return;
    if (const int row = model->rowOf(current); row >= 0)
        table->setCurrentRow(row);
}

void TrafficPage::Private::applyFilter()
{
    wantsFirst = false;
    const QString text = filter->text();
    filterMenu->setFilterText(text);
    QList<FilterProblem> problems;
    const TraceFilter parsed = TraceFilter::parse(text, &problems);
    if (problems.isEmpty())
        filter->setProblem({});
    else
        filter->setProblem(problems.constFirst().sentence, problems.constFirst().start,
                           problems.constFirst().length);
    const QStringList terms = text.split(u' ', Qt::SkipEmptyParts);
    for (Chip &chip : chips)
        chip.button->setChecked(terms.contains(chip.term));
    // What was chosen stays chosen where the filter lets it.
    selecting = true;
    model->setFilter(parsed);
    table->setUnseenCounted(!model->isScanning());
    const int row = model->rowOf(current);
    if (row >= 0)
        table->setCurrentRow(row);
    selecting = false;
    showEmpty();
}

void TrafficPage::Private::showEmpty()
{
    if (model->rowCount() > 0) {
        stack->setCurrentWidget(rowsInView());
        return;
    }
    const TraceReader *trace = follower.trace();
    const ExchangeId total = trace ? trace->exchangeCount() : 0;
    if (total == 0)
        empty->setText(TrafficPage::tr(
            "Nothing was recorded yet. Connect to a server: every exchange will stand here."));
    else if (model->isScanning())
        empty->setText(
            TrafficPage::tr("Looking at %L1 of %L2 exchanges…").arg(model->scanned()).arg(total));
    else {
        QString text =
            counted(total, TrafficPage::tr("The only exchange does not match this filter."),
                    TrafficPage::tr("None of %1 exchanges matches this filter."));
        for (const QString &name : model->filter().unknownCredentials(*trace, false))
            text += u' '
                + TrafficPage::tr("No request carried a credential named “%1”.")
                      .arg(visibleText(name));
        empty->setText(text);
    }
    stack->setCurrentWidget(empty);
}

void TrafficPage::Private::tellCount()
{
    const TraceReader *trace = follower.trace();
    // A long trace is looked through by and by; how long it is is known.
    Q_EMIT q->countChanged(!trace                    ? 0
                               : model->isScanning() ? trace->exchangeCount()
                                                     : model->scanned());
}

void TrafficPage::Private::count()
{
    // What one waits for goes first.
    if (model->isScanning() && !model->filter().isEmpty()) {
        counting.start();
        return;
    }
    bool more = false;
    for (Chip &chip : chips) {
        if (!chip.counts)
            continue;
        FilterScan::Changes changes;
        more = chip.scan.step(0, &changes) || more;
        const qint64 matches = chip.scan.matches();
        chip.button->setText(matches > 0 ? QStringLiteral("%1  %L2").arg(chip.title).arg(matches)
                                         : chip.title);
    }
    if (more)
        counting.start();
    else
        counting.stop();
}

QList<ExchangeId> TrafficPage::Private::selected() const
{
    QList<ExchangeId> ids;
    const QList<int> rows = table->selectedRows(std::numeric_limits<int>::max());
    for (const int row : rows)
        ids.append(model->idAt(row));
    return ids;
}

void TrafficPage::Private::setWide(bool wider)
{
    wide = wider;
    // What stands beside a wide waterfall is what tells its bars apart.
    const int aside = wide ? std::numeric_limits<int>::max() : 0;
    const int last = wide ? aside : 930;
    table->setColumns(
        {{QStringLiteral("0000000"), 0, 0, QStringLiteral("0000")},
         {QStringLiteral("000.000"), 0, 0},
         {QStringLiteral("POST__reconnect__"), 0, aside, QStringLiteral("POST__reconnect_")},
         {QStringLiteral("tools/call name-of"), wide ? 2 : 5, 0, QStringLiteral("tools/call name")},
         {QStringLiteral("____withheld_"), 0, aside, TrafficPage::tr("Credentials")},
         {wide ? QStringLiteral("___200__error") : QStringLiteral("___200__error_-32602_"), 0, 0,
          QStringLiteral("____200_isError_")},
         // Of a stream of hours: no digit is cut off.
         {QStringLiteral("00,000,000"), 0, last, QStringLiteral("0,000,000")},
         {QStringLiteral("000.0 kB"), 0, last},
         {QStringLiteral("000,000"), 0, 0},
         {QStringLiteral("00000000"), wide ? 9 : 4, wide ? 0 : 930, QStringLiteral("0000")}});
}

void TrafficPage::Private::setBeside(bool beside)
{
    splitter->setOrientation(beside ? Qt::Horizontal : Qt::Vertical);
}

} // namespace sightglass
