// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/request_panel.h"

#include "ui/pages/answer_form.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"

#include <QHBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

RequestPanel::RequestPanel(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_facts(new RoleLabel(Role::Muted, this))
    , m_end(new RoleLabel(Role::Muted, this))
    , m_exchange(new LinkButton({}, this))
    , m_body(new QVBoxLayout)
    , m_record(new QWidget(this))
    , m_askedTitle(new SectionTitle(tr("What it asked"), m_record))
    , m_asked(new JsonView(m_record))
    , m_answerTitle(new SectionTitle(tr("What was answered"), m_record))
    , m_answer(new JsonView(m_record))
{
    m_title->setFont(scaledFont(3, true));
    m_title->setTextFormat(Qt::PlainText);
    m_facts->setWordWrap(true);
    m_end->setWordWrap(true);
    m_end->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title, 1);
    head->addWidget(m_exchange);
    auto *record = new QVBoxLayout(m_record);
    record->setContentsMargins(0, 0, 0, 0);
    record->setSpacing(8);
    for (JsonView *view : {m_asked, m_answer}) {
        view->setPathVisible(false);
        view->setMinimumHeight(160);
    }
    record->addWidget(m_askedTitle);
    record->addWidget(m_asked, 1);
    record->addWidget(m_answerTitle);
    record->addWidget(m_answer, 1);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 12, 20, 20);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_facts);
    layout->addWidget(m_end);
    layout->addLayout(m_body);
    layout->addWidget(m_record);
    layout->addStretch(1);
    m_record->hide();
    connect(m_exchange, &LinkButton::clicked, this, [this] {
        if (m_exchangeId > 0)
            Q_EMIT showExchangeRequested(m_exchangeId);
    });
}

void RequestPanel::setEntry(const AskedEntry &entry)
{
    m_id = entry.id;
    m_exchangeId = entry.request.exchange;
    m_title->setText(askedTitle(entry.request));
    QStringList facts{visibleText(QString::fromUtf8(entry.request.method.left(120)))};
    facts.append(tr("since %1").arg(entry.since.toString(u"hh:mm:ss"_s)));
    if (!entry.request.forWhat.isEmpty())
        facts.append(tr("%1 waits for it").arg(visibleText(entry.request.forWhat.left(200))));
    m_facts->setText(facts.join(u" · "_s));
    m_exchange->setText(tr("Exchange %1").arg(m_exchangeId));
    m_exchange->updateGeometry();
    setLinksVisible(m_links);

    const bool withdrawn = entry.state == AskedEntry::State::Withdrawn;
    m_end->setVisible(!entry.isWaiting());
    m_end->setRole(withdrawn ? Role::Attention : Role::Muted);
    m_end->setText(withdrawn ? tr("It needs no answer any more: %1").arg(visibleText(entry.end))
                             : tr("Answered: %1").arg(entry.end));

    if (m_shown)
        m_shown->hide();
    m_shown = m_forms.value(entry.id);
    if (!m_shown && entry.isWaiting()) {
        m_shown = AnswerForm::make(entry.request, this);
        m_forms.insert(entry.id, m_shown);
        m_body->addWidget(m_shown);
        connect(m_shown, &AnswerForm::answered, this,
                [this, id = entry.id](const ServerReply &reply, const QString &words) {
                    Q_EMIT answered(id, reply, words);
                });
        connect(m_shown, &AnswerForm::statusMessage, this, &RequestPanel::statusMessage);
    }
    if (m_shown) {
        // What was typed for one that was taken back can still be read and copied.
        m_shown->setEnabled(entry.isWaiting());
        m_shown->show();
    }
    m_record->setVisible(!m_shown);
    if (!m_shown) {
        m_asked->setJson(entry.request.params);
        m_asked->setVisible(!entry.request.params.isEmpty());
        m_answer->setJson(entry.answer);
        m_answerTitle->setVisible(!entry.answer.isEmpty());
        m_answer->setVisible(!entry.answer.isEmpty());
    }
}

void RequestPanel::setLinksVisible(bool visible)
{
    m_links = visible;
    m_exchange->setVisible(visible && m_exchangeId > 0);
}

void RequestPanel::send()
{
    if (m_shown && m_shown->isEnabled())
        m_shown->send();
}

void RequestPanel::forget(quint64 id)
{
    AnswerForm *form = m_forms.take(id);
    if (!form)
        return;
    if (m_shown == form)
        m_shown = nullptr;
    form->hide();
    form->deleteLater();
}

void RequestPanel::reset()
{
    const QList<quint64> ids = m_forms.keys();
    for (const quint64 id : ids)
        forget(id);
    m_id = 0;
}

} // namespace sightglass
