// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/token_notes.h"

#include "core/auth/oauth/token_claims.h"
#include "core/trace/secret_names.h"

namespace sightglass {

using namespace Qt::StringLiterals;

TokenNotes::TokenNotes(CredentialSource *credentials, TraceStore *trace)
    : m_credentials(credentials)
    , m_trace(trace)
{
}

CredentialSource::Stamp TokenNotes::stamp(const QUrl &url, const QByteArray &method) const
{
    return m_credentials->stamp(url, method);
}

void TokenNotes::received(const AnswerHead &head)
{
    if (head.status == 401 && !head.authorization.isEmpty() && head.authorization != m_noted) {
        m_noted = head.authorization;
        const QByteArrayView value(head.authorization);
        const QByteArray claims = claimsWithoutSecrets(value.sliced(schemeLength(value)).trimmed());
        if (!claims.isEmpty())
            m_trace->note(QString::fromLatin1(TokenNote),
                          u"The refused token says: "_s + QString::fromUtf8(claims), head.exchange);
    }
    m_credentials->received(head);
}

bool TokenNotes::refused(const RefusedRequest &request, const std::function<void(bool)> &decide)
{
    return m_credentials->refused(request, decide);
}

} // namespace sightglass
