// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/credentials.h"

#include <QTest>

using namespace sightglass;

class TestCredentials : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void stamped_on_its_origin_and_on_nothing_else();
    void order_and_duplicates_are_kept();
    void cookies_of_the_server_are_sent_back();
    void odd_values_are_told_data();
    void odd_values_are_told();
    void framing_of_ones_own_is_told();
    void acting_takes_off_what_it_says_data();
    void acting_takes_off_what_it_says();
    void every_choice_can_be_played();
};

namespace {

const QUrl server(QStringLiteral("https://a.example/mcp"));

QByteArrayList names(const QList<Header> &headers)
{
    QByteArrayList list;
    for (const Header &header : headers)
        list.append(header.name);
    return list;
}

} // namespace

void TestCredentials::stamped_on_its_origin_and_on_nothing_else()
{
    Credentials given;
    given.bearer = "abc";
    const CredentialSet set(server, given);
    const auto same = set.stamp(QUrl(QStringLiteral("https://A.example:443/other?x=1")), "GET");
    QCOMPARE(same.headers.size(), 1);
    QCOMPARE(same.headers.first().value, QByteArray("Bearer abc"));
    QVERIFY(same.headers.first().secret);
    for (const char *other :
         {"http://a.example/mcp", "https://b.example/mcp", "https://a.example:444/mcp"}) {
        const auto stamp = set.stamp(QUrl(QString::fromLatin1(other)), "GET");
        QVERIFY2(stamp.headers.isEmpty(), other);
        QCOMPARE(stamp.withheld.size(), 1);
        QVERIFY(!stamp.withheld.first().why.isEmpty());
    }
}

void TestCredentials::order_and_duplicates_are_kept()
{
    Credentials given;
    given.basicUser = QStringLiteral("me");
    given.basicPassword = QStringLiteral("pass");
    given.headers = {{"X-B", "1", HeaderSource::User, false},
                     {"X-A", "2", HeaderSource::User, false},
                     {"x-b", "3", HeaderSource::User, true}};
    given.cookies = {"a=1", "b=2"};
    const auto stamp = CredentialSet(server, given).stamp(server, "GET");
    QCOMPARE(names(stamp.headers),
             (QByteArrayList{"Authorization", "X-B", "X-A", "x-b", "Cookie"}));
    QCOMPARE(stamp.headers.first().value, QByteArray("Basic bWU6cGFzcw=="));
    QCOMPARE(stamp.headers.last().value, QByteArray("a=1; b=2"));
    QCOMPARE(stamp.headers.at(1).source, HeaderSource::User);
    QCOMPARE(stamp.headers.at(3).source, HeaderSource::Credential);
}

void TestCredentials::cookies_of_the_server_are_sent_back()
{
    Credentials given;
    given.cookies = {"mine=1"};
    CredentialSet set(server, given);
    const auto sets = [&set](const QUrl &url, const QByteArrayList &cookies) {
        AnswerHead head;
        head.url = url;
        for (const QByteArray &cookie : cookies)
            head.headers.append({"Set-Cookie", cookie, HeaderSource::Server, false});
        set.received(head);
    };
    sets(server, {"sid=abc; Path=/; HttpOnly", "mine=2; Path=/", "elsewhere=1; Path=/other"});
    sets(QUrl(QStringLiteral("https://b.example/")), {"foreign=1"});
    QCOMPARE(set.stamp(server, "GET").headers.last().value, QByteArray("mine=1; sid=abc"));
}

void TestCredentials::odd_values_are_told_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("finding"); // empty: nothing to say
    QTest::addColumn<bool>("fatal");
    QTest::addColumn<int>("position");
    QTest::newRow("fine") << QByteArray("eyJ.abc-_~+/=") << QString() << false << 0;
    QTest::newRow("doubled scheme")
        << QByteArray("bearer abc") << QStringLiteral("AF-06") << false << 0;
    QTest::newRow("quotes") << QByteArray("\"abc\"") << QStringLiteral("AF-07") << false << 0;
    QTest::newRow("space behind") << QByteArray("abc ") << QStringLiteral("AF-07") << false << 3;
    QTest::newRow("line end") << QByteArray("abc\n") << QStringLiteral("AF-07") << true << 3;
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QStringLiteral("AF-07") << true << 1;
    QTest::newRow("not ASCII") << QByteArray("ab\xc3\xa9") << QStringLiteral("AF-07") << false << 2;
}

void TestCredentials::odd_values_are_told()
{
    QFETCH(QByteArray, token);
    QFETCH(QString, finding);
    Credentials given;
    given.bearer = token;
    const QList<CredentialWarning> warnings = checkCredentials(given);
    QCOMPARE(warnings.isEmpty(), finding.isEmpty());
    if (warnings.isEmpty())
        return;
    QCOMPARE(warnings.first().finding, finding);
    QTEST(warnings.first().fatal, "fatal");
    QTEST(int(warnings.first().position), "position");
    QVERIFY(!warnings.first().sentence.contains(QString::fromUtf8(token)));
}

void TestCredentials::framing_of_ones_own_is_told()
{
    Credentials given;
    given.headers = {{"content-length", "5", HeaderSource::User, false},
                     {"X-A", "1", HeaderSource::User, false},
                     {"Transfer-Encoding", "chunked", HeaderSource::User, false}};
    const QList<CredentialWarning> warnings = checkCredentials(given);
    QCOMPARE(warnings.size(), 2);
    QVERIFY(!warnings.first().fatal);
    QVERIFY(warnings.first().sentence.startsWith(QLatin1String("content-length is not sent")));
}

void TestCredentials::acting_takes_off_what_it_says_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<ExchangeKind>("kind");
    QTest::addColumn<QByteArrayList>("left");
    const QByteArrayList all{"Host",      "Accept", "Authorization",
                             "X-Api-Key", "Cookie", "Connection"};
    const auto without = [&](const char *name) {
        QByteArrayList list = all;
        list.removeAll(name);
        return list;
    };
    const auto row = [](const char *id, ExchangeKind kind, const QByteArrayList &left) {
        QTest::addRow("%s on %s", id, exchangeKindName(kind).constData())
            << QString::fromLatin1(id) << kind << left;
    };
    row("AF-01", ExchangeKind::Post, all);
    row("AF-01", ExchangeKind::Stream, without("Authorization"));
    row("AF-01", ExchangeKind::Reconnect, without("Authorization"));
    row("AF-01", ExchangeKind::Delete, all);
    row("AF-02", ExchangeKind::Stream, all);
    row("AF-02", ExchangeKind::Reconnect, without("Authorization"));
    row("AF-03", ExchangeKind::Delete, without("Authorization"));
    row("AF-04", ExchangeKind::Stream, without("X-Api-Key"));
    row("AF-05", ExchangeKind::Stream, without("Cookie"));
    row("AF-06", ExchangeKind::Post, all);
    row("AF-09", ExchangeKind::Post, all);
    row("AF-09", ExchangeKind::Stream,
        {"Host", "Accept", "Content-Type", "Authorization", "X-Api-Key", "Cookie", "Connection"});
}

void TestCredentials::acting_takes_off_what_it_says()
{
    QFETCH(QString, id);
    QFETCH(ExchangeKind, kind);
    RequestRecord request;
    request.kind = kind;
    request.headers = {{"Host", "h", HeaderSource::Library, false},
                       {"Accept", "text/event-stream", HeaderSource::Protocol, false},
                       {"Authorization", "Bearer abc", HeaderSource::Credential, true},
                       {"X-Api-Key", "k", HeaderSource::Credential, true},
                       {"Cookie", "a=b", HeaderSource::Credential, true},
                       {"Connection", "keep-alive", HeaderSource::Library, false}};
    const qsizetype before = request.headers.size();
    misbehaviour(id)->spoil(request);
    QTEST(names(request.headers), "left");
    QCOMPARE(request.acting, id);
    QCOMPARE(request.withheld.size(), qMax(qsizetype(0), before - request.headers.size()));
    if (id == QStringLiteral("AF-06"))
        QCOMPARE(request.headers.at(2).value, QByteArray("Bearer Bearer abc"));
}

void TestCredentials::every_choice_can_be_played()
{
    QCOMPARE(actingChoices().size(), 7);
    for (const ActingChoice &choice : actingChoices()) {
        QVERIFY(misbehaviour(choice.id));
        QCOMPARE(misbehaviour(choice.id)->id(), choice.id);
    }
    QVERIFY(!misbehaviour(QStringLiteral("AF-77")));
}

QTEST_APPLESS_MAIN(TestCredentials)
#include "test_credentials.moc"
