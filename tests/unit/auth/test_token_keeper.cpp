// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/token_keeper.h"

#include <QTest>

using namespace sightglass;
using namespace Qt::StringLiterals;

class TestTokenKeeper : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void what_is_written_is_read();
    void what_cannot_be_read_is_empty_data();
    void what_cannot_be_read_is_empty();
    void each_client_has_its_own_tokens();
    void clients_are_kept_and_forgotten_data();
    void clients_are_kept_and_forgotten();
    void other_servers_are_not_touched();
};

namespace {

const QUrl Server(u"https://mcp.example/mcp"_s);
const QUrl OtherServer(u"https://other.example/mcp"_s);

TokenSet tokensOf(const QString &client, const QByteArray &access)
{
    TokenSet tokens;
    tokens.accessToken = access;
    tokens.refreshToken = "r-" + access;
    tokens.scope = u"a b"_s;
    tokens.issuer = u"https://as.example"_s;
    tokens.clientId = client;
    tokens.resource = u"https://mcp.example/mcp"_s;
    tokens.received = 1'800'000'000;
    tokens.expiresIn = 60;
    return tokens;
}

ClientIdentity clientOf(ClientIdentity::Source source, const QString &id)
{
    ClientIdentity client;
    client.source = source;
    client.id = id;
    client.issuer = u"https://as.example"_s;
    client.secret = u"s"_s;
    client.authentication = ClientAuthentication::Post;
    client.redirectUri = u"http://127.0.0.1:1/callback"_s;
    return client;
}

KeptLogin loaded(TokenKeeper &keeper, const QUrl &server)
{
    std::optional<KeptLogin> login;
    keeper.load(server, &keeper, [&login](const KeptLogin &kept) { login = kept; });
    if (!QTest::qWaitFor([&login] { return login.has_value(); }))
        qFatal("nothing was read");
    return *login;
}

QStringList idsOf(const KeptLogin &login)
{
    QStringList ids;
    for (const ClientIdentity &client : login.clients)
        ids.append(client.id);
    ids.sort();
    return ids;
}

} // namespace

void TestTokenKeeper::what_is_written_is_read()
{
    TokenSet tokens = tokensOf(u"c"_s, "at");
    tokens.idToken = "id";
    QCOMPARE(tokensFromJson(tokensToJson(tokens)), tokens);
    tokens.type = "DPoP";
    tokens.dpopKey = SigningKey::generate();
    tokens.expiresIn.reset();
    QCOMPARE(tokensFromJson(tokensToJson(tokens)), tokens);
    for (const auto source : {ClientIdentity::Source::Registered, ClientIdentity::Source::Given}) {
        ClientIdentity client = clientOf(source, u"c"_s);
        client.secretExpires = 1'900'000'000;
        QCOMPARE(clientFromJson(clientToJson(client)), client);
    }
}

void TestTokenKeeper::what_cannot_be_read_is_empty_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("{\"access_token\":");
    QTest::newRow("array") << QByteArray("[1]");
    QTest::newRow("wrong type") << QByteArray("{\"access_token\":7,\"client_id\":{}}");
    QTest::newRow("bound to a key that is not there")
        << QByteArray("{\"access_token\":\"a\",\"token_type\":\"DPoP\"}");
    QTest::newRow("bound to a key that is none") << QByteArray(
        "{\"access_token\":\"a\",\"token_type\":\"DPoP\",\"dpop_key\":{\"kty\":\"EC\"}}");
}

void TestTokenKeeper::what_cannot_be_read_is_empty()
{
    QFETCH(QByteArray, json);
    QCOMPARE(tokensFromJson(json), TokenSet());
    QCOMPARE(clientFromJson(json), ClientIdentity());
}

void TestTokenKeeper::each_client_has_its_own_tokens()
{
    CredentialStore store(nullptr);
    TokenKeeper keeper(&store);
    keeper.keep(Server, tokensOf(u"alice"_s, "a1"));
    keeper.keep(Server, tokensOf(u"bob"_s, "b1"));
    keeper.keep(Server, tokensOf(u"alice"_s, "a2"));
    QByteArrayList tokens;
    for (const TokenSet &kept : loaded(keeper, Server).tokens)
        tokens.append(kept.accessToken);
    std::sort(tokens.begin(), tokens.end());
    QCOMPARE(tokens, (QByteArrayList{"a2", "b1"}));
    // None any more: the log-in has ended.
    keeper.keep(Server, TokenSet());
    QVERIFY(loaded(keeper, Server).tokens.isEmpty());
}

void TestTokenKeeper::clients_are_kept_and_forgotten_data()
{
    QTest::addColumn<ClientIdentity::Source>("source");
    QTest::addColumn<QStringList>("kept");
    QTest::newRow("registered") << ClientIdentity::Source::Registered << QStringList{u"new"_s};
    // Several may be given for one authorisation server.
    QTest::newRow("given") << ClientIdentity::Source::Given << QStringList{u"new"_s, u"old"_s};
    QTest::newRow("a document says who it is")
        << ClientIdentity::Source::MetadataDocument << QStringList();
}

void TestTokenKeeper::clients_are_kept_and_forgotten()
{
    QFETCH(ClientIdentity::Source, source);
    QFETCH(QStringList, kept);
    CredentialStore store(nullptr);
    TokenKeeper keeper(&store);
    keeper.keepClient(clientOf(source, u"old"_s));
    keeper.keepClient(clientOf(source, u"new"_s));
    QCOMPARE(idsOf(loaded(keeper, Server)), kept);
    keeper.forgetClient(clientOf(source, u"new"_s));
    kept.removeAll(u"new"_s);
    QCOMPARE(idsOf(loaded(keeper, Server)), kept);
}

void TestTokenKeeper::other_servers_are_not_touched()
{
    CredentialStore store(nullptr);
    TokenKeeper keeper(&store);
    keeper.keep(Server, tokensOf(u"c"_s, "at"));
    keeper.keep(OtherServer, tokensOf(u"c"_s, "other"));
    bool gone = false;
    keeper.forget(Server, &keeper, [&gone](CredentialStore::Kept) { gone = true; });
    QTRY_VERIFY(gone);
    QVERIFY(loaded(keeper, Server).tokens.isEmpty());
    QCOMPARE(loaded(keeper, OtherServer).tokens.size(), 1);
}

QTEST_GUILESS_MAIN(TestTokenKeeper)
#include "test_token_keeper.moc"
