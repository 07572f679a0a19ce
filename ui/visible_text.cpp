// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/visible_text.h"

namespace sightglass {

namespace {

bool isInvisible(char16_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e
        || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb);
}

} // namespace

QString visibleText(const QString &text, bool multiLine)
{
    QString shown;
    qsizetype copied = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text[i].unicode();
        if (!isInvisible(c) || (multiLine && (c == u'\n' || c == u'\t')))
            continue;
        shown += QStringView(text).mid(copied, i - copied);
        copied = i + 1;
        if (multiLine && c == u'\r' && i + 1 < text.size() && text[i + 1] == u'\n')
            continue;
        if (c < 0x20)
            shown += QChar(char16_t(0x2400 + c)); // the control pictures: one glyph for each
        else if (c == 0x7f)
            shown += QChar(char16_t(0x2421));
        else
            shown += QStringLiteral("\\u%1").arg(int(c), 4, 16, QLatin1Char('0'));
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
