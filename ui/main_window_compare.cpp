// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// What of the window takes more than one trace: the one that is shown is held against a recording,
// and requests of a recording are sent to the server of the session.
#include "ui/main_window.h"

#include "ui/failure_banner.h"
#include "ui/pages/comparison_window.h"
#include "ui/pages/traffic_page.h"
#include "ui/session_controller.h"

#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

namespace sightglass {

using namespace Qt::StringLiterals;

void MainWindow::addCompareCommand(QMenu *menu)
{
    QAction *action =
        addCommand(tr("Compare with a recording…"), QKeySequence(u"Ctrl+Shift+D"_s), [this] {
            auto *dialog =
                new QFileDialog(this, tr("Compare with a recording"), QString(),
                                tr("Recordings (*.sgtrace *.trace *.har);;All files (*)"));
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->setFileMode(QFileDialog::ExistingFile);
            connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::compareWith);
            dialog->open();
        });
    menu->addAction(action);
    connect(m_session, &SessionController::sentFromRecording, this, [this](ExchangeId id) {
        m_failure->showNotice(
            tr("The request was sent. It is exchange %1 of the session's own trace.").arg(id),
            tr("Show it"), [this, id] {
                closeRecording();
                showExchange(id);
            });
    });
}

void MainWindow::showSending()
{
    const bool recording = m_session->isRecordingShown();
    const bool ready = m_phase == SessionPhase::Ready && m_session->target().url.isValid()
        && !m_session->target().command;
    m_traffic->setCanSendAgain(recording ? ready : m_phase == SessionPhase::Ready,
                               recording ? m_session->target().url : QUrl());
}

void MainWindow::compareWith(const QString &path)
{
    const std::shared_ptr<const TraceReader> trace = m_session->sharedTrace();
    if (!trace)
        return;
    auto *window = new ComparisonWindow(this);
    connect(window, &ComparisonWindow::exchangeRequested, this, [this, window](ExchangeId id) {
        // Another trace may be shown by now.
        if (m_session->trace() != window->shownTrace()) {
            window->showHere(id);
            return;
        }
        showExchange(id);
        activateWindow();
    });
    const bool live = !m_session->isRecordingShown();
    window->compare({trace, m_session->redactor(),
                     live ? tr("this trace") : QFileInfo(m_session->recordingName()).fileName(),
                     live, m_session->isRecordingWhole()},
                    path);
    window->show();
}

} // namespace sightglass
