// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/access_page.h"

#include "ui/counted.h"
#include "ui/trace_follower.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/matrix_view.h"
#include "ui/widgets/role_label.h"

#include <QBoxLayout>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTimer>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kSliceNs = 6'000'000;
/// Exchanges that are taken in between two looks at the clock.
constexpr qint64 kAtOnce = 128;

bool isProblem(const MatrixCell *cell)
{
    return cell
        && (cell->state == MatrixCell::State::Missing || cell->state == MatrixCell::State::Refused);
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
    std::optional<CredentialMatrixBuilder> builder;
    QStackedLayout *stack = nullptr;
    MatrixView *matrix = nullptr;
    RoleLabel *since = nullptr;
    RoleLabel *problemsTitle = nullptr;
    QVBoxLayout *problemList = nullptr;
    QStringList sentences; ///< that the list shows now
    int problems = 0;
    QTimer slices; ///< runs while the trace holds what the matrix does not
    ExchangeId toMark = 0;

    void mark();

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
    d->matrix = new MatrixView(content);
    d->problemsTitle = new RoleLabel(tr("What is wrong in it"), Role::Text, content);
    d->problemsTitle->setFont(large);
    d->problemList = new QVBoxLayout;
    d->problemList->setSpacing(4);

    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(16, 12, 16, 16);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(d->matrix);
    layout->addSpacing(12);
    layout->addWidget(d->problemsTitle);
    layout->addLayout(d->problemList);
    layout->addStretch(1);

    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("Which request carried what"));
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // the matrix scrolls by itself
    scroll->setWidget(content);
    scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    d->stack = new QStackedLayout(this);
    d->stack->addWidget(empty);
    d->stack->addWidget(scroll);

    d->slices.setInterval(0);
    connect(&d->slices, &QTimer::timeout, this, [this] { refresh(); });
    connect(&d->follower, &TraceFollower::grown, this, [this] { refresh(); });
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
    d->toMark = 0;
    d->matrix->setMatrix({}); // a long trace fills it later
    showProblems();
    d->follower.setTrace(trace);
    refresh();
}

void AccessPage::setRedactor(std::shared_ptr<const Redactor> redactor)
{
    d->redactor = redactor ? std::move(redactor) : ownRedactor();
    d->builder.reset();
    refresh();
}

int AccessPage::problemCount() const
{
    return d->problems;
}

void AccessPage::markExchange(ExchangeId id)
{
    d->toMark = id;
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
    if (any) {
        if (!d->builder)
            d->builder.emplace(*d->redactor);
        QElapsedTimer timer;
        timer.start();
        do {
            d->builder->update(*trace, kAtOnce);
            behind = d->builder->isBehind(*trace);
        } while (behind && timer.nsecsElapsed() < kSliceNs);
    }
    if (behind) {
        d->since->setText(tr("looking at %L1 of %L2 exchanges…")
                              .arg(d->builder->count())
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

void AccessPage::showMatrix()
{
    const TraceReader *trace = d->follower.trace();
    const int before = d->problems;
    d->problems = 0;
    if (trace && trace->exchangeCount() > 0) {
        d->matrix->setMatrix(d->builder->matrix());
        d->since->setText(
            tr("since %1, %2")
                .arg(trace->began().toLocalTime().toString(u"hh:mm:ss"_s),
                     counted(trace->exchangeCount(), tr("%1 exchange"), tr("%1 exchanges"))));
        showProblems();
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
    d->problems = int(sentences.size());
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
