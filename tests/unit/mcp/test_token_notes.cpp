// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/token_claims.h"
#include "core/mcp/token_notes.h"
#include "tests/support/jose_vectors.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

class Plain final : public CredentialSource {
public:
    Stamp stamp(const QUrl &, const QByteArray &) const override { return {}; }
    void received(const AnswerHead &) override { ++answers; }

    int answers = 0;
};

} // namespace

/// What of a refused token stands in the trace.
class TestTokenNotes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void what_is_no_secret_is_told_data();
    void what_is_no_secret_is_told();
    void each_refused_token_is_noted_once();
};

void TestTokenNotes::what_is_no_secret_is_told_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QByteArray>("told");
    const auto row = [](const char *name, const char *claims, const char *told) {
        QTest::newRow(name) << unsignedToken(json(claims)) << json(told);
    };
    row("all",
        "{'sub':'ada','aud':'a','iss':'i','exp':9,'email':'ada@h','nbf':1,'iat':2,'scope':'s'}",
        "{'iss':'i','aud':'a','exp':9,'nbf':1,'iat':2}");
    row("a list", "{'aud':['a','b']}", "{'aud':['a','b']}");
    row("none of them", "{'sub':'ada'}", "");
    row("wrong types", "{'iss':7,'aud':{'x':'ada'},'exp':'soon','nbf':[1],'iat':null}", "");
    row("a list of other things", "{'aud':['a',{'x':'ada'}],'exp':1}", "{'exp':1}");
    QTest::newRow("opaque") << "token-of-ada"_ba << QByteArray();
    QTest::newRow("dots") << "a.b.c"_ba << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("too long") << unsignedToken("{\"iss\":\"" + QByteArray(2000, 'x') + "\"}")
                              << QByteArray();
}

void TestTokenNotes::what_is_no_secret_is_told()
{
    QFETCH(QByteArray, token);
    QTEST(claimsWithoutSecrets(token), "told");
}

void TestTokenNotes::each_refused_token_is_noted_once()
{
    TraceStore trace;
    Plain plain;
    TokenNotes notes(&plain, &trace);
    const QByteArray token = unsignedToken(json("{'sub':'ada','exp':9}"));
    const auto answer = [&](int status, const QByteArray &authorization) {
        const ExchangeId id = trace.begin(RequestRecord{}, {});
        notes.received({id, {}, status, {}, authorization});
    };
    answer(200, "Bearer " + token);
    answer(401, {});
    answer(401, "Basic YTpi");
    answer(401, "Bearer opaque");
    QCOMPARE(trace.noteCount(), 0);
    answer(401, "Bearer " + token);
    answer(401, "Bearer " + token);
    QCOMPARE(trace.noteCount(), 1);
    QCOMPARE(trace.note(0).name, u"token"_s);
    QCOMPARE(trace.note(0).exchange, 5);
    QCOMPARE(trace.note(0).text, QString::fromUtf8(json("The refused token says: {'exp':9}")));
    answer(401, "DPoP " + unsignedToken(json("{'exp':10}")));
    QCOMPARE(trace.noteCount(), 2);
    // Whoever is behind it hears of all.
    QCOMPARE(plain.answers, 7);
}

QTEST_APPLESS_MAIN(TestTokenNotes)
#include "test_token_notes.moc"
