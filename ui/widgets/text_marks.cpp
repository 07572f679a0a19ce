// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/text_marks.h"

#include "ui/theme.h"

#include <QInputMethodEvent>
#include <QLineEdit>
#include <QTextCharFormat>

namespace sightglass {

void markText(QLineEdit *edit, qsizetype start, qsizetype length)
{
    // The one public way to format a part of a line edit: as an input method would.
    QList<QInputMethodEvent::Attribute> attributes;
    if (length > 0) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(roleColor(Role::Failure, edit->palette()));
        attributes.append({QInputMethodEvent::TextFormat, int(start - edit->cursorPosition()),
                           int(length), format});
    }
    QInputMethodEvent event(QString(), attributes);
    QCoreApplication::sendEvent(edit, &event);
}

} // namespace sightglass
