// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/text_block.h"

#include "ui/visible_text.h"

#include <QAbstractTextDocumentLayout>
#include <QTextBlock>

namespace sightglass {

TextBlock::TextBlock(int tallest, QWidget *parent)
    : QPlainTextEdit(parent)
    , m_tallest(tallest)
{
    setReadOnly(true);
    setProperty("quiet", true);
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document()->setDocumentMargin(8);
}

void TextBlock::setUntrustedText(const QString &text)
{
    setPlainText(visibleText(text, true));
    fit();
}

void TextBlock::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fit();
}

void TextBlock::fit()
{
    // Only as many lines are laid out as can be seen.
    double height = 2 * document()->documentMargin() + 2 * frameWidth() + 2;
    for (QTextBlock block = document()->firstBlock(); block.isValid() && height < m_tallest;
         block = block.next())
        height += document()->documentLayout()->blockBoundingRect(block).height();
    setFixedHeight(int(std::min<double>(height, m_tallest)));
}

} // namespace sightglass
