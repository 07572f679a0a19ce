// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/visible_text.h"

#include "core/trace/trace_text.h"

namespace sightglass {

QString visibleText(const QString &text, bool multiLine)
{
    QString shown;
    qsizetype copied = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool pair =
            text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        const char32_t c =
            pair ? QChar::surrogateToUcs4(text[i], text[i + 1]) : char32_t(text[i].unicode());
        const qsizetype begins = i;
        i += pair ? 1 : 0;
        if (!isUnseen(c) || (multiLine && (c == U'\n' || c == U'\t')))
            continue;
        shown += QStringView(text).mid(copied, begins - copied);
        copied = i + 1;
        if (multiLine && c == U'\r' && i + 1 < text.size() && text[i + 1] == u'\n')
            continue;
        if (c < 0x20)
            shown += QChar(char16_t(0x2400 + c)); // the control pictures: one glyph for each
        else if (c == 0x7f)
            shown += QChar(char16_t(0x2421));
        else
            shown += QStringLiteral("\\u%1").arg(uint(c), 4, 16, QLatin1Char('0'));
    }
    if (copied == 0)
        return text;
    shown += QStringView(text).mid(copied);
    return shown;
}

QString plainToolTip(const QString &text)
{
    if (text.isEmpty())
        return {};
    return QStringLiteral("<p style=\"white-space: pre-wrap\">%1</p>")
        .arg(text.left(4000).toHtmlEscaped());
}

} // namespace sightglass
