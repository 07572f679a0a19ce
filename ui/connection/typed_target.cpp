// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/typed_target.h"

#include "core/mcp/server_target.h"

#include <QFileInfo>
#include <QUrl>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

TypedKind typedKind(const QString &text)
{
    const QString typed = text.trimmed();
    if (typed.isEmpty())
        return TypedKind::Nothing;
    if (const QUrl url(typed); url.isLocalFile())
        return TypedKind::Recording;
    const auto isSpace = [](QChar c) { return c.isSpace(); };
    const auto space = std::find_if(typed.cbegin(), typed.cend(), isSpace);
    const qsizetype scheme = typed.indexOf("://"_L1);
    if (scheme > 0 && scheme < space - typed.cbegin())
        return TypedKind::Url;
    if (const QFileInfo file(typed); file.isFile())
        return file.isExecutable() ? TypedKind::Command : TypedKind::Recording;
    if (space != typed.cend() || typed.contains(u'"') || typed.contains(u'\'')
        || typed.startsWith(u'/') || typed.startsWith(u'.'))
        return TypedKind::Command;
    if (!typed.contains(u'.') && !typed.contains(u':') && !typed.contains(u'/')) {
        ServerCommand command;
        command.program = typed;
        if (findProgram(command))
            return TypedKind::Command;
    }
    return TypedKind::Url;
}

} // namespace sightglass
