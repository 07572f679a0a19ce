// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/connection_line.h"

#include "ui/connection/address_edit.h"
#include "ui/connection/command_panel.h"
#include "ui/connection/credentials_panel.h"
#include "ui/connection/network_panel.h"
#include "ui/connection/revision_panel.h"
#include "ui/connection/typed_target.h"
#include "ui/recent_servers.h"
#include "ui/theme.h"
#include "ui/widgets/drop_panel.h"
#include "ui/widgets/role_label.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QStringListModel>
#include <QToolButton>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

ConnectionLine::ConnectionLine(RecentServers *recent, QWidget *panelHost, QWidget *parent)
    : QWidget(parent)
    , m_recent(recent)
    , m_edit(new AddressEdit(this))
    , m_recentModel(new QStringListModel(this))
    , m_commandButton(new QPushButton(this))
    , m_credentialsButton(new QPushButton(this))
    , m_revisionButton(new QPushButton(this))
    , m_networkButton(new QToolButton(this))
    , m_actingButton(new QPushButton(this))
    , m_recordingButton(new QPushButton(this))
    , m_connectButton(new QPushButton(this))
    , m_menuButton(new QToolButton(this))
    , m_problem(new RoleLabel(Role::Failure, this))
    , m_command(new CommandPanel)
    , m_credentials(new CredentialsPanel)
    , m_revision(new RevisionPanel)
    , m_network(new NetworkPanel)
    , m_commandPanel(new DropPanel(tr("Command"), m_command, panelHost))
    , m_credentialsPanel(new DropPanel(tr("Credentials"), m_credentials, panelHost))
    , m_revisionPanel(new DropPanel(tr("Revision"), m_revision, panelHost))
    , m_networkPanel(new DropPanel(tr("TLS, proxy and times"), m_network, panelHost))
{
    m_edit->setPlaceholderText(tr("URL of an MCP server, or a command"));
    m_edit->setAccessibleName(tr("URL or command of the server"));
    m_edit->setMinimumWidth(180);
    auto *completer = new QCompleter(m_recentModel, this);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_edit->setCompleter(completer);
    QAction *all =
        m_edit->addAction(themedIcon(u"chevron-down"_s, Role::Muted), QLineEdit::TrailingPosition);
    all->setToolTip(tr("Servers used before"));
    connect(all, &QAction::triggered, this, [this, completer] {
        m_edit->setFocus();
        completer->setCompletionPrefix(QString());
        completer->complete();
    });
    connect(completer, qOverload<const QString &>(&QCompleter::activated), this,
            [this](const QString &text) { setAddress(text); });

    m_commandButton->setIcon(themedIcon(u"terminal"_s, Role::Muted));
    m_commandButton->setAccessibleName(tr("Arguments, folder and environment of the command"));

    m_credentialsButton->setAccessibleName(tr("Credentials"));
    m_revisionButton->setAccessibleName(tr("Revision of the protocol"));
    m_networkButton->setIcon(themedIcon(u"lock"_s, Role::Muted));
    m_networkButton->setToolTip(tr("TLS, proxy and times"));
    m_networkButton->setAccessibleName(tr("TLS, proxy and times"));
    m_networkButton->setAutoRaise(true);
    m_networkButton->setFocusPolicy(Qt::StrongFocus);
    m_menuButton->setIcon(themedIcon(u"menu"_s, Role::Muted));
    m_menuButton->setToolTip(tr("Menu"));
    m_menuButton->setAccessibleName(tr("Menu"));
    m_menuButton->setAutoRaise(true);
    m_menuButton->setFocusPolicy(Qt::StrongFocus);
    for (QPushButton *button : {m_commandButton, m_credentialsButton, m_revisionButton,
                                m_actingButton, m_recordingButton, m_connectButton})
        button->setAutoDefault(false);
    static_cast<RoleLabel *>(m_problem)->setWordWrap(true);
    m_problem->hide();

    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_recordingButton);
    line->addWidget(m_edit, 1);
    line->addWidget(m_commandButton);
    line->addWidget(m_credentialsButton);
    line->addWidget(m_revisionButton);
    line->addWidget(m_actingButton);
    line->addWidget(m_connectButton);
    line->addWidget(m_networkButton);
    line->addWidget(m_menuButton);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 8, 9);
    layout->setSpacing(4);
    layout->addLayout(line);
    layout->addWidget(m_problem);

    connect(m_edit, &QLineEdit::editingFinished, this, &ConnectionLine::targetEdited);
    connect(m_edit, &QLineEdit::textEdited, this, [this] {
        setProblem({});
        updateButtons();
    });
    connect(m_commandButton, &QPushButton::clicked, this,
            [this] { toggle(m_commandPanel, m_commandButton); });
    connect(m_command, &CommandPanel::changed, this, &ConnectionLine::commandEdited);
    connect(m_edit, &QLineEdit::returnPressed, this, [this] {
        targetEdited();
        Q_EMIT connectRequested();
    });
    connect(m_credentialsButton, &QPushButton::clicked, this,
            [this] { toggle(m_credentialsPanel, m_credentialsButton); });
    connect(m_revisionButton, &QPushButton::clicked, this,
            [this] { toggle(m_revisionPanel, m_revisionButton); });
    connect(m_networkButton, &QToolButton::clicked, this,
            [this] { toggle(m_networkPanel, m_networkButton); });
    connect(m_actingButton, &QPushButton::clicked, this, [this] { setActing({}); });
    connect(m_recordingButton, &QPushButton::clicked, this,
            &ConnectionLine::closeRecordingRequested);
    connect(m_connectButton, &QPushButton::clicked, this, [this] {
        if (m_state.phase == SessionPhase::Connecting)
            Q_EMIT cancelRequested();
        else if (m_state.phase == SessionPhase::Ready)
            Q_EMIT disconnectRequested();
        else
            Q_EMIT connectRequested();
    });
    connect(m_credentials, &CredentialsPanel::changed, this, [this] {
        m_draft.credentials = m_credentials->credentials();
        m_draft.oauth = m_credentials->oauth();
        updateButtons();
    });
    connect(m_credentialsPanel, &DropPanel::accepted, this, [this] {
        closePanels();
        Q_EMIT connectRequested();
    });
    connect(m_revision, &RevisionPanel::changed, this, [this] {
        m_draft.revision = m_revision->revision();
        m_draft.offer = m_revision->offer();
        updateButtons();
    });
    connect(m_network, &NetworkPanel::changed, this, [this] {
        m_draft.network = m_network->settings();
        m_draft.requestTimeoutMs = m_network->requestTimeoutMs();
    });
    m_draft.offer = m_revision->offer();
    setOAuth(usualOAuth());
    updateRecent();
    updateButtons();
}

bool ConnectionLine::isCommand() const
{
    return typedKind(m_edit->address()) == TypedKind::Command;
}

Expected<ServerTarget> ConnectionLine::commandTarget()
{
    Expected<ServerCommand> parsed = parseCommandLine(m_edit->address());
    if (!parsed)
        return parsed.error();
    // A lone path was perhaps meant as a recording: nothing is tried with it.
    if (parsed->arguments.isEmpty()) {
        if (const Expected<QString> program = findProgram(*parsed); !program)
            return program.error();
    }
    ServerTarget result = m_draft;
    const ServerCommand known = m_command->command();
    parsed->workingFolder = known.workingFolder;
    parsed->environment = known.environment;
    m_command->setCommand(*parsed);
    // Credentials are for servers on HTTP; a program gets what is in its environment.
    result.credentials = {};
    result.oauth = {};
    result.url = QUrl();
    result.command = *parsed;
    return result;
}

Expected<ServerTarget> ConnectionLine::target()
{
    if (isCommand())
        return commandTarget();
    Expected<ServerTarget> parsed = parseTarget(m_edit->address().trimmed());
    if (!parsed)
        return parsed.error();
    setDraftOrigin(Origin::of(parsed->url));
    ServerTarget result = m_draft;
    result.command.reset();
    result.url = parsed->url;
    // User info typed into the URL goes where credentials are.
    if (!parsed->credentials.isEmpty()) {
        result.credentials.basicUser = parsed->credentials.basicUser;
        result.credentials.basicPassword = parsed->credentials.basicPassword;
        setCredentials(result.credentials);
    }
    m_edit->setAddress(result.url.toString(QUrl::FullyEncoded));
    if (m_credentials->hasFatalProblem()) {
        Failure failure;
        failure.kind = FailureKind::Usage;
        failure.code = u"credentials-not-sendable"_s;
        failure.sentence = tr("A credential cannot be sent as it is: see Credentials.");
        return failure;
    }
    return result;
}

QString ConnectionLine::address() const
{
    return m_edit->address().trimmed();
}

void ConnectionLine::setTarget(const ServerTarget &target)
{
    if (m_origin.isValid()) {
        m_known.insert(m_origin.toString(), m_draft.credentials);
        m_oauth.insert(m_origin.toString(), m_draft.oauth);
    }
    m_draft = target;
    if (target.isChannel())
        m_draft.oauth = usualOAuth(); // of the next server
    m_origin = Origin::of(target.url);
    if (target.command) {
        m_edit->setAddress(commandLine(*target.command));
        m_command->setCommand(*target.command);
    } else {
        m_edit->setAddress(target.url.toString(QUrl::FullyEncoded));
    }
    m_credentials->setCredentials(target.credentials);
    m_credentials->setOAuth(m_draft.oauth);
    m_credentials->setServer(
        QString::fromUtf8(m_origin.isValid() ? m_origin.toString() : QByteArray()));
    m_revision->setRevision(target.revision);
    m_revision->setOffer(target.offer);
    m_network->setSettings(target.network, target.requestTimeoutMs);
    setProblem({});
    updateButtons();
}

void ConnectionLine::setCredentials(const Credentials &credentials)
{
    m_draft.credentials = credentials;
    m_credentials->setCredentials(credentials);
    updateButtons();
}

void ConnectionLine::setOAuth(const OAuthSettings &settings)
{
    m_draft.oauth = settings;
    m_credentials->setOAuth(settings);
    updateButtons();
}

void ConnectionLine::setLoggedIn(const QUrl &server)
{
    m_loggedIn = Origin::of(server);
    updateButtons();
}

void ConnectionLine::setNetwork(const NetworkSettings &network)
{
    m_draft.network = network;
    m_network->setSettings(network, m_draft.requestTimeoutMs);
}

void ConnectionLine::setUrl(const QUrl &url)
{
    m_edit->setAddress(url.toString(QUrl::FullyEncoded));
    targetEdited();
    const QString address = RecentServers::storable(url).toString(QUrl::FullyEncoded);
    if (const RecentServer *server = m_recent->find(address)) {
        m_draft.revision = server->pinnedRevision;
        m_revision->setRevision(server->pinnedRevision);
        setOffer(server->offer);
        // What is in memory still has its secrets.
        if (m_draft.oauth == usualOAuth())
            setOAuth(server->oauth);
        setNetwork(server->network);
    }
    updateButtons();
}

void ConnectionLine::setAddress(const QString &address)
{
    const RecentServer *server = m_recent->find(address);
    if (!server || !server->command) {
        setUrl(QUrl(address));
        return;
    }
    m_edit->setAddress(address);
    m_command->setCommand(*server->command);
    m_draft.revision = server->pinnedRevision;
    m_revision->setRevision(server->pinnedRevision);
    setOffer(server->offer);
    updateButtons();
}

void ConnectionLine::setOffer(const ClientOffer &offer)
{
    m_draft.offer = offer;
    m_revision->setOffer(offer);
}

void ConnectionLine::commandEdited()
{
    m_edit->setAddress(commandLine(m_command->command()));
    setProblem({});
    updateButtons();
}

void ConnectionLine::setActing(const QString &id)
{
    if (m_draft.acting == id)
        return;
    m_draft.acting = id;
    updateButtons();
    Q_EMIT actingChanged(id);
}

void ConnectionLine::targetEdited()
{
    const QString text = m_edit->address().trimmed();
    if (text.isEmpty())
        return;
    if (isCommand()) {
        (void)commandTarget(); // the panel shows its parts
        updateButtons();
        return;
    }
    const Expected<ServerTarget> parsed = parseTarget(text);
    if (parsed)
        setDraftOrigin(Origin::of(parsed->url));
}

void ConnectionLine::setDraftOrigin(const Origin &origin)
{
    if (!origin.isValid() || origin == m_origin)
        return;
    if (m_origin.isValid()) {
        m_known.insert(m_origin.toString(), m_draft.credentials);
        m_draft.credentials = m_known.value(origin.toString());
        m_credentials->setCredentials(m_draft.credentials);
        m_oauth.insert(m_origin.toString(), m_draft.oauth);
        m_draft.oauth = m_oauth.value(origin.toString(), usualOAuth());
        m_credentials->setOAuth(m_draft.oauth);
        // Nor is a revision that was pinned for one server one that another speaks.
        m_revisions.insert(m_origin.toString(), m_draft.revision);
        m_draft.revision = m_revisions.value(origin.toString(), u"auto"_s);
        m_revision->setRevision(m_draft.revision);
        // What was accepted for one server says nothing about another.
        m_draft.network.pinnedSha256.clear();
        m_draft.network.pinnedOrigin.clear();
        m_network->setSettings(m_draft.network, m_draft.requestTimeoutMs);
    }
    m_origin = origin;
    m_credentials->setServer(QString::fromUtf8(origin.toString()));
    updateButtons();
}

void ConnectionLine::setState(const SessionState &state)
{
    m_state = state;
    updateButtons();
}

void ConnectionLine::setRedactor(std::shared_ptr<const Redactor> redactor)
{
    m_redactor = std::move(redactor);
    m_edit->setRedactor(m_redactor);
    updateButtons();
}

void ConnectionLine::setRecordingShown(const QString &name)
{
    m_recording = name;
    updateButtons();
}

void ConnectionLine::updateRecent()
{
    QStringList urls;
    for (const RecentServer &server : m_recent->list())
        urls.append(server.address());
    m_recentModel->setStringList(urls);
}

void ConnectionLine::focusTarget()
{
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void ConnectionLine::focusCommand()
{
    m_edit->setPlaceholderText(tr("Command, such as npx @modelcontextprotocol/server-everything"));
    focusTarget();
}

void ConnectionLine::setProblem(const QString &sentence)
{
    static_cast<RoleLabel *>(m_problem)->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
    m_edit->setAccessibleDescription(sentence);
}

void ConnectionLine::setMenu(QMenu *menu)
{
    connect(m_menuButton, &QToolButton::clicked, menu, [this, menu] {
        const QPoint corner = m_menuButton->mapToGlobal(m_menuButton->rect().bottomRight());
        menu->popup(corner - QPoint(menu->sizeHint().width(), -4));
    });
}

QString ConnectionLine::credentialSummary() const
{
    const Credentials &c = m_draft.credentials;
    QStringList parts;
    auto print = [this](const QByteArray &secret) {
        return m_redactor ? QString::fromLatin1(m_redactor->fingerprint(secret)) : QString();
    };
    if (!c.bearer.isEmpty())
        parts.append(tr("Bearer %1").arg(print(c.bearer)).trimmed());
    if (!c.basicUser.isEmpty() || !c.basicPassword.isEmpty())
        parts.append(tr("Basic"));
    for (const Header &header : c.headers)
        parts.append(QString::fromUtf8(header.name));
    if (!c.cookies.isEmpty())
        parts.append(c.cookies.size() == 1 ? tr("1 cookie")
                                           : tr("%1 cookies").arg(c.cookies.size()));
    if (m_loggedIn.isValid() && m_loggedIn == m_origin && !c.hasAuthorization())
        parts.prepend(tr("Logged in"));
    if (parts.size() > 3)
        parts = {parts.at(0), parts.at(1), tr("%1 more").arg(parts.size() - 2)};
    return parts.join(u", "_s);
}

void ConnectionLine::updateButtons()
{
    const QString summary = credentialSummary();
    const bool none = summary.isEmpty();
    const QString whole = none ? tr("No credentials") : summary;
    const bool program = isCommand();
    const qsizetype variables = m_command->command().environment.size();
    m_commandButton->setVisible(program);
    m_commandButton->setText(variables == 0       ? tr(" Command")
                                 : variables == 1 ? tr(" Command, 1 variable")
                                                  : tr(" Command, %1 variables").arg(variables));
    m_credentialsButton->setVisible(!program);
    // The space keeps the words off the glyph.
    m_credentialsButton->setText(u' ' + fontMetrics().elidedText(whole, Qt::ElideRight, 230));
    m_credentialsButton->setToolTip(whole.toHtmlEscaped());
    m_credentialsButton->setAccessibleDescription(whole);
    m_credentialsButton->setIcon(none ? themedIcon(u"key-hollow"_s, Role::Muted)
                                      : themedIcon(u"key"_s, Role::Ok));

    const bool automatic = m_draft.revision == "auto"_L1;
    QString revision = automatic ? tr("Any revision") : m_draft.revision;
    if (automatic && m_state.phase == SessionPhase::Ready && !m_state.revision.isEmpty())
        revision = tr("%1 (auto)").arg(m_state.revision);
    m_revisionButton->setText(revision);

    m_actingButton->setVisible(!m_draft.acting.isEmpty());
    m_actingButton->setText(m_draft.acting);
    m_actingButton->setIcon(themedIcon(u"warning"_s, Role::Attention));
    m_actingButton->setToolTip(
        tr("Requests are sent as a client with this bug would send them. Click to stop."));
    m_actingButton->setAccessibleName(
        tr("Acting like a client with %1; press to stop").arg(m_draft.acting));

    m_recordingButton->setVisible(!m_recording.isEmpty());
    m_recordingButton->setText(fontMetrics().elidedText(m_recording, Qt::ElideMiddle, 160));
    m_recordingButton->setIcon(themedIcon(u"close"_s, Role::Accent));
    m_recordingButton->setToolTip(
        tr("The recording %1 is shown. Click to close it.").arg(m_recording).toHtmlEscaped());
    m_recordingButton->setAccessibleName(tr("Close the recording %1").arg(m_recording));

    const SessionPhase phase = m_recording.isEmpty() ? m_state.phase : SessionPhase::Idle;
    const bool idle = phase == SessionPhase::Idle || phase == SessionPhase::Failed;
    m_connectButton->setText(phase == SessionPhase::Ready               ? tr("Disconnect")
                                 : phase == SessionPhase::Connecting    ? tr("Cancel")
                                 : phase == SessionPhase::Disconnecting ? tr("Ending…")
                                                                        : tr("Connect"));
    m_connectButton->setEnabled(phase != SessionPhase::Disconnecting);
    if (m_connectButton->property("primary").toBool() != idle) {
        m_connectButton->setProperty("primary", idle);
        m_connectButton->update();
    }
}

void ConnectionLine::toggle(DropPanel *panel, QWidget *anchor)
{
    const bool open = panel->isVisible();
    closePanels();
    if (!open)
        panel->openUnder(anchor);
}

void ConnectionLine::openCommand()
{
    if (!m_commandPanel->isVisible())
        toggle(m_commandPanel, m_commandButton);
}

void ConnectionLine::openCredentials()
{
    if (!m_credentialsPanel->isVisible())
        toggle(m_credentialsPanel, m_credentialsButton);
}

void ConnectionLine::openRevision()
{
    if (!m_revisionPanel->isVisible())
        toggle(m_revisionPanel, m_revisionButton);
}

void ConnectionLine::openNetwork()
{
    if (!m_networkPanel->isVisible())
        toggle(m_networkPanel, m_networkButton);
}

void ConnectionLine::closePanels()
{
    for (DropPanel *panel : {m_commandPanel, m_credentialsPanel, m_revisionPanel, m_networkPanel})
        panel->closePanel();
}

bool ConnectionLine::isPanelOpen() const
{
    return m_commandPanel->isVisible() || m_credentialsPanel->isVisible()
        || m_revisionPanel->isVisible() || m_networkPanel->isVisible();
}

void ConnectionLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), roleColor(Role::Window, palette()));
    painter.fillRect(QRect(0, height() - 1, width(), 1), roleColor(Role::Line, palette()));
}

void ConnectionLine::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Down && m_edit->hasFocus()) {
        m_edit->completer()->setCompletionPrefix(m_edit->address());
        m_edit->completer()->complete();
        event->accept();
        return;
    }
    const bool connected = m_state.phase == SessionPhase::Ready && !m_state.isProgram;
    if (const QString url = m_state.url.toString(QUrl::FullyEncoded); event->key() == Qt::Key_Escape
        && m_edit->hasFocus() && connected && m_edit->address() != url) {
        // What is connected stands there again.
        m_edit->setAddress(url);
        targetEdited();
        setProblem({});
        event->accept();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace sightglass
