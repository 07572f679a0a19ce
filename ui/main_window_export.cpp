// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
// What of the window hands exchanges on, and takes them from files.
#include "ui/main_window.h"

#include "ui/failure_banner.h"
#include "ui/pages/export_panel.h"
#include "ui/pages/spans_panel.h"
#include "ui/pages/traffic_page.h"
#include "ui/session_controller.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/rail.h"
#include "ui/widgets/status_line.h"

#include <QAction>
#include <QMenu>
#include <QSettings>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// What takes longer is told, with a way to end it.
constexpr int kOpeningLateMs = 500;
constexpr auto kSpansUrlKey = "otlp/url"_L1;
constexpr auto kSpansOnKey = "otlp/on"_L1;

} // namespace

void MainWindow::connectExport()
{
    m_traffic->setExportSource([this] {
        ExportChoices choices;
        choices.trace = m_session->sharedTrace();
        choices.redactor = m_session->redactor();
        choices.name = m_session->recordingName();
        choices.source = m_session->recordingPath();
        return choices;
    });
    m_openingLate.setSingleShot(true);
    m_openingLate.setInterval(kOpeningLateMs);
    connect(m_session, &SessionController::openingChanged, this, &MainWindow::openingChanged);
    connect(&m_openingLate, &QTimer::timeout, this, [this] {
        m_failure->showNotice(tr("Reading %1…").arg(m_openingName), tr("Cancel"),
                              [this] { m_session->closeRecording(); });
    });
    connect(m_session, &SessionController::openingProgress, this, [this](qint64 read, qint64 all) {
        m_statusLine->showMessage(tr("Reading the recording: %1 %").arg(read * 100 / all));
    });

    SpansPanel *spans = m_traffic->spansPanel();
    connect(spans, &SpansPanel::changed, this,
            [this, spans](const std::optional<OtlpTarget> &target) {
                m_session->setSpans(target);
                if (!m_settings)
                    return;
                m_settings->setValue(kSpansUrlKey, spans->url());
                m_settings->setValue(kSpansOnKey, target.has_value());
            });
    connect(m_session, &SessionController::spansChanged, spans, &SpansPanel::setDelivery);
    // Where the panel is closed, a word when they do not arrive, and one when they do again.
    connect(m_session, &SessionController::spansChanged, this,
            [this](const OtlpDelivery &delivery) {
                const std::optional<OtlpTarget> &target = m_session->spansTarget();
                if (!target || delivery.problem == m_spansProblem)
                    return;
                m_spansProblem = delivery.problem;
                m_statusLine->showMessage(otlpDeliveryWords(delivery, target->url));
            });
    if (m_settings)
        spans->restore(m_settings->value(kSpansUrlKey).toString(),
                       m_settings->value(kSpansOnKey).toBool());
}

void MainWindow::openingChanged(bool opening)
{
    m_statusLine->showMessage(opening ? tr("Reading the recording") : QString());
    if (opening) {
        m_openingLate.start();
        return;
    }
    if (!m_openingLate.isActive() && m_banner->sentence() == tr("Reading %1…").arg(m_openingName))
        m_banner->clear();
    m_openingLate.stop();
}

void MainWindow::addExportCommands(QMenu *menu)
{
    const auto toTraffic = [this] { goToPage(m_rail->indexOf(u"traffic"_s)); };
    menu->addAction(
        addCommand(tr("Export exchanges…"), QKeySequence(u"Ctrl+Shift+S"_s), [this, toTraffic] {
            toTraffic();
            m_traffic->exportPanel()->open();
        }));
    menu->addAction(addCommand(tr("Send spans to OpenTelemetry…"), {}, [this, toTraffic] {
        toTraffic();
        m_traffic->spansPanel()->open();
    }));
}

} // namespace sightglass
