// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/json_view.h"

#include "core/trace/trace_text.h"
#include "ui/models/json_model.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/json_delegate.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/raw_text_view.h"
#include "ui/widgets/role_label.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QShortcut>
#include <QStackedWidget>
#include <QThreadPool>
#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

namespace {
/// Text above this is parsed beside the GUI's thread.
constexpr qsizetype kParseAtOnce = 512 * 1024;
/// So much of a text that is no JSON is shown around the place where it goes wrong.
constexpr qint64 kRawAround = 64 * 1024;
} // namespace

struct JsonView::Private {
    JsonView *q = nullptr;
    JsonModel *model = nullptr;
    JsonRows *rows = nullptr;
    QStackedWidget *stack = nullptr;
    QWidget *rawPage = nullptr;
    RoleLabel *rawProblem = nullptr;
    RawTextView *raw = nullptr;
    RoleLabel *waiting = nullptr;
    QWidget *searchBar = nullptr;
    QLineEdit *search = nullptr;
    RoleLabel *searchResult = nullptr;
    RoleLabel *path = nullptr;
    QByteArray text;
    quint64 turn = 0; ///< which text is the newest; parses of older ones are dropped
    quint64 searchTurn = 0; ///< the same for searches
    bool pathVisible = true;
    int tallest = 0; ///< px; 0: whatever height it is given
    bool searchEnabled = true;

    void show(const JsonText &json);
    void showPath();
    void fit();
    void find(bool backwards);
};

void JsonView::Private::show(const JsonText &json)
{
    const bool blank = std::all_of(text.cbegin(), text.cend(), [](char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    });
    if (json.isValid() || blank) {
        model->setJson(json);
        stack->setCurrentWidget(rows);
        showPath();
        return;
    }
    model->setJson({});
    const JsonError error = json.error().value_or(JsonError{});
    const auto failed = text.cbegin() + std::clamp<qsizetype>(error.offset, 0, text.size());
    const qsizetype line = std::count(text.cbegin(), failed, '\n') + 1;
    rawProblem->setText(tr("This is not JSON: %1 (byte %2, line %3)")
                            .arg(visibleText(error.sentence))
                            .arg(error.offset)
                            .arg(line));
    const qint64 start = std::max<qint64>(0, error.offset - kRawAround);
    raw->setBytes(text.mid(start, 2 * kRawAround), error.offset - start);
    path->hide();
    stack->setCurrentWidget(rawPage);
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
    path->setVisible(pathVisible && model->nodeAt(row) >= 0);
}

void JsonView::Private::find(bool backwards)
{
    const QByteArray wanted = search->text().toUtf8();
    const quint64 mine = ++searchTurn;
    searchResult->clear();
    if (wanted.isEmpty())
        return;
    const auto found = [this](JsonText::Node node) {
        if (node < 0)
            searchResult->setText(tr("not found"));
        else
            rows->setCurrentRow(model->reveal(node));
        if (node >= 0)
            searchResult->clear();
    };
    const JsonText::Node from = model->nodeAt(rows->currentIndex().row());
    if (text.size() <= kParseAtOnce) {
        found(model->find(wanted, from, backwards));
        return;
    }
    searchResult->setText(tr("looking…"));
    QThreadPool::globalInstance()->start([view = QPointer<JsonView>(q), json = model->json(),
                                          wanted, from, backwards, mine, found, of = turn] {
        const JsonText::Node node = JsonModel::findIn(json, wanted, from, backwards);
        QMetaObject::invokeMethod(
            qApp,
            [view, mine, of, node, found] {
                if (view && view->d->searchTurn == mine && view->d->turn == of)
                    found(node);
            },
            Qt::QueuedConnection);
    });
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

    d->rawPage = new QWidget(this);
    d->rawProblem = new RoleLabel(Role::Failure, this);
    d->rawProblem->setWordWrap(true);
    d->rawProblem->setContentsMargins(8, 4, 8, 4);
    d->raw = new RawTextView(this);
    d->raw->setAccessibleName(tr("Text as received"));
    auto *rawLayout = new QVBoxLayout(d->rawPage);
    rawLayout->setContentsMargins(0, 0, 0, 0);
    rawLayout->setSpacing(0);
    rawLayout->addWidget(d->rawProblem);
    rawLayout->addWidget(d->raw, 1);

    d->waiting = new RoleLabel(Role::Muted, this);
    d->waiting->setAlignment(Qt::AlignCenter);

    d->searchBar = new QWidget(this);
    d->search = new QLineEdit(d->searchBar);
    d->search->setPlaceholderText(tr("Find in keys and values"));
    d->search->setAccessibleName(d->search->placeholderText());
    d->search->setClearButtonEnabled(true);
    d->searchResult = new RoleLabel(Role::Attention, d->searchBar);
    auto *previous = new LinkButton(tr("Previous"), d->searchBar);
    auto *next = new LinkButton(tr("Next"), d->searchBar);
    auto *done = new LinkButton(tr("Done"), d->searchBar);
    auto *searchLayout = new QHBoxLayout(d->searchBar);
    searchLayout->setContentsMargins(8, 4, 8, 4);
    searchLayout->setSpacing(12);
    searchLayout->addWidget(d->search, 1);
    searchLayout->addWidget(d->searchResult);
    searchLayout->addWidget(previous);
    searchLayout->addWidget(next);
    searchLayout->addWidget(done);
    d->searchBar->hide();

    d->path = new RoleLabel(Role::Muted, this);
    d->path->setFont(wireFont());
    d->path->setContentsMargins(8, 3, 8, 3);
    d->path->setElide(Qt::ElideMiddle);
    d->path->setAccessibleName(tr("Path of the current value"));
    d->path->hide();

    d->stack = new QStackedWidget(this);
    d->stack->addWidget(d->rows);
    d->stack->addWidget(d->rawPage);
    d->stack->addWidget(d->waiting);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(d->searchBar);
    layout->addWidget(d->stack, 1);
    layout->addWidget(d->path);
    setFocusProxy(d->rows);

    connect(d->rows, &RowsView::currentRowChanged, this, [this] { d->showPath(); });
    connect(d->search, &QLineEdit::textEdited, this, [this] { d->find(false); });
    connect(d->search, &QLineEdit::returnPressed, this, [this] { d->find(false); });
    connect(next, &LinkButton::clicked, this, [this] { d->find(false); });
    connect(previous, &LinkButton::clicked, this, [this] { d->find(true); });
    const auto endSearch = [this] {
        d->searchBar->hide();
        d->rows->setFocus();
    };
    connect(done, &LinkButton::clicked, this, endSearch);
    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), d->searchBar);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, endSearch);
    auto *find = new QShortcut(QKeySequence(QKeySequence::Find), this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, &JsonView::showSearch);

    d->rows->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(d->rows, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        const JsonText &json = d->model->json();
        const JsonText::Node node = d->model->nodeAt(d->rows->currentIndex().row());
        QMenu menu;
        const auto copy = [this, &menu](const QString &title, const QString &said,
                                        const std::function<QString()> &text) {
            menu.addAction(title, this, [this, said, text] {
                QApplication::clipboard()->setText(text());
                Q_EMIT statusMessage(said);
            });
        };
        if (node >= 0) {
            copy(tr("Copy value"), tr("Value copied"), [&json, node] {
                return json.isString(node) ? json.string(node)
                                           : QString::fromUtf8(json.indented(node));
            });
            copy(tr("Copy as it was sent"), tr("Copied as it was sent"),
                 [&json, node] { return QString::fromUtf8(json.raw(node)); });
            copy(tr("Copy path"), tr("Path copied"),
                 [&json, node] { return QString::fromUtf8(json.pointer(node)); });
            menu.addSeparator();
        }
        copy(tr("Copy all as it was sent"), tr("Copied as it was sent"),
             [this] { return QString::fromUtf8(d->text); });
        menu.addAction(tr("Unfold all"), this, &JsonView::expandAll);
        menu.addAction(tr("Fold all"), this, &JsonView::collapseAll);
        if (d->searchEnabled)
            menu.addAction(tr("Find…"), this, &JsonView::showSearch);
        menu.exec(d->rows->viewport()->mapToGlobal(at));
    });
}

JsonView::~JsonView() = default;

void JsonView::setJson(const QByteArray &text)
{
    d->text = text;
    const quint64 turn = ++d->turn;
    if (text.size() <= kParseAtOnce) {
        d->show(JsonText::parse(text));
        return;
    }
    d->model->setJson({});
    d->path->hide();
    d->stack->setCurrentWidget(d->waiting);
    d->waiting->setText(tr("Reading %1 of JSON…").arg(humanSize(text.size())));
    QThreadPool::globalInstance()->start([view = QPointer<JsonView>(this), text, turn] {
        const JsonText json = JsonText::parse(text);
        // Only the GUI's thread looks whether the view is still there.
        QMetaObject::invokeMethod(
            qApp,
            [view, json, turn] {
                if (view && view->d->turn == turn)
                    view->d->show(json);
            },
            Qt::QueuedConnection);
    });
}

void JsonView::setJson(const JsonText &json)
{
    d->text = json.text();
    ++d->turn;
    d->show(json);
}

void JsonView::showWaiting(const QString &words)
{
    if (d->stack->currentWidget() != d->waiting) {
        ++d->turn;
        d->text.clear();
        d->model->setJson({});
        d->path->hide();
        d->stack->setCurrentWidget(d->waiting);
    }
    d->waiting->setText(words);
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
    d->searchBar->show();
    d->search->setFocus();
    d->search->selectAll();
}

void JsonView::expandAll()
{
    d->model->unfoldAll();
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
