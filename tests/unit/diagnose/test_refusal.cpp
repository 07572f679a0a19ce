// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/diagnose/refusal.h"

#include <QTest>

using namespace sightglass;

/// A trace of requests to one server, made by hand.
struct Story {
    TraceStore trace;

    ExchangeId add(ExchangeKind kind, const QByteArray &method, const QString &what,
                   const QList<Header> &headers, int status, const QString &acting = {},
                   const QString &url = QStringLiteral("http://h/mcp"))
    {
        RequestRecord request;
        request.kind = kind;
        request.method = method;
        request.what = what;
        request.url = QUrl(url);
        request.headers = headers;
        request.acting = acting;
        const ExchangeId id = trace.begin(request, {});
        ResponseRecord response;
        response.status = status;
        trace.respond(id, response);
        trace.finish(id);
        return id;
    }
    Failure refused(ExchangeId id) const
    {
        return explained(trace,
                         Failure{FailureKind::Refused,
                                 QStringLiteral("unauthorized"),
                                 QStringLiteral("plain"),
                                 {},
                                 id,
                                 {}});
    }
};

class TestRefusal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void what_the_refused_request_lacked_data();
    void what_the_refused_request_lacked();
    void only_the_reconnect_forgets();
    void nothing_is_concluded_without_an_accepted_request();
    void another_origin_is_no_comparison();
    void doubled_scheme_and_odd_tokens();
};

namespace {
const Header token{"Authorization", "Bearer abc", HeaderSource::Credential, true};
const Header key{"X-Api-Key", "k", HeaderSource::Credential, true};
const Header cookie{"Cookie", "a=b", HeaderSource::Credential, true};
} // namespace

void TestRefusal::what_the_refused_request_lacked_data()
{
    QTest::addColumn<ExchangeKind>("kind");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QList<Header>>("carried"); // by the POST before
    QTest::addColumn<QList<Header>>("left"); // by the refused one
    QTest::addColumn<QString>("finding");
    using H = QList<Header>;
    QTest::newRow("stream") << ExchangeKind::Stream << QByteArray("GET") << H{token} << H{}
                            << QStringLiteral("AF-01");
    QTest::newRow("end") << ExchangeKind::Delete << QByteArray("DELETE") << H{token} << H{}
                         << QStringLiteral("AF-03");
    QTest::newRow("header") << ExchangeKind::Stream << QByteArray("GET") << H{token, key}
                            << H{token} << QStringLiteral("AF-04");
    QTest::newRow("cookie") << ExchangeKind::Stream << QByteArray("GET") << H{cookie} << H{}
                            << QStringLiteral("AF-05");
    QTest::newRow("nothing lacks")
        << ExchangeKind::Stream << QByteArray("GET") << H{token} << H{token} << QString();
}

void TestRefusal::what_the_refused_request_lacked()
{
    QFETCH(ExchangeKind, kind);
    QFETCH(QByteArray, method);
    QFETCH(QList<Header>, carried);
    QFETCH(QList<Header>, left);
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), carried, 200);
    const Failure failure = story.refused(story.add(kind, method, QStringLiteral("x"), left, 401));
    QTEST(failure.finding, "finding");
    QCOMPARE(failure.sentence.contains(QStringLiteral("exchange 1")), !failure.finding.isEmpty());
}

void TestRefusal::only_the_reconnect_forgets()
{
    Story forgets;
    forgets.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 200);
    forgets.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {token}, 200);
    const ExchangeId id =
        forgets.add(ExchangeKind::Reconnect, "GET", QStringLiteral("event stream"), {}, 401);
    QCOMPARE(forgets.refused(id).finding, QStringLiteral("AF-02"));

    Story never;
    never.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 200);
    never.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {}, 401);
    const ExchangeId again =
        never.add(ExchangeKind::Reconnect, "GET", QStringLiteral("event stream"), {}, 401);
    QCOMPARE(never.refused(again).finding, QStringLiteral("AF-01"));
}

void TestRefusal::nothing_is_concluded_without_an_accepted_request()
{
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 401);
    const ExchangeId id =
        story.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {}, 401);
    QCOMPARE(story.refused(id).sentence, QStringLiteral("plain"));
}

void TestRefusal::another_origin_is_no_comparison()
{
    Story story;
    story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"), {token}, 200, {},
              QStringLiteral("http://other/mcp"));
    const ExchangeId id =
        story.add(ExchangeKind::Stream, "GET", QStringLiteral("event stream"), {}, 401);
    QCOMPARE(story.refused(id).sentence, QStringLiteral("plain"));
}

void TestRefusal::doubled_scheme_and_odd_tokens()
{
    const auto finding = [](const QByteArray &value) {
        Story story;
        const ExchangeId id =
            story.add(ExchangeKind::Post, "POST", QStringLiteral("initialize"),
                      {Header{"Authorization", value, HeaderSource::Credential, true}}, 401);
        return story.refused(id).finding;
    };
    QCOMPARE(finding("Bearer Bearer abc"), QStringLiteral("AF-06"));
    QCOMPARE(finding("bearer BEARER abc"), QStringLiteral("AF-06"));
    QCOMPARE(finding("Bearer \"abc\""), QStringLiteral("AF-07"));
    QCOMPARE(finding("Bearer abc "), QStringLiteral("AF-07"));
    QCOMPARE(finding("Bearer \xc3\xa9"), QStringLiteral("AF-07"));
    QCOMPARE(finding("Bearer abc"), QString());
    QCOMPARE(finding("Basic YTpi"), QString());
}

QTEST_APPLESS_MAIN(TestRefusal)
#include "test_refusal.moc"
