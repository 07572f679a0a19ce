// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Authorisation servers, MCP servers and people that do not do what they should, over real sockets:
// each time the step says what is wrong and what to do about it, nothing hangs, and once the cause
// is mended the flow goes on from there.

#include "tests/support/oauth_wire.h"

#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;
using namespace sightglass;
using namespace sightglass::test;

namespace {

constexpr qint64 TenMegabytes = 10 * 1024 * 1024;
const QByteArray WebPage = "<!doctype html><html><body>Welcome</body></html>";

/// Spoils the wire; what it returns mends it.
using Mend = std::function<void()>;
using Spoil = std::function<Mend(OAuthWire &)>;

Spoil asPage(const QByteArray &path, const OAuthWire::Page &page)
{
    return [=](OAuthWire &wire) -> Mend {
        const OAuthWire::Page before = wire.asPages.value(path);
        wire.asPages[path] = page;
        return [&wire, path, before] {
            if (before)
                wire.asPages[path] = before;
            else
                wire.asPages.remove(path);
        };
    };
}

/// At every place at which metadata is looked for.
Spoil allMetadata(const OAuthWire::Page &page, bool ofResource)
{
    return [=](OAuthWire &wire) -> Mend {
        const auto mcpBefore = wire.mcpPages;
        const auto asBefore = wire.asPages;
        for (const QByteArray path : {OAuthWire::ServerPath, OAuthWire::OpenIdPath}) {
            if (ofResource)
                wire.mcpPages[path] = page;
            else
                wire.asPages[path] = page;
        }
        if (ofResource) {
            for (const QByteArray path : {OAuthWire::ResourcePath, OAuthWire::ResourceRootPath})
                wire.mcpPages[path] = page;
        }
        return [&wire, mcpBefore, asBefore] {
            wire.mcpPages = mcpBefore;
            wire.asPages = asBefore;
        };
    };
}

Spoil member(OAuthWire::Members OAuthWire::*members, const QByteArray &name,
             const QByteArray &value)
{
    return [=](OAuthWire &wire) -> Mend {
        const OAuthWire::Members before = wire.*members;
        if (value.isEmpty())
            (wire.*members).remove(name);
        else
            (wire.*members)[name] = value;
        return [&wire, members, before] { wire.*members = before; };
    };
}

/// The authorisation server is gone once it answered at this path.
Spoil downAfter(const QByteArray &path)
{
    return [=](OAuthWire &wire) -> Mend {
        const OAuthWire::Page before = wire.asPages.value(path);
        const quint16 port = wire.as.port();
        wire.asPages[path] = [&wire, before](RawConnection &to, const RawRequest &request) {
            wire.as.close();
            before(to, request);
            for (RawConnection *one : wire.as.connections())
                one->close();
        };
        return [&wire, path, before, port] {
            wire.asPages[path] = before;
            wire.as.listen(port);
        };
    };
}

/// The browser comes back with this; STATE is the right one.
Spoil comesBackWith(const QByteArray &query)
{
    return asPage("/authorize", [=](RawConnection &to, const RawRequest &request) {
        const QUrlQuery asked(QUrl::fromEncoded(request.target()).query(QUrl::FullyEncoded));
        QByteArray text = query;
        text.replace("STATE", asked.queryItemValue(u"state"_s).toLatin1());
        to.answer(302, {},
                  "Location: "
                      + asked.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded).toLatin1() + '?'
                      + text + "\r\n");
    });
}

void addRow(const char *name, const Spoil &spoil, OAuthStepKind step, const QString &code)
{
    QTest::newRow(name) << spoil << step << code;
}

} // namespace

Q_DECLARE_METATYPE(Spoil)

class OAuthBadInput : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void the_step_says_it_and_the_flow_goes_on_data();
    void the_step_says_it_and_the_flow_goes_on();
    void what_is_odd_is_told_and_used_data();
    void what_is_odd_is_told_and_used();
    void any_type_in_any_member_is_survived_data();
    void any_type_in_any_member_is_survived();
    void reading_stops_at_the_limit_data();
    void reading_stops_at_the_limit();
    void redirects_of_one_place_do_not_count_at_the_next();
    void a_time_beyond_all_measure_is_no_time_data();
    void a_time_beyond_all_measure_is_no_time();
};

void OAuthBadInput::the_step_says_it_and_the_flow_goes_on_data()
{
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<OAuthStepKind>("step");
    QTest::addColumn<QString>("code");
    using Kind = OAuthStepKind;
    const auto page = [](int status, const QByteArray &body,
                         const QByteArray &type = "application/json") {
        return OAuthWire::answering(status, body, type);
    };
    const OAuthWire::Page html = page(200, WebPage, "text/html");
    const OAuthWire::Page loop = [](RawConnection &to, const RawRequest &request) {
        to.answer(302, {}, "Location: " + request.target() + "x\r\n");
    };

    addRow("resource metadata: web page", allMetadata(html, true), Kind::ServerMetadata,
           u"no-way-to-authorise"_s);
    addRow("resource metadata: 10 MB", allMetadata(OAuthWire::endless(TenMegabytes), true),
           Kind::ResourceMetadata, u"resource-metadata-broken"_s);
    addRow("resource metadata: truncated", allMetadata(OAuthWire::truncated(), true),
           Kind::ServerMetadata, u"body-cut-off"_s);
    addRow("resource metadata: of another",
           member(&OAuthWire::resourceMembers, "resource", R"("https://other.example/mcp")"),
           Kind::ResourceMetadata, u"resource-mismatch"_s);
    addRow("resource metadata: no issuer",
           member(&OAuthWire::resourceMembers, "authorization_servers", "[]"),
           Kind::ResourceMetadata, u"no-authorization-server"_s);
    addRow("resource metadata: issuer is no URL",
           member(&OAuthWire::resourceMembers, "authorization_servers", R"(["javascript:1"])"),
           Kind::ServerMetadata, u"issuer-unusable"_s);

    addRow("server metadata: web page", allMetadata(html, false), Kind::ServerMetadata,
           u"no-server-metadata"_s);
    addRow("server metadata: 10 MB", allMetadata(OAuthWire::endless(TenMegabytes), false),
           Kind::ServerMetadata, u"no-server-metadata"_s);
    addRow("server metadata: truncated", allMetadata(OAuthWire::truncated(), false),
           Kind::ServerMetadata, u"no-server-metadata"_s);
    addRow("server metadata: reset", allMetadata(OAuthWire::resetting(), false),
           Kind::ServerMetadata, u"no-server-metadata"_s);
    addRow("server metadata: endless redirects", allMetadata(loop, false), Kind::ServerMetadata,
           u"no-server-metadata"_s);
    addRow("server metadata: 500", allMetadata(page(500, {}), false), Kind::ServerMetadata,
           u"no-server-metadata"_s);
    addRow("server metadata: of another",
           member(&OAuthWire::serverMembers, "issuer", R"("https://other.example")"),
           Kind::ServerMetadata, u"issuer-mismatch"_s);
    addRow("server metadata: no PKCE",
           member(&OAuthWire::serverMembers, "code_challenge_methods_supported", {}),
           Kind::ServerMetadata, u"no-pkce"_s);
    addRow(
        "down after resource metadata",
        [](OAuthWire &wire) -> Mend {
            const quint16 port = wire.as.port();
            wire.as.close();
            return [&wire, port] { wire.as.listen(port); };
        },
        Kind::ServerMetadata, u"no-server-metadata"_s);

    addRow("down after server metadata", downAfter(OAuthWire::ServerPath), Kind::Client, {});
    addRow("registration: redirect URI refused",
           asPage("/register",
                  page(400, R"({"error":"invalid_redirect_uri","error_description":"no ports"})")),
           Kind::Client, u"registration-refused"_s);
    addRow("registration: web page", asPage("/register", html), Kind::Client,
           u"registration-refused"_s);
    addRow("registration: no client_id", asPage("/register", page(201, R"({"client_id":[7]})")),
           Kind::Client, u"registration-refused"_s);
    addRow("registration: 10 MB", asPage("/register", OAuthWire::endless(TenMegabytes)),
           Kind::Client, u"registration-refused"_s);
    addRow("registration: truncated", asPage("/register", OAuthWire::truncated()), Kind::Client,
           {});
    addRow("registration: reset", asPage("/register", OAuthWire::resetting()), Kind::Client, {});
    addRow("registration: redirected", asPage("/register", OAuthWire::redirecting("/elsewhere")),
           Kind::Client, u"registration-refused"_s);

    addRow("consent denied", comesBackWith("error=access_denied&state=STATE"), Kind::Callback,
           u"access-denied"_s);
    addRow("callback: another state", comesBackWith("code=c&state=another"), Kind::Callback,
           u"state-mismatch"_s);
    addRow("callback: no state", comesBackWith("code=c"), Kind::Callback, u"state-mismatch"_s);
    addRow("callback: state twice", comesBackWith("code=c&state=STATE&state=STATE"), Kind::Callback,
           u"state-mismatch"_s);
    addRow("callback: another issuer",
           comesBackWith("code=c&state=STATE&iss=https://other.example"), Kind::Callback,
           u"issuer-mix-up"_s);
    addRow("callback: an empty code", comesBackWith("code=&state=STATE"), Kind::Callback, {});

    addRow("down after the authorisation", downAfter("/authorize"), Kind::Token, {});
    addRow("token: web page", asPage("/token", html), Kind::Token, u"token-answer"_s);
    addRow("token: nothing", asPage("/token", page(200, {})), Kind::Token, u"token-answer"_s);
    addRow("token: 500", asPage("/token", page(500, "Oops", "text/plain")), Kind::Token,
           u"token-answer"_s);
    addRow("token: 10 MB", asPage("/token", OAuthWire::endless(TenMegabytes)), Kind::Token,
           u"token-answer"_s);
    addRow("token: of a type that is not understood",
           asPage("/token", page(200, R"({"access_token":"t","token_type":"mac"})")), Kind::Token,
           u"token-answer"_s);
    addRow("token: truncated", asPage("/token", OAuthWire::truncated()), Kind::Token, {});
    addRow("token: reset", asPage("/token", OAuthWire::resetting()), Kind::Token, {});
    addRow("token: redirected", asPage("/token", OAuthWire::redirecting("/elsewhere")), Kind::Token,
           u"token-answer"_s);
    addRow("token: refused", asPage("/token", page(400, R"({"error":"invalid_grant"})")),
           Kind::Token, u"token-refused"_s);
    addRow("token: client unknown", asPage("/token", page(401, R"({"error":"invalid_client"})")),
           Kind::Token, u"token-refused"_s);
    addRow("token: a line end in it",
           member(&OAuthWire::tokenMembers, "access_token", R"("a\r\nX-Evil: 1")"), Kind::Token,
           u"token-answer"_s);
}

void OAuthBadInput::the_step_says_it_and_the_flow_goes_on()
{
    QFETCH(Spoil, spoil);
    QFETCH(OAuthStepKind, step);
    QFETCH(QString, code);
    OAuthWire wire;
    QVERIFY(wire.listens);
    const Mend mend = spoil(wire);
    QVERIFY(!wire.probe.connectTo(wire.target));
    const std::optional<OAuthStep> failed = wire.failed();
    QVERIFY(failed);
    QCOMPARE(oauthStepName(failed->kind), oauthStepName(step));
    QVERIFY(failed->failure);
    if (!code.isEmpty())
        QCOMPARE(failed->failure->code, code);
    QVERIFY2(!failed->failure->sentence.isEmpty(), qPrintable(failed->failure->code));
    QVERIFY2(!failed->failure->advice.isEmpty(), qPrintable(failed->failure->sentence));
    QCOMPARE(failed->sentence, failed->failure->sentence);
    QVERIFY(failed->failure->exchange != 0);
    QCOMPARE(wire.state().phase, OAuthState::Phase::Failed);
    // The session says the same, not just "401".
    QVERIFY(wire.probe.state().failure);
    QCOMPARE(wire.probe.state().failure->sentence, failed->failure->sentence);

    mend();
    // Of metadata of a resource there was none: that is where to begin again.
    const bool ofResource =
        wire.step(OAuthStepKind::ResourceMetadata).state != OAuthStep::State::Done
        || failed->failure->code == "issuer-unusable"_L1;
    const bool goesOn =
        wire.goesOnFrom(ofResource ? OAuthStepKind::ResourceMetadata : failed->kind);
    QVERIFY2(goesOn, SessionProbe::explain(wire.state().failure));
    QVERIFY(!wire.failed());
    const bool connected = wire.probe.connectTo(wire.target);
    QVERIFY2(connected, SessionProbe::explain(wire.probe.state().failure));
    wire.probe.disconnectFrom();
}

void OAuthBadInput::what_is_odd_is_told_and_used_data()
{
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<OAuthStepKind>("step");
    QTest::addColumn<QString>("says");
    using Kind = OAuthStepKind;
    const auto token = [](const char *name, const QByteArray &value) {
        return member(&OAuthWire::tokenMembers, name, value);
    };
    // Without it, how long a token lives is not known, and that is no deviation.
    addRow("expires_in missing", token("expires_in", {}), Kind::Token, {});
    addRow("expires_in negative", token("expires_in", "-5"), Kind::Token, u"expires_in is -5"_s);
    addRow("expires_in zero", token("expires_in", "0"), Kind::Token, u"expires_in is 0"_s);
    addRow("expires_in a text", token("expires_in", R"("3600")"), Kind::Token,
           u"expires_in is a text"_s);
    addRow("expires_in words", token("expires_in", R"("soon")"), Kind::Token,
           u"no number of seconds"_s);
    addRow("expires_in an object", token("expires_in", "{}"), Kind::Token,
           u"no number of seconds"_s);
    addRow("token_type missing", token("token_type", {}), Kind::Token, u"token_type is missing"_s);
    addRow("token_type odd", token("token_type", "7"), Kind::Token, u"neither Bearer"_s);
    addRow("token_type in capitals", token("token_type", R"("BEARER")"), Kind::Token, {});
    addRow("scope an array", token("scope", R"(["read"])"), Kind::Token, u"scope is an array"_s);
    addRow(
        "resource metadata: web page at the first place",
        [](OAuthWire &wire) -> Mend {
            wire.mcpPages[OAuthWire::ResourceRootPath] = wire.mcpPages[OAuthWire::ResourcePath];
            wire.mcpPages[OAuthWire::ResourcePath] =
                OAuthWire::answering(200, WebPage, "text/html");
            return {};
        },
        Kind::ResourceMetadata, u"a web page (text/html)"_s);
    addRow(
        "server metadata: web page at the first place",
        [](OAuthWire &wire) -> Mend {
            wire.asPages[OAuthWire::OpenIdPath] = wire.asPages[OAuthWire::ServerPath];
            wire.asPages[OAuthWire::ServerPath] = OAuthWire::answering(200, WebPage, "text/html");
            return {};
        },
        Kind::ServerMetadata, u"a web page (text/html)"_s);
    addRow(
        "server metadata: Content-Type of a text",
        [](OAuthWire &wire) -> Mend {
            wire.asPages[OAuthWire::ServerPath] =
                OAuthWire::answering(200, OAuthWire::json(wire.serverMembers), "text/plain");
            return {};
        },
        Kind::ServerMetadata, u"Content-Type"_s);
    addRow("the clock an hour ahead",
           [](OAuthWire &wire) -> Mend {
               wire.asPages["/token"] = [&wire](RawConnection &to, const RawRequest &) {
                   to.answer(200, OAuthWire::json(wire.tokenMembers),
                             "Content-Type: application/json\r\nDate: "
                                 + QLocale::c()
                                       .toString(QDateTime::currentDateTimeUtc().addSecs(3600),
                                                 u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s)
                                       .toLatin1()
                                 + "\r\n");
               };
               return {};
           },
           Kind::Token, {});
}

void OAuthBadInput::what_is_odd_is_told_and_used()
{
    QFETCH(Spoil, spoil);
    QFETCH(OAuthStepKind, step);
    QFETCH(QString, says);
    OAuthWire wire;
    spoil(wire);
    const bool connected = wire.probe.connectTo(wire.target);
    QVERIFY2(connected, SessionProbe::explain(wire.probe.state().failure));
    QString said;
    for (const OAuthCheck &check : wire.step(step).checks) {
        if (check.result != OAuthCheck::Result::Passed)
            said += check.sentence;
    }
    QVERIFY2(says.isEmpty() ? said.isEmpty() : said.contains(says), qPrintable(said));
    // What is odd about how long it lives leads to no flood of renewals.
    QCOMPARE(OAuthWire::got(wire.as, "/token").size(), 1);
    wire.probe.disconnectFrom();
}

void OAuthBadInput::any_type_in_any_member_is_survived_data()
{
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<OAuthStepKind>("step");
    QTest::addColumn<QString>("code");
    const QByteArrayList values{"null",        "true",       "-1.5e300",          "\"a b\"",
                                "[null,7,{}]", "{\"a\":[]}", "\"\\u0000\\ud800\""};
    struct Document {
        const char *name;
        OAuthWire::Members OAuthWire::*members;
        OAuthStepKind step;
        QByteArrayList names;
    };
    const QList<Document> documents{
        {"resource metadata",
         &OAuthWire::resourceMembers,
         OAuthStepKind::ResourceMetadata,
         {"resource", "authorization_servers", "scopes_supported",
          "dpop_bound_access_tokens_required", "dpop_signing_alg_values_supported"}},
        {"server metadata",
         &OAuthWire::serverMembers,
         OAuthStepKind::ServerMetadata,
         {"issuer", "authorization_endpoint", "token_endpoint", "registration_endpoint",
          "revocation_endpoint", "introspection_endpoint", "jwks_uri", "scopes_supported",
          "grant_types_supported", "code_challenge_methods_supported",
          "token_endpoint_auth_methods_supported", "dpop_signing_alg_values_supported",
          "authorization_response_iss_parameter_supported",
          "client_id_metadata_document_supported"}},
        {"token answer",
         &OAuthWire::tokenMembers,
         OAuthStepKind::Token,
         {"access_token", "token_type", "expires_in", "refresh_token", "id_token", "scope", "error",
          "error_description"}}};
    for (const Document &document : documents) {
        for (const QByteArray &name : document.names) {
            for (const QByteArray &value : values) {
                QTest::addRow("%s: %s is %s", document.name, name.constData(), value.constData())
                    << member(document.members, name, value) << document.step << QString();
            }
        }
    }
}

void OAuthBadInput::any_type_in_any_member_is_survived()
{
    QFETCH(Spoil, spoil);
    QFETCH(OAuthStepKind, step);
    OAuthWire wire;
    const Mend mend = spoil(wire);
    bool asks = false;
    QObject::connect(&wire.probe.session(), &Session::oauthChanged, &wire.browser,
                     [&asks](const OAuthState &state) {
                         asks = asks || state.phase == OAuthState::Phase::Question;
                     });
    wire.probe.session().connectTo(wire.target);
    QVERIFY(wire.probe.waitFor([&] {
        const SessionPhase phase = wire.probe.state().phase;
        return phase == SessionPhase::Ready || phase == SessionPhase::Failed || asks;
    }));
    if (asks) {
        QVERIFY(wire.state().question);
        QVERIFY(!wire.state().question->sentence.isEmpty());
    } else if (wire.probe.state().phase == SessionPhase::Failed) {
        const std::optional<OAuthStep> failed = wire.failed();
        QVERIFY2(failed, SessionProbe::explain(wire.probe.state().failure));
        QVERIFY2(!failed->failure->sentence.isEmpty() && !failed->failure->advice.isEmpty(),
                 qPrintable(failed->failure->code));
    } else {
        return;
    }
    mend();
    const bool goesOn = wire.goesOnFrom(step);
    QVERIFY2(goesOn, SessionProbe::explain(wire.state().failure));
}

void OAuthBadInput::reading_stops_at_the_limit_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("atMcp");
    QTest::newRow("resource metadata") << QByteArray(OAuthWire::ResourcePath) << true;
    QTest::newRow("server metadata") << QByteArray(OAuthWire::ServerPath) << false;
    QTest::newRow("registration") << QByteArray("/register") << false;
    QTest::newRow("token") << QByteArray("/token") << false;
}

void OAuthBadInput::reading_stops_at_the_limit()
{
    QFETCH(QByteArray, path);
    QFETCH(bool, atMcp);
    constexpr qint64 Total = 1024 * TenMegabytes / 10; // 1 GiB: no socket holds that much
    OAuthWire wire;
    RawConnection *streams = nullptr;
    (atMcp ? wire.mcpPages : wire.asPages)[path] = [&](RawConnection &to, const RawRequest &http) {
        streams = &to;
        OAuthWire::endless(Total)(to, http);
    };
    wire.probe.connectTo(wire.target);
    QVERIFY(streams);
    // It hangs up, long before the end.
    QTRY_VERIFY(!streams->isOpen());
    QVERIFY2(streams->streamed() < Total / 16, QByteArray::number(streams->streamed()));
    const TraceStore &trace = wire.probe.trace();
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id)
        QVERIFY(trace.responseBody(id).size() <= MostMetadataBytes + 256 * 1024);
}

void OAuthBadInput::redirects_of_one_place_do_not_count_at_the_next()
{
    OAuthWire wire;
    wire.asPages["/final"] = wire.asPages[OAuthWire::ServerPath];
    wire.asPages[OAuthWire::ServerPath] = OAuthWire::redirecting(OAuthWire::ServerPath);
    wire.asPages[OAuthWire::OpenIdPath] = OAuthWire::redirecting("/final");
    const bool connected = wire.probe.connectTo(wire.target);
    QVERIFY2(connected, SessionProbe::explain(wire.probe.state().failure));
    QCOMPARE(OAuthWire::got(wire.as, OAuthWire::ServerPath).size(), 6);
    wire.probe.disconnectFrom();
}

void OAuthBadInput::a_time_beyond_all_measure_is_no_time_data()
{
    QTest::addColumn<QByteArray>("value");
    for (const char *value : {"9223372036854775807", "\"9223372036854775807\"", "1e300",
                              "\"9223372036854775\"", "\"-9223372036854775808\""})
        QTest::newRow(value) << QByteArray(value);
}

void OAuthBadInput::a_time_beyond_all_measure_is_no_time()
{
    QFETCH(QByteArray, value);
    OAuthWire wire;
    wire.tokenMembers["expires_in"] = value;
    QVERIFY(wire.probe.connectTo(wire.target));
    QVERIFY(!wire.state().tokens->expires);
    QVERIFY(!wire.step(OAuthStepKind::Token).checks.isEmpty());
    QVERIFY(!wire.probe.tools().failure);
    QCOMPARE(OAuthWire::got(wire.as, "/token").size(), 1);
    wire.probe.disconnectFrom();
}

QTEST_GUILESS_MAIN(OAuthBadInput)
#include "test_oauth_bad_input.moc"
