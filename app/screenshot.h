// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QTimer>
#include <QUrl>

#include <memory>

namespace sightglass {

class MainWindow;
class SessionController;

/// Writes a picture of the window when what was asked for is there (or failed), then ends the
/// program: with 0, or with 2 if it could not be written, or the recording that it was to show
/// could not be opened (then it shows how that is told).
class Screenshot : public QObject {
    Q_OBJECT
public:
    /// Neither is owned. `practice`: the server is the lab, whose tools are called for the pages
    /// that are empty before somebody calls one.
    Screenshot(MainWindow *window, SessionController *session, const QString &file,
               const QString &page, bool practice, QObject *parent = nullptr);
    ~Screenshot() override;

    /// Goes through the log-in that the lab asks for, instead of taking a picture of how it waits
    /// for the browser. Nothing but the lab is asked.
    void logInFirst();
    /// A recording is being opened.
    void expectRecording();

private:
    void visit(const QUrl &url);
    struct Visitor;
    void soon();
    void fillPage();
    void take();
    void write();

    MainWindow *m_window;
    SessionController *m_session;
    QString m_file;
    QString m_page;
    bool m_toFill;
    bool m_toLogIn = false;
    QString m_notOpened; ///< why the recording is not there
    std::unique_ptr<Visitor> m_visitor;
    QTimer m_quiet; ///< runs out when nothing has changed for a while
    QTimer m_limit;
};

} // namespace sightglass
