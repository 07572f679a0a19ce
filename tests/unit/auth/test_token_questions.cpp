// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/oauth_world.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// What the authorisation server may be asked of tokens that it issued, beside the flow.
class TestTokenQuestions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothing_is_asked_before_one_is_logged_in();
    void keys_are_asked_where_the_metadata_says_data();
    void keys_are_asked_where_the_metadata_says();
    void a_private_address_is_asked_once_it_is_agreed_to();
    void the_token_goes_to_the_introspection_endpoint_alone();
};

void TestTokenQuestions::nothing_is_asked_before_one_is_logged_in()
{
    OAuthWorld world;
    QVERIFY(!world.flow.keys());
    QVERIFY(!world.flow.introspection());
    world.setServer({{"introspection_endpoint", "\"https://as.example/introspect\""}});
    world.begin();
    QVERIFY(!world.browse().isEmpty());
    QVERIFY(!world.flow.introspection()); // there is no token to ask of
}

void TestTokenQuestions::keys_are_asked_where_the_metadata_says_data()
{
    QTest::addColumn<QByteArray>("uri"); ///< as JSON
    QTest::addColumn<bool>("asked");
    QTest::newRow("https") << "\"https://as.example/jwks\""_ba << true;
    QTest::newRow("not named") << QByteArray() << false;
    QTest::newRow("empty") << "\"\""_ba << false;
    QTest::newRow("http") << "\"http://as.example/jwks\""_ba << false;
    QTest::newRow("a file") << "\"file:///etc/passwd\""_ba << false;
    QTest::newRow("no URL") << "\"jwks\""_ba << false;
    QTest::newRow("a number") << "17"_ba << false;
}

void TestTokenQuestions::keys_are_asked_where_the_metadata_says()
{
    QFETCH(QByteArray, uri);
    OAuthWorld world;
    world.setServer({{"jwks_uri", uri}});
    world.begin();
    world.agree();
    const std::optional<OAuthFetch> keys = world.flow.keys();
    QTEST(keys.has_value(), "asked");
    if (!keys)
        return;
    QCOMPARE(keys->method, QByteArray("GET"));
    QCOMPARE(keys->kind, ExchangeKind::Discovery);
    QVERIFY(keys->body.isEmpty());
}

void TestTokenQuestions::a_private_address_is_asked_once_it_is_agreed_to()
{
    OAuthWorld world;
    world.setServer({{"jwks_uri", "\"https://10.0.0.1/jwks\""}});
    world.begin();
    world.agree();
    QVERIFY(!world.flow.keys());
    OAuthSettings settings = world.flow.settings();
    settings.allowPrivateAddresses = true;
    world.flow.setSettings(settings);
    QVERIFY(world.flow.keys());
}

void TestTokenQuestions::the_token_goes_to_the_introspection_endpoint_alone()
{
    OAuthWorld world;
    world.begin();
    world.agree();
    QVERIFY(!world.flow.tokens().isEmpty());
    QVERIFY(!world.flow.introspection()); // none is named

    OAuthWorld other;
    other.setServer({{"introspection_endpoint", "\"https://as.example/introspect\""}});
    other.begin();
    other.agree();
    const std::optional<OAuthFetch> fetch = other.flow.introspection();
    QVERIFY(fetch);
    QCOMPARE(fetch->method, QByteArray("POST"));
    QCOMPARE(fetch->url, QUrl(u"https://as.example/introspect"_s));
    QCOMPARE(fetch->kind, ExchangeKind::Token);
    QVERIFY(fetch->body.contains("token=at&"));
    QVERIFY(fetch->body.contains("client_id=c1"));
    QVERIFY(!fetch->body.contains("rt"));
}

QTEST_APPLESS_MAIN(TestTokenQuestions)
#include "test_token_questions.moc"
