// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/header_check.h"

#include <QTest>

using namespace sightglass;

namespace {

Header line(const QByteArray &name, const QByteArray &value, bool secret = false)
{
    return {name, value, HeaderSource::User, secret};
}

} // namespace

class TestHeaderCheck : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_request_says_in_its_headers_what_it_is_data()
    {
        QTest::addColumn<QList<Header>>("sent");
        QTest::addColumn<QList<Header>>("mirrored");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("contradicted"); ///< "name value wanted"; empty: nothing is
        const auto row = [](const char *name, const QList<Header> &sent,
                            const QList<Header> &mirrored, const QByteArray &method,
                            const QByteArray &contradicted) {
            QTest::newRow(name) << sent << mirrored << method << contradicted;
        };
        const QList<Header> mirrored{line("Mcp-Method", "tools/call"), line("Mcp-Name", "a")};
        row("nothing of it", {line("Accept", "x")}, {}, "tools/call", {});
        row("as it has to be", mirrored, mirrored, "tools/call", {});
        row("another method", {line("mcp-method", "bogus")}, mirrored, "tools/call",
            "mcp-method bogus tools/call");
        row("another name", {line("Mcp-Name", "b")}, mirrored, "tools/call", "Mcp-Name b a");
        row("another revision", {line("MCP-Protocol-Version", "1999-01-01")}, {}, "ping",
            "MCP-Protocol-Version 1999-01-01 2025-11-25");
        row("the revision", {line("MCP-Protocol-Version", "2025-11-25")}, {}, "ping", {});
        row("a method where the era has no such header", {line("Mcp-Method", "x")}, {}, "ping",
            "Mcp-Method x ping");
        row("an answer has no method", {line("Mcp-Method", "x")}, {}, {}, {});
        row("a secret stays one", {line("Mcp-Name", "b", true)}, mirrored, "tools/call",
            "Mcp-Name  a");
    }
    void a_request_says_in_its_headers_what_it_is()
    {
        QFETCH(QList<Header>, sent);
        QFETCH(QList<Header>, mirrored);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, contradicted);
        QByteArrayList found;
        const QList<HeaderContradiction> all =
            contradictionsOfRequest(sent, HeaderList(mirrored), "2025-11-25", {method, {}});
        for (const HeaderContradiction &one : all)
            found.append(one.name + ' ' + one.value + ' ' + one.wanted);
        QCOMPARE(found.join('\n'), contradicted);
    }
    void a_response_names_the_revision_or_none()
    {
        QCOMPARE(contradictionsOfResponse({line("Content-Type", "x")}, "2025-11-25").size(), 0);
        QCOMPARE(
            contradictionsOfResponse({line("mcp-protocol-version", "2025-11-25")}, "2025-11-25")
                .size(),
            0);
        const QList<HeaderContradiction> found =
            contradictionsOfResponse({line("mcp-protocol-version", "2024-11-05")}, "2025-11-25");
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.first().value, "2024-11-05");
    }
};

QTEST_APPLESS_MAIN(TestHeaderCheck)
#include "test_header_check.moc"
