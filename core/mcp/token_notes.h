// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/http_gate.h"

namespace sightglass {

/// The name of the note that tells what a refused token says of itself: words, and behind the first
/// '{' what claimsWithoutSecrets() gives. Recordings hold no tokens, and yet have to show why one
/// was refused.
inline constexpr char TokenNote[] = "token";

/// Credentials that are stamped as before, and a note in the trace where a server refuses (401) a
/// token that is a JWT: of each once.
class TokenNotes final : public CredentialSource {
public:
    /// Neither is owned, and both outlive it.
    TokenNotes(CredentialSource *credentials, TraceStore *trace);

    Stamp stamp(const QUrl &url, const QByteArray &method) const override;
    void received(const AnswerHead &head) override;
    bool refused(const RefusedRequest &request, const std::function<void(bool)> &decide) override;

private:
    CredentialSource *m_credentials;
    TraceStore *m_trace;
    QByteArray m_noted; ///< the token that was refused last
};

} // namespace sightglass
