// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/oauth/oauth_metadata.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestOAuthMetadata : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void places_of_resource_metadata_data();
    void places_of_resource_metadata();
    void places_of_server_metadata_data();
    void places_of_server_metadata();
    void identifiers_differ_data();
    void identifiers_differ();
    void first_difference_is_found();
    void resources_are_written_canonically_data();
    void resources_are_written_canonically();
    void private_hosts_are_known_data();
    void private_hosts_are_known();
    void endpoints_are_safe_data();
    void endpoints_are_safe();
    void resource_metadata_is_read_data();
    void resource_metadata_is_read();
    void wrong_types_count_as_absent_and_are_told();
    void long_documents_are_not_read();
};

namespace {

QStringList texts(const QList<QUrl> &urls)
{
    QStringList list;
    for (const QUrl &url : urls)
        list.append(url.toString(QUrl::FullyEncoded));
    return list;
}

} // namespace

void TestOAuthMetadata::places_of_resource_metadata_data()
{
    QTest::addColumn<QString>("resource");
    QTest::addColumn<QStringList>("places");
    const QString root = u"https://a.example/.well-known/oauth-protected-resource"_s;
    QTest::newRow("path") << u"https://a.example/public/mcp"_s
                          << QStringList{root + u"/public/mcp"_s, root};
    QTest::newRow("root") << u"https://a.example/"_s << QStringList{root};
    QTest::newRow("no path") << u"https://a.example"_s << QStringList{root};
    QTest::newRow("slash at the end, query, user")
        << u"https://u:p@a.example/mcp/?x=1#y"_s << QStringList{root + u"/mcp/"_s, root};
    QTest::newRow("port") << u"http://[::1]:81/x"_s
                          << QStringList{
                                 u"http://[::1]:81/.well-known/oauth-protected-resource/x"_s,
                                 u"http://[::1]:81/.well-known/oauth-protected-resource"_s};
    QTest::newRow("percent") << u"https://a.example/a%20c/%25"_s
                             << QStringList{root + u"/a%20c/%25"_s, root};
    QTest::newRow("spelling stays")
        << u"https://a.example/a%2Fb"_s << QStringList{root + u"/a%2Fb"_s, root};
}

void TestOAuthMetadata::places_of_resource_metadata()
{
    QFETCH(QString, resource);
    QFETCH(QStringList, places);
    QCOMPARE(texts(resourceMetadataPlaces(QUrl(resource))), places);
}

void TestOAuthMetadata::places_of_server_metadata_data()
{
    QTest::addColumn<QString>("issuer");
    QTest::addColumn<QStringList>("places");
    QTest::newRow("no path") << u"https://as.example"_s
                             << QStringList{
                                    u"https://as.example/.well-known/oauth-authorization-server"_s,
                                    u"https://as.example/.well-known/openid-configuration"_s};
    QTest::newRow("slash") << u"https://as.example/"_s
                           << QStringList{
                                  u"https://as.example/.well-known/oauth-authorization-server"_s,
                                  u"https://as.example/.well-known/openid-configuration"_s};
    QTest::newRow("path")
        << u"https://as.example/tenant1"_s
        << QStringList{u"https://as.example/.well-known/oauth-authorization-server/tenant1"_s,
                       u"https://as.example/.well-known/openid-configuration/tenant1"_s,
                       u"https://as.example/tenant1/.well-known/openid-configuration"_s};
    QTest::newRow("no URL") << u"as.example"_s << QStringList();
    QTest::newRow("another scheme") << u"file:///etc"_s << QStringList();
    QTest::newRow("empty") << QString() << QStringList();
}

void TestOAuthMetadata::places_of_server_metadata()
{
    QFETCH(QString, issuer);
    QFETCH(QStringList, places);
    QCOMPARE(texts(serverMetadataPlaces(issuer)), places);
}

void TestOAuthMetadata::identifiers_differ_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<UriDifference>("difference");
    QTest::newRow("same") << u"https://a.example/mcp"_s << UriDifference::None;
    QTest::newRow("slash more") << u"https://a.example/mcp/"_s << UriDifference::TrailingSlash;
    QTest::newRow("origin") << u"https://a.example"_s << UriDifference::Parent;
    QTest::newRow("origin with slash") << u"https://a.example/"_s << UriDifference::Parent;
    QTest::newRow("another path") << u"https://a.example/other"_s << UriDifference::SameOrigin;
    QTest::newRow("beginning of a name is no parent")
        << u"https://a.example/mc"_s << UriDifference::SameOrigin;
    QTest::newRow("another host") << u"https://b.example/mcp"_s << UriDifference::Other;
    QTest::newRow("another scheme") << u"http://a.example/mcp"_s << UriDifference::Other;
    QTest::newRow("no URL") << u"urn:mcp"_s << UriDifference::Other;
    QTest::newRow("upper case") << u"https://A.example/mcp"_s << UriDifference::SameOrigin;
}

void TestOAuthMetadata::identifiers_differ()
{
    QFETCH(QString, given);
    QFETCH(UriDifference, difference);
    QCOMPARE(uriDifference(given, u"https://a.example/mcp"_s), difference);
}

void TestOAuthMetadata::first_difference_is_found()
{
    QCOMPARE(firstDifference(u"abc", u"abc"), -1);
    QCOMPARE(firstDifference(u"abc", u"abd"), 2);
    QCOMPARE(firstDifference(u"abc", u"abcd"), 3);
    QCOMPARE(firstDifference(u"", u"x"), 0);
}

void TestOAuthMetadata::resources_are_written_canonically_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("resource");
    QTest::newRow("as it is") << u"https://a.example/mcp"_s << u"https://a.example/mcp"_s;
    QTest::newRow("no path") << u"https://a.example/"_s << u"https://a.example"_s;
    QTest::newRow("slash that means something")
        << u"https://a.example/mcp/"_s << u"https://a.example/mcp/"_s;
    QTest::newRow("case, user, fragment")
        << u"HTTPS://u:p@A.Example:8443/mcp#x"_s << u"https://a.example:8443/mcp"_s;
}

void TestOAuthMetadata::resources_are_written_canonically()
{
    QFETCH(QString, url);
    QFETCH(QString, resource);
    QCOMPARE(canonicalResource(QUrl(url)), resource);
}

void TestOAuthMetadata::private_hosts_are_known_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("isPrivate");
    for (const char *host :
         {"127.0.0.1",     "127.9.9.9",      "localhost",      "x.localhost", "::1",
          "10.1.2.3",      "172.16.0.1",     "172.31.255.255", "192.168.1.1", "169.254.169.254",
          "100.64.0.1",    "0.0.0.0",        "fe80::1",        "fd00::1",     "::ffff:10.0.0.1",
          "printer.local", "vault.internal", "intranet",       "nas.lan",     "localhost.",
          "LOCALHOST",     "printer.local.", "intranet."})
        QTest::newRow(host) << QString::fromLatin1(host) << true;
    for (const char *host : {"example.org", "8.8.8.8", "172.32.0.1", "192.169.0.1", "2001:db8::1",
                             "localhost.example.org", "10.example.org"})
        QTest::newRow(host) << QString::fromLatin1(host) << false;
}

void TestOAuthMetadata::private_hosts_are_known()
{
    QFETCH(QString, host);
    QFETCH(bool, isPrivate);
    QCOMPARE(isPrivateHost(host), isPrivate);
}

void TestOAuthMetadata::endpoints_are_safe_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("safe");
    QTest::newRow("https") << u"https://as.example/authorize?x=1"_s << true;
    QTest::newRow("loopback") << u"http://127.0.0.1:8080/authorize"_s << true;
    QTest::newRow("loopback by name") << u"http://localhost/authorize"_s << true;
    QTest::newRow("loopback, IPv6") << u"http://[::1]:1/authorize"_s << true;
    for (const char *url :
         {"http://as.example/authorize", "javascript:alert(1)", "file:///etc/passwd",
          "data:text/html,x", "https:///authorize", "//as.example/authorize", "/authorize", "",
          "ssh://as.example", "https://as.example/ `id`", "http://127.0.0.1.evil.example/"})
        QTest::newRow(url) << QString::fromLatin1(url) << false;
}

void TestOAuthMetadata::endpoints_are_safe()
{
    QFETCH(QString, url);
    QFETCH(bool, safe);
    QCOMPARE(isSafeEndpoint(QUrl(url, QUrl::StrictMode)), safe);
}

void TestOAuthMetadata::resource_metadata_is_read_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("instead"); // empty: it is read
    QTest::addColumn<bool>("isPage");
    const QByteArray json = "application/json";
    QTest::newRow("fine") << json << QByteArray(R"({"resource":"https://a.example/mcp"})")
                          << QString() << false;
    QTest::newRow("page") << QByteArray("text/html") << QByteArray("<html></html>")
                          << u"a web page (text/html)"_s << true;
    QTest::newRow("page that says it is JSON")
        << json << QByteArray("<!doctype html>") << u"a web page"_s << true;
    QTest::newRow("array") << json << QByteArray("[]") << u"no JSON object"_s << false;
    QTest::newRow("nothing") << json << QByteArray() << u"no JSON object"_s << false;
    QTest::newRow("cut off") << json << QByteArray("{\"resource\":\"htt") << u"no JSON object"_s
                             << false;
    QTest::newRow("no resource") << json << QByteArray("{}")
                                 << u"JSON that has no member “resource”"_s << false;
    QTest::newRow("number") << json << QByteArray("{\"resource\":1}")
                            << u"JSON whose member “resource” is no URL"_s << false;
}

void TestOAuthMetadata::resource_metadata_is_read()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QString, instead);
    QFETCH(bool, isPage);
    const auto read = readResourceMetadata(type, body);
    QCOMPARE(read.instead, instead);
    QCOMPARE(read.document.has_value(), instead.isEmpty());
    QCOMPARE(read.isPage, isPage);
}

void TestOAuthMetadata::wrong_types_count_as_absent_and_are_told()
{
    const QByteArray body =
        R"({"issuer":"https://as.example","token_endpoint":7,"scopes_supported":"a b",)"
        R"("grant_types_supported":["authorization_code",1],"jwks_uri":null,)"
        R"("authorization_response_iss_parameter_supported":"yes",)"
        R"("dpop_signing_alg_values_supported":{}})";
    const auto read = readServerMetadata("application/json", body);
    QVERIFY(read.document);
    QCOMPARE(read.document->tokenEndpoint, QString());
    QVERIFY(!read.document->scopesSupported);
    QCOMPARE(read.document->grantTypes, QStringList{u"authorization_code"_s});
    QVERIFY(!read.document->issInResponse);
    QStringList members;
    for (const MetadataProblem &problem : read.document->problems)
        members.append(problem.member);
    members.sort();
    QCOMPARE(members,
             (QStringList{u"authorization_response_iss_parameter_supported"_s,
                          u"dpop_signing_alg_values_supported"_s, u"grant_types_supported"_s,
                          u"jwks_uri"_s, u"scopes_supported"_s, u"token_endpoint"_s}));
}

void TestOAuthMetadata::long_documents_are_not_read()
{
    const QByteArray body =
        R"({"resource":"https://a.example/mcp","x":")" + QByteArray(MostMetadataBytes, 'x') + "\"}";
    QCOMPARE(readResourceMetadata("application/json", body).instead, u"longer than 1 MiB"_s);
}

QTEST_GUILESS_MAIN(TestOAuthMetadata)
#include "test_oauth_metadata.moc"
