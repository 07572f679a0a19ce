// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/traffic_page.h"

#include "core/filter/filter_completion.h"
#include "core/filter/trace_filter.h"
#include "core/trace/trace_text.h"
#include "ui/counted.h"
#include "ui/models/exchange_model.h"
#include "ui/models/header_lines.h"
#include "ui/pages/copy_menu.h"
#include "ui/pages/exchange_pane.h"
#include "ui/pages/export_panel.h"
#include "ui/pages/filter_menu.h"
#include "ui/pages/row_marks.h"
#include "ui/pages/spans_panel.h"
#include "ui/theme.h"
#include "ui/trace_follower.h"
#include "ui/widgets/ask_line.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/waterfall.h"

#include <QApplication>
#include <QClipboard>
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
#include <QVBoxLayout>

#include <limits>

namespace sightglass {

namespace {

/// How far away the same request is looked for.
constexpr ExchangeId kNear = 2000;
/// Exchanges whose values are taken in for completion with each key.
constexpr qint64 kSeenAtOnce = 2000;
/// How often one looks how much the buttons would find.
constexpr int kCountMs = 30;
const char kSplitterKey[] = "traffic/splitter";
const char kBesideKey[] = "traffic/detailBeside";

/// A filter that is usual enough for a button, and how many it finds.
struct Chip {
    QString term;
    QString title;
    bool counts = false;
    QPushButton *button = nullptr;
    FilterScan scan;
};

QString quoted(const QString &text)
{
    QString plain = text;
    plain.remove(u'"');
    return plain.contains(u' ') ? u'"' + plain + u'"' : plain;
}

} // namespace

struct TrafficPage::Private {
    TrafficPage *q = nullptr;
    TraceFollower follower;
    std::shared_ptr<const Redactor> redactor;
    TraceClock now;
    ExchangeModel *model = nullptr;
    RowsView *table = nullptr;
    FilterLine *filter = nullptr;
    SeenValues seen; ///< for completion
    std::vector<Chip> chips;
    QTimer counting;
    QSplitter *splitter = nullptr;
    QStackedWidget *stack = nullptr;
    RoleLabel *empty = nullptr;
    ExchangePane *pane = nullptr;
    RowMarks *marks = nullptr;
    FilterBook *book = nullptr;
    FilterMenu *filterMenu = nullptr;
    ExportPanel *exporting = nullptr;
    SpansPanel *spans = nullptr;
    std::function<ExportChoices()> exportSource;
    ExchangeId current = 0;
    bool canSendAgain = false;
    bool selecting = false;
    bool wantsFirst = false; ///< until a row is there to be chosen
    bool comparesRows = false; ///< two rows are selected
    bool sharedByHand = false; ///< somebody moved the splitter
    QList<int> sizesBefore; ///< of the splitter, before a request was edited

    void shareRoom();
    void editing(bool on);
    void applyFilter();
    void chooseFirst();
    void showEmpty();
    void count();
    void tellCount();
    void select(ExchangeId id);
    void copyAsCurl(ExchangeId id, bool withSecrets);
    QList<ExchangeId> selected() const;
    void addExportMenu(QMenu *popup, ExchangeId id);
    void addCompareMenu(QMenu *popup, ExchangeId id);
    void addTerm(const QString &term);
    void setBeside(bool beside);
    void menu(const QPoint &at);
    ShownTrace shown() const { return {follower.trace(), redactor, false}; }
};

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
    d->table->setColumns(
        {{QStringLiteral("0000"), 0, 0},
         {QStringLiteral("000.000"), 0, 0},
         {QStringLiteral("POST__reconnect__"), 0, 0, QStringLiteral("POST__reconnect_")},
         {QStringLiteral("tools/call name-of"), 5, 0, QStringLiteral("tools/call name")},
         {QStringLiteral("____withheld_"), 0, 0, tr("Credentials")},
         {QStringLiteral("___200__error_-32602_"), 0, 0, QStringLiteral("____200_isError_")},
         {tr("Events"), 0, 930},
         {QStringLiteral("000.0 kB"), 0, 930},
         {QStringLiteral("000,000"), 0, 0},
         {QStringLiteral("00000000"), 4, 930, QStringLiteral("0000")}});
    d->table->setCanFollow(true);
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

    d->pane = new ExchangePane(this);
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
    d->setBeside(settings.value(QLatin1String(kBesideKey), false).toBool());
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
        d->showEmpty();
    });
    connect(d->filter, &FilterLine::textChanged, this, [this] { d->applyFilter(); });
    connect(d->model, &ExchangeModel::scanFinished, this, [this] {
        d->table->setUnseenCounted(true);
        d->tellCount();
        d->showEmpty();
    });
    connect(d->model, &QAbstractItemModel::rowsInserted, this, [this] {
        d->chooseFirst();
        // In a long trace the row of what was asked for comes with a later slice.
        if (d->current == 0 || d->table->currentIndex().isValid())
            return;
        if (const int row = d->model->rowOf(d->current); row >= 0)
            d->table->setCurrentRow(row);
    });
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
        const bool up = key->key() == Qt::Key_Up;
        const int rows = d->model->rowCount();
        if ((up || key->key() == Qt::Key_Down) && key->modifiers() == Qt::NoModifier && rows > 0) {
            const int at = d->model->rowOf(d->current); // focus alone chooses the first
            d->table->setFocus(Qt::OtherFocusReason);
            d->table->setCurrentRow(at < 0 ? (up ? rows - 1 : 0)
                                           : std::clamp(at + (up ? -1 : 1), 0, rows - 1));
            return true;
        }
    }
    // Space holds the stream that is looked at, wherever in the page the keyboard is.
    if (object == d->table && event->type() == QEvent::KeyPress) {
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
    d->model->setTrace(trace, d->now);
    d->table->setUnseenCounted(!d->model->isScanning());
    d->table->setFollowing(bool(d->now));
    for (Chip &chip : d->chips)
        chip.scan.reset(trace, TraceFilter::parse(chip.term));
    d->follower.setTrace(trace);
    d->tellCount();
    d->count();
    d->showEmpty();
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
        stack->setCurrentWidget(table);
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
    else
        empty->setText(counted(total,
                               TrafficPage::tr("The only exchange does not match this filter."),
                               TrafficPage::tr("None of %1 exchanges matches this filter.")));
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

void TrafficPage::Private::copyAsCurl(ExchangeId id, bool withSecrets)
{
    const ShownTrace view = shown();
    if (!view.trace || id <= 0 || id > view.trace->exchangeCount())
        return;
    const Redactor *hides = view.redacts() && !withSecrets ? view.redactor.get() : nullptr;
    QApplication::clipboard()->setText(QString::fromUtf8(exchangeToCurl(*view.trace, id, hides)));
    if (view.trace->redacted())
        Q_EMIT q->statusMessage(
            TrafficPage::tr("Exchange %1 copied as cURL; its secrets were never recorded").arg(id));
    else if (withSecrets)
        Q_EMIT q->statusMessage(
            TrafficPage::tr("Exchange %1 copied as cURL, its secrets included").arg(id));
    else
        Q_EMIT q->statusMessage(
            TrafficPage::tr("Exchange %1 copied as cURL; secrets are left out").arg(id));
}

QList<ExchangeId> TrafficPage::Private::selected() const
{
    QList<ExchangeId> ids;
    const QList<int> rows = table->selectedRows(std::numeric_limits<int>::max());
    for (const int row : rows)
        ids.append(model->idAt(row));
    return ids;
}

void TrafficPage::Private::addExportMenu(QMenu *popup, ExchangeId id)
{
    // Of all that is selected, if this one is.
    QList<ExchangeId> ids = selected();
    if (!ids.contains(id))
        ids = {id};
    addCopyMenu(popup, *follower.trace(), redactor, ids,
                [this](const QString &said) { Q_EMIT q->statusMessage(said); });
    popup->addAction(TrafficPage::tr("Export…"), q, [this] { exporting->open(); });
}

void TrafficPage::Private::addCompareMenu(QMenu *popup, ExchangeId id)
{
    const TraceReader &trace = *follower.trace();
    const RequestRecord &request = trace.request(id);
    QMenu *menu = popup->addMenu(TrafficPage::tr("Compare with"));
    QList<ExchangeId> offered;
    const auto offer = [&](ExchangeId other, const QString &title) {
        if (other <= 0 || other == id || offered.contains(other))
            return;
        offered.append(other);
        menu->addAction(title.arg(other), q, [this, id, other] {
            select(id);
            pane->compareWith(other);
        });
    };
    offer(comparableExchange(shown(), id, model->glance(id)),
          TrafficPage::tr("the nearest that was accepted, exchange %1"));
    const auto same = [&](ExchangeId other) {
        const RequestRecord &them = trace.request(other);
        return them.method == request.method && them.what == request.what;
    };
    const auto find = [&](int step) -> ExchangeId {
        ExchangeId other = id + step;
        for (ExchangeId looked = 0; looked < kNear; ++looked, other += step) {
            if (other < 1 || other > trace.exchangeCount())
                return 0;
            if (same(other))
                return other;
        }
        return 0;
    };
    offer(find(-1), TrafficPage::tr("the same request before, exchange %1"));
    offer(find(1), TrafficPage::tr("the same request after, exchange %1"));
    offer(id > 1 ? id - 1 : 0, TrafficPage::tr("the one before, exchange %1"));
    if (id < trace.exchangeCount())
        offer(id + 1, TrafficPage::tr("the one after, exchange %1"));
    menu->addSeparator();
    // Said where one looks for it: any two can be had by selecting both.
    menu->addAction(TrafficPage::tr("Any other: select both rows (Ctrl+click)"))->setEnabled(false);
    if (q->comparedWith() > 0 && id == current && pane->isComparingByHand())
        popup->addAction(TrafficPage::tr("Stop comparing"), q, [this] { pane->compareWith(0); });
}

void TrafficPage::Private::addTerm(const QString &term)
{
    q->setFilterText(filterWithTerm(filter->text(), term));
}

void TrafficPage::Private::setBeside(bool beside)
{
    splitter->setOrientation(beside ? Qt::Horizontal : Qt::Vertical);
}

void TrafficPage::Private::menu(const QPoint &at)
{
    auto *menu = new QMenu(q);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QMenu &popup = *menu;
    QModelIndex index = table->indexAt(at);
    if (!index.isValid())
        index = table->currentIndex(); // asked for by key
    const ExchangeId id = model->idAt(index.row());
    const TraceReader *trace = follower.trace();
    if (id > 0 && trace) {
        const RequestRecord &request = trace->request(id);
        const ExchangeSummary summary = trace->summary(id);
        if (isHttp(request.kind))
            popup.addAction(TrafficPage::tr("Copy as cURL, without secrets"), q,
                            [this, id] { copyAsCurl(id, false); });
        if (isHttp(request.kind) && !trace->redacted())
            popup.addAction(TrafficPage::tr("Copy as cURL, with secrets"), q,
                            [this, id] { copyAsCurl(id, true); });
        const QString value = index.data().toString();
        if (!value.isEmpty())
            popup.addAction(TrafficPage::tr("Copy value"), q, [this, value] {
                QApplication::clipboard()->setText(value);
                Q_EMIT q->statusMessage(TrafficPage::tr("Value copied"));
            });
        popup.addAction(TrafficPage::tr("Copy row"), q, [this] {
            QApplication::clipboard()->setText(table->selectedText());
            Q_EMIT q->statusMessage(TrafficPage::tr("Row copied"));
        });
        addExportMenu(&popup, id);
        popup.addSeparator();
        QStringList terms;
        if (summary.status > 0)
            terms << QStringLiteral("status:%1").arg(summary.status);
        terms << QStringLiteral("method:%1").arg(QString::fromLatin1(request.method));
        terms << QStringLiteral("kind:%1").arg(QString::fromLatin1(exchangeKindName(request.kind)));
        if (const QString server = serverOf(*trace, id); !server.isEmpty())
            terms << QStringLiteral("server:%1").arg(quoted(server));
        const QString name =
            model->index(index.row(), ExchangeModel::What).data(ExchangeModel::NameRole).toString();
        if (!name.isEmpty() && request.what.startsWith(QLatin1String("tools/call ")))
            terms << QStringLiteral("tool:%1").arg(quoted(name));
        QMenu *filters = popup.addMenu(TrafficPage::tr("Filter to"));
        for (const QString &term : std::as_const(terms))
            filters->addAction(term, q, [this, term] { addTerm(term); });
        addCompareMenu(&popup, id);
        popup.addSeparator();
        marks->addTo(&popup, {id, -1});
        popup.addSeparator();
        if (canSendAgain && isHttp(request.kind)) {
            popup.addAction(TrafficPage::tr("Send again"), q,
                            [this, id] { Q_EMIT q->sendAgainRequested(id); });
            QAction *edit = popup.addAction(TrafficPage::tr("Edit and send"), q, [this, id] {
                q->showExchange(id);
                pane->editAndSend();
            });
            edit->setShortcut(QKeySequence(QStringLiteral("Ctrl+E")));
            edit->setShortcutContext(Qt::WidgetShortcut); // shown here, heard by the page
        }
        if (request.cause > 0)
            popup.addAction(TrafficPage::tr("Show its cause, exchange %1").arg(request.cause), q,
                            [this, cause = request.cause] { q->showExchange(cause); });
        for (ExchangeId next = id + 1; next <= std::min(trace->exchangeCount(), id + 200); ++next) {
            if (trace->request(next).cause == id) {
                popup.addAction(TrafficPage::tr("Show what followed, exchange %1").arg(next), q,
                                [this, next] { q->showExchange(next); });
                break;
            }
        }
        popup.addSeparator();
    }
    QAction *beside =
        popup.addAction(TrafficPage::tr("Details beside the table"), q, [this](bool on) {
            setBeside(on);
            QSettings().setValue(QLatin1String(kBesideKey), on);
        });
    beside->setCheckable(true);
    beside->setChecked(splitter->orientation() == Qt::Horizontal);
    popup.popup(table->viewport()->mapToGlobal(at));
}

} // namespace sightglass
