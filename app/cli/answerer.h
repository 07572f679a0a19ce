// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/answers.h"
#include "app/cli/output.h"

#include <functional>

namespace sightglass::cli {

/// Answers what the server asks, from the answers that were written beforehand.
/// What has none is declined with a note, so that nothing waits for ever; or,
/// where a person is there, it waits for them as a question.
class Answerer : public QObject {
    Q_OBJECT
public:
    /// Called once with the answer.
    using OnReply = std::function<void(const ServerReply &)>;

    struct Question {
        int number = 0; ///< from 1
        QByteArray method;
        QByteArray params; ///< raw JSON
        ExchangeId exchange = 0;
    };

    /// Offers to the server what there are answers for. The session outlives it.
    Answerer(const Answers &answers, Session *session, Output *output);

    const QList<Root> &roots() const { return m_answers.roots(); }
    /// Servers that asked for them are told.
    void setRoots(const QList<Root> &roots);
    /// Somebody is there to be asked.
    void setPerson(bool there) { m_person = there; }
    bool hasPerson() const { return m_person; }

    /// A question that came otherwise than by the session's queue: with a task.
    void ask(const QByteArray &method, const QByteArray &params, ExchangeId exchange,
             const OnReply &onReply);
    const QList<Question> questions() const;
    /// False if there is no such question.
    bool reply(int number, const ServerReply &reply);
    void declineAll();
    /// How many questions more were answered than were told one by one.
    void tellRest();

Q_SIGNALS:
    /// A question waits for the person.
    void asked(int number);
    /// It needs no answer any more, `why` as the server or the session told.
    void gone(int number, const QString &why);

private:
    struct Open {
        Question question;
        quint64 inQueue = 0; ///< its number there; 0: came otherwise
        OnReply onReply;
    };
    void take(Open open);
    /// Counts; false where it is one too many to be told.
    bool mayTell(int *count);

    /// A server that asks without end should not fill the terminal.
    static constexpr int MostTold = 20;

    Answers m_answers;
    Session *m_session;
    Output *m_output;
    QList<Open> m_open;
    int m_last = 0;
    int m_answered = 0; ///< from the file
    int m_declined = 0; ///< for want of an answer in it
    bool m_person = false;
};

/// A question for people, in one line: what is asked, and its message.
QString questionText(const Answerer::Question &question);

} // namespace sightglass::cli
