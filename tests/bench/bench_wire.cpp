// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// How fast the way in is, as ratios measured in one run:
//   events of 200 B received and recorded a second, against a bare QNetworkAccessManager that
//     throws them away and against the official TypeScript SDK's client;
//   calls (pings) a second, one after another, against the same SDK;
//   the same while the window shows the events and follows them;
//   peak memory while 10 million events pass;
//   a recording of 1 GB: how long to its first event and to its end, against taking its frames
//     apart alone;
//   time from the start of a program to the first paint of its window, against an empty
//   QMainWindow.
//
// How to run it:
//   (cd tests/npm && npm ci)
//   cmake --preset release -DSIGHTGLASS_TESTS=ON
//   cmake --build --preset release --target bench_wire sightglass
//   QT_QPA_PLATFORM=offscreen build/release/tests/bench_wire
//
// options: --rounds N (5)   --modules DIRECTORY (tests/npm/node_modules)   --node PROGRAM (node)
//          --smoke (a quick try: few events, one round, no yardsticks that need npm)
//
// One sender, a process of its own (see bench_sender.h), serves all of them over loopback. Each
// receiver is a process of its own for each round, and the receivers take turns, so that a busy
// machine is unkind to all alike. Printed are the median, and the smallest and largest in brackets;
// ratios are taken round by round. Processor time says what the work costs also where others keep
// the machine busy: rates say little there, and the load is printed with them.
// Ours is timed from before the connect to the last event recorded; the SDK from its first event to
// its last, which favours it. Rates do not depend on how many events are sent; the slow one is sent
// fewer.
#include "bench_receivers.h"
#include "bench_sender.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>

using namespace sightglass::bench;

namespace {

struct Result {
    double rate = 0; ///< a second
    double seconds = 0;
    double peakMegabytes = 0;
    double startMegabytes = 0;
    double processorSeconds = 0;
    double peakOwnMegabytes = 0; ///< without pages of files
    double first = 0; ///< seconds to the first event; of opening a recording alone
};

/// What all rounds of one receiver gave.
struct Series {
    QList<double> rates;
    QList<double> nanoseconds; ///< of processor time for each event or call, all threads

    void add(const Result &result)
    {
        rates.append(result.rate);
        nanoseconds.append(result.processorSeconds / (result.rate * result.seconds) * 1e9);
    }
};

struct Spread {
    double median = 0;
    double low = 0;
    double high = 0;
};

Spread spread(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return {values.at(values.size() / 2), values.constFirst(), values.constLast()};
}

void print(const char *name, const Spread &value, const char *unit, int digits = 0)
{
    std::printf("  %-34s %14.*f %s  (%.*f to %.*f)\n", name, digits, value.median, unit, digits,
                value.low, digits, value.high);
}

/// Round by round: what made one slow made its neighbour slow.
QList<double> ratios(const QList<double> &a, const QList<double> &b)
{
    QList<double> values;
    for (qsizetype i = 0; i < qMin(a.size(), b.size()); ++i)
        values.append(a.at(i) / b.at(i));
    return values;
}

void printRatio(const char *name, const QList<double> &a, const QList<double> &b, int digits = 2)
{
    print(name, spread(ratios(a, b)), "", digits);
}

void printLoad(const char *when)
{
    double load[1] = {};
    if (::getloadavg(load, 1) == 1)
        std::printf("Load of the machine %s: %.1f on %u processors\n", when, load[0],
                    std::thread::hardware_concurrency());
}

/// Runs a receiver and reads its line.
std::optional<Result> run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    if (!process.waitForFinished(600'000) || process.exitCode() != 0) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    QList<QByteArray> words = process.readAllStandardOutput().simplified().split(' ');
    const double first = words.size() == 7 ? words.takeFirst().toDouble() : 0;
    if (words.size() != 6 || words[1].toDouble() <= 0)
        return {};
    return Result{words[0].toDouble() / words[1].toDouble(),
                  words[1].toDouble(),
                  words[2].toDouble() / 1024,
                  words[3].toDouble() / 1024,
                  words[4].toDouble(),
                  words[5].toDouble() / 1024,
                  first};
}

class Bench {
public:
    bool smoke = false;
    int rounds = 5;
    QString node = QStringLiteral("node");
    QString modules = QStringLiteral(SIGHTGLASS_SOURCE_DIR "/tests/npm/node_modules");

    int measure()
    {
        m_self = QCoreApplication::applicationFilePath();
        m_sender.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_sender.start(m_self, {QStringLiteral("--role"), QStringLiteral("sender")});
        if (!m_sender.waitForReadyRead(10'000))
            return fail("The sender did not start.");
        m_port = m_sender.readLine().trimmed().toInt();
        m_haveSdk =
            !smoke && QFileInfo::exists(modules + QStringLiteral("/@modelcontextprotocol/sdk"));
        std::printf("Sightglass bench_wire, build type %s, Qt %s, %d rounds\n",
                    SIGHTGLASS_BUILD_TYPE, qVersion(), rounds);
        if (qstrcmp(SIGHTGLASS_BUILD_TYPE, "Release") != 0)
            std::printf("This is no release build: the figures say little.\n");
        if (!m_haveSdk && !smoke)
            std::printf("The TypeScript SDK is not in %s: npm ci in tests/npm first.\n",
                        qPrintable(modules));
        printLoad("at the start");
        int result = events();
        if (!result)
            result = calls();
        if (!result)
            result = memory();
        if (!result)
            result = recordings();
        if (!result && !smoke)
            windows();
        std::printf("\n");
        printLoad("at the end");
        m_sender.closeWriteChannel();
        m_sender.waitForFinished(5'000);
        return result;
    }

private:
    static int fail(const char *sentence)
    {
        std::fprintf(stderr, "%s\n", sentence);
        return 1;
    }
    QString url(qint64 count, bool hold) const
    {
        return QStringLiteral("http://127.0.0.1:%1/mcp?events=%2&hold=%3")
            .arg(m_port)
            .arg(count)
            .arg(hold ? 1 : 0);
    }
    std::optional<Result> own(const char *role, const QString &where, qint64 count) const
    {
        return run(m_self,
                   {QStringLiteral("--role"), QLatin1String(role), where, QString::number(count)});
    }
    std::optional<Result> sdk(const char *job, const QString &where, qint64 count) const
    {
        return run(node,
                   {QStringLiteral(SIGHTGLASS_SOURCE_DIR "/tests/bench/sdk_client.mjs"), modules,
                    QLatin1String(job), where, QString::number(count)});
    }

    /// The window on its page of traffic, with the list of events at its end.
    std::optional<Result> following(const QString &where, qint64 count) const
    {
        return run(QCoreApplication::applicationDirPath() + QStringLiteral("/bench_window"),
                   {QStringLiteral("follow"), where, QString::number(count)});
    }

    int events()
    {
        const qint64 many = smoke ? 20'000 : 2'000'000;
        const qint64 few = 50'000;
        Series bare;
        Series ours;
        Series shown;
        Series theirs;
        for (int round = 0; round < rounds; ++round) {
            const auto a = own("bare", url(many, false), many);
            const auto b = own("ours", url(many, true), many);
            const auto w = following(url(many, true), many);
            if (!a || !b || !w)
                return fail("A receiver failed.");
            bare.add(*a);
            ours.add(*b);
            shown.add(*w);
            if (m_haveSdk) {
                const auto c = sdk("events", url(few, true), few);
                if (!c)
                    return fail("The SDK's client failed.");
                theirs.add(*c);
            }
        }
        std::printf("\nEvents of %d B a second\n", EventBytes);
        print("bare QNAM, discarding", spread(bare.rates), "/s");
        print("Sightglass, recording", spread(ours.rates), "/s");
        print("the window, following", spread(shown.rates), "/s");
        printRatio("Sightglass : bare QNAM", ours.rates, bare.rates);
        printRatio("the window : bare QNAM", shown.rates, bare.rates);
        if (m_haveSdk) {
            print("TypeScript SDK's client", spread(theirs.rates), "/s");
            printRatio("Sightglass : SDK", ours.rates, theirs.rates, 0);
            printRatio("the window : SDK", shown.rates, theirs.rates, 0);
        }
        std::printf("Processor time an event, all threads\n");
        print("bare QNAM, discarding", spread(bare.nanoseconds), "ns");
        print("Sightglass, recording", spread(ours.nanoseconds), "ns");
        print("the window, following", spread(shown.nanoseconds), "ns");
        printRatio("bare QNAM : Sightglass", bare.nanoseconds, ours.nanoseconds);
        if (m_haveSdk) {
            print("TypeScript SDK's client", spread(theirs.nanoseconds), "ns");
            printRatio("SDK : Sightglass", theirs.nanoseconds, ours.nanoseconds, 0);
        }
        return 0;
    }

    int calls()
    {
        const qint64 many = smoke ? 50 : 3000;
        const qint64 few = 1500;
        Series ours;
        Series theirs;
        for (int round = 0; round < rounds; ++round) {
            const auto a = own("calls", url(0, false), many);
            if (!a)
                return fail("The caller failed.");
            ours.add(*a);
            if (m_haveSdk) {
                const auto b = sdk("calls", url(0, false), few);
                if (!b)
                    return fail("The SDK's client failed.");
                theirs.add(*b);
            }
        }
        std::printf("\nCalls a second, one after another\n");
        print("Sightglass", spread(ours.rates), "/s");
        if (m_haveSdk) {
            print("TypeScript SDK's client", spread(theirs.rates), "/s");
            printRatio("Sightglass : SDK", ours.rates, theirs.rates, 1);
        }
        std::printf("Processor time a call, all threads\n");
        print("Sightglass", spread(ours.nanoseconds), "ns");
        if (m_haveSdk) {
            print("TypeScript SDK's client", spread(theirs.nanoseconds), "ns");
            printRatio("SDK : Sightglass", theirs.nanoseconds, ours.nanoseconds, 1);
        }
        return 0;
    }

    int memory()
    {
        const qint64 count = smoke ? 20'000 : 10'000'000;
        const auto ours = own("ours", url(count, true), count);
        if (!ours)
            return fail("The receiver failed.");
        std::printf("\nMemory while %lld events pass (%.0f MiB, all recorded)\n",
                    static_cast<long long>(count), double(count) * EventBytes / (1024 * 1024));
        std::printf("  resident at the start %.0f MiB; peak %.0f MiB, pages of its files not "
                    "counted, %.0f MiB with them\n",
                    ours->startMegabytes, ours->peakOwnMegabytes, ours->peakMegabytes);
        return 0;
    }

    int recordings()
    {
        const qint64 count = smoke ? 20'000 : 5'000'000;
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("long.sgtrace"));
        const auto recorded = own("record", path, count);
        if (!recorded)
            return fail("A recording could not be made.");
        const double megabytes = double(count) * EventBytes / 1e6;
        QList<double> first;
        QList<double> all;
        QList<double> bare;
        for (int round = 0; round < rounds; ++round) {
            const auto a = own("unpack", path, count);
            const auto b = own("open", path, count);
            if (!a || !b)
                return fail("The recording could not be read.");
            bare.append(a->seconds * 1000);
            first.append(b->first * 1000);
            all.append(b->seconds * 1000);
        }
        std::printf(
            "\nA recording of %lld events, %.0f MB, in a file of %.0f MB (written in %.1f s)\n",
            static_cast<long long>(count), megabytes, double(QFileInfo(path).size()) / 1e6,
            recorded->seconds);
        print("its frames taken apart", spread(bare), "ms");
        print("opened, first event there", spread(first), "ms", 1);
        print("opened, all there", spread(all), "ms");
        printRatio("all there : taken apart", all, bare, 1);
        return 0;
    }

    void windows()
    {
        const QString program =
            QCoreApplication::applicationDirPath() + QStringLiteral("/bench_window");
        if (!QFileInfo::exists(program)) {
            std::printf("\nThe window is not built: its start is not measured.\n");
            return;
        }
        QList<double> ours;
        QList<double> bare;
        for (int round = 0; round < rounds + 1; ++round) {
            const auto a = start(program, {QStringLiteral("empty")});
            const auto b = start(program, {QStringLiteral("sightglass")});
            if (!a || !b) {
                std::printf("\nA window could not be shown: its start is not measured.\n");
                return;
            }
            if (round == 0)
                continue; // files come into the cache
            bare.append(*a);
            ours.append(*b);
        }
        std::printf("\nFrom the start of the program to the first paint of its window\n");
        print("empty QMainWindow", spread(bare), "ms");
        print("Sightglass", spread(ours), "ms");
        printRatio("Sightglass : empty", ours, bare, 1);
    }
    static std::optional<double> start(const QString &program, const QStringList &arguments)
    {
        QElapsedTimer timer;
        timer.start();
        QProcess process;
        process.start(program, arguments);
        if (!process.waitForFinished(60'000) || process.exitCode() != 0) {
            process.kill();
            process.waitForFinished();
            return {};
        }
        return double(timer.nsecsElapsed()) / 1e6;
    }

    QProcess m_sender;
    QString m_self;
    int m_port = 0;
    bool m_haveSdk = false;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments().mid(1);
    if (words.value(0) == QLatin1String("--role")) {
        const QString role = words.value(1);
        if (role == QLatin1String("sender"))
            return runSender();
        const QUrl url(words.value(2));
        const qint64 count = words.value(3).toLongLong();
        if (role == QLatin1String("bare"))
            return receiveBare(url, count);
        if (role == QLatin1String("ours"))
            return receiveOurs(url, count);
        if (role == QLatin1String("calls"))
            return callOurs(url, count);
        if (role == QLatin1String("record"))
            return recordFile(words.value(2), count);
        if (role == QLatin1String("open"))
            return openFile(words.value(2));
        if (role == QLatin1String("unpack"))
            return unpackFile(words.value(2));
    }
    Bench bench;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words.at(i);
        if (word == QLatin1String("--smoke")) {
            bench.smoke = true;
            bench.rounds = 1;
        } else if (word == QLatin1String("--rounds") && words.value(i + 1).toInt() > 0) {
            bench.rounds = words.at(++i).toInt();
        } else if (word == QLatin1String("--modules") && i + 1 < words.size()) {
            bench.modules = words.at(++i);
        } else if (word == QLatin1String("--node") && i + 1 < words.size()) {
            bench.node = words.at(++i);
        } else {
            std::fprintf(stderr,
                         "usage: bench_wire [--smoke] [--rounds N] [--modules DIRECTORY] "
                         "[--node PROGRAM]\n");
            return 2;
        }
    }
    return bench.measure();
}
