// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/http_request.h"

#include <QTest>

using namespace sightglass;

/// What the lab reads as a request, and what it refuses. (tests/fuzz has what holds for any bytes.)
class TestHttpRequest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_target_has_no_control_characters_data();
    void a_target_has_no_control_characters();
};

void TestHttpRequest::a_target_has_no_control_characters_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    QTest::newRow("path") << QByteArray("/a?b=%20") << 0;
    QTest::newRow("bytes beyond ASCII") << QByteArray("/gr\xc3\xbc\xc3\x9f") << 0;
    QTest::newRow("whole URL") << QByteArray("http://user@host:1/a") << 0;
    // The host of a whole URL becomes a header, which no such character may stand in.
    QTest::newRow("NUL in a host") << QByteArray("http://a\0b/", 11) << 400;
    QTest::newRow("carriage return in a host") << QByteArray("http://a\rX: b/") << 400;
    QTest::newRow("tab in a path") << QByteArray("/a\tb") << 400;
    QTest::newRow("DEL in a path") << QByteArray("/a\x7f") << 400;
}

void TestHttpRequest::a_target_has_no_control_characters()
{
    QFETCH(QByteArray, target);
    QFETCH(int, status);
    LabRequestParser parser;
    parser.feed("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    if (status == 0) {
        QCOMPARE(parser.next(), LabRequestParser::Step::Complete);
        QCOMPARE(parser.take().target, target);
    } else {
        QCOMPARE(parser.next(), LabRequestParser::Step::Malformed);
        QCOMPARE(parser.status(), status);
    }
}

QTEST_APPLESS_MAIN(TestHttpRequest)
#include "test_http_request.moc"
