// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// The sequence as another view of what the table shows.
#include "ui/pages/traffic_page_private.h"
#include "ui/theme.h"
#include "ui/widgets/rows_view.h"
#include "ui/widgets/sequence_view.h"

#include <QSettings>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace sightglass {

void TrafficPage::Private::addSequence()
{
    sequence = new SequenceView(model, q);
    stack->addWidget(sequence);
    sequence->installEventFilter(q);
    sequenceButton = new QToolButton(q);
    sequenceButton->setIcon(themedIcon(QStringLiteral("sequence")));
    sequenceButton->setObjectName(QStringLiteral("sequenceButton"));
    sequenceButton->setCheckable(true);
    sequenceButton->setAccessibleName(TrafficPage::tr("Sequence"));
    sequenceButton->setToolTip(
        TrafficPage::tr("Sequence of messages between client and server (Ctrl+Shift+L)"));
    sequenceButton->setChecked(QSettings().value(QLatin1String(SequenceKey), false).toBool());
    connect(sequenceButton, &QToolButton::clicked, q, [this](bool on) {
        QSettings().setValue(QLatin1String(SequenceKey), on);
        setSequence(on);
    });
    connect(sequence, &SequenceView::chosen, q, [this](ExchangeId id, qint64 frame) {
        select(id);
        // The table has the same one chosen, for what is done to the selection.
        selecting = true;
        table->setCurrentRow(model->rowOf(id));
        selecting = false;
        if (frame >= 0)
            pane->showFrame(frame);
    });
    connect(sequence, &RowsView::copied, table, &RowsView::copied);
    connect(sequence, &QWidget::customContextMenuRequested, q,
            [this](const QPoint &at) { menu(at); });
}

bool TrafficPage::Private::showsSequence() const
{
    return sequenceButton->isChecked();
}

RowsView *TrafficPage::Private::rowsInView() const
{
    return showsSequence() ? sequence : table;
}

void TrafficPage::Private::setSequence(bool on)
{
    const bool focused = table->hasFocus() || sequence->hasFocus();
    sequenceButton->setChecked(on);
    showEmpty();
    if (on)
        sequence->showExchange(current);
    else if (table->currentIndex().isValid())
        table->scrollTo(table->currentIndex());
    if (focused)
        rowsInView()->setFocus(Qt::OtherFocusReason);
}

/// From the filter line the arrows lead into what it found.
bool TrafficPage::Private::lookFromFilter(int key)
{
    RowsView *view = rowsInView();
    const bool up = key == Qt::Key_Up;
    const int rows = view->model()->rowCount();
    if ((!up && key != Qt::Key_Down) || rows == 0)
        return false;
    const int at = showsSequence() ? view->currentIndex().row() : model->rowOf(current);
    view->setFocus(Qt::OtherFocusReason); // focus alone chooses the first
    view->setCurrentRow(at < 0 ? (up ? rows - 1 : 0) : std::clamp(at + (up ? -1 : 1), 0, rows - 1));
    return true;
}

} // namespace sightglass
