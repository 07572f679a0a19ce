// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// How long a frame of the Traffic page takes, with 1 million exchanges in it, and with 1 million
// events on one stream: the real page at 1280x800, painted by its own widgets into the window's
// backing store. A frame is all that the GUI's thread does from the input (a key, a turn of the
// wheel, the mouse; or a look at the trace that has grown) to the end of the paint that it led to,
// whatever else came in between. Nothing is shown on a screen, so what a compositor adds is not in
// it.
//
// How to run it:
//   cmake --preset release -DSIGHTGLASS_TESTS=ON
//   cmake --build --preset release --target bench_frames
//   QT_QPA_PLATFORM=offscreen build/release/tests/bench_frames
//
// options: --rows N (1000000)   --frames N of each kind (1000)   --seconds N that rows are appended
//          (8)   --rate N rows a second (20000)   --only WORD (kinds whose name has it)
//          --smoke (a quick try: few of everything)
//   bench_frames [--rows N] --write-exchanges|--write-events FILE
//          writes the same rows as a recording in place of measuring, to look at in the program
//
// Printed are percentiles in milliseconds, and the share of frames under 16 ms; then how much of
// the processor the GUI's thread took in the 99th of a hundred frames, and at most: on a machine
// that does other things as well, the rest of a frame is waiting for its turn.
#include "core/trace/redaction.h"
#include "core/trace/trace_file.h"
#include "core/trace/trace_store.h"
#include "ui/models/events_model.h"
#include "ui/models/exchange_model.h"
#include "ui/models/sequence_model.h"
#include "ui/pages/traffic_page.h"
#include "ui/theme.h"
#include "ui/widgets/events_view.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/rows_view.h"
#include "ui/widgets/sequence_view.h"

#include "bench_frames_fill.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QScrollBar>
#include <QSemaphore>
#include <QStandardPaths>
#include <QStyleOptionSlider>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

using namespace sightglass;
using namespace Qt::StringLiterals;

namespace {

constexpr double kFrameMs = 16;

struct Options {
    qint64 rows = 1'000'000;
    int frames = 1000;
    int seconds = 8;
    int rate = 20'000;
    QString only;
};

double loadOfMachine()
{
    std::ifstream file("/proc/loadavg");
    double load = -1;
    file >> load;
    return load;
}

/// The window that the page stands in; knows when it was painted.
class Window final : public QWidget {
public:
    bool painted = false;

protected:
    bool event(QEvent *event) override
    {
        const bool handled = QWidget::event(event);
        // All widgets of the window are painted within.
        painted = painted || event->type() == QEvent::UpdateRequest;
        return handled;
    }
};

/// How long something took: by the clock, and of the processor in the GUI's thread, which other
/// programs cannot make longer.
struct Took {
    qint64 ns = 0;
    qint64 cpuNs = 0;

    Took &operator+=(const Took &other)
    {
        ns += other.ns;
        cpuNs += other.cpuNs;
        return *this;
    }
};

class Stopwatch {
public:
    Stopwatch() { m_timer.start(); }
    Took took() const { return {m_timer.nsecsElapsed(), cpu() - m_cpu}; }

private:
    static qint64 cpu()
    {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return qint64(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
    }

    QElapsedTimer m_timer;
    qint64 m_cpu = cpu();
};

class Frames {
public:
    explicit Frames(QString name)
        : m_name(std::move(name))
    {
    }
    void add(const Took &took)
    {
        m_ms.append(double(took.ns) / 1e6);
        m_cpu.append(double(took.cpuNs) / 1e6);
    }
    void print(const QString &remark = {})
    {
        if (m_ms.isEmpty()) {
            std::printf("  %-46s no frames\n", qPrintable(m_name));
            return;
        }
        std::sort(m_ms.begin(), m_ms.end());
        std::sort(m_cpu.begin(), m_cpu.end());
        const auto of = [](const QList<double> &all, double share) {
            return all.at(std::min(all.size() - 1, qsizetype(share * double(all.size()))));
        };
        const auto at = [&](double share) { return of(m_ms, share); };
        const auto slow = m_ms.cend() - std::upper_bound(m_ms.cbegin(), m_ms.cend(), kFrameMs);
        std::printf("  %-46s %6lld %7.2f %7.2f %7.2f %7.2f %8.2f %% %7.2f %7.2f  %s\n",
                    qPrintable(m_name), static_cast<long long>(m_ms.size()), at(0.5), at(0.95),
                    at(0.99), m_ms.constLast(),
                    100.0 * double(m_ms.size() - slow) / double(m_ms.size()), of(m_cpu, 0.99),
                    m_cpu.constLast(), qPrintable(remark));
        std::fflush(stdout);
    }

private:
    QString m_name;
    QList<double> m_ms;
    QList<double> m_cpu;
};

/// Works the page as a person does and measures what comes of it.
class Bench {
public:
    Bench(const Options &options, Window *window, TrafficPage *page)
        : m_options(options)
        , m_window(window)
        , m_page(page)
    {
    }

    RowsView *table = nullptr; ///< the view that is worked

    bool wants(const QString &name) const
    {
        return m_options.only.isEmpty() || name.contains(m_options.only);
    }

    /// One turn of the event loop; the time that the thread was busy in it.
    static Took turn()
    {
        // Without waiting in it: what a dispatcher waits would count.
        const Stopwatch watch;
        QCoreApplication::processEvents();
        const Took busy = watch.took();
        if (busy.ns < 100'000)
            QSemaphore().tryAcquire(1, 1); // the writer's turn
        return busy;
    }
    void settle(const std::function<bool()> &isDone, int mostMs = 300'000)
    {
        QElapsedTimer timer;
        timer.start();
        while (!isDone() && timer.elapsed() < mostMs)
            turn();
        // Whatever was still to be painted is none of the next measurement's.
        for (int i = 0; i < 3; ++i)
            QCoreApplication::processEvents();
    }

    /// From the input to the end of the paint; nothing where it led to none.
    std::optional<Took> frameOf(const std::function<void()> &input) const
    {
        QCoreApplication::processEvents();
        m_window->painted = false;
        const Stopwatch watch;
        input();
        for (int turns = 0; !m_window->painted && turns < 20; ++turns)
            QCoreApplication::processEvents();
        return m_window->painted ? std::optional(watch.took()) : std::nullopt;
    }

    void measure(const QString &name, const std::function<void(int)> &input) const
    {
        if (!wants(name))
            return;
        Frames frames(name);
        for (int i = 0; i < m_options.frames; ++i) {
            if (const auto took = frameOf([&] { input(i); }))
                frames.add(*took);
        }
        frames.print();
    }

    void scrolling(const QString &where)
    {
        QScrollBar *bar = table->verticalScrollBar();
        bar->setValue(bar->maximum() / 3);
        measure(where + u": lines, by the wheel"_s,
                [this](int i) { wheel(i % 400 < 200 ? -1 : 1); });
        measure(where + u": pages"_s, [bar](int i) {
            bar->triggerAction(i % 400 < 200 ? QScrollBar::SliderPageStepAdd
                                             : QScrollBar::SliderPageStepSub);
        });
        drag(where + u": dragging the bar"_s);
        bar->setValue(bar->maximum() / 3);
    }

    void wheel(int turns) const
    {
        QWidget *viewport = table->viewport();
        const QPointF at(viewport->rect().center());
        QWheelEvent event(at, viewport->mapToGlobal(at), {}, {0, turns * 120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(viewport, &event);
    }

    void drag(const QString &name) const
    {
        QScrollBar *bar = table->verticalScrollBar();
        bar->setValue(0);
        QCoreApplication::processEvents();
        QStyleOptionSlider option;
        option.initFrom(bar);
        option.orientation = Qt::Vertical;
        option.minimum = bar->minimum();
        option.maximum = bar->maximum();
        option.pageStep = bar->pageStep();
        option.singleStep = bar->singleStep();
        const QPoint grip =
            bar->style()
                ->subControlRect(QStyle::CC_ScrollBar, &option, QStyle::SC_ScrollBarSlider, bar)
                .center();
        mouse(bar, QEvent::MouseButtonPress, grip);
        const int way = std::max(1, bar->height() - 40);
        measure(name, [&](int i) {
            const int there = i % (2 * way);
            mouse(bar, QEvent::MouseMove, grip + QPoint(0, there < way ? there : 2 * way - there));
        });
        mouse(bar, QEvent::MouseButtonRelease, grip);
    }

    static void mouse(QWidget *on, QEvent::Type type, const QPoint &at)
    {
        const bool moves = type == QEvent::MouseMove;
        QMouseEvent event(
            type, QPointF(at), on->mapToGlobal(QPointF(at)), moves ? Qt::NoButton : Qt::LeftButton,
            type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(on, &event);
    }

    void key(int key) const
    {
        QKeyEvent press(QEvent::KeyPress, key, Qt::NoModifier);
        QCoreApplication::sendEvent(table, &press);
        QKeyEvent release(QEvent::KeyRelease, key, Qt::NoModifier);
        QCoreApplication::sendEvent(table, &release);
    }

    void selecting(const QString &where)
    {
        table->setFocus();
        table->setCurrentRow(int(table->model()->rowCount() / 2));
        QCoreApplication::processEvents();
        measure(where + u": arrow keys, with the details"_s,
                [this](int i) { key(i % 400 < 200 ? Qt::Key_Down : Qt::Key_Up); });
    }

    /// Rows are appended by a thread of their own meanwhile; `input` every `inputMs`.
    void following(const QString &name, const std::function<void(qint64)> &append,
                   const std::function<void()> &input = {}, int inputMs = 16)
    {
        if (!wants(name))
            return;
        QSemaphore stop;
        std::atomic<qint64> appended = 0;
        std::thread writer([&] {
            QElapsedTimer clock;
            clock.start();
            while (!stop.tryAcquire(1, 2)) {
                const qint64 due = clock.elapsed() * m_options.rate / 1000;
                const qint64 more = due - appended;
                if (more > 0) {
                    append(more);
                    appended += more;
                }
            }
        });
        Frames frames(name);
        QElapsedTimer clock;
        clock.start();
        QElapsedTimer sinceInput;
        sinceInput.start();
        Took busy;
        m_window->painted = false;
        while (clock.elapsed() < m_options.seconds * 1000) {
            if (input && sinceInput.elapsed() >= inputMs) {
                sinceInput.start();
                const Stopwatch watch;
                input();
                busy += watch.took();
            }
            busy += turn();
            if (m_window->painted) {
                frames.add(busy);
                busy = {};
                m_window->painted = false;
            }
        }
        stop.release();
        writer.join();
        frames.print(
            u"%1 rows a second"_s.arg(appended * 1000 / std::max<qint64>(1, clock.elapsed())));
    }

    void filtering(const QString &where, QLineEdit *line, const QStringList &filters,
                   const std::function<bool()> &isScanning)
    {
        const QString name = where + u": typing a filter while scrolling"_s;
        if (!wants(name))
            return;
        Frames frames(name);
        for (const QString &text : filters) {
            for (qsizetype length = 1; length <= text.size(); ++length) {
                if (const auto took = frameOf([&] { line->setText(text.left(length)); }))
                    frames.add(*took);
                for (int i = 0; i < 3; ++i)
                    addScrolled(frames, i);
            }
            QElapsedTimer timer;
            timer.start();
            for (int i = 0; isScanning() && timer.elapsed() < 60'000; ++i)
                addScrolled(frames, i);
        }
        frames.print();
        line->clear();
        settle([&] { return !isScanning(); });
    }

    void addScrolled(Frames &frames, int i) const
    {
        if (const auto took = frameOf([&] { wheel(i % 40 < 20 ? -1 : 1); }))
            frames.add(*took);
    }

    /// By each column, as its header is clicked: ascending, descending, as recorded.
    void sorting(ExchangeModel *model)
    {
        for (int column = 0; column < ExchangeModel::Waterfall; ++column) {
            QString title = model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
            if (!wants(u"sorting by "_s + title))
                continue;
            for (const char *way : {"ascending", "descending", "as recorded"}) {
                Frames frames(u"sorting by %1, %2"_s.arg(title, QLatin1String(way)));
                QElapsedTimer timer;
                timer.start();
                frames.add(frameOf([&] { clickHeader(column); }).value_or(Took()));
                while (model->isSorting() && timer.elapsed() < 60'000)
                    frames.add(turn());
                const qint64 took = timer.elapsed();
                settle([] { return true; });
                frames.print(u"sorted after %1 ms"_s.arg(took));
            }
            clickHeader(column);
            settle([model] { return !model->isSorting(); });
            measure(u"sorting by %1: scrolling then"_s.arg(title),
                    [this](int i) { wheel(i % 400 < 200 ? -1 : 1); });
            table->setFocus();
            table->setCurrentRow(table->model()->rowCount() / 2);
            measure(u"sorting by %1: arrow keys then"_s.arg(title),
                    [this](int i) { key(i % 400 < 200 ? Qt::Key_Down : Qt::Key_Up); });
            clickHeader(column);
            clickHeader(column);
        }
    }

    void clickHeader(int column) const
    {
        QHeaderView *header = table->header();
        const QPoint at(header->sectionViewportPosition(column) + header->sectionSize(column) / 2,
                        header->height() / 2);
        mouse(header->viewport(), QEvent::MouseButtonPress, at);
        mouse(header->viewport(), QEvent::MouseButtonRelease, at);
    }

private:
    Options m_options;
    Window *m_window;
    TrafficPage *m_page;
};

/// The page takes in what the trace holds by and by.
void open(Bench &bench, Window &window, const QString &name, const QString &what,
          const std::function<void()> &show, const std::function<bool()> &isDone)
{
    Frames frames(name);
    QElapsedTimer timer;
    timer.start();
    const Stopwatch watch;
    show();
    frames.add(watch.took());
    while (!isDone() && timer.elapsed() < 300'000)
        frames.add(bench.turn());
    const qint64 took = timer.elapsed();
    bench.settle([] { return true; });
    window.painted = false;
    if (bench.wants(name))
        frames.print(what.arg(took));
}

/// The sequence of messages in place of the table.
void sequence(Bench &bench, Window &window, TrafficPage *page,
              const std::function<void(qint64)> &append)
{
    auto *view = page->findChild<SequenceView *>();
    SequenceModel *model = view->sequence();
    auto *button = page->findChild<QToolButton *>(u"sequenceButton"_s);
    open(
        bench, window, u"sequence: opening: turns of the event loop"_s, u"all there after %1 ms"_s,
        [&] { button->click(); }, [&] { return !model->isBusy(); });
    bench.table = view;
    bench.scrolling(u"sequence: scrolling"_s);
    bench.selecting(u"sequence: selecting"_s);
    view->setFollowing(true);
    bench.following(u"sequence: following"_s, append);
    button->click();
    QCoreApplication::processEvents();
}

template <typename Model> RowsView *viewOf(QWidget *page)
{
    for (RowsView *view : page->findChildren<RowsView *>()) {
        if (qobject_cast<Model *>(view->model()))
            return view;
    }
    return nullptr;
}

void heading(const char *what, qint64 rows)
{
    std::printf("%lld %s (load %.1f)\n  %-46s %6s %7s %7s %7s %7s %10s %7s %7s\n",
                static_cast<long long>(rows), what, loadOfMachine(), "", "frames", "50 %", "95 %",
                "99 %", "max", "< 16 ms", "cpu 99%", "max");
}

void exchanges(const Options &options)
{
    TraceStore store;
    bench::ExchangeFiller filler(&store);
    filler.append(options.rows);
    Window window;
    auto *layout = new QVBoxLayout(&window);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *page = new TrafficPage(&window);
    layout->addWidget(page);
    window.resize(1280, 800);
    window.show();
    Bench bench(options, &window, page);
    bench.table = viewOf<ExchangeModel>(page);
    auto *model = qobject_cast<ExchangeModel *>(bench.table->model());
    auto *line = page->findChild<FilterLine *>()->lineEdit();
    bool credentials = false;
    QObject::connect(model, &ExchangeModel::credentialsKnown, page, [&] { credentials = true; });
    heading("exchanges", options.rows);
    open(
        bench, window, u"opening: turns of the event loop"_s, u"all there after %1 ms"_s,
        [&] { page->setTrace(&store, [&store] { return store.now(); }); },
        [&] {
            return model->rowCount() == options.rows && (credentials || options.rows < 10'000);
        });

    bench.scrolling(u"scrolling"_s);
    const auto append = [&](qint64 more) { filler.append(more); };
    bench.table->setFollowing(true);
    bench.following(u"following"_s, append);
    bench.selecting(u"selecting"_s);
    bench.scrolling(u"with details"_s);
    bench.table->setFollowing(true);
    bench.following(u"following with details"_s, append);
    bench.table->verticalScrollBar()->setValue(1000);
    bench.following(u"scrolling while rows come"_s, append, [&] { bench.wheel(-1); });
    bench.sorting(model);
    model->sort(ExchangeModel::Duration, Qt::DescendingOrder);
    bench.settle([&] { return !model->isSorting(); });
    bench.table->verticalScrollBar()->setValue(24'000);
    bench.following(u"sorted by ms while rows come"_s, append);
    bench.following(u"scrolling sorted rows while rows come"_s, append, [&] { bench.wheel(-1); });
    model->sort(-1);
    bench.filtering(u"filtering"_s, line,
                    {u"status:401"_s, u"tool:add ms>100"_s, u"\"never there\""_s,
                     u"body/params/arguments/a=77"_s},
                    [&] { return model->isScanning(); });
    line->setText(u"status:4xx"_s);
    bench.settle([&] { return !model->isScanning(); });
    bench.table->setFollowing(true);
    bench.following(u"following a filter"_s, append);
    line->clear();
    bench.settle([&] { return !model->isScanning(); });
    sequence(bench, window, page, append);
    page->setTrace(nullptr);
}

void events(const Options &options)
{
    TraceStore store;
    bench::EventFiller filler(&store);
    filler.append(options.rows);
    Window window;
    auto *layout = new QVBoxLayout(&window);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *page = new TrafficPage(&window);
    layout->addWidget(page);
    window.resize(1280, 800);
    window.show();
    Bench bench(options, &window, page);
    auto *view = page->findChild<EventsView *>();
    bench.table = view->list();
    auto *model = view->model();
    heading("events on one stream", options.rows);
    open(
        bench, window, u"opening: turns of the event loop"_s, u"all there after %1 ms"_s,
        [&] {
            page->setTrace(&store, [&store] { return store.now(); });
            page->showExchange(filler.stream());
            page->showTab(DetailTab::Events);
        },
        [&] { return model->framesTaken() == options.rows && !model->isScanning(); });
    const auto append = [&](qint64 more) { filler.append(more); };
    bench.scrolling(u"scrolling"_s);
    bench.table->setFollowing(true);
    bench.following(u"following"_s, append);
    bench.selecting(u"selecting"_s);
    bench.table->verticalScrollBar()->setValue(1000);
    bench.following(u"scrolling while events come"_s, append, [&] { bench.wheel(-1); });
    bench.filtering(u"filtering"_s, view->filterLine()->lineEdit(),
                    {u"event.type:ping"_s, u"body/params/progress>999990"_s, u"/t7.{3}progress/"_s},
                    [&] { return model->isScanning(); });
    sequence(bench, window, page, append);
    page->setTrace(nullptr);
}

/// The rows as a recording, for the program itself.
int write(const Options &options, bool events, const QString &path)
{
    TraceStore store;
    auto writer =
        TraceFileWriter::create(path, store.began(), Redactor(QByteArray(16, '0')), false);
    if (!writer) {
        std::fprintf(stderr, "%s\n", qPrintable(writer.error().sentence));
        return 1;
    }
    store.addSink(writer->get());
    if (events)
        bench::EventFiller(&store).append(options.rows);
    else
        bench::ExchangeFiller(&store).append(options.rows);
    (*writer)->close();
    store.removeSink(writer->get());
    const auto failure = (*writer)->failure();
    if (failure)
        std::fprintf(stderr, "%s\n", qPrintable(failure->sentence));
    return failure ? 1 : 0;
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QStandardPaths::setTestModeEnabled(true);
    QApplication app(argc, argv);
    QApplication::setOrganizationName(u"sightglass-bench"_s);
    QApplication::setApplicationName(u"frames"_s);
    applyTheme(app, ThemeChoice::Light);
    Options options;
    const QStringList arguments = QApplication::arguments().mid(1);
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &option = arguments.at(i);
        const QString value = arguments.value(i + 1);
        if (option == u"--smoke"_s) {
            options.rows = 3000;
            options.frames = 12;
            options.seconds = 1;
            continue;
        }
        if (option == u"--write-exchanges"_s || option == u"--write-events"_s)
            return write(options, option == u"--write-events"_s, value);
        if (option == u"--rows"_s)
            options.rows = std::max<qint64>(100, value.toLongLong());
        else if (option == u"--frames"_s)
            options.frames = std::max(1, value.toInt());
        else if (option == u"--seconds"_s)
            options.seconds = std::max(1, value.toInt());
        else if (option == u"--rate"_s)
            options.rate = std::max(1, value.toInt());
        else if (option == u"--only"_s)
            options.only = value;
        else {
            std::fprintf(stderr,
                         "bench_frames [--rows N] [--frames N] [--seconds N] [--rate N] [--only "
                         "WORD] [--smoke]\n"
                         "bench_frames [--rows N] --write-exchanges|--write-events FILE\n");
            return 2;
        }
        ++i;
    }
    exchanges(options);
    events(options);
    std::printf("load at the end: %.1f\n", loadOfMachine());
    return 0;
}
