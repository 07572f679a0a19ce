// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/command_palette.h"

#include "ui/sightglass_style.h"
#include "ui/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QVBoxLayout>

namespace sightglass {

namespace {

/// True if the words of `typed` all begin or stand somewhere in `name`.
bool fits(const QString &name, const QString &typed)
{
    const QStringList words = typed.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&name](const QString &word) {
        return name.contains(word, Qt::CaseInsensitive);
    });
}

QString nameOf(const QAction *action)
{
    QString name = action->text();
    name.remove(QLatin1Char('&'));
    return name;
}

} // namespace

CommandPalette::CommandPalette(QWidget *parent)
    : QFrame(parent)
    , m_edit(new QLineEdit(this))
    , m_list(new QListWidget(this))
{
    setAccessibleName(tr("Commands"));
    m_edit->setPlaceholderText(tr("Type what you want to do"));
    m_edit->setAccessibleName(tr("Command"));
    m_edit->addAction(themedIcon(QStringLiteral("search"), Role::Muted),
                      QLineEdit::LeadingPosition);
    m_edit->installEventFilter(this);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setIconSize(QSize(16, 16));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setAccessibleName(tr("Commands"));
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(9, 9, 9, 9);
    layout->addWidget(m_edit);
    layout->addWidget(m_list, 1);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::run);
    hide();
}

void CommandPalette::open(const QList<QAction *> &actions)
{
    m_before = QApplication::focusWidget();
    m_actions.clear();
    for (QAction *action : actions)
        m_actions.append(action);
    m_edit->clear();
    fill();
    const QSize room = parentWidget()->size();
    const int width = std::min(560, room.width() - 32);
    setGeometry((room.width() - width) / 2, 48, width, std::min(420, room.height() - 96));
    show();
    raise();
    m_edit->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::close()
{
    if (isHidden())
        return;
    hide();
    if (m_before)
        m_before->setFocus(Qt::OtherFocusReason);
}

void CommandPalette::fill()
{
    m_list->clear();
    const QString typed = m_edit->text();
    // What begins as typed comes first.
    for (const bool begins : {true, false}) {
        for (qsizetype i = 0; i < m_actions.size(); ++i) {
            const QAction *action = m_actions.at(i);
            if (!action || !action->isEnabled() || !action->isVisible() || action->isSeparator())
                continue;
            const QString name = nameOf(action);
            if (name.startsWith(typed, Qt::CaseInsensitive) != begins || !fits(name, typed))
                continue;
            const QString key = action->shortcut().toString(QKeySequence::NativeText);
            auto *item =
                new QListWidgetItem(key.isEmpty() ? name : tr("%1   %2").arg(name, key), m_list);
            item->setData(Qt::UserRole, i);
            if (action->isCheckable() && action->isChecked())
                item->setIcon(themedIcon(QStringLiteral("check"), Role::Accent));
            item->setSizeHint({0, fontMetrics().height() + 10});
        }
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::run()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item)
        return;
    const QPointer<QAction> action = m_actions.value(item->data(Qt::UserRole).toInt());
    close();
    if (action)
        action->trigger();
}

bool CommandPalette::eventFilter(QObject *object, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        switch (auto *key = static_cast<QKeyEvent *>(event); key->key()) {
        case Qt::Key_Escape:
            close();
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            run();
            return true;
        case Qt::Key_Up:
        case Qt::Key_Down:
        case Qt::Key_PageUp:
        case Qt::Key_PageDown:
            QApplication::sendEvent(m_list, event);
            return true;
        default:
            break;
        }
    } else if (event->type() == QEvent::FocusOut && isVisible()) {
        if (static_cast<QFocusEvent *>(event)->reason() != Qt::ActiveWindowFocusReason)
            hide();
    }
    return QFrame::eventFilter(object, event);
}

void CommandPalette::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(roleColor(Role::Base, palette()));
    painter.setPen(
        mixedColor(roleColor(Role::Line, palette()), roleColor(Role::Muted, palette()), 0.4));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), SightglassStyle::radius,
                            SightglassStyle::radius);
}

} // namespace sightglass
