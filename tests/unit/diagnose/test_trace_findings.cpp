// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose/trace_findings.h"
#include "core/filter/trace_search.h"
#include "tests/support/made_trace.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

class TestTraceFindings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void an_exchange_has_the_findings_that_it_shows();
    void what_another_one_brings_about_is_asked_for_as_well();
    void one_that_was_stopped_is_no_answer();
    void a_filter_finds_them_in_several_threads();
};

void TestTraceFindings::an_exchange_has_the_findings_that_it_shows()
{
    MadeTrace trace;
    QCOMPARE(trace.add(CallWithToken), 1);
    QCOMPARE(trace.add(BareStream), 2);
    QCOMPARE(trace.add(CallWithToken), 3);
    QCOMPARE(trace.add(BareStream), 4);
    TraceFindings found{Redactor("salt")};
    QCOMPARE(found.of(trace.store, 1), QStringList());
    QCOMPARE(found.of(trace.store, 2), QStringList{u"AF-01"_s});
    QCOMPARE(found.of(trace.store, 3), QStringList());
    QCOMPARE(found.of(trace.store, 4), QStringList{u"AF-01"_s});
    QCOMPARE(found.of(trace.store, 0), QStringList());
    QCOMPARE(found.of(trace.store, 99), QStringList());
}

void TestTraceFindings::what_another_one_brings_about_is_asked_for_as_well()
{
    MadeTrace trace;
    trace.add({.what = u"x"_s, .status = 302, .gets = {"Location: /login"}});
    trace.add({.url = u"https://mcp.example/home"_s,
               .what = u"x"_s,
               .gets = {"Content-Type: text/html"},
               .answer = "<html>"});
    QCOMPARE(trace.ids(), QStringList{u"AF-92"_s});
    TraceFindings found{Redactor("salt")};
    QVERIFY(found.of(trace.store, 1).contains(u"AF-92"_s));
    QVERIFY(found.of(trace.store, 2).contains(u"AF-91"_s));
}

void TestTraceFindings::one_that_was_stopped_is_no_answer()
{
    MadeTrace trace;
    trace.add(CallWithToken);
    trace.add(BareStream);
    TraceFindings found{Redactor("salt")};
    const std::atomic<bool> stop = true;
    QCOMPARE(found.of(trace.store, 2, &stop), QStringList());
    QCOMPARE(found.of(trace.store, 2), QStringList{u"AF-01"_s});
}

void TestTraceFindings::a_filter_finds_them_in_several_threads()
{
    MadeTrace trace;
    for (int i = 0; i < 2000; ++i) {
        trace.add(CallWithToken);
        trace.add(BareStream);
    }
    const TraceFilter filter =
        TraceFilter::parse(u"finding:AF-01 -id:2"_s).withFindings(ruleFindings(Redactor("salt")));
    qint64 rows = 0;
    bool even = true;
    const std::atomic<bool> stop = false;
    searchTrace(trace.store, filter, {TraceSearch::Rows::Exchanges, 0, 1, 4000, 4}, stop,
                [&](const FoundRows &part) {
                    rows += part.rows.size();
                    for (const TraceRow &row : part.rows)
                        even = even && row.exchange % 2 == 0;
                });
    QCOMPARE(rows, 1999);
    QVERIFY(even);
}

QTEST_APPLESS_MAIN(TestTraceFindings)
#include "test_trace_findings.moc"
