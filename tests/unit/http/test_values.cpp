// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/header_list.h"
#include "core/http/origin.h"

#include <QTest>

using namespace sightglass;

/// Origin and HeaderList, the plain values under the gate.
class HttpValues : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void originOfAUrl_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<int>("port");
        const auto row = [](const char *url, const char *origin, int port) {
            QTest::newRow(url) << QString::fromUtf8(url) << QByteArray(origin) << port;
        };
        row("https://example.org/mcp", "https://example.org", 443);
        row("https://example.org:443/", "https://example.org", 443);
        row("HTTPS://EXAMPLE.org", "https://example.org", 443);
        row("http://example.org", "http://example.org", 80);
        row("http://example.org:443", "http://example.org:443", 443);
        row("https://example.org:80", "https://example.org:80", 80);
        row("http://me:pw@example.org:8080/a?b#c", "http://example.org:8080", 8080);
        row("http://[::1]:8080/mcp", "http://[::1]:8080", 8080);
        row("http://[0:0:0:0:0:0:0:1]/", "http://[::1]", 80);
        row("http://127.0.0.1:1/", "http://127.0.0.1:1", 1);
        row("https://b\u00fccher.example/", "https://xn--bcher-kva.example", 443);
        row("https://B\u00dcCHER.example/", "https://xn--bcher-kva.example", 443);
        row("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example", 443);
        row("", "", -1);
        row("/mcp", "", -1);
        row("http:///mcp", "", 80);
    }
    void originOfAUrl()
    {
        QFETCH(QString, url);
        QFETCH(QByteArray, origin);
        QFETCH(int, port);
        const Origin of = Origin::of(QUrl(url));
        QCOMPARE(of.toString(), origin);
        QCOMPARE(of.port, port);
        QCOMPARE(of.isValid(), !origin.isEmpty());
    }

    void originsDifferInEachPart_data()
    {
        QTest::addColumn<QString>("a");
        QTest::addColumn<QString>("b");
        QTest::addColumn<bool>("same");
        const auto row = [](const char *name, const char *a, const char *b, bool same) {
            QTest::newRow(name) << QString::fromLatin1(a) << QString::fromLatin1(b) << same;
        };
        row("path", "https://a.example/x", "https://a.example/y?z", true);
        row("usual port", "https://a.example", "https://a.example:443", true);
        row("case", "https://A.example", "https://a.EXAMPLE", true);
        row("user info", "https://u:p@a.example", "https://a.example", true);
        row("scheme", "https://a.example", "http://a.example", false);
        row("scheme and port", "https://a.example:80", "http://a.example:80", false);
        row("port", "https://a.example", "https://a.example:8443", false);
        row("host below", "https://a.example", "https://b.a.example", false);
        row("name and address", "http://localhost:1", "http://127.0.0.1:1", false);
        row("dot at the end", "https://a.example", "https://a.example.", false);
    }
    void originsDifferInEachPart()
    {
        QFETCH(QString, a);
        QFETCH(QString, b);
        QFETCH(bool, same);
        QCOMPARE(Origin::of(QUrl(a)) == Origin::of(QUrl(b)), same);
    }

    void headersAreChecked_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("position"); // -1: nothing wrong
        QTest::addColumn<bool>("inName");
        QTest::addColumn<bool>("fatal");
        const auto good = [](const char *row, const QByteArray &name, const QByteArray &value) {
            QTest::newRow(row) << name << value << -1 << false << false;
        };
        const auto bad = [](const char *row, const QByteArray &name, const QByteArray &value,
                            int position, bool inName, bool fatal) {
            QTest::newRow(row) << name << value << position << inName << fatal;
        };
        good("plain", "Authorization", "Bearer t0ken");
        good("empty value", "X-A", "");
        good("all token characters", "!#$%&'*+-.^_`|~09azAZ", "x");
        good("tab and blanks", "X-A", " a\tb ");
        good("visible ASCII", "X-A", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
        bad("no name", "", "x", 0, true, true);
        bad("blank in name", "X A", "x", 1, true, true);
        bad("colon in name", "X:", "x", 1, true, true);
        bad("CR in name", "X\r", "x", 1, true, true);
        bad("LF in name", "X-A\n", "x", 3, true, true);
        bad("NUL in name", QByteArray("X\0A", 3), "x", 1, true, true);
        bad("non-ASCII in name", "X-\xc3\xa4", "x", 2, true, true);
        bad("CR", "X-A", "ab\rc", 2, false, true);
        bad("LF", "X-A", "ab\nc", 2, false, true);
        bad("CR LF and a header", "X-A", "1\r\nX-B: 2", 1, false, true);
        bad("LF at the end", "X-A", "token\n", 5, false, true);
        bad("NUL", "X-A", QByteArray("a\0b", 3), 1, false, true);
        bad("non-ASCII", "X-A", "caf\xc3\xa9", 3, false, false);
        bad("Latin-1", "X-A", "\xe9", 0, false, false);
        bad("DEL", "X-A", "a\x7f", 1, false, false);
        bad("escape", "X-A", "a\x1b[0m", 1, false, false);
        bad("fatal before warning", "X-A", "\xc3\xa9\n", 2, false, true);
    }
    void headersAreChecked()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(int, position);
        QFETCH(bool, inName);
        QFETCH(bool, fatal);
        const std::optional<HeaderProblem> problem = HeaderList::check(name, value);
        QCOMPARE(problem.has_value(), position >= 0);
        if (!problem)
            return;
        QCOMPARE(problem->position, position);
        QCOMPARE(problem->inName, inName);
        QCOMPARE(problem->fatal, fatal);
        QVERIFY(problem->sentence.endsWith(QLatin1Char('.')));
        // The sentence names the place for people, and holds no control character itself.
        if (!name.isEmpty())
            QVERIFY(problem->sentence.contains(QString::number(position + 1)));
        for (const QChar c : problem->sentence)
            QVERIFY(c.isPrint());
    }

    void typedLinesAreSplit_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("code");
        const auto good = [](const QByteArray &line, const QByteArray &name,
                             const QByteArray &value) {
            QTest::newRow(line.constData()) << line << name << value << QString();
        };
        const auto bad = [](const char *row, const QByteArray &line, const char *code) {
            QTest::newRow(row) << line << QByteArray() << QByteArray() << QString::fromLatin1(code);
        };
        good("X-Api-Key: k", "X-Api-Key", "k");
        good("X-Api-Key:k", "X-Api-Key", "k");
        good("  X-A :  b c  ", "X-A", "b c");
        good("X-A:", "X-A", "");
        good("X-A: b: c", "X-A", "b: c");
        good("X-A: caf\xc3\xa9", "X-A", "caf\xc3\xa9");
        bad("empty", "", "header-without-colon");
        bad("no colon", "X-A", "header-without-colon");
        bad("no name", ": x", "header-malformed");
        bad("line end", "X-A: b\nX-B: c", "header-malformed");
        bad("line end at the end", "X-A: b\r\n", "header-malformed");
        bad("NUL", QByteArray("X-A: b\0", 7), "header-malformed");
    }
    void typedLinesAreSplit()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(QString, code);
        const Expected<Header> header = HeaderList::parse(line, HeaderSource::User);
        QCOMPARE(bool(header), code.isEmpty());
        if (!header) {
            QCOMPARE(header.error().code, code);
            QCOMPARE(header.error().kind, FailureKind::Usage);
            return;
        }
        QCOMPARE(*header, (Header{name, value, HeaderSource::User, false}));
    }

    void orderSpellingAndDuplicatesAreKept()
    {
        HeaderList list;
        list.add("X-A", "1", HeaderSource::User);
        list.add("X-B", "2", HeaderSource::User);
        list.add("x-a", "3", HeaderSource::User, true);
        QCOMPARE(list.lines().size(), 3);
        QCOMPARE(list.lines().at(2), (Header{"x-a", "3", HeaderSource::User, true}));
        QCOMPARE(list.value("X-a"), QByteArray("1"));
        QVERIFY(list.contains("x-b"));
        QVERIFY(!list.contains("x"));
        QVERIFY(list.value("none").isNull());

        list.set("X-a", "4", HeaderSource::Protocol);
        QCOMPARE(list,
                 HeaderList({{"X-a", "4", HeaderSource::Protocol, false},
                             {"X-B", "2", HeaderSource::User, false}}));
        list.set("X-C", "5", HeaderSource::Session);
        QCOMPARE(list.lines().last().name, QByteArray("X-C"));
        list.remove("x-B");
        QCOMPARE(list.lines().size(), 2);
        list.remove("none");
        QCOMPARE(list.lines().size(), 2);
    }

    void namesCompareWithoutCase()
    {
        QVERIFY(sameHeaderName("Content-Type", "content-TYPE"));
        QVERIFY(!sameHeaderName("Content-Type", "Content-Typ"));
        QVERIFY(sameHeaderName("", ""));
    }
};

QTEST_GUILESS_MAIN(HttpValues)
#include "test_values.moc"
