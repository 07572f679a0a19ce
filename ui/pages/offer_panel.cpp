// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/offer_panel.h"

#include "ui/counted.h"
#include "ui/pages/call_log.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/tab_order.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostDescription = 20'000; ///< characters that a label takes

} // namespace

OfferPanel::OfferPanel(const QString &verb, ResultShape shape, SessionController *session,
                       QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_parts(new QVBoxLayout)
    , m_log(new CallLog(shape, session, this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 12, 20, 20);
    layout->setSpacing(12);
    layout->addWidget(buildHead(verb));
    m_parts->setSpacing(12);
    layout->addLayout(m_parts);
    layout->addWidget(m_log);
    layout->addStretch(1);

    connect(m_callButton, &QPushButton::clicked, this, &OfferPanel::call);
    connect(m_cancelButton, &QPushButton::clicked, this, &OfferPanel::cancelCall);
    connect(m_log, &CallLog::changed, this, [this] { updateButtons(); });
    // The result has its height once the layouts are done.
    connect(m_log, &CallLog::ended, this,
            [this] { QTimer::singleShot(0, this, &OfferPanel::revealOutcome); });
    connect(m_log, &CallLog::showExchangeRequested, this, &OfferPanel::showExchangeRequested);
    connect(m_log, &CallLog::showTaskRequested, this, &OfferPanel::showTaskRequested);
    connect(m_log, &CallLog::statusMessage, this, &OfferPanel::statusMessage);
    connect(m_log, &CallLog::argumentsWanted, this,
            [this](const QByteArray &arguments) { bringBack(arguments); });
    connect(m_session, &SessionController::stateChanged, this, [this] { updateButtons(); });
    connect(m_session, &SessionController::traceChanged, this, [this] { updateButtons(); });
}

OfferPanel::~OfferPanel() = default;

QWidget *OfferPanel::buildHead(const QString &verb)
{
    auto *head = new QWidget(this);
    m_head = head;
    m_name = new QLabel(head);
    m_name->setFont(scaledFont(3, true));
    m_name->setTextFormat(Qt::PlainText);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_name->setWordWrap(true);
    m_name->setMinimumWidth(80); // one endless word does not push the buttons out of sight
    m_hints = new RoleLabel(Role::Muted, head);
    m_hints->setFont(scaledFont(-0.75));
    m_hintsBelow = new RoleLabel(Role::Muted, head);
    m_hintsBelow->setFont(m_hints->font());
    m_hintsBelow->setWordWrap(true);
    m_key = new RoleLabel(tr("Ctrl+Enter"), Role::Muted, head);
    m_key->setFont(scaledFont(-0.75));
    m_cancelButton = new QPushButton(tr("Cancel"), head);
    m_callButton = new QPushButton(verb, head);
    m_callButton->setProperty("primary", true);
    m_description = new RoleLabel(Role::Muted, head);
    m_description->setWordWrap(true);
    m_description->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_moreLink = new LinkButton({}, head);
    connect(m_moreLink, &LinkButton::clicked, this,
            [this] { showDescription(!m_wholeDescription); });
    m_moreLink->hide();
    m_definitionLink = new LinkButton({}, head);
    connect(m_definitionLink, &LinkButton::clicked, this,
            [this] { showDefinition(m_definition->isHidden()); });
    m_definition = new JsonView(head);
    m_definition->setAccessibleName(tr("Definition"));
    m_definition->setPathVisible(false);
    m_definition->setTallest(400);
    m_definition->hide();
    connect(m_definition, &JsonView::statusMessage, this, &OfferPanel::statusMessage);
    m_problem = new RoleLabel(Role::Attention, head);
    m_problem->setWordWrap(true);
    m_problem->hide();

    m_line = new QHBoxLayout;
    m_line->setSpacing(8);
    m_line->addWidget(m_name, 1);
    m_line->addWidget(m_hints);
    m_line->addSpacing(16);
    m_line->addWidget(m_key);
    m_line->addWidget(m_cancelButton);
    m_line->addWidget(m_callButton);
    auto *layout = new QVBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(m_line);
    layout->addWidget(m_hintsBelow);
    layout->addWidget(m_description);
    auto *links = new QHBoxLayout;
    links->setSpacing(16);
    links->addWidget(m_moreLink);
    links->addWidget(m_definitionLink);
    links->addStretch(1);
    layout->addLayout(links);
    layout->addWidget(m_definition);
    layout->addWidget(m_problem);
    return head;
}

void OfferPanel::addPart(QWidget *part)
{
    m_parts->addWidget(part);
    m_partList.append(part);
}

QList<QWidget *> OfferPanel::tabOrder() const
{
    QList<QWidget *> stops = tabStops(m_head);
    stops.removeAll(m_cancelButton);
    stops.removeAll(m_callButton);
    for (QWidget *part : m_partList)
        stops += tabStops(part);
    return stops + QList<QWidget *>{m_callButton, m_cancelButton} + tabStops(m_log);
}

void OfferPanel::addToHead(QWidget *widget)
{
    m_line->insertWidget(m_line->indexOf(m_key), widget);
}

void OfferPanel::setOffer(const Offer &offer)
{
    const bool same = offer.key() == m_offer.key() && offer.mark == m_offer.mark
        && offer.item.json.text() == m_offer.item.json.text();
    if (same && !m_offer.item.json.text().isEmpty())
        return;
    const bool another = offer.key() != m_offer.key();
    m_offer = offer;
    m_name->setText(offer.name);
    m_name->setToolTip(plainToolTip(offer.name));
    m_hints->setText(offer.hints);
    m_hintsBelow->setText(offer.hints);
    const QString &said = offer.item.description;
    QString description = visibleText(said.left(mostDescription), true);
    if (said.size() > mostDescription)
        description += tr("\n… (the first %1 of %2 characters; the exchange has them all)")
                           .arg(mostDescription)
                           .arg(said.size());
    const QString title = visibleText(offer.item.title.left(300));
    if (!title.isEmpty() && offer.item.title != offer.item.name)
        description.prepend(title + (description.isEmpty() ? QString() : u"\n"_s));
    m_descriptionText = description;
    showDescription(false);
    showDefinition(!another && !m_definition->isHidden());
    QStringList problems;
    if (!offer.problem.isEmpty())
        problems.append(
            tr("The entry in %1 is malformed: %2")
                .arg(QString::fromLatin1(listMethod(offer.kind)), visibleText(offer.problem)));
    if (offer.mark == ListMark::Gone)
        problems.append(tr("The server does not list it any more."));
    m_problem->setText(problems.join(u'\n'));
    m_problem->setVisible(!problems.isEmpty());
    showOffer();
    if (another) {
        const JsonText &entry = offer.item.json;
        m_log->showOf(offer.key(),
                      entry.raw(entry.member(entry.root(), u"outputSchema")).toByteArray());
    }
    updateButtons();
}

void OfferPanel::showDefinition(bool shown)
{
    const JsonText &entry = m_offer.item.json;
    QStringList more;
    if (entry.member(entry.root(), u"outputSchema") >= 0)
        more.append(tr("output schema"));
    if (const qsizetype icons = entry.childCount(entry.member(entry.root(), u"icons")); icons > 0)
        more.append(counted(icons, tr("%1 icon"), tr("%1 icons")));
    if (entry.member(entry.root(), u"_meta") >= 0)
        more.append(u"_meta"_s);
    const QString words = shown ? tr("Hide definition") : tr("Definition");
    m_definitionLink->setText(more.isEmpty() ? words : u"%1 (%2)"_s.arg(words, more.join(u", "_s)));
    m_definitionLink->setVisible(!entry.text().isEmpty());
    if (shown)
        m_definition->setJson(entry);
    else
        m_definition->clear();
    m_definition->setVisible(shown);
}

void OfferPanel::showDescription(bool all)
{
    // Its own few lines: what one came for stands under it.
    constexpr qsizetype fewLetters = 600;
    constexpr qsizetype fewLines = 8;
    qsizetype end = std::min(m_descriptionText.size(), fewLetters);
    qsizetype line = -1;
    for (qsizetype lines = 0; lines < fewLines; ++lines) {
        line = m_descriptionText.indexOf(u'\n', line + 1);
        if (line < 0)
            break;
    }
    if (line >= 0)
        end = std::min(end, line);
    const bool isLong = m_descriptionText.size() > end + 80;
    m_description->setText(all || !isLong ? m_descriptionText
                                          : m_descriptionText.left(end).trimmed() + u" …"_s);
    m_description->setVisible(!m_descriptionText.isEmpty());
    m_moreLink->setVisible(isLong);
    m_moreLink->setText(all ? tr("Show less") : tr("Show the whole description"));
    m_moreLink->updateGeometry();
    m_wholeDescription = all;
}

void OfferPanel::revealOutcome()
{
    QScrollArea *scroll = nullptr;
    for (QWidget *above = parentWidget(); above && !scroll; above = above->parentWidget())
        scroll = qobject_cast<QScrollArea *>(above);
    if (!scroll || scroll->widget() != this)
        return;
    constexpr int margin = 12;
    const QRect place = m_log->outcomePlace().translated(m_log->pos());
    const int seen = std::min(place.height(), scroll->viewport()->height() - 2 * margin);
    scroll->ensureVisible(0, place.top() + seen, 0, margin);
    scroll->ensureVisible(0, place.top(), 0, margin);
}

void OfferPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    updateButtons();
}

void OfferPanel::reset()
{
    m_offer = {};
    m_log->reset();
}

bool OfferPanel::isReady() const
{
    return m_session->state().phase == SessionPhase::Ready && !m_session->isRecordingShown();
}

bool OfferPanel::isRunning() const
{
    return m_log->isRunning();
}

void OfferPanel::call()
{
    if (!m_callButton->isEnabled())
        return;
    const Asked asked = ask();
    m_log->begin(asked.ticket, asked.arguments, asked.shown);
    Q_EMIT called();
}

void OfferPanel::cancelCall()
{
    m_log->cancel();
}

void OfferPanel::updateButtons()
{
    const bool running = isRunning();
    m_callButton->setEnabled(isReady() && !running && !m_offer.item.key().isEmpty() && canCall());
    const bool recording = m_session->isRecordingShown();
    m_callButton->setToolTip(isReady()       ? QString()
                                 : recording ? tr("A recording is open: nothing can be sent")
                                             : tr("Not connected"));
    m_cancelButton->setVisible(running && !recording);
    m_key->setText(recording ? tr("A recording: nothing is sent") : tr("Ctrl+Enter"));
    m_key->setVisible(recording || (!running && !isNarrow()));
    // Its calls are those of the connection.
    m_log->setVisible(!recording);
    m_hints->setVisible(!isNarrow());
    m_hintsBelow->setVisible(isNarrow() && !m_offer.hints.isEmpty());
}

} // namespace sightglass
