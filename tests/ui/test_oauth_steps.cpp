// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/sample_trace.h"
#include "ui/connection/oauth_panel.h"
#include "ui/models/oauth_steps_model.h"
#include "ui/models/recorded_oauth.h"
#include "ui/models/scope_rows.h"
#include "ui/models/text_difference.h"
#include "ui/models/token_history.h"
#include "ui/oauth_memory.h"
#include "ui/theme.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/log_in_prompt.h"
#include "ui/widgets/oauth_edit_form.h"
#include "ui/widgets/oauth_step_view.h"
#include "ui/widgets/oauth_tokens_view.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QDateTime>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

QList<OAuthStep> freshSteps()
{
    QList<OAuthStep> steps(OAuthStepCount);
    for (int i = 0; i < OAuthStepCount; ++i)
        steps[i].kind = OAuthStepKind(i);
    return steps;
}

OAuthStep tokenStep()
{
    OAuthStep step;
    step.kind = OAuthStepKind::Token;
    step.state = OAuthStep::State::Done;
    step.sentence = u"An access token was issued."_s;
    step.input = {{u"code"_s, u"code-secret-4711"_s, true}, {u"scope"_s, u"a b"_s, false}};
    step.output = {{u"access_token"_s, u"token-secret-4712"_s, true}};
    step.attempts = {{7, QUrl(u"https://as.example/token"_s), u"200"_s}};
    step.checks = {{OAuthCheck::Result::Deviates, u"They differ."_s, u"RFC 8414, 3.3"_s, u"AF-29"_s,
                    u"issuer in the document"_s, u"https://as.example/"_s, u"issuer asked"_s,
                    u"https://as.example"_s}};
    step.began = 1000;
    step.ended = 1084;
    return step;
}

std::shared_ptr<const Redactor> someRedactor()
{
    return std::make_shared<Redactor>("salt-of-a-test-01"_ba);
}

} // namespace

/// How the steps of logging in are shown, apart from a window.
class TestOAuthSteps : public QObject {
    Q_OBJECT
    static OAuthSettings allSettings();
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void stepsAreAModel();
    void aStateIsAWordAndAGlyph_data();
    void aStateIsAWordAndAGlyph();
    void theStepToSee_data();
    void theStepToSee();
    void whereTwoStringsPart_data();
    void whereTwoStringsPart();
    void scopesSideBySide_data();
    void scopesSideBySide();
    void secretsAreFingerprintsUntilRevealed();
    void theDifferenceIsMarked();
    void exchangesAreLinks();
    void aRecordingTellsItsSteps();
    void aSecondLogInBeginsAnew();
    void replacedTokensAreRemembered();
    void whoWantsWhat();
    void whatCanBePasted_data();
    void whatCanBePasted();
    void namesAreUntrusted();
    void settingsComeBackAsTheyWere();
    void anotherClientDoesNotGetTheSecret();
    void whatIsRememberedHasNoSecrets();
    void oddMemoryIsAsUsual();
    void aTokenIsTakenApart();
};

void TestOAuthSteps::stepsAreAModel()
{
    OAuthStepsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    QList<OAuthStep> steps = freshSteps();
    model.setSteps(steps);
    QCOMPARE(resets.size(), 1);
    QCOMPARE(model.rowCount(), OAuthStepCount);
    steps[int(OAuthStepKind::Token)] = tokenStep();
    model.setSteps(steps);
    QCOMPARE(resets.size(), 1);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes.at(0).at(0).toModelIndex().row(), int(OAuthStepKind::Token));
    const auto text = [&](OAuthStepsModel::Column column) {
        return model.index(int(OAuthStepKind::Token), column).data().toString();
    };
    QCOMPARE(text(OAuthStepsModel::Title), u"Token"_s);
    QCOMPARE(text(OAuthStepsModel::Sentence), u"An access token was issued."_s);
    QCOMPARE(text(OAuthStepsModel::Time), u"84 ms"_s);
    model.setSteps({});
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.interestingRow(), -1);
}

void TestOAuthSteps::aStateIsAWordAndAGlyph_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("deviates");
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("icon");
    using State = OAuthStep::State;
    QTest::newRow("waiting") << int(State::Waiting) << false << u"not yet"_s << QString();
    QTest::newRow("running") << int(State::Running) << false << u"waits"_s << u"play"_s;
    QTest::newRow("done") << int(State::Done) << false << u"done"_s << u"check"_s;
    QTest::newRow("deviates") << int(State::Done) << true << u"deviates"_s << u"warning"_s;
    QTest::newRow("skipped") << int(State::Skipped) << false << u"skipped"_s << u"minus"_s;
    QTest::newRow("failed") << int(State::Failed) << true << u"failed"_s << u"refused"_s;
}

void TestOAuthSteps::aStateIsAWordAndAGlyph()
{
    QFETCH(int, state);
    QFETCH(bool, deviates);
    OAuthStep step;
    step.state = OAuthStep::State(state);
    if (deviates)
        step.checks = {{OAuthCheck::Result::Deviates, u"x"_s, {}}};
    OAuthStepsModel model;
    model.setSteps({step});
    QTEST(model.index(0, OAuthStepsModel::State).data().toString(), "word");
    QTEST(model.index(0, OAuthStepsModel::State).data(GlyphIconRole).toString(), "icon");
    QVERIFY(!model.index(0, OAuthStepsModel::Title).data(GlyphIconRole).isValid());
}

void TestOAuthSteps::theStepToSee_data()
{
    QTest::addColumn<QString>("states"); ///< a letter a step
    QTest::addColumn<int>("row");
    QTest::newRow("nothing yet") << u"..."_s << -1;
    QTest::newRow("the last that is done") << u"dds."_s << 1;
    QTest::newRow("the one that failed") << u"ddf."_s << 2;
    QTest::newRow("the one that runs, before an old failure") << u"drf."_s << 1;
}

void TestOAuthSteps::theStepToSee()
{
    QFETCH(QString, states);
    QList<OAuthStep> steps;
    for (const QChar letter : states) {
        OAuthStep step;
        step.state = letter == u'd' ? OAuthStep::State::Done
            : letter == u's'        ? OAuthStep::State::Skipped
            : letter == u'f'        ? OAuthStep::State::Failed
            : letter == u'r'        ? OAuthStep::State::Running
                                    : OAuthStep::State::Waiting;
        steps.append(step);
    }
    OAuthStepsModel model;
    model.setSteps(steps);
    QTEST(model.interestingRow(), "row");
}

void TestOAuthSteps::whereTwoStringsPart_data()
{
    QTest::addColumn<QString>("left");
    QTest::addColumn<QString>("right");
    QTest::addColumn<QString>("leftMarked");
    QTest::addColumn<QString>("rightMarked");
    QTest::newRow("same") << u"abc"_s << u"abc"_s << QString() << QString();
    QTest::newRow("a slash more") << u"https://a/"_s << u"https://a"_s << u"/"_s << QString();
    QTest::newRow("a slash less") << u"https://a"_s << u"https://a/"_s << QString() << u"/"_s;
    QTest::newRow("in the middle")
        << u"https://a.example/mcp"_s << u"https://b.example/mcp"_s << u"a"_s << u"b"_s;
    QTest::newRow("overlapping") << u"aa"_s << u"aaa"_s << QString() << u"a"_s;
    QTest::newRow("empty") << QString() << u"x"_s << QString() << u"x"_s;
    QTest::newRow("all") << u"abc"_s << u"xyz"_s << u"abc"_s << u"xyz"_s;
    // Two emoji that share a surrogate are told apart as characters.
    QTest::newRow("not within a character")
        << u"\U0001f600"_s << u"\U0001f601"_s << u"\U0001f600"_s << u"\U0001f601"_s;
    QTest::newRow("nor from behind")
        << u"\U0001f600"_s << u"\U0001fa00"_s << u"\U0001f600"_s << u"\U0001fa00"_s;
}

void TestOAuthSteps::whereTwoStringsPart()
{
    QFETCH(QString, left);
    QFETCH(QString, right);
    const TextDifference at = textDifference(left, right);
    QCOMPARE(at.same, left == right);
    QTEST(left.mid(at.begin, at.leftEnd - at.begin), "leftMarked");
    QTEST(right.mid(at.begin, at.rightEnd - at.begin), "rightMarked");
    QCOMPARE(left.left(at.begin), right.left(at.begin));
    QCOMPARE(left.mid(at.leftEnd), right.mid(at.rightEnd));
}

void TestOAuthSteps::scopesSideBySide_data()
{
    QTest::addColumn<QString>("requested");
    QTest::addColumn<QString>("granted");
    QTest::addColumn<QString>("challenged");
    QTest::addColumn<QString>("rows"); ///< scope and who of it, by letters
    QTest::newRow("none") << QString() << QString() << QString() << QString();
    QTest::newRow("all three") << u"a"_s << u"a"_s << u"a"_s << u"a:rgc"_s;
    QTest::newRow("narrower") << u"a b"_s << u"a"_s << QString() << u"a:rg b:r"_s;
    QTest::newRow("the challenge first") << u"a"_s << u"a"_s << u"w"_s << u"w:c a:rg"_s;
    QTest::newRow("unasked") << u"a"_s << u"a x"_s << QString() << u"a:rg x:g"_s;
    QTest::newRow("odd spaces, twice") << u" a  a "_s << QString() << QString() << u"a:r"_s;
}

void TestOAuthSteps::scopesSideBySide()
{
    QFETCH(QString, requested);
    QFETCH(QString, granted);
    QFETCH(QString, challenged);
    QStringList rows;
    for (const ScopeRow &row : scopeRows(requested, granted, challenged)) {
        rows.append(row.scope + u':' + (row.requested ? u"r"_s : QString())
                    + (row.granted ? u"g"_s : QString()) + (row.challenged ? u"c"_s : QString()));
    }
    QTEST(rows.join(u' '), "rows");
}

void TestOAuthSteps::secretsAreFingerprintsUntilRevealed()
{
    OAuthStepView view;
    const auto redactor = someRedactor();
    view.setStep(tokenStep(), redactor, false);
    view.show();
    const auto shows = [&view](const QString &text) {
        return view.table()->toPlainText().contains(text);
    };
    const QString print = QString::fromLatin1(redactor->fingerprint("token-secret-4712"));
    QVERIFY(shows(print) && shows(u"a b"_s));
    QVERIFY(!shows(u"secret-471"_s));
    view.revealButton()->click();
    QVERIFY(shows(u"code-secret-4711"_s) && shows(u"token-secret-4712"_s));
    view.revealButton()->click();
    QVERIFY(!shows(u"secret-471"_s));
    // What was revealed of one step is not of the next.
    view.revealButton()->click();
    OAuthStep other = tokenStep();
    other.kind = OAuthStepKind::Refresh;
    view.setStep(other, redactor, false);
    QVERIFY(!shows(u"secret-471"_s));
    // Without anybody to make fingerprints there are none, and no secret.
    view.setStep(tokenStep(), nullptr, false);
    QVERIFY(!shows(u"secret-471"_s));
}

void TestOAuthSteps::theDifferenceIsMarked()
{
    OAuthStepView view;
    view.setStep(tokenStep(), someRedactor(), false);
    QStringList marked;
    for (const WireTable::Row &row : view.table()->rows()) {
        for (const WireTable::Cell &cell : row) {
            for (const WireTable::Run &run : cell.runs) {
                if (run.marked)
                    marked.append(run.text);
            }
        }
    }
    QCOMPARE(marked, (QStringList{u"/"_s, u"(nothing)"_s}));
    const QString text = view.table()->toPlainText();
    for (const QString &part : {u"RFC 8414, 3.3"_s, u"AF-29"_s, u"issuer asked"_s, u"deviates"_s})
        QVERIFY2(text.contains(part), qPrintable(text));
}

void TestOAuthSteps::exchangesAreLinks()
{
    OAuthStepView view;
    view.setStep(tokenStep(), someRedactor(), false);
    QSignalSpy shown(&view, &OAuthStepView::showExchangeRequested);
    Q_EMIT view.table()->linkActivated(u"7"_s);
    QCOMPARE(shown.size(), 1);
    QCOMPARE(shown.at(0).at(0).toLongLong(), 7);
    QVERIFY(view.table()->toPlainText().contains(u"https://as.example/token"_s));
}

void TestOAuthSteps::aRecordingTellsItsSteps()
{
    TraceStore store;
    QVERIFY(recordedOAuth(store).isEmpty());
    sample::whole(store, sample::request(ExchangeKind::Post, "POST", u"initialize"_s, false), "{}",
                  401, {}, 0, 5);
    QVERIFY(recordedOAuth(store).isEmpty());
    store.note(u"oauth"_s, u"Challenge: The server refused the request (401)."_s, 1);
    RequestRecord metadata = sample::request(ExchangeKind::Discovery, "GET", u"discovery"_s, false);
    metadata.url = QUrl(u"http://127.0.0.1:4780/.well-known/oauth-protected-resource/mcp"_s);
    const qint64 later = store.now() / sample::kMs + 1;
    sample::whole(store, metadata, {}, 200, "{}", later, 5);
    store.note(u"oauth"_s, u"Protected resource metadata: Tokens are issued by http://as."_s, 2);
    RequestRecord token = sample::request(ExchangeKind::Token, "POST", u"token"_s, false);
    token.url = QUrl(u"http://as/token"_s);
    sample::whole(store, token, "grant_type=authorization_code&code=x", 400, "{}", later + 10, 5);
    store.note(u"oauth"_s, u"Token: The token request was refused."_s, 3);
    store.noteFailure({FailureKind::Protocol, u"token-refused"_s,
                       u"The token request was refused."_s, u"Log in again."_s, 3, u"AF-43"_s});
    store.note(u"oauth"_s, u"It deviates."_s, 3, -1, u"AF-44"_s);

    const QList<OAuthStep> steps = recordedOAuth(store);
    QCOMPARE(steps.size(), OAuthStepCount);
    const auto step = [&](OAuthStepKind kind) { return steps.at(int(kind)); };
    QCOMPARE(step(OAuthStepKind::Challenge).state, OAuthStep::State::Done);
    QCOMPARE(step(OAuthStepKind::Challenge).sentence, u"The server refused the request (401)."_s);
    QCOMPARE(step(OAuthStepKind::Challenge).attempts.size(), 1);
    const OAuthStep resource = step(OAuthStepKind::ResourceMetadata);
    QCOMPARE(resource.state, OAuthStep::State::Done);
    QCOMPARE(resource.attempts.size(), 1);
    QCOMPARE(resource.attempts.at(0).exchange, 2);
    QCOMPARE(resource.attempts.at(0).outcome, u"200"_s);
    QCOMPARE(step(OAuthStepKind::Client).state, OAuthStep::State::Waiting);
    const OAuthStep failed = step(OAuthStepKind::Token);
    QCOMPARE(failed.state, OAuthStep::State::Failed);
    QVERIFY(failed.failure);
    QCOMPARE(failed.failure->advice, u"Log in again."_s);
    QCOMPARE(failed.attempts.size(), 1);
    QCOMPARE(failed.checks.size(), 1);
    QCOMPARE(failed.checks.at(0).finding, u"AF-44"_s);
}

void TestOAuthSteps::aSecondLogInBeginsAnew()
{
    TraceStore store;
    store.note(u"oauth"_s, u"Challenge: first"_s);
    store.note(u"oauth"_s, u"Token: issued"_s);
    store.note(u"oauth"_s, u"Challenge: second"_s);
    const QList<OAuthStep> steps = recordedOAuth(store);
    QCOMPARE(steps.at(0).sentence, u"second"_s);
    QCOMPARE(steps.at(int(OAuthStepKind::Token)).state, OAuthStep::State::Waiting);
}

void TestOAuthSteps::replacedTokensAreRemembered()
{
    TokenHistory history;
    TokenFacts facts;
    facts.received = 1000;
    history.take(facts, "~aaaa", 1000);
    history.take(facts, "~aaaa", 1010);
    QCOMPARE(history.tokens().size(), 1);
    facts.received = 1600;
    facts.refreshes = 1;
    history.take(facts, "~bbbb", 1600);
    QCOMPARE(history.tokens().size(), 2);
    QCOMPARE(history.tokens().at(0).sentence(1660),
             u"It is an OAuth token, issued 11 min ago, replaced 1 min ago."_s);
    QCOMPARE(history.tokens().at(1).sentence(1660),
             u"It is an OAuth token, of the first renewal, issued 1 min ago."_s);
    history.take({}, {}, 1700);
    QCOMPARE(history.tokens().at(1).replaced, 1700);
}

void TestOAuthSteps::whoWantsWhat()
{
    OAuthState state;
    QVERIFY(LogInPrompt::sentenceOf(state).isEmpty());
    state.phase = OAuthState::Phase::Browser;
    state.server = QUrl(u"https://tools.example/mcp"_s);
    state.browse = QUrl(u"https://auth.example.com/authorize?client_id=x&scope=a+b"_s);
    QCOMPARE(LogInPrompt::sentenceOf(state),
             u"tools.example wants you to log in at auth.example.com (scopes: a b)."_s);
    state.browse = QUrl(u"https://auth.example.com:8443/authorize"_s);
    QCOMPARE(LogInPrompt::sentenceOf(state),
             u"tools.example wants you to log in at auth.example.com:8443."_s);
    state.server = QUrl(u"https://x@[::1]:8080/mcp"_s);
    state.browse = QUrl(u"https://auth.example.com/authorize?scope=c%2B%2B+d"_s);
    QCOMPARE(LogInPrompt::sentenceOf(state),
             u"[::1]:8080 wants you to log in at auth.example.com (scopes: c++ d)."_s);
    LogInPrompt prompt;
    QVERIFY(prompt.isHidden());
    prompt.setState(state);
    QVERIFY(!prompt.isHidden());
    state.phase = OAuthState::Phase::Question;
    state.question = OAuthAsk{OAuthAsk::About::PrivateAddress, u"It leads inside."_s,
                              QUrl(u"http://10.0.0.1/x"_s)};
    prompt.setState(state);
    QSignalSpy answers(&prompt, &LogInPrompt::answered);
    const auto buttons = prompt.findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->isVisibleTo(&prompt) && button->text() == u"Refuse"_s)
            button->click();
    }
    QCOMPARE(answers.size(), 1);
    QCOMPARE(answers.at(0).at(0).toBool(), false);
    state.phase = OAuthState::Phase::Running;
    prompt.setState(state);
    QVERIFY(prompt.isHidden());
}

void TestOAuthSteps::whatCanBePasted_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");
    const QString at = u"http://127.0.0.1:4711/callback"_s;
    QTest::newRow("code") << at + u"?code=1&state=2"_s << true;
    QTest::newRow("error") << at + u"?error=access_denied&state=2"_s << true;
    QTest::newRow("with spaces") << u"  "_s + at + u"?code=1\n"_s << true;
    QTest::newRow("nothing in it") << at << false;
    QTest::newRow("another host") << u"http://example.com/callback?code=1"_s << false;
    QTest::newRow("another path") << u"http://127.0.0.1:4711/other?code=1"_s << false;
    QTest::newRow("no address") << u"4711"_s << false;
    QTest::newRow("script") << u"javascript:alert(1)"_s << false;
    QTest::newRow("empty") << QString() << false;
}

void TestOAuthSteps::whatCanBePasted()
{
    QFETCH(QString, text);
    QFETCH(bool, good);
    const QString problem =
        LogInPrompt::pasteProblem(text, QUrl(u"http://127.0.0.1:4711/callback"_s));
    QCOMPARE(problem.isEmpty(), good);
}

void TestOAuthSteps::namesAreUntrusted()
{
    OAuthState state;
    state.phase = OAuthState::Phase::Browser;
    state.server = QUrl(u"https://tools.example/mcp"_s);
    state.browse = QUrl(u"https://auth.example/a"_s);
    state.browse.setQuery(u"scope=%E2%80%AEevil<b>"_s);
    const QString sentence = LogInPrompt::sentenceOf(state);
    QVERIFY(!sentence.contains(QChar(0x202e)));
    QVERIFY(sentence.contains(u"<b>"_s)); // as it is; the label shows plain text
    OAuthStep step = tokenStep();
    step.sentence = u"a\u202eb"_s;
    OAuthStepsModel model;
    model.setSteps({step});
    QVERIFY(!model.index(0, OAuthStepsModel::Sentence).data().toString().contains(QChar(0x202e)));
}

OAuthSettings TestOAuthSteps::allSettings()
{
    OAuthSettings settings;
    settings.mode = OAuthSettings::Mode::Interactive;
    settings.grant = OAuthGrant::Enterprise;
    settings.clientId = u"id"_s;
    settings.clientSecret = u"secret"_s;
    settings.clientIssuer = u"https://as.example"_s;
    settings.clientAuthentication = ClientAuthentication::PrivateKeyJwt;
    settings.clientKey = SigningKey::generate();
    settings.clientMetadataUrl = u"https://me.example/client.json"_s;
    settings.scope = u"a b"_s;
    settings.resource = QString();
    settings.redirectHost = u"[::1]"_s;
    settings.redirectPort = 4711;
    settings.offlineAccess = false;
    settings.dpop = OAuthSettings::DPoP::Always;
    settings.assertion = "jwt";
    settings.idToken = "id-token";
    settings.idpIssuer = u"https://idp.example"_s;
    settings.idpTokenEndpoint = u"https://idp.example/token"_s;
    settings.idpClientId = u"there"_s;
    settings.idpClientSecret = u"there-secret"_s;
    return settings;
}

void TestOAuthSteps::settingsComeBackAsTheyWere()
{
    const OAuthSettings settings = allSettings();
    OAuthPanel panel;
    panel.setSettings(settings);
    QCOMPARE(panel.settings(), settings);
    // Secrets are dots until they are revealed.
    const auto edits = panel.findChildren<QLineEdit *>();
    QStringList hidden;
    for (const QLineEdit *edit : edits) {
        if (edit->echoMode() == QLineEdit::Password && !edit->text().isEmpty())
            hidden.append(edit->text());
    }
    QCOMPARE(hidden, (QStringList{u"secret"_s, u"jwt"_s, u"id-token"_s, u"there-secret"_s}));
    OAuthSettings usual;
    usual.mode = OAuthSettings::Mode::Interactive;
    panel.setSettings(usual);
    QCOMPARE(panel.settings(), usual);
    QSignalSpy changed(&panel, &OAuthPanel::changed);
    panel.findChild<QCheckBox *>()->click();
    QVERIFY(changed.size() > 0);
    QCOMPARE(panel.settings().mode, OAuthSettings::Mode::Off);
}

void TestOAuthSteps::anotherClientDoesNotGetTheSecret()
{
    OAuthSettings settings;
    settings.clientId = u"one"_s;
    settings.clientSecret = u"of-one"_s;
    OAuthEditForm form;
    form.setSettings(settings);
    QCOMPARE(form.settings(), settings);
    const auto edits = form.findChildren<QLineEdit *>();
    for (QLineEdit *edit : edits) {
        if (edit->accessibleName() == u"Client id to come as"_s)
            edit->setText(u"two"_s);
    }
    QCOMPARE(form.settings().clientId, u"two"_s);
    QVERIFY(form.settings().clientSecret.isEmpty());
}

void TestOAuthSteps::whatIsRememberedHasNoSecrets()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"s.ini"_s);
    const OAuthSettings settings = allSettings();
    {
        QSettings file(path, QSettings::IniFormat);
        saveOAuth(&file, settings);
        QCOMPARE(loadOAuth(&file), rememberedOAuth(settings));
    }
    QFile written(path);
    QVERIFY(written.open(QIODevice::ReadOnly));
    const QByteArray text = written.readAll();
    QVERIFY(text.contains("as.example"));
    for (const char *secret : {"secret", "jwt", "id-token", "PRIVATE"})
        QVERIFY2(!text.contains(secret), secret);
    // As usual is nothing to be written.
    QSettings empty(folder.filePath(u"e.ini"_s), QSettings::IniFormat);
    saveOAuth(&empty, usualOAuth());
    QVERIFY(empty.allKeys().isEmpty());
    QCOMPARE(loadOAuth(&empty), usualOAuth());
}

void TestOAuthSteps::oddMemoryIsAsUsual()
{
    QTemporaryDir folder;
    QSettings file(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
    file.setValue(u"oauth"_s, true);
    file.setValue(u"oauthGrant"_s, 99);
    file.setValue(u"oauthAuthentication"_s, u"x"_s);
    file.setValue(u"oauthDpop"_s, -1);
    file.setValue(u"oauthRedirectHost"_s, u"evil.example"_s);
    file.setValue(u"oauthRedirectPort"_s, 70000);
    QCOMPARE(loadOAuth(&file), usualOAuth());
}

void TestOAuthSteps::aTokenIsTakenApart()
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const QByteArray claims = R"({"iss":"https://as.example","aud":"https://other.example/mcp",)"
                              R"("scope":"a b","exp":)"
        + QByteArray::number(now + 3600) + '}';
    TokenSet tokens;
    tokens.accessToken =
        signJwt(SigningKey::generate(), R"({"alg":"ES256","typ":"at+jwt"})", claims);
    tokens.issuer = u"https://as.example"_s;
    tokens.resource = u"https://tools.example/mcp"_s;
    tokens.clientId = u"me"_s;
    tokens.received = now - 120;
    tokens.expiresIn = 3720;
    OAuthState state;
    state.tokens = TokenFacts{
        u"Bearer"_s,     u"a"_s,          u"a b"_s,         tokens.resource, tokens.issuer,
        tokens.clientId, tokens.received, tokens.expires(), false,           2};
    state.challengedScope = u"a c"_s;
    OAuthTokensView view;
    view.setState(state, tokens, someRedactor());
    QVERIFY2(view.clockWords().startsWith(u"Issued 2 min ago, expires in "_s),
             qPrintable(view.clockWords()));
    QVERIFY(view.clockWords().endsWith(u"renewed 2 times."_s));
    const QString shown = view.accessToken()->toPlainText();
    for (const QString &part :
         {u"at+jwt"_s, u"exp"_s, u"https://other.example/mcp"_s, u"Audience"_s})
        QVERIFY2(shown.contains(part), qPrintable(shown));
    QVERIFY(!shown.contains(QString::fromUtf8(tokens.accessToken.right(20))));
    // Another audience than the resource is told in the colour of a failure.
    bool told = false;
    for (const WireTable::Row &row : view.accessToken()->rows())
        told = told
            || (row.size() == 2 && row.at(0).runs.at(0).text == u"Audience"_s
                && row.at(1).runs.at(0).role == Role::Failure);
    QVERIFY(told);
    const QString scopes = view.scopes()->toPlainText();
    QVERIFY2(scopes.contains(u"challenged"_s) && scopes.contains(u"requested"_s),
             qPrintable(scopes));
    QCOMPARE(view.scopes()->rows().size(), 4); // head, a, c, b
    QCOMPARE(view.scopes()->cellText(2, 0), u"c"_s);
    QCOMPARE(view.scopes()->cellText(2, 3), u"no"_s);
    // Nothing stays when it is gone.
    view.setState({}, {}, someRedactor());
    QVERIFY(view.accessToken()->toPlainText().isEmpty());
    QVERIFY(view.clockWords().contains(u"nobody is logged in"_s));
}

QTEST_MAIN(TestOAuthSteps)
#include "test_oauth_steps.moc"
