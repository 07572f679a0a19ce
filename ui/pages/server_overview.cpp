// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/server_overview.h"

#include "core/mcp/calls.h"
#include "core/trace/trace_text.h"
#include "ui/counted.h"
#include "ui/models/method_help.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"
#include "ui/widgets/step_row.h"
#include "ui/widgets/text_block.h"

#include <QGridLayout>
#include <QPushButton>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostRemarks = 100;
constexpr qsizetype mostInstructions = 50'000; ///< characters
constexpr int mostCapabilities = 4000; ///< px that they take before they scroll by themselves

QString transportWords(TransportChoice transport)
{
    switch (transport) {
    case TransportChoice::StreamableHttp:
        return ServerOverview::tr("streamable HTTP");
    case TransportChoice::HttpSse:
        return ServerOverview::tr("HTTP+SSE, the older one");
    case TransportChoice::Stdio:
        return ServerOverview::tr("standard streams of a program");
    case TransportChoice::Auto:
        break;
    }
    return {};
}

void emptyList(QVBoxLayout *list)
{
    while (QLayoutItem *item = list->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

} // namespace

ServerOverview::ServerOverview(SessionController *session, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_name(new QLabel(this))
    , m_version(new RoleLabel(Role::Muted, this))
    , m_pingButton(new QPushButton(tr("Ping"), this))
    , m_pingWords(new RoleLabel(Role::Muted, this))
    , m_pingLink(new LinkButton({}, this))
    , m_instructions(new TextBlock(180, this))
    , m_facts(new QWidget(this))
    , m_grid(new QGridLayout(m_facts))
    , m_address(new RoleLabel(Role::Text, m_facts))
    , m_revision(new RoleLabel(Role::Text, m_facts))
    , m_revisionLink(new LinkButton({}, m_facts))
    , m_transport(new RoleLabel(Role::Text, m_facts))
    , m_sessionId(new RoleLabel(Role::Text, m_facts))
    , m_sessionLink(new LinkButton({}, m_facts))
    , m_ladderTitle(new SectionTitle(tr("How the connection came about"), this))
    , m_ladderList(new QVBoxLayout)
    , m_remarksTitle(new SectionTitle(tr("What the server did wrong"), this))
    , m_remarksList(new QVBoxLayout)
    , m_capabilitiesTitle(new SectionTitle(tr("Capabilities and extensions"), this))
    , m_capabilities(new JsonView(this))
{
    m_name->setFont(scaledFont(3, true));
    m_name->setTextFormat(Qt::PlainText);
    m_name->setWordWrap(true);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_pingButton->setAutoDefault(false);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_name, 1);
    head->addWidget(m_pingWords);
    head->addWidget(m_pingLink);
    head->addWidget(m_pingButton);
    m_instructions->setAccessibleName(tr("Instructions of the server"));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
    addFact(tr("Server"), m_address);
    addFact(tr("Revision"), m_revision, m_revisionLink);
    addFact(tr("Transport"), m_transport);
    addFact(tr("Session"), m_sessionId, m_sessionLink);
    m_address->setElide(Qt::ElideMiddle);
    m_sessionId->setElide(Qt::ElideMiddle);
    m_sessionId->setFont(wireFont());
    m_ladderList->setSpacing(0);
    m_remarksList->setSpacing(0);
    m_capabilities->setPathVisible(false);
    m_capabilities->setTallest(mostCapabilities);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 12, 20, 20);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_version);
    layout->addWidget(m_instructions);
    layout->addSpacing(4);
    layout->addWidget(m_facts);
    layout->addSpacing(12);
    layout->addWidget(m_ladderTitle);
    layout->addLayout(m_ladderList);
    layout->addSpacing(12);
    layout->addWidget(m_remarksTitle);
    layout->addLayout(m_remarksList);
    layout->addWidget(m_capabilitiesTitle);
    layout->addWidget(m_capabilities);
    layout->addStretch(1);

    connect(m_pingButton, &QPushButton::clicked, this, &ServerOverview::ping);
    connect(m_pingLink, &LinkButton::clicked, this,
            [this] { Q_EMIT showExchangeRequested(m_pingExchange); });
    connect(m_revisionLink, &LinkButton::clicked, this,
            [this] { Q_EMIT showExchangeRequested(m_session->state().revisionExchange); });
    connect(m_sessionLink, &LinkButton::clicked, this,
            [this] { Q_EMIT showExchangeRequested(m_session->state().sessionExchange); });
    connect(m_session, &SessionController::stateChanged, this, &ServerOverview::update);
    connect(m_session, &SessionController::callFinished, this, &ServerOverview::pinged);
    connect(m_session, &SessionController::traceChanged, this, [this] {
        m_ladderRows.setTrace(m_session->trace());
        m_ping = 0; // in the trace before, if at all
        m_pingWords->clear();
        m_pingLink->hide();
        update();
    });
    m_pingLink->hide();
    m_ladderRows.setTrace(m_session->trace());
    update();
}

void ServerOverview::addFact(const QString &name, QLabel *value, LinkButton *link)
{
    const int row = m_grid->rowCount();
    m_grid->addWidget(new RoleLabel(name, Role::Muted, m_facts), row, 0);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setAccessibleDescription(name);
    m_grid->addWidget(value, row, 1);
    if (link)
        m_grid->addWidget(link, row, 2);
}

QWidget *ServerOverview::ladderTitle() const
{
    return m_ladderTitle;
}

void ServerOverview::update()
{
    const SessionState &state = m_session->state();
    const bool recording = m_session->isRecordingShown();
    const bool known = !recording && !state.revision.isEmpty();
    const bool ready = !recording && state.phase == SessionPhase::Ready;
    const QString title = state.serverTitle.isEmpty() ? state.serverName : state.serverTitle;
    m_name->setText(recording             ? m_session->recordingName()
                        : !known          ? tr("Not connected")
                        : title.isEmpty() ? tr("A server without a name")
                                          : visibleText(title.left(300)));
    QStringList version;
    if (known && !state.serverTitle.isEmpty() && state.serverTitle != state.serverName)
        version.append(visibleText(state.serverName.left(200)));
    if (known && !state.serverVersion.isEmpty())
        version.append(tr("version %1").arg(visibleText(state.serverVersion.left(100))));
    m_version->setText(recording   ? tr("What the server said stands in the recording's exchanges.")
                           : known ? version.join(u", "_s)
                                   : tr("What the server says of itself stands here once it is "
                                        "connected."));
    m_version->setVisible(!m_version->text().isEmpty());
    const QString instructions = known ? state.instructions.left(mostInstructions) : QString();
    m_instructions->setVisible(!instructions.isEmpty());
    if (m_instructions->toPlainText() != visibleText(instructions, true))
        m_instructions->setUntrustedText(instructions);

    m_facts->setVisible(known);
    if (known) {
        m_address->setWholeText(visibleText(targetName(m_session->target())));
        m_revision->setText(state.revision);
        m_revisionLink->setText(tr("Exchange %1").arg(state.revisionExchange));
        m_revisionLink->setVisible(state.revisionExchange > 0);
        const QString transport = transportWords(state.transport);
        m_transport->setText(transport.isEmpty() ? tr("none any more") : transport);
        m_sessionId->setWholeText(state.sessionId.isEmpty()
                                      ? tr("none: the server gave no id")
                                      : visibleText(QString::fromUtf8(state.sessionId)));
        m_sessionLink->setText(tr("Exchange %1").arg(state.sessionExchange));
        m_sessionLink->setVisible(state.sessionExchange > 0);
    }
    const Revision *revision = revisionNamed(state.revision.toLatin1());
    const bool canPing = !revision || findMethod(methodsOf(revision), "ping");
    m_pingButton->setVisible(known);
    m_pingButton->setEnabled(ready && canPing && m_ping == 0);
    m_pingButton->setToolTip(!ready        ? tr("Not connected")
                                 : canPing ? tr("Asks whether the server is there")
                                           : tr("%1 has no ping").arg(state.revision));

    const QList<LadderRow> ladder = m_ladderRows.rows(recording ? nullptr : &state);
    if (ladder != m_ladder)
        showLadder(ladder);
    m_ladderTitle->setVisible(!ladder.isEmpty());
    const QList<Note> remarks = recording ? QList<Note>() : state.remarks;
    if (remarks != m_remarks)
        showRemarks(remarks);
    m_remarksTitle->setVisible(!remarks.isEmpty());
    const QByteArray capabilities = known ? state.capabilities : QByteArray();
    m_capabilitiesTitle->setVisible(!capabilities.isEmpty());
    m_capabilities->setVisible(!capabilities.isEmpty());
    if (capabilities != m_capabilitiesShown) {
        m_capabilitiesShown = capabilities;
        m_capabilities->setJson(m_session->liveRedactor()->jsonWithoutKnown(capabilities));
    }
}

void ServerOverview::showLadder(const QList<LadderRow> &rows)
{
    m_ladder = rows;
    emptyList(m_ladderList);
    for (const LadderRow &row : rows) {
        QString glyph = u"minus"_s;
        Role role = Role::Muted;
        if (row.state == LadderRow::State::Holds) {
            glyph = u"check"_s;
            role = Role::Ok;
        } else if (row.state == LadderRow::State::Failed) {
            glyph = u"refused"_s;
            role = Role::Failure;
        } else if (row.state == LadderRow::State::Tried) {
            glyph = u"play"_s;
            role = Role::Accent;
        }
        const QString seen =
            row.seen.isEmpty() || row.words.contains(row.seen) ? QString() : row.seen + u". "_s;
        auto *step = new StepRow(glyph, role, row.name, seen + m_session->withoutSecrets(row.words),
                                 row.exchange, this);
        connect(step, &StepRow::showExchangeRequested, this,
                &ServerOverview::showExchangeRequested);
        m_ladderList->addWidget(step);
    }
}

void ServerOverview::showRemarks(const QList<Note> &remarks)
{
    m_remarks = remarks;
    emptyList(m_remarksList);
    m_remarksTitle->setNote(counted(remarks.size(), tr("%1 thing, the work went on"),
                                    tr("%1 things, the work went on")));
    for (const Note &remark : remarks.mid(std::max<qsizetype>(0, remarks.size() - mostRemarks))) {
        QString sentence = remark.text;
        if (!remark.finding.isEmpty() && !sentence.contains(remark.finding))
            sentence += u" ("_s + remark.finding + u')';
        auto *row = new StepRow(u"warning"_s, Role::Attention, {}, sentence, remark.exchange, this);
        connect(row, &StepRow::showExchangeRequested, this, &ServerOverview::showExchangeRequested);
        m_remarksList->addWidget(row);
    }
}

void ServerOverview::ping()
{
    m_ping = m_session->request(pingCall());
    m_pingLink->hide();
    m_pingWords->setRole(Role::Muted);
    m_pingWords->setText(tr("waits for the answer"));
    m_pingButton->setEnabled(false);
}

void ServerOverview::pinged(Ticket ticket, const CallResult &result)
{
    if (m_ping == 0 || ticket != m_ping)
        return;
    m_ping = 0;
    m_pingExchange = result.exchange;
    m_pingWords->setRole(result.failure ? Role::Failure : Role::Muted);
    m_pingWords->setText(result.errorCode ? tr("error %1").arg(*result.errorCode)
                             : result.failure
                             ? tr("no answer")
                             : tr("answered in %1").arg(humanDuration(result.durationNs)));
    m_pingWords->setToolTip(result.failure ? plainToolTip(visibleText(result.failure->sentence))
                                           : QString());
    m_pingLink->setText(tr("Exchange %1").arg(result.exchange));
    m_pingLink->setVisible(result.exchange > 0);
    update();
}

} // namespace sightglass
