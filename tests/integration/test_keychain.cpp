// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The store of secrets against a real Secret Service on a message bus of its own. QtKeychain and
// what is below it keep their connection as long as the process lives, so that each scenario has a
// process: this program, started as a probe.

#include "core/auth/login/credential_store.h"
#include "tests/support/secret_session.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QProcess>
#include <QSocketNotifier>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <sys/prctl.h>
#include <unistd.h>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

namespace {

void say(const QByteArray &line)
{
    std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

/// Does what stands in the lines of standard input, and tells how it went; "! " begins what was not
/// asked for.
class Probe : public QObject {
public:
    explicit Probe(CredentialStore::Limits limits)
        : m_store(systemKeychain(), limits)
        , m_input(STDIN_FILENO, QSocketNotifier::Read)
    {
        connect(&m_store, &CredentialStore::memoryOnly, this, [](const Failure &why) {
            say("! lost " + why.code.toUtf8() + ' ' + why.sentence.toUtf8());
        });
        connect(&m_store, &CredentialStore::persistentAgain, this, [] { say("! again"); });
        connect(&m_store, &CredentialStore::waiting, this, [] { say("! waiting"); });
        connect(&m_store, &CredentialStore::idle, this, [] { say("! idle"); });
        connect(&m_input, &QSocketNotifier::activated, this, [this] { readInput(); });
    }

private:
    void readInput()
    {
        char bytes[4096];
        const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (count <= 0) {
            QCoreApplication::quit();
            return;
        }
        m_text.append(bytes, count);
        for (qsizetype end = m_text.indexOf('\n'); end >= 0; end = m_text.indexOf('\n')) {
            const QByteArray line = m_text.first(end);
            m_text.remove(0, end + 1);
            run(line.split('\t'));
        }
    }

    void run(const QByteArrayList &words)
    {
        const CredentialKey key{QString::fromUtf8(words.value(1)), u"https://as.example"_s,
                                u"client"_s};
        const auto kept = [](CredentialStore::Kept where) {
            say(where == CredentialStore::Kept::InKeychain ? "in keychain" : "in memory");
        };
        const QByteArray command = words.value(0);
        if (command == "write")
            m_store.write(key, words.value(2), this, kept);
        else if (command == "remove")
            m_store.remove(key, this, kept);
        else if (command == "remove all")
            m_store.removeAll(key.resource, this, kept);
        else if (command == "read")
            m_store.read(key, this, [](const std::optional<QByteArray> &secret) {
                say(secret ? "found " + *secret : QByteArray("nothing"));
            });
        else if (command == "list")
            m_store.list(key.resource, this, [](const QList<CredentialKey> &keys) {
                QByteArrayList names;
                for (const CredentialKey &one : keys)
                    names += one.issuer.toUtf8() + '+' + one.client.toUtf8();
                say("list " + names.join(','));
            });
        else
            say("pong");
    }

    CredentialStore m_store;
    QSocketNotifier m_input;
    QByteArray m_text;
};

int runProbe(const QStringList &arguments)
{
    const auto time = [&](qsizetype at) {
        return std::chrono::milliseconds(arguments.value(at).toInt());
    };
    const Probe probe({time(2), time(3), time(4)});
    return QCoreApplication::exec();
}

/// The probe as a child in a session.
class ProbeProcess {
public:
    explicit ProbeProcess(const QProcessEnvironment &environment, int firstAnswer = 60'000)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        startChild(m_process, environment, QCoreApplication::applicationFilePath(),
                   {u"--probe"_s, QString::number(firstAnswer), u"60000"_s, u"30000"_s});
    }
    ~ProbeProcess()
    {
        m_process.closeWriteChannel();
        if (!m_process.waitForFinished(30'000))
            endChild(m_process);
    }

    void tell(const QByteArray &line) { m_process.write(line + '\n'); }
    /// The next answer; empty: none came.
    QByteArray answer()
    {
        const bool came = QTest::qWaitFor([&] { return readLines(); }, 40'000);
        return came && !m_answers.isEmpty() ? m_answers.takeFirst() : QByteArray();
    }
    QByteArray ask(const QByteArray &line)
    {
        tell(line);
        return answer();
    }
    bool waitForTold(const QByteArray &beginning)
    {
        return QTest::qWaitFor(
            [&] {
                readLines();
                return !told(beginning).isEmpty();
            },
            40'000);
    }
    QByteArrayList told(const QByteArray &beginning) const
    {
        QByteArrayList lines;
        for (const QByteArray &line : m_told) {
            if (line.startsWith(beginning))
                lines += line;
        }
        return lines;
    }

private:
    bool readLines()
    {
        while (m_process.canReadLine()) {
            const QByteArray line = m_process.readLine().chopped(1);
            if (line.startsWith("! "))
                m_told += line.sliced(2);
            else
                m_answers += line;
        }
        return !m_answers.isEmpty() || m_process.state() == QProcess::NotRunning;
    }

    QProcess m_process;
    QByteArrayList m_answers;
    QByteArrayList m_told;
};

} // namespace

class TestKeychain : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void secrets_stand_in_the_secret_service();
    void without_a_service_all_goes_on_in_memory_data();
    void without_a_service_all_goes_on_in_memory();
    void nothing_falls_back_to_a_plain_file();
    void a_locked_keychain_that_nobody_opens();
    void a_service_that_stops_does_not_block();
    void a_service_that_dies_while_it_is_asked();
    void a_service_that_comes_back_is_used_again();
    void a_silent_service_catches_up_when_it_wakes();
    void a_bus_that_dies_does_not_take_the_program_along();
};

void TestKeychain::secrets_stand_in_the_secret_service()
{
    SecretSession session;
    QVERIFY(session.startBus());
    QVERIFY(session.startKeyring("password"));
    const QString name =
        u"credential [\"https://rs.example/mcp\",\"https://as.example\",\"client\"]"_s;
    const QStringList lookup{u"lookup"_s, u"user"_s, name, u"server"_s, u"sightglass"_s};
    const QStringList search{u"search"_s, u"--all"_s, u"server"_s, u"sightglass"_s};
    {
        ProbeProcess probe(session.environment());
        QCOMPARE(probe.ask("read\thttps://rs.example/mcp"), "nothing");
        QCOMPARE(probe.ask("write\thttps://rs.example/mcp\ts3cr3t-t0k3n"), "in keychain");
        QCOMPARE(probe.ask("write\t\tregistration"), "in keychain");
        QCOMPARE(probe.told("lost"), QByteArrayList());
    }
    QCOMPARE(QByteArray::fromBase64(session.run(u"secret-tool"_s, lookup)), "s3cr3t-t0k3n");
    // Two secrets and two lists of what there is.
    QCOMPARE(session.run(u"secret-tool"_s, search).count("attribute.user"), 4);
    QCOMPARE(session.filesWith("s3cr3t-t0k3n"), QStringList());
    QCOMPARE(session.filesWith(QByteArray("s3cr3t-t0k3n").toBase64()), QStringList());

    ProbeProcess next(session.environment());
    QCOMPARE(next.ask("list\thttps://rs.example/mcp"), "list https://as.example+client");
    QCOMPARE(next.ask("read\thttps://rs.example/mcp"), "found s3cr3t-t0k3n");
    QCOMPARE(next.ask("read\t"), "found registration");
    QCOMPARE(next.ask("write\thttps://rs.example/mcp\tanother"), "in keychain");
    QCOMPARE(QByteArray::fromBase64(session.run(u"secret-tool"_s, lookup)), "another");
    QCOMPARE(next.ask("remove\thttps://rs.example/mcp"), "in keychain");
    QCOMPARE(next.ask("read\thttps://rs.example/mcp"), "nothing");
    QCOMPARE(session.run(u"secret-tool"_s, search).count("attribute.user"), 2);
    QCOMPARE(next.ask("remove all\t"), "in keychain");
    QCOMPARE(next.ask("list\t"), "list ");
    QCOMPARE(session.run(u"secret-tool"_s, search).count("attribute.user"), 0);
    QCOMPARE(next.told("lost"), QByteArrayList());
}

void TestKeychain::without_a_service_all_goes_on_in_memory_data()
{
    QTest::addColumn<bool>("bus");
    QTest::addColumn<QString>("desktop");
    QTest::newRow("no bus") << false << QString();
    QTest::newRow("no bus, KDE") << false << u"KDE"_s;
    QTest::newRow("no service on the bus") << true << QString();
    QTest::newRow("no service on the bus, GNOME") << true << u"GNOME"_s;
    QTest::newRow("no service on the bus, KDE") << true << u"KDE"_s;
}

void TestKeychain::without_a_service_all_goes_on_in_memory()
{
    QFETCH(bool, bus);
    QFETCH(QString, desktop);
    SecretSession session;
    if (bus)
        QVERIFY(session.startBus());
    QProcessEnvironment environment = session.environment();
    environment.insert(u"XDG_CURRENT_DESKTOP"_s, desktop);
    environment.insert(u"KDE_SESSION_VERSION"_s, u"5"_s);
    ProbeProcess probe(environment);
    QCOMPARE(probe.ask("write\tr\ts3cr3t-t0k3n"), "in memory");
    QCOMPARE(probe.ask("read\tr"), "found s3cr3t-t0k3n");
    QCOMPARE(probe.ask("list\tr"), "list https://as.example+client");
    QCOMPARE(probe.ask("remove all\tr"), "in memory");
    QCOMPARE(probe.ask("read\tr"), "nothing");
    QCOMPARE(probe.told("lost").size(), 1);
    QVERIFY2(probe.told("lost").constFirst().startsWith("lost keychain-unavailable No keychain of "
                                                        "the system can be used ("),
             probe.told("lost").constFirst().constData());
}

void TestKeychain::nothing_falls_back_to_a_plain_file()
{
    // The old KWallet is chosen without being looked for.
    SecretSession session;
    QVERIFY(session.startBus());
    QProcessEnvironment environment = session.environment();
    environment.insert(u"XDG_CURRENT_DESKTOP"_s, u"KDE"_s);
    environment.insert(u"KDE_SESSION_VERSION"_s, u"4"_s);
    {
        ProbeProcess probe(environment);
        QCOMPARE(probe.ask("write\tr\ts3cr3t-t0k3n"), "in memory");
        QCOMPARE(probe.told("lost").size(), 1);
    }
    QCOMPARE(session.filesWith("s3cr3t-t0k3n"), QStringList());
    QCOMPARE(session.filesWith(QByteArray("s3cr3t-t0k3n").toBase64()), QStringList());
    QCOMPARE(session.filesWith("as.example"), QStringList());
}

void TestKeychain::a_locked_keychain_that_nobody_opens()
{
    SecretSession session;
    QVERIFY(session.startBus());
    QVERIFY(session.startKeyring("password"));
    QCOMPARE(ProbeProcess(session.environment()).ask("write\tr\told"), "in keychain");
    session.endKeyring();
    QVERIFY(session.startKeyring({}));
    {
        ProbeProcess probe(session.environment());
        QCOMPARE(probe.ask("read\tr"), "nothing");
        QCOMPARE(probe.ask("write\tr\tnew"), "in memory");
        QCOMPARE(probe.ask("read\tr"), "found new");
        QCOMPARE(probe.told("lost").size(), 1);
        QVERIFY2(probe.told("lost").constFirst().startsWith("lost keychain-locked "),
                 probe.told("lost").constFirst().constData());
    }
    session.endKeyring();
    QVERIFY(session.startKeyring("password"));
    QCOMPARE(ProbeProcess(session.environment()).ask("read\tr"), "found old");
}

void TestKeychain::a_service_that_stops_does_not_block()
{
    SecretSession session;
    QVERIFY(session.startBus());
    QVERIFY(session.startKeyring("password"));
    ProbeProcess probe(session.environment());
    QCOMPARE(probe.ask("write\tr\tx"), "in keychain");
    session.signalKeyring(SIGSTOP);
    probe.tell("read\tr");
    for (int i = 0; i < 5; ++i)
        QCOMPARE(probe.ask("ping"), "pong");
    session.signalKeyring(SIGCONT);
    QCOMPARE(probe.answer(), "found x");
    QCOMPARE(probe.told("lost"), QByteArrayList());
}

void TestKeychain::a_service_that_dies_while_it_is_asked()
{
    SecretSession session;
    QVERIFY(session.startBus());
    QVERIFY(session.startKeyring("password"));
    {
        ProbeProcess probe(session.environment());
        QCOMPARE(probe.ask("write\tr\told"), "in keychain");
        session.signalKeyring(SIGSTOP);
        probe.tell("write\tr\tnew");
        QCOMPARE(probe.ask("ping"), "pong");
        session.endKeyring();
        QCOMPARE(probe.answer(), "in memory");
        QCOMPARE(probe.ask("read\tr"), "found new");
        QCOMPARE(probe.told("lost").size(), 1);
        QVERIFY2(probe.told("lost").constFirst().startsWith("lost keychain-unavailable "),
                 probe.told("lost").constFirst().constData());
    }
    QVERIFY(session.startKeyring("password"));
    QCOMPARE(ProbeProcess(session.environment()).ask("read\tr"), "found old");
}

void TestKeychain::a_service_that_comes_back_is_used_again()
{
    SecretSession session;
    QVERIFY(session.startBus());
    QVERIFY(session.startKeyring("password"));
    ProbeProcess probe(session.environment());
    QCOMPARE(probe.ask("write\tr\told"), "in keychain");
    session.endKeyring();
    QVERIFY(session.startKeyring("password"));
    const QByteArray kept = probe.ask("write\tr\tnew");
    QVERIFY2(kept == "in keychain", probe.told("lost").value(0).constData());
    QCOMPARE(probe.ask("read\tr"), "found new");
    QCOMPARE(probe.told("lost"), QByteArrayList());
}

void TestKeychain::a_silent_service_catches_up_when_it_wakes()
{
    SecretSession session;
    QVERIFY(session.startBus());
    QVERIFY(session.startKeyring("password"));
    {
        ProbeProcess probe(session.environment(), 100);
        session.signalKeyring(SIGSTOP);
        QCOMPARE(probe.ask("write\tr\tfirst"), "in memory");
        QCOMPARE(probe.ask("write\tr\tsecond"), "in memory");
        QVERIFY2(probe.told("lost").value(0).startsWith("lost keychain-silent "),
                 probe.told("lost").value(0).constData());
        session.signalKeyring(SIGCONT);
        QVERIFY(probe.waitForTold("again"));
        QCOMPARE(probe.ask("read\tr"), "found second");
        QCOMPARE(probe.told("lost").size(), 1);
    }
    QCOMPARE(ProbeProcess(session.environment()).ask("read\tr"), "found second");
}

void TestKeychain::a_bus_that_dies_does_not_take_the_program_along()
{
    SecretSession session;
    QVERIFY(session.startBus());
    QVERIFY(session.startKeyring("password"));
    ProbeProcess probe(session.environment());
    QCOMPARE(probe.ask("write\tr\told"), "in keychain");
    session.endBus();
    QCOMPARE(probe.ask("write\tr\tnew"), "in memory");
    QCOMPARE(probe.ask("read\tr"), "found new");
    QCOMPARE(probe.told("lost").size(), 1);
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc > 1 && QByteArray(argv[1]) == "--probe")
        return runProbe(QCoreApplication::arguments());
    TestKeychain test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_keychain.moc"
