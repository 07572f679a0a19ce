// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/house/house_rules.h"

#include <QDirIterator>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass::test;

/// The rules of the house that can be read off the text: the repository holds them, and each of
/// them would notice if it did not.
class House : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        const QString root = QStringLiteral(SIGHTGLASS_SOURCE_DIR "/");
        static const QStringList suffixes{u"cpp"_s, u"h"_s,    u"txt"_s,  u"cmake"_s,  u"sh"_s,
                                          u"mjs"_s, u"in"_s,   u"qrc"_s,  u"svg"_s,    u"bash"_s,
                                          u"cnf"_s, u"conf"_s, u"toml"_s, u"desktop"_s};
        for (const char *folder : {"core", "ui", "app", "tests", "packaging", "resources", ".ci"})
            read(root, QLatin1StringView(folder), folder[0] == '.' ? QStringList{} : suffixes);
        for (const char *name : {"CMakeLists.txt", "run.sh", "test.sh", ".clang-format",
                                 ".clang-tidy", ".clazy", ".gitignore", "tests/npm/.npmrc"})
            readFile(root, QLatin1StringView(name));
        // Fewer would mean that the test looks in the wrong place.
        QVERIFY2(m_files.size() > 300, QByteArray::number(m_files.size()).constData());
    }

    void theRepositoryHolds_data()
    {
        QTest::addColumn<int>("rule");
        for (int rule = 0; rule < houseRules().size(); ++rule)
            QTest::newRow(houseRules().at(rule).name) << rule;
    }
    void theRepositoryHolds()
    {
        QFETCH(int, rule);
        const QStringList breaches = houseRules().at(rule).breaches(m_files);
        QVERIFY2(breaches.isEmpty(), qPrintable(breaches.join(u"\n  "_s)));
    }

    void isNoticed_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *rule, const char *path, const char *text) {
            QTest::addRow("%s: %s: %.40s", rule, path, QByteArray(text).simplified().constData())
                << QByteArray(rule) << QString::fromLatin1(path) << QByteArray(text);
        };
        row("licence", "core/trace/x.cpp", "int x;\n");
        row("licence", "run.sh", "#!/bin/sh\necho\n");
        row("licence", "ui/x.cpp",
            "// SPDX-FileCopyrightText: 2026 The Sightglass authors\n#include \"x\"\n");
        row("access manager", "ui/x.cpp", "#include <QNetworkAccessManager>\n");
        row("access manager", "core/transport/x.h", "#include <QtNetwork/QNetworkAccessManager>\n");
        row("access manager", "core/http/x.cpp", "new QNetworkAccessManager(this);");
        row("sockets", "core/mcp/x.cpp", "QTcpSocket socket;");
        row("sockets", "app/x.cpp", "QSslSocket::supportsSsl();");
        row("without I/O", "core/sse/x.h", "class X : public QObject {");
        row("without I/O", "core/jsonrpc/x.cpp", "QFile file;");
        row("without I/O", "core/auth/challenge.cpp",
            "const auto now = QDateTime::currentDateTime();");
        row("without I/O", "core/diagnose/x.cpp", "QTimer::singleShot(0, f);");
        row("without I/O", "core/mcp/legacy_era.cpp", "#include <QElapsedTimer>\n");
        row("knows no screen", "core/lab/x.cpp", "#include <QtGui/QImage>\n");
        row("knows no screen", "core/mcp/x.cpp", "#include <QPixmap>\n");
        row("knows no screen", "core/CMakeLists.txt", "target_link_libraries(x PUBLIC Qt6::Gui)");
        row("include whom", "core/mcp/x.cpp", "#include \"ui/theme.h\"\n");
        row("include whom", "core/trace/x.cpp", "#include \"core/http/origin.h\"\n");
        row("include whom", "core/sse/x.cpp", "#include \"core/jsonrpc/envelope.h\"\n");
        row("include whom", "core/auth/x.cpp", "#include \"core/transport/transport.h\"\n");
        row("include whom", "core/mcp/x.h", "#include \"core/diagnose/refusal.h\"\n");
        row("include whom", "core/diagnose/x.cpp", "#include \"core/export/trace_export.h\"\n");
        row("include whom", "core/schema/x.cpp", "#include \"core/mcp/tool.h\"\n");
        row("include whom", "core/http/x.cpp", "#include \"core/schema/schema_validator.h\"\n");
        row("include whom", "ui/widgets/x.cpp", "#include \"core/schema/json_adapter.h\"\n");
        row("include whom", "core/diagnose/x.h", "#include \"core/lab/lab.h\"\n");
        row("include whom", "ui/pages/x.cpp", "#include \"core/http/http_gate.h\"\n");
        row("include whom", "ui/x.cpp", "#include \"core/transport/transport.h\"\n");
        row("include whom", "ui/models/x.cpp", "#include \"ui/pages/tools_page.h\"\n");
        row("include whom", "ui/widgets/x.cpp", "#include \"ui/pages/tools_page.h\"\n");
        row("include whom", "app/cli/x.cpp", "#include \"ui/theme.h\"\n");
        row("include whom", "app/x.cpp", "#include \"tests/support/raw_server.h\"\n");
        row("back to itself", "core/http/x.h", "#include \"core/http/x.h\"\n");
        row("named in their table", "core/mcp/session.cpp", "if (name >= \"2025-06-18\")");
        row("named in their table", "ui/x.cpp", "return {u\"2025-06-18\"_s};");
        row("no exceptions", "core/http/x.cpp", "throw std::runtime_error(\"x\");");
        row("no exceptions", "core/schema/x.cpp", "try { f(); } catch (...) { }");
        row("no exceptions", "app/x.cpp", "try { f(); } catch (...) { }");
        row("its size", "ui/x.h", QByteArray(17 * 1024, ' ').constData());
        row("its size", "core/http/x.cpp", QByteArray(29 * 1024, ' ').constData());
        row("lower case", "ui/MainWindow.cpp", "");
        row("no globals", "core/trace/x.cpp", "Q_GLOBAL_STATIC(Store, store)");
        row("left for later", "core/trace/x.cpp", "// TODO: the rest");
        row("is skipped", "tests/unit/sse/test_x.cpp", "QSKIP(\"no network\");");
        row("nothing sleeps", "tests/ui/test_x.cpp", "QTest::qSleep(100);");
        row("nothing sleeps", "core/http/x.cpp", "QThread::msleep(10);");
        row("later Qt 6", "ui/x.cpp", "for (const auto &x : qAsConst(list))");
    }
    void isNoticed()
    {
        QFETCH(QByteArray, rule);
        QFETCH(QString, path);
        QFETCH(QByteArray, text);
        QStringList noticed;
        for (const HouseRule &row : houseRules()) {
            if (QByteArrayView(row.name).contains(rule))
                noticed += row.breaches({{path, text}});
        }
        QVERIFY2(!noticed.isEmpty(), "not noticed");
        QVERIFY2(noticed.first().contains(path), qPrintable(noticed.first()));
    }

    void whatIsSaidInCommentsAndStringsIsNoBreach_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *path, const char *text) {
            QTest::newRow(QByteArray(text).simplified().constData())
                << QString::fromLatin1(path) << QByteArray(text);
        };
        row("core/trace/x.cpp", "// QNetworkAccessManager would throw here\n");
        row("core/trace/x.cpp", "/* a try; QTcpSocket */ int x;");
        row("core/trace/x.cpp", "const char *words = \"try again // QTcpSocket\";");
        row("core/trace/x.cpp", "const char *raw = R\"x(\" throw )\" QTcpSocket)x\";");
        row("core/trace/x.cpp", "const char quote = '\"'; // throw\n");
        row("core/trace/x.cpp", "const int many = 10'000; const char c = 't';");
    }
    void whatIsSaidInCommentsAndStringsIsNoBreach()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, text);
        const QByteArray licence = "// SPDX-FileCopyrightText: 2026 The Sightglass authors\n"
                                   "// SPDX-License-Identifier: Apache-2.0\n";
        for (const HouseRule &rule : houseRules()) {
            const QStringList breaches = rule.breaches({{path, licence + text}});
            QVERIFY2(breaches.isEmpty(), qPrintable(breaches.join(u"\n"_s)));
        }
    }

private:
    /// All files below the folder with one of the suffixes; with any where none is given.
    void read(const QString &root, const QString &folder, const QStringList &suffixes)
    {
        QDirIterator each(root + folder, QDir::Files, QDirIterator::Subdirectories);
        while (each.hasNext()) {
            const QString path = each.next().mid(root.size());
            const QString suffix = each.fileInfo().suffix();
            const bool skipped = path.contains(u"/node_modules/"_s) || path.contains(u"/build/"_s);
            if (!skipped && (suffixes.isEmpty() || suffixes.contains(suffix)))
                readFile(root, path);
        }
    }
    void readFile(const QString &root, const QString &path)
    {
        QFile file(root + path);
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(path));
        m_files.append({path, file.readAll()});
    }

    QList<SourceFile> m_files;
};

QTEST_GUILESS_MAIN(House)
#include "test_house.moc"
