// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/matrix_view.h"

#include "ui/counted.h"
#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QDateTime>
#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <numeric>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using State = MatrixCell::State;
constexpr int Padding = 12;
constexpr int TightPadding = 7; ///< where there is no room for more
constexpr int Gap = 2; ///< half of the space between tiles

struct Look {
    const char *icon;
    Role role;
    bool solid; ///< the tile is filled with the colour itself
};

Look lookOf(State state)
{
    switch (state) {
    case State::Carried:
        return {"key", Role::Ok, false};
    case State::Missing:
        return {"refused", Role::Failure, true};
    case State::Refused:
        return {"refused", Role::Failure, false};
    case State::Withheld:
        return {"key-slash", Role::Muted, false};
    case State::None:
    case State::NotYet:
        break;
    }
    return {"", Role::Muted, false};
}

QColor mixed(const QColor &over, const QColor &under, double share)
{
    return QColor::fromRgbF(float(over.redF() * share + under.redF() * (1 - share)),
                            float(over.greenF() * share + under.greenF() * (1 - share)),
                            float(over.blueF() * share + under.blueF() * (1 - share)));
}

QString numbers(const QList<ExchangeId> &exchanges)
{
    constexpr qsizetype Most = 6;
    QStringList list;
    for (const ExchangeId id : exchanges.first(qMin(Most, exchanges.size())))
        list << QString::number(id);
    if (exchanges.size() > Most)
        list << u"…"_s;
    return (exchanges.size() == 1 ? MatrixModel::tr("exchange %1")
                                  : MatrixModel::tr("exchanges %1"))
        .arg(list.join(u", "_s));
}

/// Into two lines after the hyphen that makes the longer of them shortest.
void breakInTheMiddle(QString &title)
{
    const auto longest = [&](qsizetype hyphen) {
        return qMax(hyphen + 1, title.size() - hyphen - 1);
    };
    qsizetype best = -1;
    for (qsizetype hyphen = title.indexOf(u'-'); hyphen >= 0;
         hyphen = title.indexOf(u'-', hyphen + 1))
        if (best < 0 || longest(hyphen) < longest(best))
            best = hyphen;
    if (best >= 0)
        title.insert(best + 1, u'\n');
}

} // namespace

MatrixModel::MatrixModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void MatrixModel::setMatrix(const CredentialMatrix &matrix)
{
    if (matrix == m_matrix)
        return;
    const bool sameShape =
        matrix.columns == m_matrix.columns && matrix.rows.size() == m_matrix.rows.size();
    if (sameShape && !matrix.rows.isEmpty()) {
        m_matrix = matrix;
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_matrix = matrix;
    endResetModel();
}

void MatrixModel::setTitlesInTwoLines(bool two)
{
    if (two == m_titlesInTwoLines)
        return;
    m_titlesInTwoLines = two;
    if (const int columns = columnCount())
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columns - 1);
}

int MatrixModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_matrix.rows.size());
}

int MatrixModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || m_matrix.rows.isEmpty() ? 0 : int(m_matrix.columns.size()) + 3;
}

const MatrixCell *MatrixModel::cellAt(const QModelIndex &index) const
{
    const int column = index.column() - 2;
    if (!index.isValid() || index.row() >= m_matrix.rows.size() || column < 0
        || column >= m_matrix.columns.size())
        return nullptr;
    return &m_matrix.rows.at(index.row()).cells.at(column);
}

void MatrixModel::setTokens(const QList<KnownToken> &tokens)
{
    m_tokens = tokens;
}

/// With a space before it; empty where it is none of OAuth's.
QString MatrixModel::tokenWords(const QByteArray &fingerprint) const
{
    const auto token =
        std::find_if(m_tokens.cbegin(), m_tokens.cend(),
                     [&](const KnownToken &known) { return known.fingerprint == fingerprint; });
    return token == m_tokens.cend() ? QString()
                                    : u' ' + token->sentence(QDateTime::currentSecsSinceEpoch());
}

QString MatrixModel::sentence(int row, int column) const
{
    const MatrixCell *cell = cellAt(index(row, column));
    if (!cell)
        return {};
    const MatrixRow &of = m_matrix.rows.at(row);
    const QString request = QString::fromLatin1(of.method) + u' ' + of.what;
    const QString name = QString::fromUtf8(m_matrix.columns.at(column - 2));
    const QString text = QString::fromUtf8(cell->text);
    const QString where = numbers(cell->exchanges);
    switch (cell->state) {
    case State::None:
        return tr("%1 carried no %2.").arg(request, name);
    case State::NotYet:
        return tr("%1 could not carry %2 yet.").arg(request, name);
    case State::Carried:
        return tr("%1 carried %2 %3 (%4).").arg(request, name, text, where)
            + (cell->exchanges.size() < of.count
                   ? tr(" The other %L1 went without.").arg(of.count - cell->exchanges.size())
                   : QString())
            + tokenWords(cell->text);
    case State::Missing:
        if (cell->refusedWith) {
            return cell->asksFor.isEmpty()
                ? tr("%1 carried no %2, and was refused (%3; %4).")
                      .arg(request, name, QString::number(cell->refusedWith), where)
                : tr("%1 carried no %2, and was refused (%3); the server asks for %5 (%4).")
                      .arg(request, name, QString::number(cell->refusedWith), where,
                           visibleText(QString::fromUtf8(cell->asksFor)));
        }
        return cell->why.isEmpty()
            ? tr("%1 carried no %2, while others to the same server did (%3).")
                  .arg(request, name, where)
            : tr("%1 carried no %2: %3 (%4).").arg(request, name, cell->why, where);
    case State::Withheld:
        return tr("%1 was sent without %2 on purpose: %3 (%4).")
            .arg(request, name, cell->why, where);
    case State::Refused:
        return tr("%1 carried %2 %3 and was refused (%4).").arg(request, name, text, where)
            + tokenWords(cell->text);
    }
    return {};
}

QVariant MatrixModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_matrix.rows.size())
        return {};
    const MatrixRow &row = m_matrix.rows.at(index.row());
    if (const MatrixCell *cell = cellAt(index)) {
        switch (role) {
        case StateRole:
            return int(cell->state);
        case Qt::ToolTipRole:
        case Qt::AccessibleTextRole:
            return sentence(index.row(), index.column());
        case Qt::DisplayRole:
            switch (cell->state) {
            case State::None:
                return {};
            case State::NotYet:
                return tr("not yet");
            case State::Missing:
                return cell->exchanges.size() < row.count
                    ? tr("%L1 of %L2 missing").arg(cell->exchanges.size()).arg(row.count)
                    : tr("missing");
            case State::Withheld:
                return tr("withheld");
            case State::Refused:
                return tr("%1 refused").arg(QString::fromUtf8(cell->text));
            case State::Carried:
                // The others went without: a first request, before there was a token.
                return cell->exchanges.size() < row.count ? tr("%1 (%L2 of %L3)")
                                                                .arg(QString::fromUtf8(cell->text))
                                                                .arg(cell->exchanges.size())
                                                                .arg(row.count)
                                                          : QString::fromUtf8(cell->text);
            }
            return {};
        default:
            return {};
        }
    }
    if (role == CountRole && index.column() == 1)
        return row.count;
    if (role == Qt::AccessibleTextRole && index.column() == 1)
        return counted(row.count, tr("%2, %1 exchange"), tr("%2, %1 exchanges"))
            .replace(u"%2"_s, row.what);
    if (role == FailedRole && index.column() == columnCount() - 1)
        return std::any_of(row.statuses.cbegin(), row.statuses.cend(), [&row](int status) {
            return status >= 400 && !row.left && !isStreamNotOffered(row.kind, status);
        });
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == 0)
        return QString::fromLatin1(row.method);
    if (index.column() == 1)
        return row.what;
    QStringList answers;
    for (const int status : row.statuses)
        answers << (isStreamNotOffered(row.kind, status) ? tr("%1 not offered").arg(status)
                                                         : QString::number(status));
    return answers.isEmpty() ? tr("none") : answers.join(u", "_s);
}

QVariant MatrixModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    if (section >= 2 && section - 2 < m_matrix.columns.size()) {
        QString title = QString::fromUtf8(m_matrix.columns.at(section - 2));
        if (role == Qt::DisplayRole && m_titlesInTwoLines)
            breakInTheMiddle(title);
        return title;
    }
    return section == columnCount() - 1 ? tr("Answer") : QString();
}

int MatrixDelegate::padding() const
{
    return m_tight ? TightPadding : Padding;
}

void MatrixDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    const QPalette &palette = option.palette;
    const QString text = index.data().toString();
    const QVariant state = index.data(MatrixModel::StateRole);
    QFont bold = option.font;
    bold.setBold(true);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const int above = m_low ? Gap / 2 : Gap + 1;
    QRect rect = option.rect.adjusted(Gap, above, -Gap, -above);
    QColor words = roleColor(Role::Text, palette);

    if (state.isValid()) {
        const auto is = State(state.toInt());
        Look look = lookOf(is);
        if (is == State::Carried && !text.startsWith(u'~'))
            look.icon = "check"; // a session or a version is no secret
        const QColor colour = roleColor(look.role, palette);
        if (is == State::None || is == State::NotYet) {
            words = roleColor(Role::Muted, palette);
        } else {
            const QColor tile = look.solid
                ? colour
                : mixed(colour, roleColor(Role::Base, palette), isDark(palette) ? 0.22 : 0.14);
            painter->setPen(Qt::NoPen);
            painter->setBrush(tile);
            painter->drawRoundedRect(rect, 4, 4);
            words = look.solid          ? roleColor(Role::Base, palette)
                : is == State::Withheld ? roleColor(Role::Muted, palette)
                                        : words;
        }
        QRect inside = rect.adjusted(padding(), 0, -padding() / 2, 0);
        if (*look.icon) {
            const QRect place(inside.left(), inside.center().y() - 7, 16, 16);
            themedIcon(QString::fromLatin1(look.icon), look.solid ? Role::Base : look.role)
                .paint(painter, place);
            inside.setLeft(place.right() + 8);
        }
        painter->setFont(is == State::Missing || is == State::Refused ? bold : option.font);
        painter->setPen(words);
        const QString shown =
            QFontMetrics(painter->font()).elidedText(text, Qt::ElideRight, inside.width());
        painter->drawText(inside, Qt::AlignLeft | Qt::AlignVCenter, shown);
    } else {
        const bool last = index.column() == index.model()->columnCount() - 1;
        const bool failed = last && index.data(MatrixModel::FailedRole).toBool();
        painter->setFont(index.column() == 1 || failed ? bold : option.font);
        painter->setPen(index.column() == 0 ? roleColor(Role::Muted, palette)
                            : failed        ? roleColor(Role::Failure, palette)
                                            : words);
        // The last one stands under its title, as the tiles do.
        rect.adjust(last ? 0 : padding(), 0, last ? 0 : -padding(), 0);
        painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, text);
        if (const QVariant count = index.data(MatrixModel::CountRole); count.isValid()) {
            painter->setFont(option.font);
            painter->setPen(roleColor(Role::Muted, palette));
            painter->drawText(rect, Qt::AlignRight | Qt::AlignVCenter,
                              u"x%1"_s.arg(count.toLongLong()));
        }
    }
    if (option.state & QStyle::State_HasFocus) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(roleColor(Role::Accent, palette), 2));
        painter->drawRoundedRect(
            option.rect.adjusted(Gap, m_low ? 1 : Gap, -Gap, m_low ? -1 : -Gap), 5, 5);
    }
    painter->restore();
}

bool MatrixDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view,
                               const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QToolTip::showText(event->globalPos(), plainToolTip(index.data(Qt::ToolTipRole).toString()),
                       view);
    return true;
}

QSize MatrixDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QFont bold = option.font;
    bold.setBold(true);
    const bool answer = index.column() == index.model()->columnCount() - 1;
    const bool plain = answer && !index.data(MatrixModel::FailedRole).toBool();
    const QFontMetrics metrics(plain ? option.font : bold);
    int width = metrics.horizontalAdvance(index.data().toString()) + 2 * padding() + 2 * Gap;
    if (answer)
        width -= 2 * padding() - Gap; // nothing stands around it
    if (index.data(MatrixModel::StateRole).isValid())
        width += 24 - padding() / 2; // a glyph before the word, less space behind it
    if (const QVariant count = index.data(MatrixModel::CountRole); count.isValid())
        width += metrics.horizontalAdvance(u"   x%1"_s.arg(count.toLongLong()));
    return {width, m_low ? qMax(28, metrics.height() + 10) : qMax(42, metrics.height() * 2)};
}

MatrixView::MatrixView(QWidget *parent)
    : QTableView(parent)
    , m_model(new MatrixModel(this))
    , m_delegate(new MatrixDelegate(this))
{
    setModel(m_model);
    setItemDelegate(m_delegate);
    setAccessibleName(tr("Credential matrix: which request carried what"));
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::NoSelection);
    setTabKeyNavigation(false);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setTextElideMode(Qt::ElideRight);
    viewport()->setAutoFillBackground(false);
    connect(this, &QTableView::clicked, this,
            [this](const QModelIndex &index) { Q_EMIT cellChosen(index.row(), index.column()); });
}

void MatrixView::setMatrix(const CredentialMatrix &matrix)
{
    m_model->setMatrix(matrix);
    layoutColumns();
    updateGeometry();
}

void MatrixView::markCell(int row, int column)
{
    const QModelIndex cell = m_model->index(row, column);
    if (!cell.isValid())
        return;
    setCurrentIndex(cell);
    scrollTo(cell);
    setFocus(Qt::OtherFocusReason);
}

void MatrixView::setLow(bool low)
{
    if (std::exchange(m_low, low) == low)
        return;
    m_delegate->setLow(low);
    verticalHeader()->resizeSections(QHeaderView::ResizeToContents);
    updateGeometry();
}

void MatrixView::layoutColumns()
{
    for (const bool tight : {false, true}) {
        m_delegate->setTight(tight);
        shareWidth();
        if (horizontalHeader()->length() <= viewport()->width())
            return;
    }
}

void MatrixView::shareWidth()
{
    const int columns = m_model->columnCount();
    if (!columns)
        return;
    QHeaderView *header = horizontalHeader();
    int used = 0;
    for (int column : {0, 1, columns - 1}) {
        header->resizeSection(column,
                              qMax(sizeHintForColumn(column), header->sectionSizeHint(column)));
        used += header->sectionSize(column);
    }
    // Each column takes what its tiles need; titles break into two lines where there is no room for
    // all of them, are cut only where that is not enough, and what is left is shared so that the
    // columns become alike.
    const int first = 2;
    const int last = columns - 1;
    const int room = viewport()->width() - used;
    QList<int> tiles;
    for (int column = first; column < last; ++column)
        tiles << sizeHintForColumn(column);
    QList<int> whole;
    bool crowded = true;
    for (const bool twoLines : {false, true}) {
        if (!crowded)
            break;
        m_model->setTitlesInTwoLines(twoLines);
        whole.clear();
        for (int column = first; column < last; ++column)
            whole << qMax(tiles.at(column - first), header->sectionSizeHint(column));
        crowded = std::accumulate(whole.cbegin(), whole.cend(), 0) > room;
    }
    const auto width = [&](qsizetype i, int share) {
        return crowded ? qMax(tiles.at(i), qMin(whole.at(i), share)) : qMax(whole.at(i), share);
    };
    int share = 0;
    for (int step = 256; step > 0; step /= 2) {
        int total = 0;
        for (qsizetype i = 0; i < tiles.size(); ++i)
            total += width(i, share + step);
        if (total <= room && share + step <= 220)
            share += step;
    }
    for (int column = first; column < last; ++column)
        header->resizeSection(column, width(column - first, share));
}

QSize MatrixView::sizeHint() const
{
    return {600,
            horizontalHeader()->sizeHint().height() + verticalHeader()->length() + 2 * frameWidth()
                + (horizontalHeader()->length() > viewport()->width()
                       ? horizontalScrollBar()->sizeHint().height()
                       : 0)};
}

QSize MatrixView::minimumSizeHint() const
{
    return {200, sizeHint().height()};
}

void MatrixView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    layoutColumns();
    updateGeometry();
}

void MatrixView::keyPressEvent(QKeyEvent *event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        && currentIndex().isValid()) {
        Q_EMIT cellChosen(currentIndex().row(), currentIndex().column());
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace sightglass
