// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/ladder.h"

#include "core/mcp/modern_era.h"

#include <algorithm>
#include <utility>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

struct NamedChoice {
    TransportChoice choice;
    QByteArrayView name;
};
constexpr NamedChoice Choices[] = {
    {TransportChoice::Auto, "auto"},
    {TransportChoice::StreamableHttp, "streamable-http"},
    {TransportChoice::HttpSse, "sse"},
    {TransportChoice::Stdio, "stdio"},
};

QString answeredWith(const RungFailure &seen)
{
    if (seen.silent)
        return u"it was not answered"_s;
    if (seen.ended)
        return u"the program ended at it"_s;
    const QString status = seen.status > 0 ? u"HTTP %1"_s.arg(seen.status) : QString();
    if (!seen.errorCode)
        return status.isEmpty() ? u"the answer was not as it has to be"_s
                                : u"the answer was "_s + status;
    const QString error = u"error %1"_s.arg(*seen.errorCode);
    return u"the answer was "_s + (status.isEmpty() ? error : status + u", "_s + error);
}

/// Refusals of a request as such, by which a server of either era may answer what it does not know.
bool leavesEraOpen(int status)
{
    constexpr int Statuses[] = {400, 404, 405, 406, 415, 501};
    return std::find(std::begin(Statuses), std::end(Statuses), status) != std::end(Statuses);
}

} // namespace

QByteArray transportChoiceName(TransportChoice choice)
{
    for (const NamedChoice &named : Choices) {
        if (named.choice == choice)
            return named.name.toByteArray();
    }
    return {};
}

std::optional<TransportChoice> transportChoiceFromName(QByteArrayView name)
{
    for (const NamedChoice &named : Choices) {
        if (named.name == name)
            return named.choice;
    }
    return std::nullopt;
}

QString rungName(const Rung &rung)
{
    QString name;
    switch (rung.way) {
    case Rung::Way::Discover:
        name = u"server/discover"_s;
        break;
    case Rung::Way::Initialize:
        name = u"initialize"_s;
        break;
    case Rung::Way::HttpSse:
        name = u"initialize over HTTP+SSE"_s;
        break;
    }
    return u"%1 (%2)"_s.arg(name, QString::fromLatin1(rung.revision));
}

Ladder::Ladder(TransportChoice transport, const QByteArray &revision, Order order)
    : m_transport(transport)
    , m_pinned(revision != "auto")
{
    const Revision *pinned = m_pinned ? revisionNamed(revision) : nullptr;
    const EraKind era = pinned                                                 ? pinned->era
        : transport == TransportChoice::HttpSse || order == Order::LegacyFirst ? EraKind::Legacy
                                                                               : EraKind::Modern;
    m_rung.revision = m_pinned ? revision : newestRevision(era).name;
    m_rung.way = transport == TransportChoice::HttpSse ? Rung::Way::HttpSse
        : era == EraKind::Modern                       ? Rung::Way::Discover
                                                       : Rung::Way::Initialize;
    m_tried.append(m_rung);
}

TransportChoice Ladder::transport() const
{
    if (m_transport == TransportChoice::Stdio)
        return m_transport;
    return m_rung.way == Rung::Way::HttpSse ? TransportChoice::HttpSse
                                            : TransportChoice::StreamableHttp;
}

const Revision *Ladder::bestOf(const QList<QByteArray> &names)
{
    for (const Revision &revision : revisions()) {
        if (names.contains(revision.name))
            return &revision;
    }
    return nullptr;
}

Ladder::Step Ladder::next(Rung::Way way, const QByteArray &revision, const QString &why, bool guess)
{
    m_guess = guess;
    m_rung = Rung{way, revision};
    m_tried.append(m_rung);
    return Step{Step::Kind::Next, why};
}

std::optional<Ladder::Step> Ladder::older(const RungFailure &seen)
{
    if (m_olderRevision.isEmpty())
        return std::nullopt;
    const QString why = u"%1 was left: %2, so the older HTTP+SSE transport is tried."_s.arg(
        rungName(m_rung), answeredWith(seen));
    return next(Rung::Way::HttpSse, std::exchange(m_olderRevision, {}), why, true);
}

Ladder::Step Ladder::after(const RungFailure &seen)
{
    const auto stop = [](const QString &why) { return Step{Step::Kind::Stop, why}; };
    if (seen.status == 401 || seen.status == 403) {
        return stop(
            u"HTTP %1 says nothing of the revision: credentials come first."_s.arg(seen.status));
    }
    if (seen.kind == FailureKind::Cancelled || seen.kind == FailureKind::Usage)
        return stop(u"It was given up."_s);
    // On HTTP no answer at all is no sign of an era; on stdio legacy servers may keep silent.
    const bool reached = seen.status > 0 || seen.errorCode || seen.answered
        || (m_transport == TransportChoice::Stdio && (seen.silent || seen.ended));
    if (!reached)
        return stop(u"The server was not reached, or did not answer."_s);

    const bool unsupported = seen.errorCode == qint64(ModernError::UnsupportedRevision)
        || (m_rung.way != Rung::Way::Discover && seen.errorCode && !seen.supported.isEmpty());
    if (unsupported) {
        if (m_pinned && !seen.supported.contains(m_rung.revision))
            return stop(u"The server does not speak the revision that was asked for."_s);
        const Revision *best = m_pinned ? revisionNamed(m_rung.revision) : bestOf(seen.supported);
        if (!best && seen.supported.isEmpty())
            return stop(u"The server names no revision that it speaks."_s);
        if (!best) {
            return stop(u"The server speaks %1, and Sightglass %2."_s.arg(
                QString::fromUtf8(seen.supported.join(", ").left(200)),
                revisionNames().join(u", "_s)));
        }
        const Rung::Way way =
            best->era == EraKind::Modern ? Rung::Way::Discover : Rung::Way::Initialize;
        const Rung wanted{way, best->name};
        if (tried(wanted)) {
            if (m_triedOnceMore || wanted != m_rung)
                return stop(u"The server refuses a revision that it names itself."_s);
            m_triedOnceMore = true;
        }
        return next(way, best->name,
                    u"%1 was left: the server does not speak this revision, it names %2."_s.arg(
                        rungName(m_rung), QString::fromLatin1(best->name)));
    }

    switch (m_rung.way) {
    case Rung::Way::Discover:
        if (seen.errorCode && isModernError(*seen.errorCode))
            return stop(u"The server is of the modern era, but refuses the request."_s);
        if (seen.status == 404 && seen.errorCode == -32601) {
            return Step{
                Step::Kind::Undiscovered,
                u"The server is of the modern era, but has no server/discover, which it must have."_s};
        }
        if (m_pinned)
            return stop(u"%1 was asked for, and no other revision is tried."_s.arg(
                QString::fromLatin1(m_rung.revision)));
        if (!seen.errorCode && !seen.supported.isEmpty()) {
            const Revision *best = bestOf(seen.supported);
            if (!best)
                return stop(u"The server names no revision that Sightglass speaks."_s);
            if (best->era == EraKind::Legacy && !tried({Rung::Way::Initialize, best->name})) {
                return next(Rung::Way::Initialize, best->name,
                            u"%1 was left: the server names %2, which is of the legacy era."_s.arg(
                                rungName(m_rung), QString::fromLatin1(best->name)));
            }
        }
        if (const Rung legacy{Rung::Way::Initialize, newestRevision(EraKind::Legacy).name};
            !tried(legacy)) {
            return next(legacy.way, legacy.revision,
                        u"%1 was left: %2, so the server is of the legacy era."_s.arg(
                            rungName(m_rung), answeredWith(seen)));
        }
        if (const std::optional<Step> step = older(seen))
            return *step;
        return stop(u"No other way to open a connection fits this answer."_s);
    case Rung::Way::Initialize: {
        if (m_transport == TransportChoice::Auto
            && (seen.status == 400 || seen.status == 404 || seen.status == 405))
            m_olderRevision = m_rung.revision;
        const Rung modern{Rung::Way::Discover, newestRevision(EraKind::Modern).name};
        // What a server without a handshake makes of initialize is its own affair: it knows no such
        // method, misses headers and _meta, or has nothing at all to answer it with.
        const bool saysSo = seen.errorCode && isModernError(*seen.errorCode);
        if ((seen.errorCode || leavesEraOpen(seen.status)) && !m_pinned && !tried(modern)) {
            const QString why = saysSo
                ? u"%1 was left: %2, so the server is of the modern era."_s
                : u"%1 was left: %2, which a server of the modern era may answer."_s;
            return next(modern.way, modern.revision, why.arg(rungName(m_rung), answeredWith(seen)),
                        !saysSo);
        }
        if (const std::optional<Step> step = older(seen))
            return *step;
        return stop(u"No other way to open a connection fits this answer."_s);
    }
    case Rung::Way::HttpSse:
        break;
    }
    return stop(u"All ways to open a connection were tried."_s);
}

} // namespace sightglass
