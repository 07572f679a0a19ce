// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/lab_child.h"

#include "core/lab/lab.h"
#include "tests/soak/faulty_relay.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QSocketNotifier>
#include <QTimer>

#include <cerrno>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace sightglass::soak {

using namespace Qt::StringLiterals;

namespace {

/// Past all buffers: a kill must not take the ledger with it.
void tell(const QByteArray &line)
{
    const QByteArray bytes = line + '\n';
    for (qsizetype at = 0; at < bytes.size();) {
        const ssize_t written =
            ::write(STDOUT_FILENO, bytes.constData() + at, size_t(bytes.size() - at));
        if (written < 0 && errno != EINTR)
            ::_exit(0); // nobody reads it any more
        at += std::max<ssize_t>(0, written);
    }
}

/// What the lab itself plays while it storms; nothing more often than not.
QStringList drawnLabFaults(QRandomGenerator &random)
{
    static const QStringList playable = {
        u"stall"_s,
        u"malformed-events"_s,
        u"dies-mid-event"_s,
        u"closes-stream:300"_s,
        u"AF-88"_s,
        u"slow-bytes:1"_s,
        u"chunked-broken-off"_s,
        u"half-answer"_s,
        u"AF-99@tools/call"_s,
        u"reset@tools/call"_s,
        u"no-answer@ping"_s,
        u"lying-content-length"_s,
        u"AF-96"_s,
        u"dies-mid-event"_s,
    };
    QStringList drawn;
    if (random.bounded(3) == 0)
        drawn.append(playable.at(random.bounded(int(playable.size()))));
    return drawn;
}

} // namespace

int runLabChild(quint16 port)
{
    // It goes when the one who started it does.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    LabSettings settings;
    settings.retryMs = 150;
    settings.pingMs = 2000;
    settings.keepAliveMs = 700;
    Lab lab(settings);
    FaultyRelay relay([&lab] { return lab.listen() ? quint16(lab.url().port()) : quint16(0); }());
    relay.onRequest = [](const QByteArray &method, const QByteArray &session,
                         const QByteArray &body) {
        tell("request " + method + ' ' + (session.isEmpty() ? QByteArray("-") : session) + ' '
             + QCryptographicHash::hash(body, QCryptographicHash::Sha1).toHex());
    };
    relay.onFault = [](LineFault fault) { tell(QByteArray("fault line:") + lineFaultName(fault)); };
    if (!relay.listen(port)) {
        tell("problem: the port is taken");
        return 1;
    }

    QRandomGenerator random;
    QTimer weather;
    weather.setInterval(400);
    QObject::connect(&weather, &QTimer::timeout, &lab, [&] {
        const QStringList play = drawnLabFaults(random);
        for (const QString &fault : play)
            tell("fault lab:" + fault.toLatin1());
        lab.setPlay(play);
    });
    QByteArray commands;
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &lab, [&] {
        char bytes[256];
        const ssize_t length = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (length <= 0) {
            QCoreApplication::quit();
            return;
        }
        commands.append(bytes, length);
        for (qsizetype end = commands.indexOf('\n'); end >= 0; end = commands.indexOf('\n')) {
            const QList<QByteArray> words = commands.first(end).split(' ');
            commands.remove(0, end + 1);
            if (words.first() == "storm") {
                const quint32 seed = words.value(1).toUInt();
                random.seed(seed);
                relay.setFaults(80, seed + 1);
                weather.start();
            } else {
                relay.setFaults(0, 0);
                weather.stop();
                lab.setPlay({});
            }
        }
    });
    tell("ready");
    return QCoreApplication::exec();
}

} // namespace sightglass::soak
