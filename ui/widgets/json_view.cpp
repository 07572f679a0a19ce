// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/json_view.h"

#include "core/trace/trace_text.h"
#include "ui/models/json_model.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/json_delegate.h"
#include "ui/widgets/json_search_bar.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/raw_text_view.h"
#include "ui/widgets/role_label.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPointer>
#include <QShortcut>
#include <QStackedWidget>
#include <QThreadPool>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

namespace {
/// Text above this is parsed beside the GUI's thread.
constexpr qsizetype kParseAtOnce = 512 * 1024;
/// So much of a text that is no JSON is shown around the place where it goes wrong.
constexpr qint64 kRawAround = 64 * 1024;
/// What takes longer than this can be cancelled, and says how far it is.
constexpr int kPatienceMs = 500;
constexpr int kDigits = 9;
} // namespace

struct JsonView::Private {
    JsonView *q = nullptr;
    JsonModel *model = nullptr;
    JsonRows *rows = nullptr;
    QStackedWidget *stack = nullptr;
    QWidget *rawPage = nullptr;
    RawTextView *raw = nullptr;
    QWidget *faultBar = nullptr; ///< says that the text is no JSON, or was not read to its end
    RoleLabel *fault = nullptr;
    LinkButton *faultLink = nullptr; ///< to the text, back to the tree, or reads it after all
    QWidget *waitingPage = nullptr;
    RoleLabel *waiting = nullptr;
    LinkButton *cancel = nullptr;
    QTimer patience; ///< until one may cancel
    QTimer look; ///< how far parsing is
    std::shared_ptr<JsonProgress> parsing; ///< null: nothing is parsed aside
    JsonSearchBar *searchBar = nullptr;
    QWidget *pathBar = nullptr;
    RoleLabel *path = nullptr;
    QByteArray text;
    quint64 turn = 0; ///< which text is the newest; parses of older ones are dropped
    bool pathVisible = true;
    int tallest = 0; ///< px; 0: whatever height it is given
    bool searchEnabled = true;

    void show(const JsonText &json);
    void showFault(const JsonText &json);
    void showUnread();
    void showPath();
    void wait(const QString &words);
    void parse();
    void endParsing();
    void fit();
    void copyPath();
    void openMenu(const QPoint &at);
    QWidget *makeRawPage();
    QWidget *makeFaultBar();
    QWidget *makeWaitingPage();
    QWidget *makePathBar();
    void addKeys();
};

void JsonView::Private::show(const JsonText &json)
{
    endParsing();
    model->setJson(json);
    searchBar->setJson(json);
    faultBar->hide();
    const bool blank = std::all_of(text.cbegin(), text.cend(), [](char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    });
    if (json.isValid() || blank)
        stack->setCurrentWidget(rows);
    else
        showFault(json);
    showPath();
}

void JsonView::Private::showFault(const JsonText &json)
{
    const JsonError error = json.error().value_or(JsonError{});
    const qsizetype offset = std::clamp<qsizetype>(error.offset, 0, text.size());
    const qsizetype line = QByteArrayView(text).first(offset).count('\n') + 1;
    // A tree of nothing tells nothing.
    const bool tree = json.nodeCount() > 1;
    fault->setRole(Role::Failure);
    fault->setText((tree ? tr("✗ This is JSON no further than here: %1 (byte %L2, line %L3)")
                         : tr("✗ This is not JSON: %1 (byte %L2, line %L3)"))
                       .arg(visibleText(error.sentence))
                       .arg(error.offset)
                       .arg(line));
    faultLink->setText(tr("Show the place in the text"));
    faultLink->setVisible(tree);
    faultBar->show();
    const qint64 start = std::max<qint64>(0, error.offset - kRawAround);
    raw->setBytes(text.mid(start, 2 * kRawAround), error.offset - start);
    stack->setCurrentWidget(tree ? static_cast<QWidget *>(rows) : rawPage);
}

/// Reading was cancelled: the text begins so.
void JsonView::Private::showUnread()
{
    endParsing();
    fault->setRole(Role::Attention);
    fault->setText(tr("The tree was not made, since you cancelled it. The text begins so:"));
    faultLink->setText(tr("Make the tree"));
    faultLink->show();
    faultBar->show();
    raw->setBytes(text.left(kRawAround));
    stack->setCurrentWidget(rawPage);
}

void JsonView::Private::wait(const QString &words)
{
    model->setJson({});
    searchBar->setJson({});
    faultBar->hide();
    showPath();
    cancel->hide();
    patience.start();
    waiting->setText(words);
    stack->setCurrentWidget(waitingPage);
}

void JsonView::Private::parse()
{
    endParsing();
    const quint64 mine = ++turn;
    if (text.size() <= kParseAtOnce) {
        show(JsonText::parseAsFar(text));
        return;
    }
    wait(tr("Reading %1 of JSON…").arg(humanSize(text.size())));
    parsing = std::make_shared<JsonProgress>();
    look.start();
    QThreadPool::globalInstance()->start(
        [view = QPointer<JsonView>(q), json = text, progress = parsing, mine] {
            const JsonText parsed = JsonText::parseAsFar(json, progress.get());
            // Only the GUI's thread looks whether the view is still there.
            QMetaObject::invokeMethod(
                qApp,
                [view, parsed, mine] {
                    if (view && view->d->turn == mine)
                        view->d->show(parsed);
                },
                Qt::QueuedConnection);
        });
}

void JsonView::Private::endParsing()
{
    patience.stop();
    look.stop();
    if (parsing)
        parsing->stop = true;
    parsing.reset();
}

void JsonView::Private::fit()
{
    constexpr int shortest = 60;
    if (tallest > 0)
        q->setFixedHeight(int(std::clamp<qint64>(qint64(model->rowCount()) * rows->rowHeight()
                                                     + 2 * rows->frameWidth() + 4,
                                                 shortest, tallest)));
}

void JsonView::Private::showPath()
{
    const int row = rows->currentIndex().row();
    path->setWholeText(model->pathOf(row));
    pathBar->setVisible(pathVisible && stack->currentWidget() == rows && model->nodeAt(row) >= 0);
}

void JsonView::Private::copyPath()
{
    const JsonText::Node node = model->nodeAt(rows->currentIndex().row());
    if (node < 0)
        return;
    QApplication::clipboard()->setText(QString::fromUtf8(model->json().pointer(node)));
    Q_EMIT q->statusMessage(tr("Path copied"));
}

QWidget *JsonView::Private::makeRawPage()
{
    rawPage = new QWidget(q);
    raw = new RawTextView(rawPage);
    raw->setAccessibleName(tr("Text as received"));
    auto *layout = new QVBoxLayout(rawPage);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(raw);
    return rawPage;
}

QWidget *JsonView::Private::makeFaultBar()
{
    faultBar = new QWidget(q);
    fault = new RoleLabel(Role::Failure, faultBar);
    fault->setWordWrap(true);
    faultLink = new LinkButton(QString(), faultBar);
    auto *layout = new QHBoxLayout(faultBar);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(12);
    layout->addWidget(fault, 1);
    layout->addWidget(faultLink, 0, Qt::AlignTop);
    faultBar->hide();
    connect(faultLink, &LinkButton::clicked, q, [this] {
        if (!model->json().hasValues()) {
            parse();
            return;
        }
        const bool toText = stack->currentWidget() == rows;
        stack->setCurrentWidget(toText ? rawPage : static_cast<QWidget *>(rows));
        faultLink->setText(toText ? tr("Show the tree") : tr("Show the place in the text"));
        faultLink->updateGeometry();
        if (toText)
            raw->ensureCursorVisible();
        showPath();
    });
    return faultBar;
}

QWidget *JsonView::Private::makeWaitingPage()
{
    waitingPage = new QWidget(q);
    waiting = new RoleLabel(Role::Muted, waitingPage);
    waiting->setAlignment(Qt::AlignCenter);
    cancel = new LinkButton(tr("Cancel"), waitingPage);
    cancel->setAccessibleName(tr("Cancel reading"));
    cancel->hide();
    auto *layout = new QVBoxLayout(waitingPage);
    layout->addStretch(1);
    layout->addWidget(waiting);
    layout->addWidget(cancel, 0, Qt::AlignHCenter);
    layout->addStretch(1);
    patience.setSingleShot(true);
    patience.setInterval(kPatienceMs);
    connect(&patience, &QTimer::timeout, q,
            [this] { cancel->setVisible(stack->currentWidget() == waitingPage); });
    constexpr int lookMs = 100;
    look.setInterval(lookMs);
    connect(&look, &QTimer::timeout, q, [this] {
        if (parsing)
            waiting->setText(tr("Reading JSON: %1 of %2…")
                                 .arg(humanSize(parsing->read), humanSize(text.size())));
    });
    connect(cancel, &LinkButton::clicked, q, [this] {
        const bool own = parsing != nullptr;
        ++turn;
        if (own)
            showUnread();
        Q_EMIT q->cancelled();
    });
    return waitingPage;
}

QWidget *JsonView::Private::makePathBar()
{
    pathBar = new QWidget(q);
    path = new RoleLabel(Role::Muted, pathBar);
    path->setFont(wireFont());
    path->setElide(Qt::ElideMiddle);
    path->setAccessibleName(tr("Path of the current value"));
    auto *copy = new LinkButton(tr("Copy path"), pathBar);
    copy->setToolTip(tr("JSON pointer (RFC 6901), Ctrl+Shift+C"));
    connect(copy, &LinkButton::clicked, q, [this] { copyPath(); });
    auto *layout = new QHBoxLayout(pathBar);
    layout->setContentsMargins(8, 1, 8, 1);
    layout->setSpacing(12);
    layout->addWidget(path, 1);
    layout->addWidget(copy);
    pathBar->hide();
    return pathBar;
}

void JsonView::Private::addKeys()
{
    const auto key = [this](const QKeySequence &keys, QWidget *in, const auto &run) {
        auto *shortcut = new QShortcut(keys, in);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, q, run);
    };
    key(QKeySequence(QKeySequence::Find), q, [this] { q->showSearch(); });
    key(QKeySequence(QStringLiteral("F3")), q, [this] {
        if (searchBar->isVisible())
            searchBar->find(false);
        else
            q->showSearch();
    });
    key(QKeySequence(QStringLiteral("Shift+F3")), q, [this] {
        if (searchBar->isVisible())
            searchBar->find(true);
        else
            q->showSearch();
    });
    key(QKeySequence(QStringLiteral("Ctrl+Shift+C")), q, [this] { copyPath(); });
    // As trees have it elsewhere: * unfolds all that is under a value. A digit: so many levels.
    key(QKeySequence(QStringLiteral("*")), rows,
        [this] { model->unfoldUnder(rows->currentIndex().row()); });
    key(QKeySequence(QStringLiteral("0")), rows, [this] { q->expandAll(); });
    for (int levels = 1; levels <= kDigits; ++levels)
        key(QKeySequence(QString::number(levels)), rows, [this, levels] { q->expandTo(levels); });
}

void JsonView::Private::openMenu(const QPoint &at)
{
    const JsonText &json = model->json();
    const JsonText::Node node = model->nodeAt(rows->currentIndex().row());
    QMenu menu;
    const auto copy = [this, &menu](const QString &title, const QString &said,
                                    const std::function<QString()> &words) {
        menu.addAction(title, q, [this, said, words] {
            QApplication::clipboard()->setText(words());
            Q_EMIT q->statusMessage(said);
        });
    };
    if (node >= 0) {
        copy(tr("Copy value"), tr("Value copied"), [&json, node] {
            if (json.isString(node))
                return json.string(node);
            // What breaks off somewhere cannot be laid out.
            return QString::fromUtf8(json.isValid() ? json.indented(node)
                                                    : json.raw(node).toByteArray());
        });
        copy(tr("Copy as it was sent"), tr("Copied as it was sent"),
             [&json, node] { return QString::fromUtf8(json.raw(node)); });
        menu.addAction(tr("Copy path"), q, [this] { copyPath(); })
            ->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+C")));
        menu.addSeparator();
    }
    copy(tr("Copy all as it was sent"), tr("Copied as it was sent"),
         [this] { return QString::fromUtf8(text); });
    menu.addSeparator();
    const int row = rows->currentIndex().row();
    if (rows->currentIndex().data(JsonModel::FoldableRole).toBool())
        menu.addAction(tr("Unfold all under this value"), q,
                       [this, row] { model->unfoldUnder(row); })
            ->setShortcut(QKeySequence(QStringLiteral("*")));
    menu.addAction(tr("Unfold all"), q, &JsonView::expandAll)
        ->setShortcut(QKeySequence(QStringLiteral("0")));
    QMenu *deep = menu.addMenu(tr("Unfold to level"));
    for (int levels = 2; levels <= kDigits; ++levels)
        deep->addAction(QString::number(levels), q, [this, levels] { q->expandTo(levels); })
            ->setShortcut(QKeySequence(QString::number(levels)));
    menu.addAction(tr("Fold all"), q, &JsonView::collapseAll)
        ->setShortcut(QKeySequence(QStringLiteral("1")));
    if (searchEnabled)
        menu.addAction(tr("Find…"), q, &JsonView::showSearch)
            ->setShortcut(QKeySequence(QKeySequence::Find));
    menu.exec(rows->viewport()->mapToGlobal(at));
}

JsonView::JsonView(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->q = this;
    d->model = new JsonModel(this);
    d->rows = new JsonRows(this);
    d->rows->setFont(wireFont());
    d->rows->setRowHeight(std::max(19, d->rows->fontMetrics().height() + 3));
    d->rows->setModel(d->model);
    d->rows->setColumns({{QStringLiteral("progressToken000"), 1, 0}, {QString(), 4, 0}});
    d->rows->setAccessibleName(tr("JSON"));
    d->searchBar =
        new JsonSearchBar([this] { return d->model->nodeAt(d->rows->currentIndex().row()); }, this);
    d->searchBar->hide();

    d->stack = new QStackedWidget(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(d->searchBar);
    layout->addWidget(d->makeFaultBar());
    layout->addWidget(d->stack, 1);
    layout->addWidget(d->makePathBar());
    for (QWidget *page :
         std::initializer_list<QWidget *>{d->rows, d->makeRawPage(), d->makeWaitingPage()})
        d->stack->addWidget(page);
    setFocusProxy(d->rows);

    connect(d->rows, &RowsView::currentRowChanged, this, [this] { d->showPath(); });
    connect(d->searchBar, &JsonSearchBar::found, this,
            [this](JsonText::Node node) { d->rows->setCurrentRow(d->model->reveal(node)); });
    connect(d->searchBar, &JsonSearchBar::closed, this, [this] {
        d->searchBar->hide();
        d->rows->setFocus();
    });
    d->addKeys();
    d->rows->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(d->rows, &QWidget::customContextMenuRequested, this,
            [this](const QPoint &at) { d->openMenu(at); });
}

JsonView::~JsonView() = default;

void JsonView::setJson(const QByteArray &text)
{
    d->text = text;
    d->parse();
}

void JsonView::setJson(const JsonText &json)
{
    d->text = json.text();
    ++d->turn;
    d->show(json);
}

void JsonView::showWaiting(const QString &words)
{
    if (d->stack->currentWidget() == d->waitingPage && !d->parsing) {
        d->waiting->setText(words);
        return;
    }
    ++d->turn;
    d->endParsing();
    d->text.clear();
    d->wait(words);
}

void JsonView::clear()
{
    setJson(QByteArray());
}
QByteArray JsonView::json() const
{
    return d->text;
}

void JsonView::setPathVisible(bool visible)
{
    d->pathVisible = visible;
    d->showPath();
}

void JsonView::setSearchEnabled(bool enabled)
{
    d->searchEnabled = enabled;
    if (!enabled)
        d->searchBar->hide();
}

void JsonView::setTallest(int tallest)
{
    d->tallest = tallest;
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(d->model, signal, this, [this] { d->fit(); });
    connect(d->model, &QAbstractItemModel::modelReset, this, [this] { d->fit(); });
    d->fit();
}

void JsonView::showSearch()
{
    if (!d->searchEnabled || d->stack->currentWidget() != d->rows)
        return;
    d->searchBar->open();
}

void JsonView::expandAll()
{
    d->model->unfoldAll();
}
void JsonView::expandTo(int levels)
{
    d->model->unfoldTo(levels);
}
void JsonView::collapseAll()
{
    d->model->foldAll();
}

QByteArray JsonView::currentPointer() const
{
    return d->model->json().pointer(d->model->nodeAt(d->rows->currentIndex().row()));
}

} // namespace sightglass
