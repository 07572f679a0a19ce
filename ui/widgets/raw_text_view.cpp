// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/raw_text_view.h"

#include "ui/theme.h"
#include "ui/visible_text.h"

#include <QEvent>

namespace sightglass {

RawTextView::RawTextView(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAnywhere);
    setFont(wireFont());
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    document()->setDocumentMargin(8);
}

void RawTextView::setBytes(const QByteArray &utf8)
{
    setExtraSelections({});
    setPlainText(visibleText(QString::fromUtf8(utf8), true));
}

void RawTextView::setBytes(const QByteArray &utf8, qint64 offset)
{
    setBytes(utf8);
    // The place in characters: the same replacements, on what stands before it.
    const qsizetype before = visibleText(QString::fromUtf8(utf8.left(offset)), true).size();
    QTextCursor cursor(document());
    cursor.setPosition(int(std::min<qsizetype>(before, document()->characterCount() - 1)));
    setTextCursor(cursor);
    QTextEdit::ExtraSelection mark;
    mark.cursor = cursor;
    mark.cursor.movePosition(QTextCursor::NextCharacter, QTextCursor::KeepAnchor);
    mark.format.setBackground(tintColor(Role::Failure, palette()));
    mark.format.setForeground(
        readableColor(Role::Failure, tintColor(Role::Failure, palette()), palette()));
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(roleColor(Role::Failure, palette()));
    setExtraSelections({mark});
    ensureCursorVisible();
}

void RawTextView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange)
        setFont(wireFont());
}

} // namespace sightglass
