// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/inbox.h"

namespace sightglass {

quint64 Inbox::add(ServerRequest request, OnReply onReply)
{
    if (m_open.size() >= Most)
        return 0;
    request.number = ++m_last;
    m_open.emplace(request.number, Open{request, std::move(onReply)});
    Q_EMIT asked(request);
    return request.number;
}

bool Inbox::reply(quint64 number, const ServerReply &reply)
{
    const auto it = m_open.find(number);
    if (it == m_open.end())
        return false;
    const OnReply onReply = std::move(it->second.onReply);
    m_open.erase(it);
    Q_EMIT gone(number, {});
    onReply(reply);
    return true;
}

void Inbox::drop(quint64 number, const QString &why)
{
    if (m_open.erase(number) > 0)
        Q_EMIT gone(number, why);
}

void Inbox::dropAll(const QString &why)
{
    while (!m_open.empty())
        drop(m_open.begin()->first, why);
}

QList<ServerRequest> Inbox::requests() const
{
    QList<ServerRequest> list;
    for (const auto &[number, open] : m_open)
        list.append(open.request);
    return list;
}

} // namespace sightglass
