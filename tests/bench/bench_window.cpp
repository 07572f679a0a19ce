// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// usage: bench_window FILE.png
// The yardstick for the program's start: an empty QMainWindow, painted once, its picture written.
#include <QApplication>
#include <QMainWindow>
#include <QPixmap>

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    QMainWindow window;
    window.resize(1280, 800);
    window.show();
    QCoreApplication::processEvents();
    const bool written = argc > 1 && window.grab().save(QString::fromLocal8Bit(argv[1]));
    return written ? 0 : 1;
}
