// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/answerer.h"

#include "core/jsonrpc/json_text.h"

#include <utility>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

Answerer::Answerer(const Answers &answers, Session *session, Output *output)
    : m_answers(answers)
    , m_session(session)
    , m_output(output)
{
    connect(m_session, &Session::serverRequested, this, [this](const ServerRequest &request) {
        Open open;
        open.question.method = request.method;
        open.question.params = request.params;
        open.question.exchange = request.exchange;
        open.inQueue = request.number;
        open.onReply = [this, number = request.number](const ServerReply &reply) {
            m_session->reply(number, reply);
        };
        take(std::move(open));
    });
    connect(m_session, &Session::serverRequestGone, this,
            [this](quint64 number, const QString &why) {
                for (qsizetype i = 0; i < m_open.size(); ++i) {
                    if (m_open.at(i).inQueue != number)
                        continue;
                    const int shown = m_open.takeAt(i).question.number;
                    Q_EMIT gone(shown, why);
                    return;
                }
            });
}

void Answerer::setRoots(const QList<Root> &roots)
{
    m_answers.setRoots(roots);
    m_session->setRoots(roots);
}

void Answerer::ask(const QByteArray &method, const QByteArray &params, ExchangeId exchange,
                   const OnReply &onReply)
{
    Open open;
    open.question.method = method;
    open.question.params = params;
    open.question.exchange = exchange;
    open.onReply = onReply;
    take(std::move(open));
}

void Answerer::take(Open open)
{
    const QByteArray method = open.question.method;
    const QString where =
        open.question.exchange > 0 ? u" [exchange %1]"_s.arg(open.question.exchange) : QString();
    if (method == "roots/list") {
        // Of the session's own queue these never come here: it knows the roots.
        JsonWriter result;
        result.beginObject().key(u"roots").beginArray();
        for (const Root &root : m_answers.roots()) {
            result.beginObject().key(u"uri").value(root.uri);
            if (!root.name.isEmpty())
                result.key(u"name").value(root.name);
            result.endObject();
        }
        result.endArray().endObject();
        open.onReply(ServerReply{result.text(), {}, {}});
        return;
    }
    if (const std::optional<ServerReply> canned = m_answers.next(method)) {
        if (mayTell(&m_answered))
            m_output->note(
                u"note: %1: answered from the file of --answer."_s.arg(questionText(open.question))
                + where);
        open.onReply(*canned);
        return;
    }
    if (!m_person) {
        if (mayTell(&m_declined))
            m_output->note(u"note: %1: declined, --answer has nothing for it."_s.arg(
                               questionText(open.question))
                           + where);
        open.onReply(refusal(method));
        return;
    }
    open.question.number = ++m_last;
    m_open.append(std::move(open));
    Q_EMIT asked(m_last);
}

bool Answerer::mayTell(int *count)
{
    ++*count;
    if (*count == MostTold + 1)
        m_output->note(u"note: the server asks on and on: further questions are only counted."_s);
    return *count <= MostTold;
}

void Answerer::tellRest()
{
    if (const int more = std::exchange(m_answered, 0) - MostTold; more > 0)
        m_output->note(
            u"note: %1 more questions were answered from the file of --answer."_s.arg(more));
    if (const int more = std::exchange(m_declined, 0) - MostTold; more > 0)
        m_output->note(u"note: %1 more questions were declined."_s.arg(more));
}

const QList<Answerer::Question> Answerer::questions() const
{
    QList<Question> list;
    for (const Open &open : m_open)
        list.append(open.question);
    return list;
}

bool Answerer::reply(int number, const ServerReply &reply)
{
    for (qsizetype i = 0; i < m_open.size(); ++i) {
        if (m_open.at(i).question.number != number)
            continue;
        const Open open = m_open.takeAt(i);
        open.onReply(reply);
        return true;
    }
    return false;
}

void Answerer::declineAll()
{
    while (!m_open.isEmpty()) {
        const Open open = m_open.takeFirst();
        m_output->note(u"note: %1: declined, nobody answered."_s.arg(questionText(open.question)));
        open.onReply(refusal(open.question.method));
    }
}

QString questionText(const Answerer::Question &question)
{
    constexpr qsizetype Most = 200;
    const JsonText params = JsonText::parse(question.params);
    const auto text = [&params](const char *pointer) {
        return params.string(params.find(pointer)).simplified();
    };
    QString about = text("/message");
    if (about.isEmpty())
        about = text("/messages/0/content/text");
    if (const QString url = text("/url"); !url.isEmpty())
        about += u" (%1)"_s.arg(url);
    const QString method = QString::fromUtf8(question.method.left(60));
    if (about.isEmpty())
        return u"the server asks for %1"_s.arg(lineForTerminal(method));
    if (about.size() > Most)
        about = about.left(Most - 1) + u'…';
    return u"the server asks for %1, “%2”"_s.arg(lineForTerminal(method), forTerminal(about));
}

} // namespace sightglass::cli
