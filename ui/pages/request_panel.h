// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/request_list_model.h"

#include <QHash>
#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace sightglass {

class AnswerForm;
class JsonView;
class LinkButton;
class RoleLabel;
class SectionTitle;

/// One request of the server: what it asks, what waits for it and since when, and the form to
/// answer it with. What was typed stays while others are looked at.
class RequestPanel final : public QWidget {
    Q_OBJECT
public:
    explicit RequestPanel(QWidget *parent = nullptr);

    void setEntry(const AskedEntry &entry);
    quint64 entryId() const { return m_id; }
    /// Sends the answer that stands there (Ctrl+Enter).
    void send();
    /// What was typed for it is of no use any more.
    void forget(quint64 id);
    void reset();
    /// Without a live trace its exchanges are not to be found.
    void setLinksVisible(bool visible);

Q_SIGNALS:
    void answered(quint64 id, const sightglass::ServerReply &reply, const QString &words);
    void showExchangeRequested(sightglass::ExchangeId id);
    void statusMessage(const QString &text);

private:
    quint64 m_id = 0;
    QHash<quint64, AnswerForm *> m_forms;
    AnswerForm *m_shown = nullptr;
    QLabel *m_title;
    RoleLabel *m_facts;
    RoleLabel *m_end;
    LinkButton *m_exchange;
    ExchangeId m_exchangeId = 0;
    bool m_links = true;
    QVBoxLayout *m_body;
    QWidget *m_record; ///< of one that needs no answer any more
    SectionTitle *m_askedTitle;
    JsonView *m_asked;
    SectionTitle *m_answerTitle;
    JsonView *m_answer;
};

} // namespace sightglass
