// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/client_offer.h"
#include "core/mcp/session.h"
#include "core/trace/expected.h"

namespace sightglass::cli {

/// What the file of --answer says: answers to what servers ask, written
/// beforehand. A plain value; reading it is pure.
///
///     {
///         "roots": [{"uri": "file:///home/me/project", "name": "project"}],
///         "sampling": ["A text.", {"model": "m", "role": "assistant", "content": {…}}],
///         "elicitation": [{"action": "accept", "content": {"name": "Ada"}}, "decline"]
///     }
///
/// What the file has no member for is not offered to the server. Of sampling
/// and elicitation each question takes the next answer, and the last one
/// answers all that follow. An answer is the result as it goes out, or in
/// short: a text for sampling stands for a message of the assistant;
/// "decline", "cancel" and {"error": {"code": …, "message": …}} refuse.
class Answers {
public:
    /// Fails with kind File, and tells the place.
    static Expected<Answers> read(const QByteArray &json);

    ClientOffer offer() const;
    const QList<Root> &roots() const { return m_roots; }
    void setRoots(const QList<Root> &roots) { m_roots = roots; }
    /// The next one; nothing where there is none.
    std::optional<ServerReply> next(const QByteArray &method);

private:
    struct Kind {
        bool given = false;
        QList<ServerReply> replies;
        qsizetype used = 0;
    };

    QList<Root> m_roots;
    bool m_rootsGiven = false;
    Kind m_sampling;
    Kind m_elicitation;
};

/// The answer of a person who refuses, as each method has it.
ServerReply refusal(const QByteArray &method);
/// A result from what a person typed: as in the file. `what` is a JSON value, or the words
/// "decline" and "cancel". Fails with a sentence (kind Usage).
Expected<ServerReply> replyFrom(const QByteArray &method, const QByteArray &json);

} // namespace sightglass::cli
