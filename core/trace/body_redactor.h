// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"

#include <optional>

namespace sightglass {

/// Redacts a body that comes in parts: what goes in comes out at the same length and in the same
/// place, secrets replaced by "~7f2a" and '*'.
///
/// Looks for: string values of secret JSON members, also in JSON within JSON strings and over the
/// lines of an event stream; secret parameters of forms and URLs; passwords in URLs; "Bearer x";
/// known secrets. A secret may lie across any number of parts: what may become one is held back
/// until it is clear, or until 64 KiB of it have come (the fingerprint is then that of these).
/// Line ends are never replaced, so an event stream keeps its frames.
class BodyRedactor {
public:
    /// The redactor is not owned, and may learn further secrets meanwhile.
    explicit BodyRedactor(const Redactor &redactor);

    /// The next bytes; gives all those that are clear now.
    QByteArray feed(QByteArrayView bytes);
    /// No more will come: gives the rest.
    QByteArray finish();
    /// What is held back.
    qint64 pending() const { return m_buffer.size() - m_clear; }

private:
    /// How the end of a secret is known.
    enum class Ending {
        Quote, ///< the closing quote of a JSON string
        Apostrophe,
        Parameter, ///< what can't stand in a form's or query's value
        Token, ///< what can't stand in a token68 (RFC 9110, 11.2)
    };
    /// A secret found: its bytes in the buffer, and how to read them.
    struct Match {
        enum class State { No, Unclear, Yes } state = State::No;
        qsizetype start = 0;
        qsizetype end = 0;
        Ending ending = Ending::Quote;
        int backslashes = 0; ///< before the quotes: 0, 1, 3, … for JSON in strings in strings
        bool open = false; ///< goes on behind the buffer
        bool inArray = false; ///< an item of a list; others may follow
        QByteArray fingerprint; ///< empty: to be made of the bytes

        /// More bytes are needed to tell; where there are no more: no.
        static Match unclear(bool last)
        {
            Match match;
            match.state = last ? State::No : State::Unclear;
            return match;
        }
    };

    void scan(bool last);
    Match matchAt(qsizetype at, bool last) const;
    Match member(qsizetype quote, bool last) const;
    Match nextItem(qsizetype at, int backslashes, bool last) const;
    Match item(qsizetype start, int backslashes, bool last) const;
    Match parameter(qsizetype equals, bool last) const;
    Match userInfo(qsizetype colon, bool last) const;
    Match bearer(qsizetype at, bool last) const;
    Match known(qsizetype at, bool last) const;
    Match value(qsizetype start, Ending ending, int backslashes, bool last) const;
    qsizetype endOf(const Match &match, qsizetype from) const;
    qsizetype skipSpace(qsizetype at) const;
    qsizetype skipBackslashes(qsizetype at, int count) const;
    int backslashesBefore(qsizetype at) const;
    void replace(const Match &match);
    void continueOpen(bool last);
    QByteArray takeClear();

    const Redactor *m_redactor;
    QByteArray m_buffer; ///< some bytes of context, then what is not given out yet
    qsizetype m_clear = 0; ///< before it all was given out
    qsizetype m_scanned = 0; ///< before it all is clear
    bool m_atStart = true; ///< the buffer begins with the body
    bool m_inOpen = false; ///< within a secret of which 64 KiB have come
    Match m_open;
    /// The scan stands where an item of a secret list ends: the backslashes before its quotes.
    std::optional<int> m_itemEnded;
};

} // namespace sightglass
