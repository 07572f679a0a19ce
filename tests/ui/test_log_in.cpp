// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/quick_browser.h"
#include "tests/support/recording_bytes.h"
#include "tests/ui/window_probe.h"
#include "ui/models/oauth_steps_model.h"
#include "ui/pages/access_page.h"
#include "ui/pages/oauth_section.h"
#include "ui/recent_servers.h"
#include "ui/widgets/log_in_prompt.h"
#include "ui/widgets/matrix_view.h"
#include "ui/widgets/oauth_step_view.h"
#include "ui/widgets/oauth_tokens_view.h"
#include "ui/widgets/rows_view.h"

#include <QClipboard>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QUrlQuery>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 15000; ///< ms

LabSettings demandsLogIn()
{
    LabSettings settings;
    settings.oauth.on = true;
    return settings;
}

/// A window at a server that wants one to log in, and a browser that is not the system's.
struct Scene {
    explicit Scene(const LabSettings &settings = demandsLogIn())
        : lab(settings)
    {
        probe.window->setBrowser([this](const QUrl &url) {
            asked.append(url);
            return canOpen;
        });
    }
    bool start()
    {
        if (!lab.start())
            return false;
        probe.enter(lab.url().toString());
        return waits();
    }
    bool waits() const
    {
        return QTest::qWaitFor([this] { return phase() == OAuthState::Phase::Browser; }, patience);
    }
    bool ready() const
    {
        return QTest::qWaitFor([this] { return probe.state().phase == SessionPhase::Ready; },
                               patience);
    }
    /// What the browser is to open, as of somebody who agrees to everything: the lab asks nobody.
    QUrl agreed() const
    {
        QUrl url = oauth().browse;
        QUrlQuery query(url);
        query.removeAllQueryItems(u"prompt"_s);
        query.addQueryItem(u"prompt"_s, u"none"_s);
        url.setQuery(query);
        return url;
    }
    void agree() { browser.open(agreed()); }
    /// The address that the browser ends at, without its going there.
    QUrl callback(const QList<std::pair<QString, QString>> &items) const
    {
        QUrl url = oauth().redirectUri;
        QUrlQuery query;
        for (const auto &[name, value] : items)
            query.addQueryItem(name, value);
        query.addQueryItem(u"state"_s, sent(u"state"_s));
        query.addQueryItem(u"iss"_s, lab->issuer().toString());
        url.setQuery(query);
        return url;
    }
    QString sent(const QString &name) const
    {
        return QUrlQuery(oauth().browse).queryItemValue(name, QUrl::FullyDecoded);
    }
    const OAuthState &oauth() const { return probe.session->oauth(); }
    OAuthState::Phase phase() const { return oauth().phase; }
    LogInPrompt *prompt() const { return probe.part<LogInPrompt>(); }
    OAuthSection *section() const { return probe.part<OAuthSection>(); }
    QPushButton *button(const QString &text, const QWidget *within = nullptr) const
    {
        const auto all = (within ? within : prompt())->findChildren<QPushButton *>();
        for (QPushButton *button : all) {
            if (button->text() == text && button->isVisible())
                return button;
        }
        return nullptr;
    }
    QLineEdit *field(const QString &accessibleName) const
    {
        const auto all = prompt()->findChildren<QLineEdit *>();
        for (QLineEdit *edit : all) {
            if (edit->accessibleName() == accessibleName)
                return edit;
        }
        return nullptr;
    }
    OAuthStep step(OAuthStepKind kind) const { return oauth().steps.value(int(kind)); }

    LabProbe lab;
    WindowProbe probe;
    QuickBrowser browser;
    QList<QUrl> asked; ///< that the window wanted opened
    bool canOpen = true;
};

bool listensOn(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, port);
    return socket.waitForConnected(2000);
}

} // namespace

/// A person logs in through the window, at a real authorisation server.
class TestLogIn : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void nothingIsOpenedBeforeTheClick();
    void afterTheBrowserCameBackAllGoesOnByItself();
    void whereNoBrowserStartsTheAddressIsShown();
    void theAddressCanBeCopied();
    void aPastedCallbackCounts();
    void consentDeniedIsSaidAndCanBeTriedAgain();
    void cancelEndsTheConnect();
    void aStepIsRunAgainWithAnotherScope();
    void logOutForgetsAndRevokes();
    void refreshAndExpire();
    void aLogInByHandConnectsWhatHadFailed();
    void withoutARegistrationAClientIdIsAskedFor();
    void switchedOffTheRefusalStands();
    void aTokenByHandIsNotOAuthsBusiness();
    void closedInMidFlowThePortIsClosed();
    void noSecretIsOnTheScreen();
    void aNewTraceKeepsTheTokens();
    void aRecordingShowsItsSteps();
    void theMatrixSaysHowOldATokenIs();
    void theIssuerIsAskedOfTheTokens();
    void aClientIdIsRemembered();
};

void TestLogIn::nothingIsOpenedBeforeTheClick()
{
    Scene scene;
    QVERIFY(scene.start());
    QVERIFY(scene.prompt()->isVisible());
    QCOMPARE(scene.probe.state().phase, SessionPhase::Connecting);
    QVERIFY(scene.asked.isEmpty());
    const QUrl issuer = scene.lab->issuer();
    const QString host = u"127.0.0.1:%1"_s.arg(issuer.port());
    QVERIFY2(scene.probe.says(host), qPrintable(scene.probe.texts().join(u'\n')));
    QVERIFY(scene.probe.says(u"wants you to log in at %1 (scopes: lab:read lab:call"_s.arg(host)));
    QVERIFY(scene.probe.status().contains(u"waiting for you to log in"_s));

    QPushButton *open = scene.button(u"Open browser"_s);
    QVERIFY(open);
    open->click();
    QCOMPARE(scene.asked, QList<QUrl>{scene.oauth().browse});
    QCOMPARE(scene.asked.constFirst().port(), issuer.port());
}

void TestLogIn::afterTheBrowserCameBackAllGoesOnByItself()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.agree();
    QVERIFY(scene.ready());
    QTRY_COMPARE(scene.phase(), OAuthState::Phase::Authorized);
    QVERIFY(!scene.prompt()->isVisible());
    QVERIFY(scene.oauth().tokens);
    QTRY_COMPARE(scene.step(OAuthStepKind::Use).state, OAuthStep::State::Done);
    QTRY_VERIFY(scene.probe.railCount(u"tools"_s) > 0);
    // As whom, in the line.
    const auto buttons = scene.probe.part<ConnectionLine>()->findChildren<QPushButton *>();
    QVERIFY(std::any_of(buttons.begin(), buttons.end(),
                        [](const QPushButton *b) { return b->text().contains(u"Logged in"_s); }));
    // And on the Access page: the steps, and what the matrix says of the token.
    scene.probe.window->showPage(u"access"_s);
    QCOMPARE(scene.section()->steps()->rowCount(), OAuthStepCount);
    QVERIFY(scene.section()->tokensView()->isVisible());
    QVERIFY(scene.section()->tokensView()->clockWords().contains(u"expires in"_s));
}

void TestLogIn::whereNoBrowserStartsTheAddressIsShown()
{
    Scene scene;
    scene.canOpen = false;
    QVERIFY(scene.start());
    QLineEdit *address = scene.field(u"Address to open in a browser"_s);
    QVERIFY(address && !address->isVisible());
    scene.button(u"Open browser"_s)->click();
    QVERIFY(address->isVisible());
    QCOMPARE(address->text(), scene.oauth().browse.toString(QUrl::FullyEncoded));
    QVERIFY(scene.probe.says(u"No browser could be started"_s));
    // It is not the end.
    scene.agree();
    QVERIFY(scene.ready());
}

void TestLogIn::theAddressCanBeCopied()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.button(u"Copy address"_s)->click();
    QCOMPARE(QApplication::clipboard()->text(), scene.oauth().browse.toString(QUrl::FullyEncoded));
}

void TestLogIn::aPastedCallbackCounts()
{
    Scene scene;
    QVERIFY(scene.start());
    QLineEdit *paste = scene.field(u"Address that the browser was sent to"_s);
    QVERIFY(paste);
    // What is no callback is said, and nothing is lost by it.
    paste->setText(u"https://example.com/callback?code=1"_s);
    QTest::keyClick(paste, Qt::Key_Return);
    QVERIFY(scene.probe.says(u"It is another address"_s));
    QCOMPARE(scene.phase(), OAuthState::Phase::Browser);

    // Of a browser on another computer: it cannot come by itself, and ends at the callback's
    // address.
    QUrl end;
    HttpRequest request;
    request.url = scene.agreed();
    request.followRedirects = false;
    TraceStore trace;
    HttpGate gate(&trace);
    HttpExchange *http = gate.send(request);
    QSignalSpy done(http, &HttpExchange::finished);
    QVERIFY(done.wait(patience));
    for (const Header &header : http->responseHeaders().lines()) {
        if (header.name.compare("Location", Qt::CaseInsensitive) == 0)
            end = QUrl::fromEncoded(header.value);
    }
    QVERIFY(end.isValid());
    paste->setText(end.toString(QUrl::FullyEncoded));
    scene.button(u"Go on"_s)->click();
    QVERIFY(scene.ready());
}

void TestLogIn::consentDeniedIsSaidAndCanBeTriedAgain()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.browser.open(scene.callback({{u"error"_s, u"access_denied"_s}}));
    QTRY_COMPARE_WITH_TIMEOUT(scene.probe.state().phase, SessionPhase::Failed, patience);
    QCOMPARE(scene.phase(), OAuthState::Phase::Failed);
    QVERIFY(!scene.prompt()->isVisible());
    QVERIFY2(scene.probe.banner().contains(u"Access was denied"_s),
             qPrintable(scene.probe.banner()));
    LinkButton *why = scene.probe.link(u"Why?"_s);
    QVERIFY(why);
    why->click();
    QCOMPARE(scene.section()
                 ->steps()
                 ->steps()
                 .at(scene.section()->stepList()->currentIndex().row())
                 .kind,
             OAuthStepKind::Callback);
    LinkButton *retry = scene.probe.link(u"Retry"_s);
    QVERIFY(retry);
    retry->click();
    QVERIFY(scene.waits());
    scene.agree();
    QVERIFY(scene.ready());
    QVERIFY(scene.probe.banner().isEmpty());
}

void TestLogIn::cancelEndsTheConnect()
{
    Scene scene;
    QVERIFY(scene.start());
    const auto port = quint16(scene.oauth().redirectUri.port());
    QVERIFY(listensOn(port));
    scene.button(u"Cancel"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(scene.probe.state().phase, SessionPhase::Failed, patience);
    QVERIFY(!scene.prompt()->isVisible());
    QVERIFY(scene.probe.banner().isEmpty());
    QVERIFY(scene.probe.status().contains(u"cancelled"_s));
    QVERIFY(!listensOn(port));

    // The line's own Cancel does the same.
    scene.probe.connectButton()->click();
    QVERIFY(scene.waits());
    scene.probe.connectButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!scene.prompt()->isVisible(), patience);
    QTRY_VERIFY(scene.phase() != OAuthState::Phase::Browser);
}

void TestLogIn::aStepIsRunAgainWithAnotherScope()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.agree();
    QVERIFY(scene.ready());
    QTRY_COMPARE(scene.phase(), OAuthState::Phase::Authorized);
    QTRY_COMPARE(scene.step(OAuthStepKind::Use).state, OAuthStep::State::Done);
    scene.probe.window->showPage(u"access"_s);
    scene.section()->stepList()->setCurrentRow(int(OAuthStepKind::Authorization));
    scene.probe.link(u"Edit and run again…"_s)->click();
    const auto edits = scene.section()->findChildren<QLineEdit *>();
    const auto scope = std::find_if(edits.begin(), edits.end(), [](const QLineEdit *edit) {
        return edit->accessibleName() == u"Scopes to ask for"_s;
    });
    QVERIFY(scope != edits.end() && (*scope)->isVisible());
    (*scope)->setText(u"lab:read"_s);
    QPushButton *from = scene.button(u"From here on"_s, scene.section());
    QVERIFY(from && from->isEnabled());
    from->click();
    QTRY_VERIFY_WITH_TIMEOUT(scene.phase() == OAuthState::Phase::Browser
                                 && scene.sent(u"scope"_s) == u"lab:read"_s,
                             patience);
    // It is the settings' from now on.
    QCOMPARE(scene.probe.part<ConnectionLine>()->oauth().scope, std::optional(u"lab:read"_s));
    scene.agree();
    QTRY_COMPARE_WITH_TIMEOUT(scene.phase(), OAuthState::Phase::Authorized, patience);
    QCOMPARE(scene.oauth().tokens->scope, u"lab:read"_s);
}

void TestLogIn::logOutForgetsAndRevokes()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.agree();
    QVERIFY(scene.ready());
    scene.probe.window->showPage(u"access"_s);
    QTRY_VERIFY(scene.button(u"Log out"_s, scene.section())
                && scene.button(u"Log out"_s, scene.section())->isEnabled());
    QSignalSpy out(scene.probe.session.get(), &SessionController::loggedOut);
    scene.button(u"Log out"_s, scene.section())->click();
    QVERIFY(out.wait(patience));
    QVERIFY(!out.at(0).at(0).value<std::optional<Failure>>());
    QVERIFY(!scene.oauth().tokens);
    QVERIFY(scene.probe.session->tokens().isEmpty());
    QVERIFY(!scene.button(u"Log out"_s, scene.section())->isEnabled());
    QVERIFY(scene.section()->tokensView()->clockWords().contains(u"nobody is logged in"_s));
}

void TestLogIn::refreshAndExpire()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.agree();
    QVERIFY(scene.ready());
    scene.probe.window->showPage(u"access"_s);
    QTRY_COMPARE(scene.step(OAuthStepKind::Use).state, OAuthStep::State::Done);
    const QByteArray before = scene.probe.session->tokens().accessToken;
    QPushButton *refresh = scene.button(u"Refresh now"_s, scene.section());
    QVERIFY(refresh && refresh->isEnabled());
    refresh->click();
    QTRY_VERIFY_WITH_TIMEOUT(scene.oauth().tokens && scene.oauth().tokens->refreshes == 1,
                             patience);
    QVERIFY(scene.probe.session->tokens().accessToken != before);
    QVERIFY(scene.section()->tokensView()->clockWords().contains(u"renewed once"_s));
    scene.button(u"Expire locally"_s, scene.section())->click();
    QTRY_VERIFY(scene.section()->tokensView()->clockWords().contains(u"xpired"_s));
}

void TestLogIn::aLogInByHandConnectsWhatHadFailed()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.button(u"Cancel"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(scene.probe.state().phase, SessionPhase::Failed, patience);
    scene.probe.window->showPage(u"access"_s);
    QPushButton *logIn = scene.button(u"Log in"_s, scene.section());
    QVERIFY(logIn && logIn->isEnabled());
    logIn->click();
    QVERIFY(scene.waits());
    scene.agree();
    QVERIFY(scene.ready());
}

void TestLogIn::withoutARegistrationAClientIdIsAskedFor()
{
    LabSettings settings = demandsLogIn();
    settings.play = {u"AF-40"_s};
    Scene scene(settings);
    QVERIFY(scene.lab.start());
    scene.probe.enter(scene.lab.url().toString());
    QTRY_COMPARE_WITH_TIMEOUT(scene.phase(), OAuthState::Phase::Question, patience);
    QCOMPARE(scene.probe.state().phase, SessionPhase::Connecting);
    QLineEdit *id = scene.field(u"Client id"_s);
    QVERIFY(id && id->isVisible());
    QPushButton *use = scene.button(u"Go on as this client"_s);
    QVERIFY(use && !use->isEnabled());
    id->setText(u"practice-client"_s);
    use->click();
    QVERIFY(scene.waits());
    QCOMPARE(scene.sent(u"client_id"_s), u"practice-client"_s);
    // What was refused goes on waiting.
    QCOMPARE(scene.probe.state().phase, SessionPhase::Connecting);
    scene.agree();
    QVERIFY(scene.ready());
}

void TestLogIn::switchedOffTheRefusalStands()
{
    LabProbe lab(demandsLogIn());
    QVERIFY(lab.start());
    WindowProbe probe;
    auto *line = probe.part<ConnectionLine>();
    probe.addressEdit()->setText(lab.url().toString());
    OAuthSettings off;
    line->setOAuth(off);
    line->connectRequested();
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Failed, patience);
    QCOMPARE(probe.session->oauth().phase, OAuthState::Phase::Idle);
    QVERIFY(probe.link(u"Give a token…"_s));
}

void TestLogIn::aTokenByHandIsNotOAuthsBusiness()
{
    LabProbe lab(demandsLogIn());
    QVERIFY(lab.start());
    WindowProbe probe;
    ServerTarget target;
    target.url = lab.url();
    target.network.proxy = NetworkSettings::Proxy::None;
    target.credentials.bearer = "given-by-hand-4711";
    probe.window->connectTo(target);
    QTRY_COMPARE_WITH_TIMEOUT(probe.state().phase, SessionPhase::Failed, patience);
    QCOMPARE(probe.session->oauth().phase, OAuthState::Phase::Idle);
    probe.window->showPage(u"access"_s);
    const auto buttons = probe.part<OAuthSection>()->findChildren<QPushButton *>();
    const auto logIn = std::find_if(buttons.begin(), buttons.end(), [](const QPushButton *button) {
        return button->text() == u"Log in"_s;
    });
    QVERIFY(logIn != buttons.end() && !(*logIn)->isEnabled());
}

void TestLogIn::closedInMidFlowThePortIsClosed()
{
    quint16 port = 0;
    LabProbe lab(demandsLogIn());
    QVERIFY(lab.start());
    {
        WindowProbe probe;
        probe.enter(lab.url().toString());
        QTRY_COMPARE_WITH_TIMEOUT(probe.session->oauth().phase, OAuthState::Phase::Browser,
                                  patience);
        port = quint16(probe.session->oauth().redirectUri.port());
        QVERIFY(listensOn(port));
        probe.window->close();
    }
    QVERIFY(!listensOn(port));
}

void TestLogIn::noSecretIsOnTheScreen()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.agree();
    QVERIFY(scene.ready());
    QTRY_COMPARE(scene.step(OAuthStepKind::Use).state, OAuthStep::State::Done);
    scene.probe.window->showPage(u"access"_s);
    const TokenSet &tokens = scene.probe.session->tokens();
    QVERIFY(!tokens.accessToken.isEmpty() && !tokens.refreshToken.isEmpty());
    const auto shown = [&scene] {
        QStringList all = scene.probe.texts();
        const auto tables = scene.section()->findChildren<WireTable *>();
        for (const WireTable *table : tables)
            all.append(table->toPlainText());
        const OAuthStepsModel *model = scene.section()->steps();
        for (int row = 0; row < model->rowCount(); ++row)
            all.append(model->index(row, OAuthStepsModel::Sentence).data().toString());
        return all.join(u'\n');
    };
    scene.section()->stepList()->setCurrentRow(int(OAuthStepKind::Token));
    QVERIFY(shown().contains(u"access_token"_s));
    for (const QByteArray &secret : {tokens.accessToken, tokens.refreshToken})
        QVERIFY(!shown().contains(QString::fromUtf8(secret)));
    const QString print =
        QString::fromLatin1(scene.probe.session->redactor()->fingerprint(tokens.accessToken));
    QVERIFY(shown().contains(print));
    // A deliberate act.
    scene.section()->stepView()->revealButton()->click();
    QVERIFY(shown().contains(QString::fromUtf8(tokens.accessToken)));
    scene.section()->stepList()->setCurrentRow(int(OAuthStepKind::Client));
    scene.section()->stepList()->setCurrentRow(int(OAuthStepKind::Token));
    QVERIFY(!shown().contains(QString::fromUtf8(tokens.accessToken)));
    // Nor in what is remembered.
    scene.probe.settings.sync();
    QFile file(scene.probe.settings.fileName());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray kept = file.readAll();
    QVERIFY(!kept.contains(tokens.accessToken) && !kept.contains(tokens.refreshToken));
}

void TestLogIn::aNewTraceKeepsTheTokens()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.agree();
    QVERIFY(scene.ready());
    QTRY_COMPARE(scene.phase(), OAuthState::Phase::Authorized);
    const QByteArray token = scene.probe.session->tokens().accessToken;
    scene.probe.session->clearTrace();
    QVERIFY(QTest::qWaitFor([&] { return scene.probe.state().phase == SessionPhase::Connecting; },
                            patience)
            || scene.probe.state().phase == SessionPhase::Ready);
    QVERIFY(scene.ready());
    QCOMPARE(scene.probe.session->tokens().accessToken, token);
    QVERIFY(!scene.prompt()->isVisible());
}

void TestLogIn::aRecordingShowsItsSteps()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.agree();
    QVERIFY(scene.ready());
    QTRY_COMPARE(scene.step(OAuthStepKind::Use).state, OAuthStep::State::Done);
    const TokenSet tokens = scene.probe.session->tokens();
    const QString path = scene.probe.folder.filePath(u"log-in.sgtrace"_s);
    scene.probe.session->recordTo(path, false);
    // Whoever records to another file waits until the one before is closed.
    scene.probe.session->recordTo(scene.probe.folder.filePath(u"next.sgtrace"_s), false);
    scene.probe.session->stopRecording();
    QSignalSpy opened(scene.probe.session.get(), &SessionController::traceChanged);
    scene.probe.window->openRecording(path);
    QVERIFY(opened.wait(patience));
    QVERIFY(scene.probe.session->isRecordingShown());
    scene.probe.window->showPage(u"access"_s);
    const QList<OAuthStep> &steps = scene.section()->steps()->steps();
    QCOMPARE(steps.size(), OAuthStepCount);
    QCOMPARE(steps.at(int(OAuthStepKind::Token)).state, OAuthStep::State::Done);
    QCOMPARE(steps.at(int(OAuthStepKind::Token)).attempts.size(), 1);
    QCOMPARE(steps.at(int(OAuthStepKind::Client)).attempts.size(), 1);
    QVERIFY(!scene.button(u"Log in"_s, scene.section()));
    QVERIFY(!scene.section()->tokensView()->isVisible());
    QVERIFY(!scene.section()->stepView()->revealButton()->isVisible());
    QVERIFY(!scene.probe.link(u"Edit and run again…"_s));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray recorded = plainRecording(file.readAll());
    QVERIFY(!recorded.contains(tokens.accessToken) && !recorded.contains(tokens.refreshToken));
    // And back to what is live.
    scene.probe.session->closeRecording();
    QVERIFY(scene.section()->tokensView()->isVisible());
}

void TestLogIn::theMatrixSaysHowOldATokenIs()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.agree();
    QVERIFY(scene.ready());
    scene.probe.window->showPage(u"access"_s);
    const auto said = [&scene] {
        const MatrixModel *model = scene.probe.part<MatrixView>()->matrixModel();
        for (int row = 0; row < model->rowCount(); ++row) {
            const QString tip = model->index(row, 2).data(Qt::ToolTipRole).toString();
            if (tip.contains(u"It is an OAuth token, issued"_s))
                return true;
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(said(), patience);
}

void TestLogIn::theIssuerIsAskedOfTheTokens()
{
    Scene scene;
    QVERIFY(scene.start());
    scene.agree();
    QVERIFY(scene.ready());
    scene.probe.window->showPage(u"access"_s);
    const OAuthTokensView *view = scene.section()->tokensView();
    QTRY_VERIFY(view->inspectButton()->isVisible());
    QVERIFY(!view->accessToken()->toPlainText().contains(u"Signature"_s));
    QSignalSpy told(scene.probe.session.get(), &SessionController::inspected);
    view->inspectButton()->click();
    QVERIFY(told.wait(patience));
    const auto found = told.at(0).at(0).value<TokenInspection>();
    QVERIFY2(found.problems.isEmpty(), qPrintable(found.problems.join(u'\n')));
    QVERIFY(found.keysExchange > 0 && found.introspectionExchange > 0);
    bool valid = false;
    for (const WireTable::Row &row : view->accessToken()->rows())
        valid = valid
            || (row.size() == 2 && row.at(0).runs.at(0).text == u"Signature"_s
                && row.at(1).runs.at(0).role == Role::Ok);
    QVERIFY2(valid, qPrintable(view->accessToken()->toPlainText()));
    const auto tables = view->findChildren<WireTable *>();
    QVERIFY(std::any_of(tables.begin(), tables.end(), [](const WireTable *table) {
        return table->toPlainText().contains(u"active"_s);
    }));
    // It is of that token alone.
    scene.button(u"Refresh now"_s, scene.section())->click();
    QTRY_VERIFY_WITH_TIMEOUT(scene.oauth().tokens->refreshes == 1, patience);
    QVERIFY(!view->accessToken()->toPlainText().contains(u"Signature"_s));
}

void TestLogIn::aClientIdIsRemembered()
{
    Scene scene;
    QVERIFY(scene.lab.start());
    const QString url = scene.lab.url().toString();
    scene.probe.addressEdit()->setText(url);
    auto *line = scene.probe.part<ConnectionLine>();
    OAuthSettings settings = usualOAuth();
    settings.clientId = u"practice-client"_s;
    settings.clientSecret = u"kept-in-memory-4711"_s;
    settings.clientAuthentication = ClientAuthentication::None;
    Q_EMIT line->connectRequested(); // the line knows its server now
    QVERIFY(scene.waits());
    scene.button(u"Cancel"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(scene.probe.state().phase, SessionPhase::Failed, patience);
    line->setOAuth(settings);
    Q_EMIT line->connectRequested();
    QVERIFY(scene.waits());
    QCOMPARE(scene.sent(u"client_id"_s), u"practice-client"_s);
    scene.agree();
    QVERIFY(scene.ready());
    scene.probe.settings.sync();
    // As another start of the program finds it.
    RecentServers recent(&scene.probe.settings);
    const RecentServer *server = recent.find(url);
    QVERIFY(server);
    QCOMPARE(server->oauth.clientId, u"practice-client"_s);
    QVERIFY(server->oauth.clientSecret.isEmpty());
    QFile file(scene.probe.settings.fileName());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("kept-in-memory"));
}

QTEST_MAIN(TestLogIn)
#include "test_log_in.moc"
