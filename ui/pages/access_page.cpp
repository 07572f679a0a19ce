// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/access_page.h"

#include "ui/counted.h"
#include "ui/models/oauth_steps_model.h"
#include "ui/pages/oauth_section.h"
#include "ui/trace_follower.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/matrix_view.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/role_label.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedLayout>
#include <QTimer>

#include <array>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Height in px below which the page is made lower: what is on it is to be seen at once.
constexpr int lowPage = 600;
constexpr int gapBetween = 12;

constexpr qint64 kBuildSliceNs = 6'000'000;
/// Exchanges that are taken in between two looks at the clock.
constexpr qint64 kAtOnce = 128;

bool isProblem(const MatrixCell *cell)
{
    return cell
        && (cell->state == MatrixCell::State::Missing || cell->state == MatrixCell::State::Refused);
}

int problemsIn(const CredentialMatrix &matrix)
{
    int problems = 0;
    for (const MatrixRow &row : matrix.rows) {
        for (const MatrixCell &cell : row.cells)
            problems += isProblem(&cell) ? 1 : 0;
    }
    return problems;
}

std::shared_ptr<const Redactor> ownRedactor()
{
    QByteArray salt(16, Qt::Uninitialized);
    QRandomGenerator::system()->generate(salt.begin(), salt.end());
    return std::make_shared<const Redactor>(salt);
}

} // namespace

struct AccessPage::Private {
    TraceFollower follower;
    std::shared_ptr<const Redactor> redactor = ownRedactor();
    /// Of the newest connection: what the dot tells, and what is shown at first.
    std::optional<CredentialMatrixBuilder> builder;
    /// Of another that was chosen.
    std::optional<CredentialMatrixBuilder> chosenBuilder;
    QList<TraceConnection> connections;
    qint64 notesSeen = -1;
    QComboBox *chooser = nullptr;
    QStackedLayout *stack = nullptr;
    MatrixView *matrix = nullptr;
    OAuthSection *oauth = nullptr;
    QScrollArea *scroll = nullptr;
    QVBoxLayout *layout = nullptr;
    std::array<QSpacerItem *, 2> gaps{}; ///< before the problems, and before the log-in
    RoleLabel *since = nullptr;
    RoleLabel *problemsTitle = nullptr;
    QVBoxLayout *problemList = nullptr;
    QStringList sentences; ///< that the list shows now
    int problems = 0;
    QTimer slices; ///< runs while the trace holds what the matrix does not
    ExchangeId toMark = 0;

    void mark();

    const CredentialMatrixBuilder &shown() const
    {
        return chosenBuilder ? *chosenBuilder : *builder;
    }
    void chooseConnection();
    void fitHeight(int height);
    QString filterFor(int row, int column) const;
};

AccessPage::AccessPage(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    auto *empty = new RoleLabel(tr("No request was sent yet. Connect, and this page shows which "
                                   "request carried which credential."),
                                Role::Muted, this);
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);

    auto *content = new QWidget(this);
    auto *title = new RoleLabel(tr("Which request carried what"), Role::Text, content);
    QFont large = title->font();
    large.setBold(true);
    large.setPointSizeF(large.pointSizeF() * 1.15);
    title->setFont(large);
    d->since = new RoleLabel(Role::Muted, content);
    auto *head = new QHBoxLayout;
    head->addWidget(title, 1);
    head->addWidget(d->since);
    d->chooser = new QComboBox(content);
    d->chooser->setAccessibleName(tr("Connection that is shown"));
    d->chooser->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    d->chooser->hide();
    head->addWidget(d->chooser);
    d->matrix = new MatrixView(content);
    d->problemsTitle = new RoleLabel(tr("What is wrong in it"), Role::Text, content);
    d->problemsTitle->setFont(large);
    d->problemList = new QVBoxLayout;
    d->problemList->setSpacing(4);

    auto *layout = new QVBoxLayout(content);
    d->layout = layout;
    for (QSpacerItem *&gap : d->gaps)
        gap = new QSpacerItem(0, gapBetween, QSizePolicy::Minimum, QSizePolicy::Fixed);
    layout->setContentsMargins(16, 12, 16, 16);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(d->matrix);
    layout->addSpacerItem(d->gaps[0]);
    layout->addWidget(d->problemsTitle);
    layout->addLayout(d->problemList);
    layout->addSpacerItem(d->gaps[1]);
    d->oauth = new OAuthSection(content);
    layout->addWidget(d->oauth);
    layout->addStretch(1);
    connect(d->oauth->steps(), &QAbstractItemModel::modelReset, this,
            [this] { d->fitHeight(height()); });
    connect(d->oauth, &OAuthSection::showExchangeRequested, this,
            &AccessPage::showExchangeRequested);

    auto *scroll = pageScroll(content, this); // sideways the matrix scrolls by itself
    scroll->setAccessibleName(tr("Which request carried what"));
    scroll->setFocusPolicy(Qt::StrongFocus);
    d->scroll = scroll;
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    d->stack = new QStackedLayout(this);
    d->stack->addWidget(empty);
    d->stack->addWidget(scroll);

    d->slices.setInterval(0);
    connect(&d->slices, &QTimer::timeout, this, [this] { refresh(); });
    connect(&d->follower, &TraceFollower::grown, this, [this] { refresh(); });
    connect(d->chooser, &QComboBox::currentIndexChanged, this, [this] {
        d->chooseConnection();
        refresh();
    });
    connect(d->matrix, &MatrixView::cellChosen, this, [this](int row, int column) {
        const QString filter = d->filterFor(row, column);
        if (filter.isEmpty())
            return;
        Q_EMIT filterRequested(filter);
        // Of what is wrong the newest is shown at once, beside one that was accepted.
        const MatrixModel *model = d->matrix->matrixModel();
        const MatrixCell *cell = model->cellAt(model->index(row, column));
        if (isProblem(cell) && !cell->exchanges.isEmpty())
            Q_EMIT showExchangeRequested(cell->exchanges.constLast());
    });
}

AccessPage::~AccessPage() = default;

void AccessPage::setTrace(const TraceReader *trace)
{
    d->builder.reset();
    d->chosenBuilder.reset();
    d->connections.clear();
    d->notesSeen = -1;
    d->toMark = 0;
    d->matrix->setMatrix({}); // a long trace fills it later
    showProblems();
    d->follower.setTrace(trace);
    refresh();
}

void AccessPage::setRedactor(std::shared_ptr<const Redactor> redactor)
{
    d->redactor = redactor ? std::move(redactor) : ownRedactor();
    d->oauth->setRedactor(d->redactor);
    d->builder.reset();
    d->notesSeen = -1;
    if (d->chosenBuilder)
        d->chooseConnection();
    refresh();
}

void AccessPage::setTokens(const QList<KnownToken> &tokens)
{
    d->matrix->setTokens(tokens);
}

void AccessPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    d->fitHeight(height());
}

/// Only where there are steps to be seen: else the matrix may have the room.
void AccessPage::Private::fitHeight(int height)
{
    const bool low = height < lowPage && oauth->steps()->rowCount() > 0;
    matrix->setLow(low);
    oauth->setLow(low);
    for (QSpacerItem *gap : gaps)
        gap->changeSize(0, low ? 4 : gapBetween, QSizePolicy::Minimum, QSizePolicy::Fixed);
    layout->setSpacing(low ? 4 : 8);
    layout->invalidate();
}

OAuthSection *AccessPage::oauth() const
{
    return d->oauth;
}

void AccessPage::showLogIn()
{
    d->oauth->showInteresting();
    // Its place is known once the page is laid out.
    QMetaObject::invokeMethod(
        this,
        [this] {
            const int top = d->oauth->mapTo(d->scroll->widget(), QPoint(0, 0)).y();
            d->scroll->verticalScrollBar()->setValue(top - 8);
        },
        Qt::QueuedConnection);
}

int AccessPage::problemCount() const
{
    return d->problems;
}

void AccessPage::markExchange(ExchangeId id)
{
    d->toMark = id;
    // It stands in the matrix of its own connection.
    for (qsizetype i = 0; i < d->connections.size(); ++i) {
        const TraceConnection &of = d->connections.at(i);
        if (id >= of.first && (of.last == 0 || id <= of.last))
            d->chooser->setCurrentIndex(int(d->connections.size() - 1 - i));
    }
    refresh();
}

void AccessPage::Private::mark()
{
    const MatrixModel *model = matrix->matrixModel();
    QModelIndex found;
    for (int row = 0; row < model->rowCount(); ++row) {
        for (int column = 0; column < model->columnCount(); ++column) {
            const MatrixCell *cell = model->cellAt(model->index(row, column));
            if (!found.isValid() && isProblem(cell) && cell->exchanges.contains(toMark))
                found = model->index(row, column);
        }
    }
    toMark = 0;
    if (found.isValid())
        matrix->markCell(found.row(), found.column());
}

void AccessPage::refresh()
{
    const TraceReader *trace = d->follower.trace();
    const bool any = trace && trace->exchangeCount() > 0;
    d->stack->setCurrentIndex(any ? 1 : 0);
    bool behind = false;
    if (any)
        behind = takeIn(*trace);
    if (behind) {
        d->since->setText(tr("looking at %L1 of %L2 exchanges…")
                              .arg(d->shown().count())
                              .arg(trace->exchangeCount()));
        if (!d->slices.isActive())
            d->slices.start();
        return;
    }
    d->slices.stop();
    showMatrix();
    if (d->toMark > 0)
        d->mark();
}

/// True where more has to be taken in than one slice allows.
bool AccessPage::takeIn(const TraceReader &trace)
{
    if (d->notesSeen != trace.noteCount() || !d->builder)
        offerConnections(trace);
    QElapsedTimer timer;
    timer.start();
    bool behind = false;
    do {
        d->builder->update(trace, kAtOnce);
        behind = d->builder->isBehind(trace);
        if (d->chosenBuilder) {
            d->chosenBuilder->update(trace, kAtOnce);
            behind = behind || d->chosenBuilder->isBehind(trace);
        }
    } while (behind && timer.nsecsElapsed() < kBuildSliceNs);
    return behind;
}

void AccessPage::offerConnections(const TraceReader &trace)
{
    d->notesSeen = trace.noteCount();
    const QList<TraceConnection> now = traceConnections(trace);
    const bool same = now == d->connections;
    if (same && d->builder)
        return;
    if (!d->builder)
        d->builder.emplace(*d->redactor);
    d->builder->setRange(now.constLast().first);
    if (same)
        return;
    // With a new connection the newest is shown again.
    d->connections = now;
    d->chosenBuilder.reset();
    const QSignalBlocker blocker(d->chooser);
    d->chooser->clear();
    for (qsizetype i = now.size() - 1; i >= 0; --i) {
        const QString time =
            trace.began().addMSecs(now.at(i).at / 1'000'000).toLocalTime().toString(u"hh:mm:ss"_s);
        d->chooser->addItem(i == now.size() - 1 ? tr("Newest connection, %1").arg(time)
                                                : tr("Connection %1, %2").arg(i + 1).arg(time));
    }
    d->chooser->addItem(tr("All connections"));
    d->chooser->setVisible(now.size() > 1);
}

void AccessPage::Private::chooseConnection()
{
    const qsizetype place = connections.size() - 1 - chooser->currentIndex();
    chosenBuilder.reset();
    if (place == connections.size() - 1)
        return;
    chosenBuilder.emplace(*redactor);
    if (place >= 0)
        chosenBuilder->setRange(connections.at(place).first, connections.at(place).last);
}

void AccessPage::showMatrix()
{
    const TraceReader *trace = d->follower.trace();
    const int before = d->problems;
    d->problems = 0;
    if (trace && trace->exchangeCount() > 0) {
        d->matrix->setMatrix(d->shown().matrix());
        const bool many = d->connections.size() > 1;
        const qsizetype place = d->chosenBuilder
            ? d->connections.size() - 1 - d->chooser->currentIndex()
            : d->connections.size() - 1;
        const TraceConnection of =
            place >= 0 && many ? d->connections.at(place) : TraceConnection();
        const ExchangeId exchanges =
            (of.last > 0 ? of.last : trace->exchangeCount()) - of.first + 1;
        d->since->setText(tr("since %1, %2")
                              .arg(trace->began()
                                       .addMSecs(of.at / 1'000'000)
                                       .toLocalTime()
                                       .toString(u"hh:mm:ss"_s),
                                   counted(exchanges, tr("%1 exchange"), tr("%1 exchanges"))));
        showProblems();
        d->problems = problemsIn(d->builder->matrix());
    }
    if (before != d->problems)
        Q_EMIT problemCountChanged(d->problems);
}

void AccessPage::showProblems()
{
    const MatrixModel *model = d->matrix->matrixModel();
    QStringList sentences;
    QList<ExchangeId> exchanges;
    for (int row = 0; row < model->rowCount(); ++row) {
        for (int column = 0; column < model->columnCount(); ++column) {
            const MatrixCell *cell = model->cellAt(model->index(row, column));
            if (!isProblem(cell))
                continue;
            sentences << model->sentence(row, column);
            exchanges << cell->exchanges.last();
        }
    }
    d->problemsTitle->setVisible(!sentences.isEmpty());
    if (sentences == d->sentences)
        return;
    d->sentences = sentences;
    while (QLayoutItem *item = d->problemList->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    for (qsizetype i = 0; i < sentences.size(); ++i) {
        auto *line = new QWidget(this);
        auto *layout = new QHBoxLayout(line);
        layout->setContentsMargins(0, 0, 0, 0);
        auto *words = new RoleLabel(sentences.at(i), Role::Text, line);
        words->setWordWrap(true);
        words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        auto *show = new LinkButton(tr("Exchange %1").arg(exchanges.at(i)), line);
        layout->addWidget(words, 1);
        layout->addWidget(show, 0, Qt::AlignTop);
        connect(show, &LinkButton::clicked, this,
                [this, id = exchanges.at(i)] { Q_EMIT showExchangeRequested(id); });
        d->problemList->addWidget(line);
    }
}

QString AccessPage::Private::filterFor(int row, int column) const
{
    const MatrixModel *model = matrix->matrixModel();
    if (row < 0 || row >= model->matrix().rows.size())
        return {};
    const MatrixRow &of = model->matrix().rows.at(row);
    QString filter = u"kind:"_s + QString::fromLatin1(exchangeKindName(of.kind));
    if (of.kind == ExchangeKind::Post)
        filter += of.what == "initialize"_L1 ? u" initialize"_s : u" not initialize"_s;
    const MatrixCell *cell = model->cellAt(model->index(row, column));
    if (!cell)
        return filter;
    const QString name = QString::fromUtf8(model->matrix().columns.at(column - 2)).toLower();
    switch (cell->state) {
    case MatrixCell::State::Missing:
        return filter + u" missing:"_s + name;
    case MatrixCell::State::Withheld:
        return filter + u" withheld:"_s + name;
    case MatrixCell::State::Carried:
    case MatrixCell::State::Refused:
        return filter + u" carried:"_s + name;
    default:
        return filter;
    }
}

} // namespace sightglass
