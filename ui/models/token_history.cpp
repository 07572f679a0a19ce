// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/token_history.h"

#include "core/auth/oauth/token_view.h"
#include "ui/counted.h"

#include <QCoreApplication>

#include <algorithm>

namespace sightglass {

namespace {

constexpr qsizetype mostKnown = 200; ///< an hour's tokens are few

QString historyTr(const char *text)
{
    return QCoreApplication::translate("TokenHistory", text);
}

} // namespace

QString KnownToken::sentence(qint64 now) const
{
    QString text = refreshes > 0
        ? counted(refreshes, historyTr("It is an OAuth token, of the first renewal"),
                  historyTr("It is an OAuth token, of renewal %1"))
        : historyTr("It is an OAuth token");
    if (received > 0)
        text += historyTr(", issued %1").arg(timeInWords(received, now));
    if (replaced > 0)
        text += historyTr(", replaced %1").arg(timeInWords(replaced, now));
    return text + u'.';
}

void TokenHistory::take(const std::optional<TokenFacts> &facts, const QByteArray &fingerprint,
                        qint64 now)
{
    const bool none = !facts || fingerprint.isEmpty();
    if (!none && !m_tokens.isEmpty() && m_tokens.constLast().fingerprint == fingerprint
        && m_tokens.constLast().replaced == 0)
        return;
    for (KnownToken &token : m_tokens) {
        if (token.replaced == 0)
            token.replaced = now;
    }
    if (none)
        return;
    m_tokens.removeIf([&](const KnownToken &token) { return token.fingerprint == fingerprint; });
    m_tokens.append({fingerprint, facts->received, facts->refreshes, 0});
    if (m_tokens.size() > mostKnown)
        m_tokens.removeFirst();
}

} // namespace sightglass
