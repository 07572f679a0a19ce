// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// usage: bench_window empty|sightglass
//        bench_window follow URL EVENTS
// Shows a window, ends as soon as it was painted for the first time: an empty QMainWindow as the
// yardstick, or ours, wired as in app/main.cpp but without settings. Or connects it to a server,
// goes to the events of its stream and follows them until so many are there; prints what the
// receivers of bench_wire print.
#include "core/trace/freed_memory.h"
#include "ui/main_window.h"
#include "ui/models/events_model.h"
#include "ui/pages/traffic_page.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/widgets/events_view.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMainWindow>
#include <QTimer>

#include <cstdio>
#include <cstdlib>

#include <sys/resource.h>

namespace {

/// Ends the program behind the first paint event, and so the first painted frame, of its window.
class FirstPaint : public QObject {
public:
    using QObject::QObject;
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && !m_seen) {
            m_seen = true;
            // Everything in the window is painted in one go; this comes after it.
            QMetaObject::invokeMethod(
                qApp, [] { std::_Exit(0); }, Qt::QueuedConnection);
        }
        return QObject::eventFilter(watched, event);
    }

private:
    bool m_seen = false;
};

/// Shows the events of the stream as soon as there are some, and ends when all are there and shown.
class Following : public QObject {
public:
    Following(sightglass::SessionController *session, sightglass::MainWindow *window, qint64 events)
        : m_session(session)
        , m_window(window)
        , m_events(events)
    {
        m_timer.start();
        connect(&m_poll, &QTimer::timeout, this, &Following::look);
        m_poll.start(1);
    }

private:
    void look()
    {
        const sightglass::TraceReader *trace = m_session->trace();
        for (; !m_view && m_looked < trace->exchangeCount(); ++m_looked) {
            if (trace->summary(m_looked + 1).kind == sightglass::ExchangeKind::Stream)
                show(m_looked + 1);
        }
        if (trace->totalEvents() < m_events || !m_view)
            return;
        const double seconds = double(m_timer.nsecsElapsed()) / 1e9;
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        const auto of = [](const timeval &time) {
            return double(time.tv_sec) + double(time.tv_usec) / 1e6;
        };
        // It is measured while it follows; where it did not, the figure would be worth nothing.
        m_poll.stop();
        QTimer::singleShot(500, this, [=, this] {
            if (m_view->model()->rowCount() < m_events)
                std::_Exit(1);
            std::printf("%lld %.6f %ld 0 %.6f 0\n", static_cast<long long>(m_events), seconds,
                        usage.ru_maxrss, of(usage.ru_utime) + of(usage.ru_stime));
            std::fflush(stdout);
            std::_Exit(0);
        });
    }
    void show(sightglass::ExchangeId stream)
    {
        m_window->showPage(QStringLiteral("traffic"));
        auto *page = m_window->findChild<sightglass::TrafficPage *>();
        page->showExchange(stream);
        page->showTab(sightglass::DetailTab::Events);
        m_view = page->findChild<sightglass::EventsView *>();
    }

    sightglass::SessionController *m_session;
    sightglass::MainWindow *m_window;
    const qint64 m_events;
    sightglass::EventsView *m_view = nullptr;
    sightglass::ExchangeId m_looked = 0;
    QElapsedTimer m_timer;
    QTimer m_poll;
};

} // namespace

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    FirstPaint firstPaint;
    app.installEventFilter(&firstPaint);
    if (argc > 1 && qstrcmp(argv[1], "sightglass") == 0) {
        QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/sightglass.svg")));
        sightglass::applyTheme(app, sightglass::ThemeChoice::System);
        sightglass::SessionController session;
        sightglass::MainWindow window(&session, nullptr);
        window.resize(1280, 800);
        window.show();
        return QApplication::exec();
    }
    if (argc > 3 && qstrcmp(argv[1], "follow") == 0) {
        app.removeEventFilter(&firstPaint);
        sightglass::keepFreedMemory();
        sightglass::applyTheme(app, sightglass::ThemeChoice::System);
        sightglass::SessionController session;
        sightglass::MainWindow window(&session, nullptr);
        window.resize(1280, 800);
        window.show();
        sightglass::ServerTarget target;
        target.url = QUrl(QString::fromLocal8Bit(argv[2]));
        target.network.proxy = sightglass::NetworkSettings::Proxy::None;
        Following following(&session, &window, QByteArray(argv[3]).toLongLong());
        session.connectTo(target);
        return QApplication::exec();
    }
    QMainWindow window;
    window.resize(1280, 800);
    window.show();
    return QApplication::exec();
}
