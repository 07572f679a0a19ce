// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/recent_servers.h"

#include <QWidget>

class QGridLayout;
class QLabel;

namespace sightglass {

/// The empty window: what one can begin with, and the servers used last.
class StartPage final : public QWidget {
    Q_OBJECT
public:
    /// `faultCount`: how many failures the built-in server can play.
    explicit StartPage(int faultCount, QWidget *parent = nullptr);

    /// `now` is local time, for "today" and "yesterday".
    void setRecent(const QList<RecentServer> &servers, const QDateTime &now);

Q_SIGNALS:
    void urlRequested();
    void commandRequested();
    void recordingRequested();
    void practiceRequested();
    void serverRequested(const QString &address);
    void forgetRequested(const QString &address);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QWidget *m_recent;
    QLabel *m_recentTitle;
};

} // namespace sightglass
