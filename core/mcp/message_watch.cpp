// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/message_watch.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// A server that makes up methods must not fill the memory with them.
constexpr size_t MostMethods = 1000;
constexpr qsizetype MostTold = 1000;

} // namespace

qint64 MessageWatch::count(const QByteArray &method)
{
    // A stream mostly brings one method.
    if (m_last && m_last->first == method)
        return m_last->second++;
    if (m_seen.size() >= MostMethods && !m_seen.contains(method))
        return -1;
    m_last = &*m_seen.try_emplace(method, 0).first;
    return m_last->second++;
}

bool MessageWatch::passesOver(const Envelope &envelope)
{
    if (envelope.kind != EnvelopeKind::Notification || !m_last || m_last->first != envelope.method
        || isDue(m_last->second))
        return false;
    ++m_last->second;
    return true;
}

QStringList MessageWatch::look(const QByteArray &revision, const Envelope &envelope,
                               QByteArrayView text, const QByteArray &answered,
                               QStringList *unjudged)
{
    // What is no message of JSON-RPC is told elsewhere.
    if (text.size() > MessageCheck::MostBytes || envelope.kind == EnvelopeKind::Malformed)
        return {};
    if (envelope.kind == EnvelopeKind::Notification) {
        const qint64 before = count(envelope.method);
        if (before < 0 || !isDue(before))
            return {};
    }
    if (!m_check || m_check->revision() != revision)
        m_check.emplace(revision);
    QStringList sentences;
    const QList<MessageCheck::Fault> faults = m_check->check(text, answered);
    for (const MessageCheck::Fault &fault : faults) {
        const QByteArray kind = fault.type.toUtf8() + ' ' + fault.problem.rule;
        if (m_told.contains(kind) || m_told.size() >= MostTold)
            continue;
        if (sentences.size() >= MostFaults)
            break;
        m_told.insert(kind);
        if (fault.problem.unjudged) {
            if (unjudged)
                unjudged->append(u"%1, by the schema of %2: %3"_s.arg(
                    fault.type, QString::fromLatin1(revision), fault.problem.sentence));
            continue;
        }
        sentences.append(u"%1 is not valid by the schema of %2: at %3"_s.arg(
            fault.type, QString::fromLatin1(revision), problemLine(fault.problem)));
    }
    return sentences;
}

} // namespace sightglass
