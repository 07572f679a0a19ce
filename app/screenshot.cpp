// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "app/screenshot.h"

#include "core/http/http_gate.h"
#include "ui/main_window.h"
#include "ui/session_controller.h"

#include <QCoreApplication>
#include <QPixmap>
#include <QUrlQuery>

#include <cstdio>

namespace sightglass {

using namespace std::chrono_literals;

/// A browser of somebody who agrees to everything.
struct Screenshot::Visitor {
    TraceStore trace;
    HttpGate gate{&trace};
};

Screenshot::~Screenshot() = default;

Screenshot::Screenshot(MainWindow *window, SessionController *session, const QString &file,
                       const QString &page, bool practice, QObject *parent)
    : QObject(parent)
    , m_window(window)
    , m_session(session)
    , m_file(file)
    , m_page(page)
    , m_toFill(practice && (page == QLatin1String("tasks") || page == QLatin1String("requests")))
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(600ms);
    m_limit.setSingleShot(true);
    m_limit.setInterval(15s);
    connect(&m_quiet, &QTimer::timeout, this, [this] {
        if (m_window->isTakingIn())
            m_quiet.start();
        else
            take();
    });
    connect(&m_limit, &QTimer::timeout, this, [this] {
        // A long recording takes as long as it takes.
        if (m_session->isOpening() || m_window->isTakingIn())
            m_limit.start();
        else
            take();
    });
    for (auto signal : {&SessionController::traceChanged, &SessionController::redactorChanged})
        connect(session, signal, this, &Screenshot::soon);
    connect(session, &SessionController::stateChanged, this, &Screenshot::soon);
    connect(session, &SessionController::listed, this, &Screenshot::soon);
    connect(session, &SessionController::oauthChanged, this, [this](const OAuthState &state) {
        if (m_toLogIn && state.phase == OAuthState::Phase::Browser) {
            m_toLogIn = false;
            visit(state.browse);
        }
        soon();
    });
    m_limit.start();
    soon();
}

void Screenshot::soon()
{
    const SessionPhase phase = m_session->state().phase;
    // While it is waited for the person, connecting goes on waiting.
    const bool waits = !m_visitor && !m_toLogIn && m_session->oauth().waitsForPerson();
    const bool busy = (phase == SessionPhase::Connecting && !waits)
        || phase == SessionPhase::Disconnecting || m_session->isOpening();
    if (!busy && m_toFill && phase == SessionPhase::Ready)
        fillPage();
    if (busy)
        m_quiet.stop();
    else
        m_quiet.start();
}

void Screenshot::logInFirst()
{
    m_toLogIn = true;
    soon();
}

void Screenshot::expectRecording()
{
    connect(m_session, &SessionController::failed, this, [this](const Failure &failure) {
        m_notOpened = failure.sentence;
        soon();
    });
}

void Screenshot::visit(const QUrl &url)
{
    m_visitor = std::make_unique<Visitor>();
    NetworkSettings network;
    network.proxy = NetworkSettings::Proxy::None;
    m_visitor->gate.setNetworkSettings(network);
    // The lab asks nobody then.
    QUrlQuery query(url);
    query.removeAllQueryItems(QStringLiteral("prompt"));
    query.addQueryItem(QStringLiteral("prompt"), QStringLiteral("none"));
    HttpRequest request;
    request.url = url;
    request.url.setQuery(query);
    request.what = QStringLiteral("browser");
    HttpExchange *http = m_visitor->gate.send(request);
    connect(http, &HttpExchange::finished, http, &QObject::deleteLater);
}

void Screenshot::fillPage()
{
    m_toFill = false;
    if (m_page == QLatin1String("tasks")) {
        for (const char *arguments :
             {"{\"seconds\":0}", "{\"seconds\":0,\"fail\":true}", "{\"seconds\":60}"})
            m_session->callTool(QStringLiteral("brew-tea"), arguments, "{}");
        m_session->callTool(QStringLiteral("label-cup"), "{}", "{}");
        // They are asked after again and again: it will not be quiet.
        m_limit.start(3s);
        return;
    }
    for (const char *tool : {"ask-form", "ask-by-url", "ask-model"})
        m_session->callTool(QString::fromLatin1(tool), "{}");
}

void Screenshot::take()
{
    m_quiet.stop();
    m_limit.stop();
    if (!m_page.isEmpty() && !m_window->prepareScreenshot(m_page)) {
        std::fprintf(stderr, "sightglass: there is no page “%s”; there are: %s.\n",
                     qPrintable(m_page),
                     qPrintable(MainWindow::pageNames().join(QStringLiteral(", "))));
        QCoreApplication::exit(2);
        return;
    }
    // Panes that were opened for it get their places from the event loop.
    QTimer::singleShot(250ms, this, &Screenshot::write);
}

void Screenshot::write()
{
    const QPixmap picture = m_window->grab();
    if (!picture.save(m_file, "PNG")) {
        std::fprintf(stderr, "sightglass: %s cannot be written.\n", qPrintable(m_file));
        QCoreApplication::exit(2);
        return;
    }
    if (!m_notOpened.isEmpty())
        std::fprintf(stderr, "sightglass: %s\n", qPrintable(m_notOpened));
    QCoreApplication::exit(m_notOpened.isEmpty() ? 0 : 2);
}

} // namespace sightglass
