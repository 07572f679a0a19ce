// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/revision.h"
#include "core/trace/failure.h"

#include <QList>

#include <optional>

namespace sightglass {

/// Which transport to use, as a person chooses it.
enum class TransportChoice : quint8 { Auto, StreamableHttp, HttpSse, Stdio };
QByteArray transportChoiceName(TransportChoice choice); ///< "auto", "streamable-http", …
std::optional<TransportChoice> transportChoiceFromName(QByteArrayView name);

/// A way to open a connection.
struct Rung {
    enum class Way : quint8 {
        Discover, ///< modern era: server/discover
        Initialize, ///< legacy era: initialize
        HttpSse, ///< legacy era over the HTTP+SSE transport of 2024-11-05
    };
    Way way = Way::Discover;
    QByteArray revision; ///< that is asked for

    bool operator==(const Rung &) const = default;
};
QString rungName(const Rung &rung); ///< for people: "server/discover (2026-07-28)"

/// How a rung failed.
struct RungFailure {
    FailureKind kind = FailureKind::Protocol;
    int status = 0; ///< of the HTTP answer; 0: there was none
    std::optional<qint64> errorCode; ///< of a JSON-RPC error in the answer, whatever its status
    QList<QByteArray> supported; ///< revisions that the error, or server/discover, names
    bool answered = false; ///< on a channel: something came for an answer, usable or not
    bool silent = false; ///< the request was taken, and not answered in time
    bool ended = false; ///< the program that is the server ended at it

    bool operator==(const RungFailure &) const = default;
};

/// The order in which ways to open a connection are tried (2026-07-28, basic/versioning and the
/// "Backward Compatibility" of both transports). Pure: what was seen goes in, the next rung comes
/// out.
class Ladder {
public:
    /// Which era is asked for first where none is pinned. A server of the other one is found all
    /// the same, by what it answers.
    enum class Order : quint8 { ModernFirst, LegacyFirst };

    /// `revision`: a dated revision that is asked for and no other, or "auto".
    Ladder(TransportChoice transport, const QByteArray &revision, Order order = Order::ModernFirst);

    const Rung &rung() const { return m_rung; }
    TransportChoice transport() const; ///< that the rung is for; never Auto
    bool isPinned() const { return m_pinned; }
    /// Nothing that the server said speaks for this rung; it is tried because others failed. What
    /// became of it tells less than what the rung before was answered with.
    bool isGuess() const { return m_guess; }

    struct Step {
        enum class Kind : quint8 {
            Next, ///< go on with rung()
            Undiscovered, ///< the server is modern, but has no server/discover: go on without
            Stop, ///< nothing else is worth trying
        };
        Kind kind = Kind::Stop;
        QString why; ///< why the rung was left, or why none is tried after it; a sentence

        bool operator==(const Step &) const = default;
    };
    Step after(const RungFailure &seen);

private:
    Step next(Rung::Way way, const QByteArray &revision, const QString &why, bool guess = false);
    /// After the ways over streamable HTTP; nothing where initialize was not answered so that the
    /// specification has it tried.
    std::optional<Step> older(const RungFailure &seen);
    bool tried(const Rung &rung) const { return m_tried.contains(rung); }
    /// The newest of these that we speak, modern ones first.
    static const Revision *bestOf(const QList<QByteArray> &names);

    TransportChoice m_transport;
    bool m_pinned;
    Rung m_rung;
    QList<Rung> m_tried;
    QByteArray m_olderRevision; ///< to ask for over HTTP+SSE, by what initialize was answered with
    bool m_guess = false;
    bool m_triedOnceMore = false;
};

} // namespace sightglass
