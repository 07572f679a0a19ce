// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/lister.h"

namespace sightglass {

using namespace Qt::StringLiterals;

Lister::Lister(ListKind kind, Connection *connection, TraceStore *trace, QObject *parent)
    : QObject(parent)
    , m_connection(connection)
    , m_trace(trace)
{
    m_list.kind = kind;
}

void Lister::start()
{
    if (m_request) {
        m_again = true;
        return;
    }
    m_list = {m_list.kind, {}, {}, false, {}};
    m_cursors.clear();
    m_told = 0;
    ask({});
}

void Lister::cancel()
{
    if (m_request && m_connection)
        m_connection->cancel(m_request, u"cancelled by the user"_s);
}

void Lister::ask(const std::optional<QString> &cursor)
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
    const QByteArray method = listMethod(m_list.kind);
    m_connection->request(m_request, {method, params}, QString::fromLatin1(method),
                          std::move(asked));
}

void Lister::onPage(const RpcAnswer &answer)
{
    constexpr qint64 Often = 250'000'000;
    m_request = 0;
    if (answer.failure) {
        end(answer.failure);
        return;
    }
    ReadPage read = readListPage(m_list.kind, answer.result);
    read.page.exchange = answer.exchange;
    m_list.pages.append(read.page);
    m_list.items += read.items;
    const QString method = QString::fromLatin1(listMethod(m_list.kind));
    const auto protocol = [&answer](const QString &code, const QString &sentence,
                                    const QString &advice) {
        return Failure{FailureKind::Protocol, code, sentence, advice, answer.exchange, {}};
    };
    if (!read.problem.isEmpty()) {
        end(protocol(QString(method).replace(u'/', u'-'),
                     u"The answer to %1 is not as it should be: %2."_s.arg(method, read.problem),
                     u"The fault is on the server's side; the exchange shows the answer."_s));
        return;
    }
    const std::optional<QString> &next = read.page.nextCursor;
    if (!next) {
        m_list.complete = true;
        end({});
        return;
    }
    const qsizetype pages = m_list.pages.size();
    if (m_cursors.contains(*next)) {
        end(protocol(
            u"endless-pages"_s,
            u"%1 gave the same nextCursor twice, on page %2: the list would page for ever."_s.arg(
                method, QString::number(pages)),
            u"The server has to leave nextCursor out on the last page."_s));
        return;
    }
    if (pages >= MostPages) {
        end(protocol(u"endless-pages"_s,
                     u"%1 was stopped after %2 pages, and there were more."_s.arg(
                         method, QString::number(pages)),
                     u"The server has to leave nextCursor out on the last page."_s));
        return;
    }
    m_cursors.insert(*next);
    if (m_trace->now() - m_told > Often) {
        m_told = m_trace->now();
        Q_EMIT listed(m_list);
    }
    ask(next);
}

void Lister::end(const std::optional<Failure> &failure)
{
    m_list.failure = failure;
    Q_EMIT listed(m_list);
    // The list changed while it was being fetched.
    if (std::exchange(m_again, false) && !failure)
        start();
}

} // namespace sightglass
