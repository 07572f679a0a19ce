// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/house/house_rules.h"

#include "tests/house/include_rules.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace sightglass::test {

namespace {

bool isCpp(const SourceFile &file)
{
    return file.path.endsWith(u".cpp"_s) || file.path.endsWith(u".h"_s);
}

bool isProgram(const SourceFile &file)
{
    return isCpp(file) && !file.path.startsWith(u"tests/"_s);
}

/// Every place in the code of the files whose path `where` matches that `what` matches.
QStringList found(const QList<SourceFile> &files, const QString &where, const QString &what,
                  bool inStrings = false)
{
    const QRegularExpression place(where);
    const QRegularExpression pattern(what, QRegularExpression::MultilineOption);
    QStringList breaches;
    for (const SourceFile &file : files) {
        if (!isCpp(file) || !place.match(file.path).hasMatch())
            continue;
        const QString code = QString::fromUtf8(codeOf(file.text, inStrings));
        auto match = pattern.globalMatch(code);
        while (match.hasNext())
            breaches.append(file.path + u": "_s + match.next().captured().trimmed());
    }
    return breaches;
}

QStringList withoutLicence(const QList<SourceFile> &files)
{
    static const QRegularExpression cannot(
        u"\\.(md|json|png)$|^LICENSE$|^packaging/debian/(changelog\\.in|copyright)$"_s);
    QStringList breaches;
    for (const SourceFile &file : files) {
        if (cannot.match(file.path).hasMatch())
            continue;
        QList<QByteArray> lines = file.text.left(1000).split('\n');
        // What has to be the first line of its kind of file: the shell, the XML version, man's "t".
        const bool given = file.text.startsWith("#!") || file.text.startsWith("<?xml")
            || file.text.startsWith("'\\\" t\n");
        if (given)
            lines.removeFirst();
        if (lines.size() < 2 || !lines.at(0).contains("SPDX-FileCopyrightText: 2026 The Sightglass")
            || !lines.at(1).contains("SPDX-License-Identifier: Apache-2.0"))
            breaches.append(file.path);
    }
    return breaches;
}

QStringList networkOutsideTheGate(const QList<SourceFile> &files)
{
    // The benchmark measures against the bare class.
    return found(files, u"^(?!core/http/http_gate|tests/unit/http/|tests/bench/)"_s,
                 u"\\bQNetworkAccessManager\\b"_s);
}

QStringList socketsOutsideTheirRooms(const QList<SourceFile> &files)
{
    // The browser comes back to a port of its own; nothing goes out there.
    return found(files, u"^(core/(?!http/|lab/|auth/login/callback_server\\.)|ui/|app/)"_s,
                 u"\\bQ(Tcp|Udp|Ssl|Local|Abstract|Web)(Socket|Server)\\b|\\bQHostInfo\\b"_s);
}

QStringList screenInTheCore(const QList<SourceFile> &files)
{
    QStringList breaches =
        found(files, u"^core/"_s,
              u"^#\\s*include\\s*[<\"](Qt(Gui|Widgets|Svg|Quick)|ui/|QGuiApplication|QApplication|"
              "QWidget|QWindow|QImage|QPixmap|QColor|QFont|QPainter|QIcon|QPalette|QClipboard|"
              "QDesktopServices|QKeySequence|QAction|QTextDocument|QScreen).*$"_s);
    static const QRegularExpression library(u"Qt6?::(?!Core\\b|Network\\b)\\w+"_s);
    for (const SourceFile &file : files) {
        if (file.path == u"core/CMakeLists.txt"_s
            && library.match(QString::fromUtf8(file.text)).hasMatch())
            breaches.append(file.path + u": links more than Qt Core and Network"_s);
    }
    return breaches;
}

QStringList ioInProtocolCode(const QList<SourceFile> &files)
{
    return found(
        files,
        // Keychain and browser are I/O by nature; the rest of their room is not.
        u"^core/(sse|jsonrpc|schema|auth(?!/login)|diagnose|compare)/"
        "|^core/mcp/(revision|era|legacy_era|tool|message_check|message_watch|output_check)\\."
        "|^core/transport/(answer_check|answer_facts|back_off)\\."_s,
        u"\\b(Q_OBJECT|Q_GADGET|QObject|QTimer|QElapsedTimer|QDeadlineTimer|QFile|QSaveFile|"
        "QIODevice|QNetwork(Reply|Request)|QRandomGenerator|QThread|random_device|"
        "(steady|system)_clock|QDateTime::current\\w+|QProcess|qgetenv|QSettings)\\b"_s);
}

QStringList exceptions(const QList<SourceFile> &files)
{
    // The library that judges schemas reports by exceptions; they end in the one file that knows
    // it.
    return found(files, u"^(core|ui|app)/(?!schema/schema_validator\\.cpp$)"_s,
                 u"\\b(throw|try|catch)\\b"_s);
}

QStringList revisionsOutsideTheirTable(const QList<SourceFile> &files)
{
    // The lab has a table of its own, so that a mistake in one shows against the other.
    return found(files, u"^(core|ui|app)/(?!mcp/revision\\.cpp|lab/lab_revision\\.cpp)"_s,
                 u"\"20\\d\\d-\\d\\d-\\d\\d\""_s, true);
}

QStringList tooLarge(const QList<SourceFile> &files)
{
    QStringList breaches;
    for (const SourceFile &file : files) {
        const qsizetype most = file.path.endsWith(u".h"_s) ? 16 * 1024 : 28 * 1024;
        if (isProgram(file) && file.text.size() > most)
            breaches.append(
                u"%1: %2 bytes, of %3 at most"_s.arg(file.path).arg(file.text.size()).arg(most));
    }
    return breaches;
}

QStringList skippedTests(const QList<SourceFile> &files)
{
    return found(files, u"^tests/(?!house/)"_s, u"\\b(QSKIP|QEXPECT_FAIL)\\b"_s);
}

QStringList sleeps(const QList<SourceFile> &files)
{
    return found(files, u""_s,
                 u"\\b(qSleep|msleep|usleep|nanosleep|sleep_for|sleep_until)\\s*\\("_s);
}

QStringList leftForLater(const QList<SourceFile> &files)
{
    static const QRegularExpression words(u"\\b(TODO|FIXME|XXX|HACK)\\b"_s);
    QStringList breaches;
    for (const SourceFile &file : files) {
        if (isProgram(file) && words.match(QString::fromUtf8(file.text)).hasMatch())
            breaches.append(file.path);
    }
    return breaches;
}

QStringList globals(const QList<SourceFile> &files)
{
    return found(files, u"^(core|ui|app)/"_s, u"\\b(Q_GLOBAL_STATIC\\w*|thread_local)\\b"_s);
}

QStringList namesOfFiles(const QList<SourceFile> &files)
{
    static const QRegularExpression lower(u"^[a-z0-9_/]+\\.(cpp|h)$"_s);
    QStringList breaches;
    for (const SourceFile &file : files) {
        if (isCpp(file) && !lower.match(file.path).hasMatch())
            breaches.append(file.path);
    }
    return breaches;
}

/// What a later Qt 6 calls deprecated, and the compiler of 6.4 does not yet: with warnings as
/// errors it would not build there.
QStringList deprecatedLater(const QList<SourceFile> &files)
{
    return found(
        files, u""_s,
        u"\\bqAsConst\\b" // std::as_const
        "|\\bQVariant::Type\\b" // QMetaType
        "|\\bQCheckBox::stateChanged\\b" // checkStateChanged, where it is there
        "|\\bsetTimeSpec\\s*\\(|\\bQt::(UTC|OffsetFromUTC|LocalTime|TimeZone)\\b" // QTimeZone
        "|\\bQLocale::countryToString\\b|\\bcountry\\(\\)" // territory
        "|\\bmirrored\\s*\\("_s); // flipped, where it is there
}

} // namespace

const QList<HouseRule> &houseRules()
{
    static const QList<HouseRule> rules{
        {"every file begins with its licence", withoutLicence},
        {"rule 1, one way out: the network access manager is the gate's", networkOutsideTheGate},
        {"rule 1, one way out: sockets are the gate's and the lab's", socketsOutsideTheirRooms},
        {"rule 3, protocol without I/O", ioInProtocolCode},
        {"rule 4, the core knows no screen", screenInTheCore},
        {"rule 4, who may include whom", includesOfOtherRooms},
        {"rule 4, no include leads back to itself", includeCircles},
        {"rule 5, revisions are named in their table alone", revisionsOutsideTheirTable},
        {"rule 6, a failure is a value: no exceptions", exceptions},
        {"a file is one thing: its size", tooLarge},
        {"files are named in lower case", namesOfFiles},
        {"no globals", globals},
        {"nothing is left for later", leftForLater},
        {"no test is skipped", skippedTests},
        {"nothing sleeps: events are awaited", sleeps},
        {"nothing that a later Qt 6 deprecates", deprecatedLater},
    };
    return rules;
}

} // namespace sightglass::test
