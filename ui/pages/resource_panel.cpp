// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/resource_panel.h"

#include "core/mcp/calls.h"
#include "ui/pages/text_arguments.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QTime>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostUpdates = 1000; ///< URIs whose notices are kept

bool offersSubscriptions(const QByteArray &capabilities)
{
    const JsonText json = JsonText::parse(capabilities);
    return json.boolean(json.find("/resources/subscribe"));
}

} // namespace

ResourcePanel::ResourcePanel(SessionController *session, CompletionAsker *completions,
                             QWidget *parent)
    : OfferPanel(tr("Read"), ResultShape::Resource, session, parent)
    , m_variables(new TextArguments(completions, this))
    , m_uri(new RoleLabel(Role::Text, this))
    , m_annotations(new RoleLabel(Role::Muted, this))
    , m_templateProblem(new RoleLabel(Role::Attention, this))
    , m_subscribe(new QPushButton(tr("Subscribe"), this))
{
    m_uri->setFont(wireFont());
    m_uri->setWordWrap(true);
    m_uri->setMinimumWidth(80);
    m_uri->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_annotations->setWordWrap(true);
    m_templateProblem->setWordWrap(true);
    m_subscribe->setCheckable(true);
    addToHead(m_subscribe);
    addPart(m_uri);
    addPart(m_annotations);
    addPart(m_variables);
    addPart(m_templateProblem);
    addPart(buildUpdate());
    connect(m_variables, &TextArguments::changed, this, [this] {
        m_drafts[offer().key()] = m_variables->json();
        showUri();
        updateButtons();
    });
    connect(m_subscribe, &QPushButton::clicked, this,
            [this](bool on) { this->session()->subscribe(uri(), on); });
    connect(session, &SessionController::notified, this, &ResourcePanel::noticed);
    connect(session, &SessionController::traceCleared, this, [this] {
        for (Update &update : m_updates)
            update.exchange = 0;
        showUpdate();
    });
    connect(session, &SessionController::traceChanged, this, &ResourcePanel::showUpdate);
    showUpdate();
    updateButtons();
}

QWidget *ResourcePanel::buildUpdate()
{
    m_updateLine = new QWidget(this);
    auto *glyph = new QLabel(m_updateLine);
    glyph->setPixmap(themedIcon(u"refresh"_s, Role::Attention).pixmap(16, 16));
    m_updateText = new RoleLabel(Role::Attention, m_updateLine);
    m_updateLink = new LinkButton({}, m_updateLine);
    m_again = new LinkButton(tr("Read again"), m_updateLine);
    auto *row = new QHBoxLayout(m_updateLine);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(glyph);
    row->addWidget(m_updateText);
    row->addWidget(m_updateLink);
    row->addWidget(m_again);
    row->addStretch(1);
    connect(m_updateLink, &LinkButton::clicked, this, [this] {
        if (const ExchangeId exchange = m_updates.value(uri()).exchange; exchange > 0)
            Q_EMIT showExchangeRequested(exchange);
    });
    connect(m_again, &LinkButton::clicked, this, &ResourcePanel::call);
    return m_updateLine;
}

void ResourcePanel::reset()
{
    m_drafts.clear();
    m_updates.clear();
    OfferPanel::reset();
}

QString ResourcePanel::uri() const
{
    return offer().kind == ListKind::ResourceTemplates ? m_template.expand(m_variables->values())
                                                       : offer().item.uri;
}

void ResourcePanel::showOffer()
{
    const bool isTemplate = offer().kind == ListKind::ResourceTemplates;
    m_template = isTemplate ? UriTemplate::parse(offer().item.uri) : UriTemplate();
    QList<TextArgument> variables;
    for (const QString &name : m_template.variables())
        variables.append({name, {}, false});
    CompletionFor completedFor;
    completedFor.uriTemplate = offer().item.uri;
    const QByteArray draft = m_drafts.value(offer().key());
    m_variables->setArguments(variables, completedFor);
    m_variables->setJson(draft);
    const QString annotations = annotationWords(offer().item.json);
    m_annotations->setText(annotations.isEmpty() ? QString() : tr("Meant %1").arg(annotations));
    m_annotations->setVisible(!annotations.isEmpty());
    m_templateProblem->setText(
        m_template.problem().isEmpty()
            ? QString()
            : tr("The template is malformed: %1").arg(visibleText(m_template.problem().left(300))));
    m_templateProblem->setVisible(!m_template.problem().isEmpty());
    showUri();
}

void ResourcePanel::showUri()
{
    QString shown = visibleText(uri().left(2000));
    if (offer().kind == ListKind::ResourceTemplates)
        shown = visibleText(offer().item.uri.left(2000)) + u'\n' + tr("→ %1").arg(shown);
    m_uri->setText(shown);
    m_uri->setAccessibleName(tr("URI: %1").arg(shown));
    showUpdate();
}

void ResourcePanel::showUpdate()
{
    const auto update = m_updates.constFind(uri());
    m_updateLine->setVisible(update != m_updates.constEnd());
    if (update == m_updates.constEnd())
        return;
    m_updateText->setText(tr("Updated on the server at %1").arg(update->at));
    m_updateLink->setText(tr("Exchange %1").arg(update->exchange));
    m_updateLink->updateGeometry();
    m_updateLink->setVisible(update->exchange > 0 && !session()->isRecordingShown());
}

void ResourcePanel::noticed(const Notice &notice)
{
    if (notice.method != "notifications/resources/updated")
        return;
    const JsonText params = JsonText::parse(notice.params);
    const QString about = params.string(params.member(params.root(), u"uri"));
    if (about.isEmpty() || (m_updates.size() >= mostUpdates && !m_updates.contains(about)))
        return;
    m_updates.insert(about, {QTime::currentTime().toString(u"HH:mm:ss"_s), notice.exchange});
    showUpdate();
}

bool ResourcePanel::canCall() const
{
    return !uri().isEmpty();
}

OfferPanel::Asked ResourcePanel::ask()
{
    const QString wanted = uri();
    m_updates.remove(wanted); // what comes now is newer
    showUpdate();
    return {session()->request(readResourceCall(wanted)), m_variables->json(), wanted.left(2000)};
}

void ResourcePanel::bringBack(const QByteArray &arguments)
{
    m_variables->setJson(arguments);
}

void ResourcePanel::updateButtons()
{
    OfferPanel::updateButtons();
    const SessionState &state = session()->state();
    const bool on = state.subscriptions.contains(uri());
    const bool offered = offersSubscriptions(state.capabilities);
    m_subscribe->setChecked(on);
    m_subscribe->setText(on ? tr("Subscribed") : tr("Subscribe"));
    m_subscribe->setEnabled(isReady() && !uri().isEmpty() && (on || offered));
    m_subscribe->setToolTip(offered || !isReady()
                                ? QString()
                                : tr("The server's capabilities do not have resources.subscribe."));
    m_again->setEnabled(isReady() && !isRunning());
}

} // namespace sightglass
