// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

/// The window's program as it is started from a shell.
class TestProgram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wrongUseIsOneSentence_data();
    void wrongUseIsOneSentence();
    void pictures_data();
    void pictures();
    void aPictureThatCannotBeWritten();
    void aFileThatIsNoRecording();
    void aProgramBehindDashesIsStartedWithItsOwnOptions();
    void helpAndVersion();

private:
    int run(const QStringList &arguments);

    QTemporaryDir m_folder;
    QByteArray m_out;
    QByteArray m_err;
};

int TestProgram::run(const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    environment.insert(u"XDG_CONFIG_HOME"_s, m_folder.filePath(u"config"_s));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(SIGHTGLASS_BIN_DIR "/sightglass"), arguments);
    if (!process.waitForFinished(60000))
        return -1;
    m_out = process.readAllStandardOutput();
    m_err = process.readAllStandardError();
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
}

void TestProgram::wrongUseIsOneSentence_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("unknown option") << QStringList{u"--fast"_s} << "fast"_ba;
    QTest::newRow("two targets") << QStringList{u"a"_s, u"b"_s} << "at a time"_ba;
    QTest::newRow("wrong scheme") << QStringList{u"ftp://x/mcp"_s} << "ftp"_ba;
    QTest::newRow("no such file") << QStringList{u"/nowhere/a.sgtrace"_s} << "/nowhere"_ba;
    QTest::newRow("no recording") << QStringList{u"nofile.sgtrace"_s} << "no such file"_ba;
    QTest::newRow("no path") << QStringList{u"../no/file"_s} << "no such file"_ba;
    QTest::newRow("page") << QStringList{u"--page"_s, u"nowhere"_s} << "nowhere"_ba;
    QTest::newRow("theme") << QStringList{u"--theme"_s, u"blue"_s} << "--theme"_ba;
    QTest::newRow("no theme") << QStringList{u"--theme="_s} << "--theme"_ba;
    QTest::newRow("size") << QStringList{u"--size"_s, u"10"_s} << "--size"_ba;
    QTest::newRow("scale") << QStringList{u"--scale"_s, u"nan"_s} << "--scale"_ba;
    QTest::newRow("like") << QStringList{u"--like"_s, u"AF-77"_s} << "AF-77"_ba;
    QTest::newRow("play") << QStringList{u"--demo"_s, u"--play"_s, u"AF-00"_s} << "AF-00"_ba;
    QTest::newRow("play alone") << QStringList{u"--play"_s, u"AF-20"_s} << "--demo"_ba;
    QTest::newRow("oauth alone") << QStringList{u"--oauth"_s} << "--demo"_ba;
    QTest::newRow("log-in without a picture")
        << QStringList{u"--demo"_s, u"--oauth"_s, u"--log-in"_s} << "--screenshot"_ba;
    QTest::newRow("dashes alone") << QStringList{u"--"_s} << "program"_ba;
    QTest::newRow("URL and program")
        << QStringList{u"http://a/mcp"_s, u"--"_s, u"server"_s} << "at a time"_ba;
    QTest::newRow("demo and program")
        << QStringList{u"--demo"_s, u"--"_s, u"server"_s} << "--demo"_ba;
    QTest::newRow("no such program")
        << QStringList{u"--"_s, u"no-such-program-here"_s} << "no-such-program-here"_ba;
    QTest::newRow("like and program")
        << QStringList{u"--like"_s, u"AF-01"_s, u"--"_s, u"sh"_s} << "--like"_ba;
    QTest::newRow("demo and URL") << QStringList{u"--demo"_s, u"http://a/mcp"_s} << "--demo"_ba;
}

void TestProgram::wrongUseIsOneSentence()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    QCOMPARE(run(arguments), 2);
    QVERIFY2(m_err.contains(says), m_err.constData());
    QVERIFY(m_err.contains("sightglass: "));
    QVERIFY(m_out.isEmpty());
}

void TestProgram::pictures_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("dark");
    for (const char *page : {"start", "tools", "traffic", "access", "findings"})
        QTest::newRow(page) << QStringList{u"--page"_s, QString::fromLatin1(page), u"--theme"_s,
                                           u"light"_s}
                            << QSize(1280, 800) << false;
    QTest::newRow("waiting for the browser")
        << QStringList{u"--oauth"_s, u"--page"_s, u"access"_s, u"--theme"_s, u"light"_s}
        << QSize(1280, 800) << false;
    QTest::newRow("logged in") << QStringList{u"--oauth"_s, u"--log-in"_s, u"--page"_s,
                                              u"access"_s,  u"--theme"_s,  u"dark"_s}
                               << QSize(1280, 800) << true;
    QTest::newRow("logged in, acting")
        << QStringList{u"--oauth"_s, u"--log-in"_s, u"--like"_s,  u"AF-01"_s,
                       u"--page"_s,  u"findings"_s, u"--theme"_s, u"dark"_s}
        << QSize(1280, 800) << true;
    QTest::newRow("dark, small") << QStringList{u"--theme"_s, u"dark"_s, u"--size"_s, u"900x600"_s}
                                 << QSize(900, 600) << true;
    QTest::newRow("150 %") << QStringList{u"--theme"_s, u"light"_s,   u"--size"_s,
                                          u"900x600"_s, u"--scale"_s, u"1.5"_s}
                           << QSize(1350, 900) << false;
}

void TestProgram::pictures()
{
    QFETCH(QStringList, arguments);
    QFETCH(QSize, size);
    QFETCH(bool, dark);
    const QString file = m_folder.filePath(u"picture.png"_s);
    QFile::remove(file);
    const int code = run(QStringList{u"--demo"_s, u"--screenshot"_s, file} + arguments);
    QVERIFY2(code == 0, m_err.constData());
    const QImage picture(file);
    QCOMPARE(picture.size(), size);
    // The ground of the connection line is the window's colour of the theme.
    QCOMPARE(picture.pixelColor(2, 2), QColor(dark ? 0x1d2023 : 0xf4f5f7));
    // Nothing of a picture is remembered.
    QVERIFY(!QFile::exists(m_folder.filePath(u"config"_s)));
}

void TestProgram::aPictureThatCannotBeWritten()
{
    QCOMPARE(run({u"--screenshot"_s, u"/nowhere/picture.png"_s}), 2);
    QVERIFY2(m_err.contains("/nowhere/picture.png"), m_err.constData());
}

void TestProgram::aFileThatIsNoRecording()
{
    const QString foreign = m_folder.filePath(u"foreign.sgtrace"_s);
    {
        QFile file(foreign);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("This is a shopping list.");
    }
    // The picture shows how it is told; whoever asked for it in a script is told as well.
    const QString picture = m_folder.filePath(u"foreign.png"_s);
    QCOMPARE(run({u"--screenshot"_s, picture, foreign}), 2);
    QVERIFY2(m_err.contains("foreign.sgtrace"), m_err.constData());
    QVERIFY2(m_err.contains("sightglass: "), m_err.constData());
    QCOMPARE(QImage(picture).size(), QSize(1280, 800));
}

void TestProgram::aProgramBehindDashesIsStartedWithItsOwnOptions()
{
    // It tells what it was given, and then nobody can talk with it.
    const QString told = m_folder.filePath(u"told"_s);
    const QString file = m_folder.filePath(u"program.png"_s);
    const int code =
        run({u"--screenshot"_s, file, u"--"_s, u"sh"_s, u"-c"_s,
             u"printf '%s|' \"$0\" \"$@\" > '%1'"_s.arg(told), u"a b"_s, u"--demo"_s, u"--"_s});
    QVERIFY2(code == 0, m_err.constData());
    QFile written(told);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QCOMPARE(written.readAll(), "a b|--demo|--|"_ba);
    QVERIFY(QImage(file).size() == QSize(1280, 800));
}

void TestProgram::helpAndVersion()
{
    QCOMPARE(run({u"--help"_s}), 0);
    for (const char *option :
         {"--demo", "--like", "--theme", "--screenshot", "--page", "--size", "--scale", "--play",
          "--oauth", "--log-in", "-- PROGRAM", "|tasks|", "|requests|", "|findings|", "|server"})
        QVERIFY2(m_out.contains(option), option);
    QCOMPARE(run({u"--version"_s}), 0);
    QVERIFY(m_out.startsWith("sightglass "));
}

QTEST_GUILESS_MAIN(TestProgram)
#include "test_program.moc"
