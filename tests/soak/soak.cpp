// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// Mixed calls and streams, for as long as one likes, against the lab in a process of its own, while
// the lab and the line before it fail at random: drops, resets, stalls, half events, 503, slow
// bytes, and the lab is killed and started again.
//
//   soak [--minutes N] [--seed N]
//
// It goes by rounds: storm, calm, then all is checked (soak_checks.h says what) and let go of, and
// this process has to be as large as before: no memory, no descriptor and no thread is left. The
// exit code is 0 where all held. A watchdog ends it where nothing moves any more.
#include "tests/soak/lab_child.h"
#include "tests/soak/lab_process.h"
#include "tests/soak/process_facts.h"
#include "tests/soak/soak_checks.h"
#include "tests/soak/soak_client.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QThreadPool>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <thread>

using namespace sightglass;
using namespace sightglass::soak;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 StormMs = 20'000;
/// Until all that was asked for has ended: request limits, and streams that are tried again and
/// again.
constexpr qint64 CalmMs = 120'000;
constexpr int Clients = 3;
/// A round more or less must not show in what is left.
constexpr qint64 MemoryBound = 48 << 20;
/// What is in use is told to the byte; caches fill a little after the first round.
constexpr qint64 HeapBound = 512 << 10;

void say(const QString &line)
{
    std::printf("%s\n", qPrintable(line));
    std::fflush(stdout);
}

/// Aborts, so that a core shows where, when the event loop has not come round for a minute.
class Watchdog {
public:
    Watchdog()
        : m_thread([this] { watch(); })
    {
    }
    ~Watchdog()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_ends = true;
        }
        m_told.notify_all();
        m_thread.join();
    }
    Watchdog(const Watchdog &) = delete;
    Watchdog &operator=(const Watchdog &) = delete;
    void tick() { ++m_ticks; }

private:
    void watch()
    {
        quint64 before = 0;
        std::unique_lock lock(m_mutex);
        for (int still = 0; !m_ends; before = m_ticks) {
            m_told.wait_for(lock, std::chrono::milliseconds(250));
            still = m_ticks == before ? still + 1 : 0;
            if (still > 240) {
                std::fprintf(stderr, "soak: nothing moves any more\n");
                std::abort();
            }
        }
    }

    std::atomic<quint64> m_ticks = 0;
    std::mutex m_mutex;
    std::condition_variable m_told;
    bool m_ends = false;
    std::thread m_thread;
};

class Soak {
public:
    Soak(quint32 seed, qint64 minutes)
        : m_random(seed)
        , m_minutes(minutes)
    {
    }

    int run()
    {
        m_clock.start();
        if (!m_lab.start())
            return fail({u"The lab did not come up."_s});
        int round = 0;
        do {
            if (const QStringList wrong = playRound(++round); !wrong.isEmpty())
                return fail(wrong);
        } while (m_clock.elapsed() < m_minutes * 60'000 - StormMs);
        tellSummary(round);
        const ProcessFacts end = m_last;
        if (end.bytes > m_first.bytes + MemoryBound) {
            return fail({u"Memory grew from %1 to %2 MB."_s.arg(
                QString::number(m_first.bytes >> 20), QString::number(end.bytes >> 20))});
        }
        if (end.heapBytes > m_first.heapBytes + HeapBound) {
            return fail({u"Of the heap %2 kB are in use, after the first round it was %1 kB."_s.arg(
                QString::number(m_first.heapBytes >> 10), QString::number(end.heapBytes >> 10))});
        }
        return 0;
    }

private:
    /// Runs the event loop until `done`, or so long.
    bool waitFor(qint64 ms, const std::function<bool()> &done)
    {
        QElapsedTimer timer;
        timer.start();
        while (!done()) {
            if (timer.elapsed() > ms)
                return false;
            QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
            m_watchdog.tick();
        }
        return true;
    }

    QStringList playRound(int round)
    {
        static const QStringList revisions = {u"auto"_s, u"2025-11-25"_s, u"2025-06-18"_s,
                                              u"2025-03-26"_s, u"2025-11-25"_s};
        QTimer heartbeat; // the loop comes round though nothing happens
        heartbeat.start(20);
        std::vector<std::unique_ptr<SoakClient>> clients;
        for (int i = 0; i < Clients; ++i) {
            const QString revision = revisions.at(m_random.bounded(int(revisions.size())));
            clients.push_back(
                std::make_unique<SoakClient>(m_lab.url(), revision, m_random.generate()));
            clients.back()->start();
        }
        m_lab.storm(m_random.generate());
        QElapsedTimer storm;
        storm.start();
        while (storm.elapsed() < StormMs) {
            waitFor(2000 + m_random.bounded(10'000), [&] { return storm.elapsed() >= StormMs; });
            if (storm.elapsed() < StormMs && m_random.bounded(2)) {
                m_lab.kill();
                if (m_random.bounded(2))
                    waitFor(m_random.bounded(2000), [] { return false; });
                if (!m_lab.start())
                    return {u"The lab did not come up again."_s};
                m_lab.storm(m_random.generate());
            }
        }

        m_lab.calm();
        for (const auto &client : clients)
            client->stop();
        QStringList wrong;
        const auto quiet = [&] {
            return std::all_of(clients.begin(), clients.end(),
                               [](const auto &client) { return client->isQuiet(); });
        };
        if (!waitFor(CalmMs, quiet)) {
            for (const auto &client : clients) {
                if (!client->isQuiet())
                    wrong.append(u"It never became quiet: "_s + client->words());
            }
        }
        for (const auto &client : clients)
            client->disconnectNow();
        const auto gone = [&] {
            return std::all_of(clients.begin(), clients.end(),
                               [](const auto &client) { return client->isGone(); });
        };
        if (!waitFor(20'000, gone)) {
            for (const auto &client : clients) {
                if (!client->isGone())
                    wrong.append(u"A session did not come to its end: "_s + client->words());
            }
        }
        // What was cancelled may still be on its way out.
        waitFor(300, [] { return false; });

        SoakCounts counts;
        QList<const SoakClient *> all;
        for (const auto &client : clients)
            all.append(client.get());
        wrong += checkRound(all, m_lab.takeLedger(), &counts);
        m_counts += counts;
        const qint64 within = processFacts().bytes;
        all.clear();
        clients.clear();
        wrong += checkLeft();
        say(u"round %1: %2 calls (%3 failed), %4 events, %5 resumed, %6 connects; memory %7 MB, then %8 MB (%9 kB in use); %10"_s
                .arg(round)
                .arg(counts.calls)
                .arg(counts.failedCalls)
                .arg(counts.events)
                .arg(counts.resumed)
                .arg(counts.connects)
                .arg(within >> 20)
                .arg(m_last.bytes >> 20)
                .arg(m_last.heapBytes >> 10)
                .arg(u"%1 descriptors, %2 threads"_s.arg(m_last.descriptors).arg(m_last.threads)));
        if (round == 1)
            say(u"(the first round is to warm up)"_s);
        return wrong;
    }

    /// Everything is let go of: what is left has to be what the first round left.
    QStringList checkLeft()
    {
        const bool isFirst = m_first.threads == 0;
        const auto none = [&] {
            QThreadPool::globalInstance()->clear();
            m_last = processFacts();
            return !isFirst && m_last.descriptors <= m_first.descriptors
                && m_last.threads <= m_first.threads;
        };
        QTimer heartbeat;
        heartbeat.start(200);
        // Threads of Qt's pool end when nobody needed them for 30 s.
        const bool held = waitFor(isFirst ? 3000 : 40'000, none);
        if (isFirst) {
            m_first = m_last;
            return {};
        }
        QStringList wrong;
        if (!held) {
            wrong.append(u"There are %1 descriptors and %2 threads, where there were %3 and %4."_s
                             .arg(m_last.descriptors)
                             .arg(m_last.threads)
                             .arg(m_first.descriptors)
                             .arg(m_first.threads));
        }
        return wrong;
    }

    void tellSummary(int rounds)
    {
        say(u"%1 rounds in %2 s: %3 calls (%4 failed), %5 exchanges, %6 events (%7 of them numbered), %8 MB of bodies"_s
                .arg(rounds)
                .arg(m_clock.elapsed() / 1000)
                .arg(m_counts.calls)
                .arg(m_counts.failedCalls)
                .arg(m_counts.exchanges)
                .arg(m_counts.events)
                .arg(m_counts.numbered)
                .arg(m_counts.bytes / 1'000'000));
        say(u"connects %1, streams taken up again %2, kills %3, requests at the lab %4"_s
                .arg(m_counts.connects)
                .arg(m_counts.resumed)
                .arg(m_lab.kills())
                .arg(m_lab.requests()));
        QStringList faults;
        for (auto it = m_lab.faults().cbegin(); it != m_lab.faults().cend(); ++it)
            faults.append(u"%1 %2"_s.arg(QString::fromLatin1(it.key())).arg(it.value()));
        say(u"faults: "_s + faults.join(u", "_s));
        say(u"memory after the first round %1 MB, at the end %2 MB (in use %7 and %8 kB); descriptors %3 and %4, threads %5 and %6"_s
                .arg(m_first.bytes >> 20)
                .arg(m_last.bytes >> 20)
                .arg(m_first.descriptors)
                .arg(m_last.descriptors)
                .arg(m_first.threads)
                .arg(m_last.threads)
                .arg(m_first.heapBytes >> 10)
                .arg(m_last.heapBytes >> 10));
    }

    int fail(const QStringList &wrong)
    {
        say(u"This does not hold:"_s);
        for (const QString &sentence : wrong)
            say(u"  "_s + sentence);
        return 1;
    }

    QRandomGenerator m_random;
    qint64 m_minutes;
    QElapsedTimer m_clock;
    Watchdog m_watchdog;
    LabProcess m_lab;
    SoakCounts m_counts;
    ProcessFacts m_first; ///< after the first round
    ProcessFacts m_last;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    const auto value = [&](const QString &name, qint64 otherwise) {
        const qsizetype at = arguments.indexOf(name);
        return at > 0 && at + 1 < arguments.size() ? arguments.at(at + 1).toLongLong() : otherwise;
    };
    if (arguments.contains(u"--lab"_s))
        return runLabChild(quint16(value(u"--lab"_s, 0)));
    const auto seed = quint32(value(u"--seed"_s, qint64(QRandomGenerator::system()->generate())));
    const qint64 minutes = value(u"--minutes"_s, 3);
    say(u"soak --minutes %1 --seed %2"_s.arg(minutes).arg(seed));
    return Soak(seed, minutes).run();
}
