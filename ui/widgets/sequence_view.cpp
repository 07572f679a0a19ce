// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/sequence_view.h"

#include "ui/models/exchange_model.h"
#include "ui/models/sequence_model.h"
#include "ui/widgets/sequence_delegate.h"

#include <QHeaderView>
#include <QKeyEvent>

#include <utility>

namespace sightglass {

namespace {
constexpr int kRearrangeMs = 1000;
} // namespace

SequenceView::SequenceView(ExchangeModel *exchanges, QWidget *parent)
    : RowsView(parent)
    , m_exchanges(exchanges)
    , m_sequence(new SequenceModel(this))
{
    setItemDelegate(new SequenceDelegate(m_sequence, this));
    setModel(m_sequence);
    setColumns({{QStringLiteral("000.000"), 0, 0},
                {QString(40, u'0'), 0, 0, QString(26, u'0')},
                {QStringLiteral("tools/call name-of-a-tool"), 1, 0, QStringLiteral("tools/call")},
                {QStringLiteral("000,000"), 0, 0}});
    setHeaderPainter(SequenceModel::Lanes, [this](QPainter *painter, const QRect &section) {
        SequenceDelegate::paintHeader(painter, section, this);
    });
    setCanFollow(true);
    setSelectionMode(SingleSelection);
    setAccessibleName(tr("Sequence of messages"));
    setContextMenuPolicy(Qt::CustomContextMenu);
    connect(this, &RowsView::currentRowChanged, this, &SequenceView::choose);
    connect(m_exchanges, &ExchangeModel::matchesReset, this, [this] {
        m_filled = false;
        if (isVisible())
            fill();
    });
    m_rearranging.setSingleShot(true);
    m_rearranging.setInterval(kRearrangeMs);
    connect(&m_rearranging, &QTimer::timeout, this, [this] {
        if (m_filled)
            fill();
    });
    connect(m_exchanges, &ExchangeModel::matchesRearranged, this, [this] {
        if (m_filled && !m_rearranging.isActive())
            m_rearranging.start();
    });
    connect(m_exchanges, &ExchangeModel::matchesJoined, this, [this](const QList<ExchangeId> &ids) {
        if (m_filled)
            m_sequence->addExchanges(ids);
    });
    // What was there before it was opened is not new.
    connect(m_sequence, &SequenceModel::caughtUp, this, [this] { setUnseenCounted(true); });
    connect(m_sequence, &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_wanted > 0)
            showExchange(m_wanted);
    });
}

void SequenceView::setTrace(const ShownTrace &shown, bool lives)
{
    m_shown = shown;
    m_wanted = 0;
    m_filled = false;
    // Nothing reads the last trace from here on.
    m_sequence->setExchanges(shown, {});
    setFollowing(lives);
    if (isVisible())
        fill();
}

void SequenceView::fill()
{
    m_filled = true;
    m_rearranging.stop();
    const int row = currentIndex().row();
    if (m_wanted == 0 && row >= 0)
        m_wanted = exchangeAt(row);
    setUnseenCounted(false);
    m_sequence->setExchanges(m_shown, m_exchanges->matching());
}

void SequenceView::refresh()
{
    if (m_filled)
        m_sequence->refresh();
}

void SequenceView::showEvent(QShowEvent *event)
{
    RowsView::showEvent(event);
    if (!m_filled)
        fill();
}

void SequenceView::hideEvent(QHideEvent *event)
{
    RowsView::hideEvent(event);
    // What nobody sees costs nothing: it is made anew.
    if (event->spontaneous())
        return;
    if (const ExchangeId id = exchangeAt(currentIndex().row()); id > 0)
        m_wanted = id;
    m_filled = false;
    m_sequence->setExchanges(m_shown, {});
}

ExchangeId SequenceView::exchangeAt(int row) const
{
    return m_sequence->row(row).id;
}

void SequenceView::showExchange(ExchangeId id)
{
    if (id <= 0 || exchangeAt(currentIndex().row()) == id) {
        m_wanted = 0;
        return;
    }
    const int row = m_sequence->rowOf(id);
    m_wanted = row < 0 ? id : 0;
    if (row < 0)
        return;
    const bool telling = std::exchange(m_telling, false);
    executeDelayedItemsLayout(); // rows that came just now can be scrolled to as well
    const bool seen = row > firstVisibleRow() && row < lastVisibleRow();
    setCurrentRow(row);
    if (!seen && !isFollowing())
        scrollTo(currentIndex(), PositionAtCenter); // with what led to it and what came of it
    m_telling = telling;
}

void SequenceView::choose(int row)
{
    m_sequence->setCurrent(row);
    const SequenceRow at = m_sequence->row(row);
    if (row >= 0 && at.id > 0 && m_telling) {
        m_wanted = 0;
        Q_EMIT chosen(at.id, at.frame);
    }
}

bool SequenceView::showJoined()
{
    const SequenceRow at = m_sequence->row(currentIndex().row());
    if (at.peer < 0 || at.peer >= m_sequence->rowCount())
        return false;
    setCurrentRow(at.peer);
    return true;
}

void SequenceView::keyPressEvent(QKeyEvent *event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        && event->modifiers().testFlag(Qt::ControlModifier) == false && showJoined()) {
        event->accept();
        return;
    }
    RowsView::keyPressEvent(event);
}

} // namespace sightglass
