// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// How much of what comes is kept.
#include "ui/main_window.h"

#include "ui/session_controller.h"

#include <QActionGroup>
#include <QMenu>
#include <QSettings>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kKeepBytesKey = "trace/keepBytes"_L1;
constexpr auto kKeepStopKey = "trace/stopBeyond"_L1;
constexpr qint64 kGigabyte = 1'000'000'000;

} // namespace

void MainWindow::addKeepCommands(QMenu *menu)
{
    TraceLimit limit = m_session->traceLimit();
    if (m_settings) {
        limit.bytes = std::max<qint64>(0, m_settings->value(kKeepBytesKey).toLongLong());
        limit.beyond = m_settings->value(kKeepStopKey).toBool() ? TraceLimit::Beyond::Stop
                                                                : TraceLimit::Beyond::LetGo;
        m_session->setTraceLimit(limit);
    }
    const auto choose = [this](const TraceLimit &chosen) {
        m_session->setTraceLimit(chosen);
        if (!m_settings)
            return;
        m_settings->setValue(kKeepBytesKey, chosen.bytes);
        m_settings->setValue(kKeepStopKey, chosen.beyond == TraceLimit::Beyond::Stop);
    };

    QMenu *keep = menu->addMenu(tr("How much is kept"));
    keep->setToolTipsVisible(true);
    auto *sizes = new QActionGroup(this);
    const auto addSize = [&](const QString &text, qint64 bytes) {
        QAction *action = addCommand(text, {}, [this, choose, bytes] {
            choose({bytes, m_session->traceLimit().beyond});
        });
        action->setCheckable(true);
        action->setChecked(limit.bytes == bytes);
        sizes->addAction(action);
        keep->addAction(action);
    };
    addSize(tr("Keep as much of bodies as the disk takes"), 0);
    for (const qint64 gigabytes : {1, 4, 16, 64})
        addSize(tr("Keep %1 GB of bodies").arg(gigabytes), gigabytes * kGigabyte);
    keep->addSeparator();

    auto *beyond = new QActionGroup(this);
    const auto addBeyond = [&](const QString &text, const QString &tip, TraceLimit::Beyond value) {
        QAction *action = addCommand(text, {}, [this, choose, value] {
            choose({m_session->traceLimit().bytes, value});
        });
        action->setToolTip(tip);
        action->setCheckable(true);
        action->setChecked(limit.beyond == value);
        beyond->addAction(action);
        keep->addAction(action);
    };
    addBeyond(tr("Beyond it, let go of the oldest"),
              tr("A note in the trace says how much was let go of, and when."),
              TraceLimit::Beyond::LetGo);
    addBeyond(tr("Beyond it, stop recording"),
              tr("A note in the trace says when it stopped. The session goes on."),
              TraceLimit::Beyond::Stop);
}

} // namespace sightglass
