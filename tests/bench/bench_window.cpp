// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// usage: bench_window empty|sightglass
// Shows a window, ends as soon as it was painted for the first time: an empty QMainWindow as the
// yardstick, or ours, wired as in app/main.cpp but without settings.
#include "ui/main_window.h"
#include "ui/session_controller.h"
#include "ui/theme.h"

#include <QApplication>
#include <QMainWindow>

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
    QMainWindow window;
    window.resize(1280, 800);
    window.show();
    return QApplication::exec();
}
