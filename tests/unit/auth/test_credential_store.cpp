// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/auth/login/credential_store.h"

#include "tests/support/fake_keychain.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

using namespace sightglass;
using namespace sightglass::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

using Kept = CredentialStore::Kept;
using Outcome = Keychain::Outcome;
using Limits = CredentialStore::Limits;
using Secret = std::optional<QByteArray>;

const CredentialKey Mine{u"https://rs.example/mcp"_s, u"https://as.example"_s, u"client"_s};
const CredentialKey Other{u"https://rs.example/mcp"_s, u"https://as.example"_s, u"client 2"_s};
const CredentialKey Elsewhere{u"https://rs.example/other"_s, u"https://as.example"_s, u"client"_s};
const CredentialKey Registration{{}, u"https://as.example"_s, {}};

Keychain::Answer trouble(Outcome outcome, const QString &detail = {})
{
    return {outcome, {}, detail};
}

/// A store whose answers are waited for.
class WaitingStore {
public:
    explicit WaitingStore(Vault *vault, Limits limits = {})
        : store(vault ? std::make_unique<FakeKeychain>(*vault) : nullptr, limits)
        , lost(&store, &CredentialStore::memoryOnly)
        , again(&store, &CredentialStore::persistentAgain)
        , waits(&store, &CredentialStore::waiting)
    {
    }

    std::optional<Kept> write(const CredentialKey &key, const QByteArray &secret)
    {
        return answer<Kept>([&](auto then) { store.write(key, secret, &store, then); });
    }
    std::optional<Kept> remove(const CredentialKey &key)
    {
        return answer<Kept>([&](auto then) { store.remove(key, &store, then); });
    }
    std::optional<Kept> removeAll(const QString &resource)
    {
        return answer<Kept>([&](auto then) { store.removeAll(resource, &store, then); });
    }
    Secret read(const CredentialKey &key)
    {
        return answer<Secret>([&](auto then) { store.read(key, &store, then); }).value_or("?");
    }
    QList<CredentialKey> list(const QString &resource)
    {
        return answer<QList<CredentialKey>>([&](auto then) { store.list(resource, &store, then); })
            .value_or(QList<CredentialKey>{{u"?"_s, {}, {}}});
    }
    Failure failure() const
    {
        return lost.isEmpty() ? Failure() : lost.constFirst().constFirst().value<Failure>();
    }

    CredentialStore store;
    QSignalSpy lost;
    QSignalSpy again;
    QSignalSpy waits;

private:
    template <typename T> std::optional<T> answer(const auto &ask)
    {
        const auto given = std::make_shared<std::optional<T>>();
        ask([given](const T &value) { *given = value; });
        if (*given)
            return {}; // it was to come later
        return QTest::qWaitFor([&] { return given->has_value(); }, 10'000) ? *given
                                                                           : std::optional<T>();
    }
};

} // namespace

class TestCredentialStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void secrets_come_back_as_they_were_data();
    void secrets_come_back_as_they_were();
    void keys_are_told_apart_data();
    void keys_are_told_apart();
    void a_keychain_keeps_for_the_next_program();
    void memory_alone_is_forgotten_and_not_told();
    void operations_are_done_in_order();
    void one_request_at_a_time();
    void what_a_resource_has_is_listed();
    void the_last_entry_takes_the_list_along();
    void all_of_a_resource_is_removed();
    void no_list_holds_a_secret();
    void a_malformed_list_is_made_anew_data();
    void a_malformed_list_is_made_anew();
    void without_a_keychain_all_goes_on_and_it_is_said_once_data();
    void without_a_keychain_all_goes_on_and_it_is_said_once();
    void a_failure_that_does_not_last_is_not_told();
    void a_refusal_is_not_asked_again();
    void what_was_known_is_still_known();
    void a_write_that_is_lost_silently_is_noticed();
    void a_removal_that_is_lost_silently_is_noticed();
    void nothing_to_write_into_is_a_failure();
    void a_silent_keychain_is_given_up_in_time();
    void a_late_answer_makes_it_catch_up();
    void a_late_failure_changes_nothing();
    void an_open_keychain_has_less_time();
    void finding_nothing_does_not_mean_open();
    void who_waits_is_told_and_can_give_up();
    void giving_up_without_waiting_does_nothing();
    void strangers_words_are_marked();
    void nobody_is_called_who_is_gone();
    void the_store_may_go_at_any_time_data();
    void the_store_may_go_at_any_time();
    void idle_tells_when_all_is_done();
    void it_works_in_another_thread();
};

void TestCredentialStore::secrets_come_back_as_they_were_data()
{
    QTest::addColumn<bool>("keychain");
    QTest::addColumn<QByteArray>("secret");
    for (const bool keychain : {true, false}) {
        const char *where = keychain ? "keychain" : "memory";
        QTest::addRow("text, %s", where) << keychain << QByteArray("{\"a\":1}");
        QTest::addRow("empty, %s", where) << keychain << QByteArray();
        QTest::addRow("bytes, %s", where) << keychain << QByteArray("\0\xff\r\n\x1b", 5);
        QTest::addRow("long, %s", where) << keychain << QByteArray(1 << 20, 'x');
    }
}

void TestCredentialStore::secrets_come_back_as_they_were()
{
    QFETCH(bool, keychain);
    QFETCH(QByteArray, secret);
    Vault vault;
    WaitingStore store(keychain ? &vault : nullptr);
    QCOMPARE(store.store.isPersistent(), keychain);
    QCOMPARE(store.read(Mine), Secret());
    QCOMPARE(store.write(Mine, secret), keychain ? Kept::InKeychain : Kept::InMemory);
    QCOMPARE(store.read(Mine), Secret(secret));
    QCOMPARE(store.write(Mine, "another"), keychain ? Kept::InKeychain : Kept::InMemory);
    QCOMPARE(store.read(Mine), Secret("another"));
    QCOMPARE(store.remove(Mine), keychain ? Kept::InKeychain : Kept::InMemory);
    QCOMPARE(store.read(Mine), Secret());
    QCOMPARE(store.remove(Mine), keychain ? Kept::InKeychain : Kept::InMemory);
    QCOMPARE(store.lost.size(), 0);
}

void TestCredentialStore::keys_are_told_apart_data()
{
    QTest::addColumn<QString>("resource");
    QTest::addColumn<QString>("issuer");
    QTest::addColumn<QString>("client");
    const auto row = [](const QString &resource, const QString &issuer, const QString &client) {
        QTest::addRow("<%s|%s|%s>", qPrintable(QString(resource).replace(u'\n', u'^')),
                      qPrintable(issuer), qPrintable(client))
            << resource << issuer << client;
    };
    row({}, {}, {});
    row(u"a"_s, u"b"_s, {});
    row(u"a"_s, {}, u"b"_s);
    row({}, u"a"_s, u"b"_s);
    row(u"a\",\"b"_s, {}, {});
    row(u"a\\"_s, u"b"_s, u"c"_s);
    row(u"A"_s, u"b"_s, u"c"_s);
    row(u"a/"_s, u"b"_s, u"c"_s);
    row(u" a"_s, u"b"_s, u"c"_s);
    row(u"a\nb"_s, u"b"_s, u"c"_s);
    row(u"ä"_s, u"b"_s, u"c"_s);
}

void TestCredentialStore::keys_are_told_apart()
{
    QFETCH(QString, resource);
    QFETCH(QString, issuer);
    QFETCH(QString, client);
    for (const bool keychain : {true, false}) {
        Vault vault;
        WaitingStore store(keychain ? &vault : nullptr);
        const CredentialKey key{resource, issuer, client};
        const CredentialKey plain{u"a"_s, u"b"_s, u"c"_s};
        QVERIFY(store.write(plain, "plain"));
        QVERIFY(store.write(key, "this"));
        QCOMPARE(store.read(plain), Secret("plain"));
        QCOMPARE(store.read(key), Secret("this"));
        QVERIFY(store.list(resource).contains(key));
        QVERIFY(store.remove(key));
        QCOMPARE(store.read(plain), Secret("plain"));
        for (const QString &name : vault.entries.keys())
            QVERIFY(!name.contains(u'\n'));
    }
}

void TestCredentialStore::a_keychain_keeps_for_the_next_program()
{
    Vault vault;
    QCOMPARE(WaitingStore(&vault).write(Mine, "secret"), Kept::InKeychain);
    WaitingStore next(&vault);
    QCOMPARE(next.list(Mine.resource), QList{Mine});
    QCOMPARE(next.read(Mine), Secret("secret"));
    // Another program logs out meanwhile.
    QCOMPARE(WaitingStore(&vault).removeAll(Mine.resource), Kept::InKeychain);
    QCOMPARE(next.read(Mine), Secret());
}

void TestCredentialStore::memory_alone_is_forgotten_and_not_told()
{
    WaitingStore store(nullptr);
    QCOMPARE(store.write(Mine, "secret"), Kept::InMemory);
    QCOMPARE(WaitingStore(nullptr).read(Mine), Secret());
    QCOMPARE(store.lost.size(), 0);
    QCOMPARE(store.waits.size(), 0);
}

void TestCredentialStore::operations_are_done_in_order()
{
    Vault vault;
    WaitingStore store(&vault);
    QList<QByteArray> told;
    const auto found = [&](const Secret &secret) { told += secret.value_or("none"); };
    const auto kept = [&](Kept) { told += "kept"; };
    store.store.read(Mine, this, found);
    store.store.write(Mine, "1", this, kept);
    store.store.read(Mine, this, found);
    store.store.write(Mine, "2", this, kept);
    store.store.write(Mine, "3", this, kept);
    store.store.read(Mine, this, found);
    store.store.remove(Mine, this, kept);
    store.store.read(Mine, this, found);
    QVERIFY(told.isEmpty());
    QTRY_COMPARE(told.size(), 8);
    QCOMPARE(told, QList<QByteArray>({"none", "kept", "1", "kept", "kept", "3", "kept", "none"}));
}

void TestCredentialStore::one_request_at_a_time()
{
    Vault vault;
    WaitingStore store(&vault);
    for (int i = 0; i < 20; ++i)
        store.store.write({Mine.resource, Mine.issuer, QString::number(i)}, "x", this, {});
    QCOMPARE(store.list(Mine.resource).size(), 20);
    QCOMPARE(vault.mostOutstanding, 1);
}

void TestCredentialStore::what_a_resource_has_is_listed()
{
    for (const bool keychain : {true, false}) {
        Vault vault;
        WaitingStore store(keychain ? &vault : nullptr);
        QCOMPARE(store.list(Mine.resource), QList<CredentialKey>());
        for (const CredentialKey &key : {Mine, Other, Elsewhere, Registration, Mine})
            QVERIFY(store.write(key, "x"));
        const QList<CredentialKey> mine = store.list(Mine.resource);
        QCOMPARE(mine.size(), 2);
        QVERIFY(mine.contains(Mine) && mine.contains(Other));
        QCOMPARE(store.list(Elsewhere.resource), QList{Elsewhere});
        QCOMPARE(store.list({}), QList{Registration});
        QVERIFY(store.remove(Mine));
        QCOMPARE(store.list(Mine.resource), QList{Other});
    }
}

void TestCredentialStore::the_last_entry_takes_the_list_along()
{
    Vault vault;
    WaitingStore store(&vault);
    QVERIFY(store.write(Mine, "x"));
    QVERIFY(store.write(Other, "x"));
    QCOMPARE(vault.entries.size(), 3);
    QVERIFY(store.remove(Mine));
    QCOMPARE(vault.entries.size(), 2);
    QVERIFY(store.remove(Other));
    QCOMPARE(vault.entries.size(), 0);
}

void TestCredentialStore::all_of_a_resource_is_removed()
{
    Vault vault;
    for (const CredentialKey &key : {Mine, Other, Elsewhere, Registration})
        QVERIFY(WaitingStore(&vault).write(key, "x"));
    WaitingStore store(&vault);
    QCOMPARE(store.removeAll(Mine.resource), Kept::InKeychain);
    QCOMPARE(vault.entries.size(), 4); // two entries and two lists
    QCOMPARE(store.read(Mine), Secret());
    QCOMPARE(store.read(Elsewhere), Secret("x"));
    QCOMPARE(store.removeAll(Mine.resource), Kept::InKeychain);
    QCOMPARE(store.removeAll({}), Kept::InKeychain);
    QCOMPARE(store.read(Registration), Secret());
    QCOMPARE(vault.entries.size(), 2);
}

void TestCredentialStore::no_list_holds_a_secret()
{
    Vault vault;
    QVERIFY(WaitingStore(&vault).write(Mine, "s3cr3t"));
    int lists = 0;
    for (auto entry = vault.entries.cbegin(); entry != vault.entries.cend(); ++entry) {
        QVERIFY(!entry.key().contains(u"s3cr3t"_s));
        if (!entry.key().startsWith(u"index "_s))
            continue;
        ++lists;
        QCOMPARE(entry.value(), "[[\"https://as.example\",\"client\"]]");
    }
    QCOMPARE(lists, 1);
}

void TestCredentialStore::a_malformed_list_is_made_anew_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"", "x", "[", "{}", "7", "[1,null,{}]", "[[]]", "[[1,2]]", "[[\"a\"]]", "[\"ab\"]"})
        QTest::addRow("<%s>", text) << QByteArray(text);
    QTest::addRow("half") << QByteArray("[7,[\"https://as.example\",\"client 2\"],[\"x\"]]");
    QTest::addRow("deep") << QByteArray(100'000, '[');
    QTest::addRow("invalid UTF-8") << QByteArray("[[\"\xff\",\"\"]]");
}

void TestCredentialStore::a_malformed_list_is_made_anew()
{
    QFETCH(QByteArray, text);
    Vault vault;
    QVERIFY(WaitingStore(&vault).write(Mine, "x"));
    QString index;
    for (const QString &name : vault.entries.keys()) {
        if (name.startsWith(u"index "_s))
            index = name;
    }
    QVERIFY(!index.isEmpty());
    vault.entries.insert(index, text);
    WaitingStore store(&vault);
    const bool half = text.startsWith("[7");
    QCOMPARE(store.list(Mine.resource), half ? QList{Other} : QList<CredentialKey>());
    QCOMPARE(store.write(Mine, "y"), Kept::InKeychain);
    QCOMPARE(store.list(Mine.resource), half ? QList({Other, Mine}) : QList{Mine});
    QCOMPARE(store.removeAll(Mine.resource), Kept::InKeychain);
    QCOMPARE(vault.entries.size(), 0);
}

void TestCredentialStore::without_a_keychain_all_goes_on_and_it_is_said_once_data()
{
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("failed") << Outcome::Failed << u"keychain-unavailable"_s
                            << u"No keychain of the system can be used (no D-Bus), so logins are "
                               "kept until the program ends, and not beyond."_s;
    QTest::newRow("refused")
        << Outcome::Refused << u"keychain-locked"_s
        << u"The system's keychain is locked and was not opened, so logins are "
           "kept until the program ends, and not beyond."_s;
}

void TestCredentialStore::without_a_keychain_all_goes_on_and_it_is_said_once()
{
    QFETCH(Outcome, outcome);
    for (int first = 0; first < 5; ++first) {
        Vault vault;
        vault.troubles.fill(trouble(outcome, u"no D-Bus"_s), 100);
        WaitingStore store(&vault);
        // Whatever comes first.
        if (first == 0)
            QCOMPARE(store.write(Other, "x"), Kept::InMemory);
        if (first == 1)
            QCOMPARE(store.read(Mine), Secret());
        if (first == 2)
            QCOMPARE(store.list(Mine.resource), QList<CredentialKey>());
        if (first == 3)
            QCOMPARE(store.remove(Mine), Kept::InMemory);
        if (first == 4)
            QCOMPARE(store.removeAll(Mine.resource), Kept::InMemory);
        QCOMPARE(store.lost.size(), 1);
        QTEST(store.failure().code, "code");
        QTEST(store.failure().sentence, "sentence");
        QVERIFY(!store.store.isPersistent());
        const qsizetype asked = vault.asked.size();
        QCOMPARE(store.write(Mine, "secret"), Kept::InMemory);
        QCOMPARE(store.read(Mine), Secret("secret"));
        QVERIFY(store.list(Mine.resource).contains(Mine));
        QCOMPARE(store.remove(Mine), Kept::InMemory);
        QCOMPARE(store.read(Mine), Secret());
        QCOMPARE(store.removeAll(Mine.resource), Kept::InMemory);
        QCOMPARE(store.list(Mine.resource), QList<CredentialKey>());
        QCOMPARE(store.lost.size(), 1);
        QCOMPARE(vault.asked.size(), asked);
        QVERIFY(vault.entries.isEmpty());
    }
}

void TestCredentialStore::a_failure_that_does_not_last_is_not_told()
{
    Vault vault;
    WaitingStore store(&vault);
    vault.troubles = {trouble(Outcome::Failed)};
    QCOMPARE(store.write(Mine, "x"), Kept::InKeychain);
    vault.troubles = {trouble(Outcome::Failed)};
    QCOMPARE(store.read(Mine), Secret("x"));
    QCOMPARE(store.lost.size(), 0);
}

void TestCredentialStore::a_refusal_is_not_asked_again()
{
    Vault vault;
    vault.troubles = {trouble(Outcome::Refused)};
    WaitingStore store(&vault);
    QCOMPARE(store.read(Mine), Secret());
    QCOMPARE(vault.asked.size(), 1);
}

void TestCredentialStore::what_was_known_is_still_known()
{
    Vault vault;
    QVERIFY(WaitingStore(&vault).write(Mine, "read"));
    WaitingStore store(&vault);
    QCOMPARE(store.read(Mine), Secret("read"));
    QCOMPARE(store.write(Other, "written"), Kept::InKeychain);
    vault.troubles.fill(trouble(Outcome::Failed), 100);
    QCOMPARE(store.read(Mine), Secret("read"));
    QCOMPARE(store.read(Other), Secret("written"));
    QCOMPARE(store.list(Mine.resource).size(), 2);
    QCOMPARE(store.lost.size(), 1);
}

void TestCredentialStore::a_write_that_is_lost_silently_is_noticed()
{
    Vault vault;
    vault.losesWrites = true;
    WaitingStore store(&vault);
    QCOMPARE(store.write(Mine, "x"), Kept::InMemory);
    QCOMPARE(store.failure().code, u"keychain-unavailable"_s);
    QCOMPARE(store.read(Mine), Secret("x"));
}

void TestCredentialStore::a_removal_that_is_lost_silently_is_noticed()
{
    for (const bool all : {false, true}) {
        Vault vault;
        WaitingStore store(&vault);
        QVERIFY(store.write(Mine, "x"));
        vault.losesRemovals = true;
        QCOMPARE(all ? store.removeAll(Mine.resource) : store.remove(Mine), Kept::InMemory);
        QCOMPARE(store.failure().code, u"keychain-unavailable"_s);
        QCOMPARE(store.read(Mine), Secret());
    }
}

void TestCredentialStore::nothing_to_write_into_is_a_failure()
{
    Vault vault;
    // The list is looked for, then written to twice.
    vault.troubles = {trouble(Outcome::NotFound), trouble(Outcome::NotFound),
                      trouble(Outcome::NotFound)};
    WaitingStore store(&vault);
    QCOMPARE(store.write(Mine, "x"), Kept::InMemory);
    QCOMPARE(store.lost.size(), 1);
    QCOMPARE(vault.asked.size(), 3); // the list is read, and written twice
    QCOMPARE(store.read(Mine), Secret("x"));
}

void TestCredentialStore::a_silent_keychain_is_given_up_in_time()
{
    Vault vault;
    vault.hangs = true;
    WaitingStore store(&vault, {20ms, 20ms, 1h});
    QCOMPARE(store.write(Mine, "x"), Kept::InMemory);
    QCOMPARE(store.failure().code, u"keychain-silent"_s);
    QCOMPARE(store.failure().kind, FailureKind::TimedOut);
    QCOMPARE(store.failure().sentence,
             u"The system's keychain did not answer within 20 ms, so logins are kept until the "
             "program ends, and not beyond."_s);
    QCOMPARE(store.read(Mine), Secret("x"));
    QCOMPARE(store.list(Mine.resource), QList{Mine});
    QCOMPARE(store.lost.size(), 1);
    QCOMPARE(vault.asked.size(), 1);
}

void TestCredentialStore::a_late_answer_makes_it_catch_up()
{
    Vault vault;
    for (const CredentialKey &key : {Other, Elsewhere, Registration})
        QVERIFY(WaitingStore(&vault).write(key, "old"));
    WaitingStore store(&vault, {20ms, 20ms, 1h});
    vault.hangs = true;
    QCOMPARE(store.write(Mine, "first"), Kept::InMemory);
    QCOMPARE(store.write(Mine, "second"), Kept::InMemory);
    QCOMPARE(store.remove(Other), Kept::InMemory);
    QCOMPARE(store.write(Elsewhere, "lost"), Kept::InMemory);
    QCOMPARE(store.removeAll(Elsewhere.resource), Kept::InMemory);
    QCOMPARE(store.removeAll({}), Kept::InMemory);
    QCOMPARE(store.write(Registration, "new"), Kept::InMemory);
    QVERIFY(!store.store.isPersistent());
    vault.wake();
    QCOMPARE(store.again.size(), 1);
    QVERIFY(store.store.isPersistent());
    QTRY_VERIFY(!store.store.isBusy());
    // The first of two secrets need not be written any more.
    QCOMPARE(vault.asked.filter(u"write credential"_s).filter(u"\"client\""_s).size(), 2);

    WaitingStore next(&vault);
    QCOMPARE(next.read(Mine), Secret("second"));
    QCOMPARE(next.list(Mine.resource), QList{Mine});
    QCOMPARE(next.read(Other), Secret());
    QCOMPARE(next.read(Elsewhere), Secret());
    QCOMPARE(next.read(Registration), Secret("new"));
    QCOMPARE(vault.entries.size(), 4); // two entries and two lists
    QCOMPARE(store.lost.size(), 1);
    QCOMPARE(store.write(Other, "x"), Kept::InKeychain);
}

void TestCredentialStore::a_late_failure_changes_nothing()
{
    for (const Outcome outcome : {Outcome::Failed, Outcome::Refused}) {
        Vault vault;
        vault.hangs = true;
        WaitingStore store(&vault, {20ms, 20ms, 1h});
        QCOMPARE(store.write(Mine, "x"), Kept::InMemory);
        vault.troubles = {trouble(outcome)};
        vault.wake();
        QCOMPARE(store.write(Mine, "y"), Kept::InMemory);
        QCOMPARE(store.read(Mine), Secret("y"));
        QCOMPARE(store.lost.size(), 1);
        QCOMPARE(store.again.size(), 0);
        QVERIFY(vault.entries.isEmpty());
    }
}

void TestCredentialStore::an_open_keychain_has_less_time()
{
    Vault vault;
    WaitingStore store(&vault, {1h, 20ms, 1h});
    QCOMPARE(store.write(Mine, "x"), Kept::InKeychain);
    vault.hangs = true;
    QCOMPARE(store.read(Mine), Secret("x"));
    QCOMPARE(store.failure().code, u"keychain-silent"_s);
}

void TestCredentialStore::finding_nothing_does_not_mean_open()
{
    Vault vault;
    WaitingStore store(&vault, {20ms, 1h, 1h});
    QCOMPARE(store.read(Mine), Secret());
    QCOMPARE(store.list(Mine.resource), QList<CredentialKey>());
    QCOMPARE(store.remove(Mine), Kept::InKeychain);
    vault.hangs = true;
    QCOMPARE(store.write(Mine, "x"), Kept::InMemory);
    QCOMPARE(store.failure().code, u"keychain-silent"_s);
}

void TestCredentialStore::who_waits_is_told_and_can_give_up()
{
    Vault vault;
    vault.hangs = true;
    WaitingStore store(&vault, {1h, 1h, 1ms});
    QObject::connect(&store.store, &CredentialStore::waiting, &store.store,
                     &CredentialStore::giveUp);
    QCOMPARE(store.write(Mine, "x"), Kept::InMemory);
    QCOMPARE(store.waits.size(), 1);
    QCOMPARE(store.failure().code, u"keychain-given-up"_s);
    QCOMPARE(store.failure().kind, FailureKind::Cancelled);
    QCOMPARE(store.read(Mine), Secret("x"));
    QCOMPARE(store.waits.size(), 1);
}

void TestCredentialStore::giving_up_without_waiting_does_nothing()
{
    Vault vault;
    WaitingStore store(&vault);
    store.store.giveUp();
    QCOMPARE(store.write(Mine, "x"), Kept::InKeychain);
    store.store.giveUp();
    QCOMPARE(store.read(Mine), Secret("x"));
    QCOMPARE(store.lost.size(), 0);
}

void TestCredentialStore::strangers_words_are_marked()
{
    Vault vault;
    vault.troubles.fill(trouble(Outcome::Failed, u"\x1b[31m\n"_s + QString(1000, u'x')), 2);
    WaitingStore store(&vault);
    QCOMPARE(store.read(Mine), Secret());
    QVERIFY(!store.failure().sentence.contains(u'\x1b'));
    QVERIFY(!store.failure().sentence.contains(u'\n'));
    QVERIFY(store.failure().sentence.size() < 500);
}

void TestCredentialStore::nobody_is_called_who_is_gone()
{
    Vault vault;
    WaitingStore store(&vault);
    int called = 0;
    {
        QObject context;
        store.store.write(Mine, "x", &context, [&](Kept) { ++called; });
        store.store.read(Mine, &context, [&](const Secret &) { ++called; });
        store.store.list(Mine.resource, &context, [&](const QList<CredentialKey> &) { ++called; });
    }
    // What was asked for is done all the same.
    QCOMPARE(store.read(Mine), Secret("x"));
    QCOMPARE(called, 0);
}

void TestCredentialStore::the_store_may_go_at_any_time_data()
{
    QTest::addColumn<QString>("when");
    for (const char *when : {"at once", "in an answer", "when it is lost", "when it waits",
                             "with an answer to come", "when it is idle", "when it is back"})
        QTest::newRow(when) << QString::fromLatin1(when);
}

void TestCredentialStore::the_store_may_go_at_any_time()
{
    QFETCH(QString, when);
    Vault vault;
    auto store = std::make_unique<CredentialStore>(std::make_unique<FakeKeychain>(vault),
                                                   Limits{20ms, 20ms, 1ms});
    const QPointer<CredentialStore> alive(store.get());
    const auto go = [&] { store.reset(); };
    if (when == u"when it is lost"_s || when == u"when it is back"_s || when == u"when it waits"_s)
        vault.hangs = true;
    if (when == u"when it is lost"_s)
        connect(store.get(), &CredentialStore::memoryOnly, this, go);
    if (when == u"when it waits"_s)
        connect(store.get(), &CredentialStore::waiting, this, go);
    if (when == u"when it is idle"_s)
        connect(store.get(), &CredentialStore::idle, this, go);
    if (when == u"when it is back"_s) {
        connect(store.get(), &CredentialStore::memoryOnly, this, [&] {
            QMetaObject::invokeMethod(
                this, [&] { vault.wake(); }, Qt::QueuedConnection);
        });
        connect(store.get(), &CredentialStore::persistentAgain, this, go);
    }
    store->write(Mine, "x", this, [&](Kept) {
        if (when == u"in an answer"_s)
            go();
    });
    store->read(Mine, this, {});
    if (when == u"at once"_s)
        go();
    if (when == u"with an answer to come"_s) {
        QTRY_VERIFY(!vault.asked.isEmpty());
        go();
    }
    QTRY_VERIFY(!alive);
    vault.wake();
    QCoreApplication::processEvents();
}

void TestCredentialStore::idle_tells_when_all_is_done()
{
    Vault vault;
    WaitingStore store(&vault);
    QSignalSpy idle(&store.store, &CredentialStore::idle);
    QVERIFY(!store.store.isBusy());
    store.store.write(Mine, "x", this, {});
    store.store.write(Other, "x", this, {});
    QVERIFY(store.store.isBusy());
    QVERIFY(idle.wait());
    QVERIFY(!store.store.isBusy());
    QCOMPARE(vault.entries.size(), 3);
    QCOMPARE(idle.size(), 1);
}

void TestCredentialStore::it_works_in_another_thread()
{
    Secret found;
    QThread *thread = QThread::create([&] {
        Vault vault;
        WaitingStore store(&vault);
        if (store.write(Mine, "x") == Kept::InKeychain)
            found = store.read(Mine);
    });
    thread->start();
    QVERIFY(thread->wait(30'000));
    delete thread;
    QCOMPARE(found, Secret("x"));
}

QTEST_GUILESS_MAIN(TestCredentialStore)
#include "test_credential_store.moc"
