// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/inbox.h"

#include <QPushButton>
#include <QWidget>

class QHBoxLayout;
class QVBoxLayout;

namespace sightglass {

/// What a person answers a request of the server with. Everything in the request is untrusted and
/// shown as plain text; what is wrong with it never keeps one from answering.
class AnswerForm : public QWidget {
    Q_OBJECT
public:
    /// The one for this request. The caller's.
    static AnswerForm *make(const ServerRequest &request, QWidget *parent);

    /// Sends the answer that the form is for (Ctrl+Enter), where it can.
    void send();

Q_SIGNALS:
    /// `words` tell it in a list: "accepted".
    void answered(const sightglass::ServerReply &reply, const QString &words);
    void statusMessage(const QString &text);

protected:
    explicit AnswerForm(QWidget *parent);

    QVBoxLayout *parts() const { return m_parts; }
    /// At the foot: the main one, then the others in their order.
    QPushButton *setMain(const QString &text);
    QPushButton *mainButton() const { return m_main; }
    QPushButton *addChoice(const QString &text);
    QHBoxLayout *foot() const { return m_foot; }
    /// Decline and cancel, as elicitation has them.
    void addElicitationChoices();
    void elicited(const char *action, const QString &words, const QByteArray &content = {});
    virtual void answer() = 0; ///< the main button

private:
    QVBoxLayout *m_parts;
    QHBoxLayout *m_foot;
    QPushButton *m_main = nullptr;
};

} // namespace sightglass
