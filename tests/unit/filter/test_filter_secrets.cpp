// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_secrets.h"

#include "core/filter/filter_keys.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestFilterSecrets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void secrets_are_not_kept_data();
    void secrets_are_not_kept();
    void what_the_language_shows_may_be_kept();
};

void TestFilterSecrets::secrets_are_not_kept_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("secret");
    const auto row = [](const char *text, bool secret) {
        QTest::newRow(text) << QString::fromUtf8(text) << secret;
    };
    row("", false);
    row("status:401", false);
    row("tool:add and ms>500", false);
    row("server:mcp2024.very-long-host-name-of-2026.example.org", false);
    row("url:/mcp/v20261127/messages/of/somebody", false);
    row("\"a sentence of many words with 123 in it\"", false);
    row("body/params/name=\"add\"", false);
    row("body/access_token", false);
    row("header.authorization", false);
    row("event.id:41c0", false);
    row("known-secret-1", true);
    row("body:\"x known-secret-1 y\"", true);
    row("(a or not -tool:known-secret-1)", true);
    row("body/access_token=short", true);
    row("response.body/result/*/clientSecret:x", true);
    row("\"access_token=abcdef123456\"", true);
    row("eyJhbGciOiJIUzI1NiJ9", true);
    row("body:ghp_16C7e42F292c6912E7", true);
    row("body:sk-abcdefgh1234", true);
    row("a1b2c3d4e5f6a7b8c9d0e1f2", true);
    row("body/x=\"9a8b7c6d-1234-4567-89ab-0123456789ab\"", true);
    row("tool:/a1b2c3d4e5f6a7b8c9d0e1f2/", true);
}

void TestFilterSecrets::secrets_are_not_kept()
{
    QFETCH(QString, text);
    QFETCH(bool, secret);
    Redactor known("salt");
    known.addKnownSecret("known-secret-1");
    const QString why = filterSecret(text, known);
    QCOMPARE(!why.isEmpty(), secret);
    QVERIFY(why.isEmpty() || why.endsWith(u'.'));
    QVERIFY(!why.contains("known-secret"_L1) && !why.contains("a1b2"_L1));
}

void TestFilterSecrets::what_the_language_shows_may_be_kept()
{
    for (const FilterKey &key : filterKeys())
        QCOMPARE(filterSecret(key.example, Redactor("salt")), QString());
}

QTEST_APPLESS_MAIN(TestFilterSecrets)
#include "test_filter_secrets.moc"
