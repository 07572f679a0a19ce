// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/output_lines.h"

namespace sightglass {

namespace {

qsizetype skipBlanks(QByteArrayView text, qsizetype at)
{
    while (at < text.size()
           && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n'))
        ++at;
    return at;
}

} // namespace

LineKind lineKind(QByteArrayView line, bool ends)
{
    constexpr QByteArrayView Bom("\xEF\xBB\xBF");
    const QByteArrayView head = line.first(std::min(line.size(), LineStart));
    const bool decides = ends || line.size() >= LineStart;
    qsizetype at = skipBlanks(head, 0);
    if (at == head.size()) {
        // Of a longer line the rest decides nothing, whether it is there already or not.
        const bool isAll = ends && line.size() <= LineStart;
        return !decides ? LineKind::Undecided : isAll ? LineKind::Blank : LineKind::Text;
    }
    if (head.sliced(at).startsWith(Bom))
        at = skipBlanks(head, at + Bom.size());
    if (at < head.size() && (head[at] == '{' || head[at] == '[')) {
        // "[info] started" and "{ port: 3000 }" are no JSON, and meant for people.
        const QByteArrayView begins = head[at] == '{' ? QByteArrayView("\"}") : "{[]\"";
        const qsizetype next = skipBlanks(head, at + 1);
        if (next == head.size() ? decides : begins.contains(head[next]))
            return LineKind::Message;
        if (next == head.size())
            return LineKind::Undecided;
    }
    if (head.contains("\"jsonrpc\""))
        return LineKind::Message;
    return decides ? LineKind::Text : LineKind::Undecided;
}

bool OutputBudget::wasSpentNow()
{
    if (m_spent || (m_bytes < MostBytes && m_lines < MostLines))
        return false;
    m_spent = true;
    m_kept = m_bytes;
    return true;
}

} // namespace sightglass
