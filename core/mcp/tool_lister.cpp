// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/tool_lister.h"

namespace sightglass {

using namespace Qt::StringLiterals;

ToolLister::ToolLister(Connection *connection, TraceStore *trace, QObject *parent)
    : QObject(parent)
    , m_connection(connection)
    , m_trace(trace)
{
}

void ToolLister::start()
{
    if (m_request)
        return;
    m_list = {};
    m_cursors.clear();
    m_told = 0;
    ask({});
}

void ToolLister::cancel()
{
    if (m_request && m_connection)
        m_connection->cancel(m_request, u"cancelled by the user"_s);
}

void ToolLister::ask(const std::optional<QString> &cursor)
{
    if (!m_connection)
        return;
    QByteArray params;
    if (cursor) {
        JsonWriter json;
        json.beginObject().key(u"cursor").value(*cursor).endObject();
        params = json.text();
    }
    m_request = m_connection->takeId();
    Connection::Asked asked;
    asked.onAnswer = [self = QPointer(this)](const RpcAnswer &answer) {
        if (self)
            self->onPage(answer);
    };
    m_connection->request(m_request, {"tools/list", params}, u"tools/list"_s, std::move(asked));
}

void ToolLister::onPage(const RpcAnswer &answer)
{
    constexpr qint64 Often = 250'000'000;
    m_request = 0;
    m_list.exchange = answer.exchange;
    if (answer.failure) {
        end(answer.failure);
        return;
    }
    const ToolPage page = readToolPage(answer.result);
    ++m_list.pages;
    m_list.tools += page.tools;
    const auto protocol = [&answer](const QString &code, const QString &sentence,
                                    const QString &advice) {
        return Failure{FailureKind::Protocol, code, sentence, advice, answer.exchange, {}};
    };
    if (!page.problem.isEmpty()) {
        end(protocol(u"tools-list"_s,
                     u"The answer to tools/list is not as it should be: %1."_s.arg(page.problem),
                     u"The fault is on the server's side; the exchange shows the answer."_s));
        return;
    }
    if (!page.nextCursor) {
        m_list.complete = true;
        end({});
        return;
    }
    if (m_cursors.contains(*page.nextCursor)) {
        end(protocol(
            u"endless-pages"_s,
            u"tools/list gave the same nextCursor twice, on page %1: the list would page for ever."_s
                .arg(m_list.pages),
            u"The server has to leave nextCursor out on the last page."_s));
        return;
    }
    if (m_list.pages >= MostPages) {
        end(protocol(
            u"endless-pages"_s,
            u"tools/list was stopped after %1 pages, and there were more."_s.arg(m_list.pages),
            u"The server has to leave nextCursor out on the last page."_s));
        return;
    }
    m_cursors.insert(*page.nextCursor);
    if (m_trace->now() - m_told > Often) {
        m_told = m_trace->now();
        Q_EMIT listed(m_list);
    }
    ask(page.nextCursor);
}

void ToolLister::end(const std::optional<Failure> &failure)
{
    m_list.failure = failure;
    Q_EMIT listed(m_list);
}

} // namespace sightglass
