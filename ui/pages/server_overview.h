// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "ui/models/ladder_rows.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace sightglass {

class JsonView;
class LinkButton;
class RoleLabel;
class SectionTitle;
class SessionController;
class TextBlock;

/// What the server says of itself, how the connection to it came about (the ladder), and what it
/// did wrong though the work went on.
class ServerOverview final : public QWidget {
    Q_OBJECT
public:
    /// Not owned.
    explicit ServerOverview(SessionController *session, QWidget *parent = nullptr);

    /// The head of the ladder, to be scrolled to.
    QWidget *ladderTitle() const;

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);

private:
    void update();
    void showLadder(const QList<LadderRow> &rows);
    void showRemarks(const QList<Note> &remarks);
    void ping();
    void pinged(Ticket ticket, const CallResult &result);
    void addFact(const QString &name, QLabel *value, LinkButton *link = nullptr);

    SessionController *m_session;
    LadderRows m_ladderRows;
    QList<LadderRow> m_ladder; ///< that stands there
    QList<Note> m_remarks;
    QByteArray m_capabilitiesShown;
    Ticket m_ping = 0;
    ExchangeId m_pingExchange = 0;

    QLabel *m_name;
    RoleLabel *m_version;
    QPushButton *m_pingButton;
    RoleLabel *m_pingWords;
    LinkButton *m_pingLink;
    TextBlock *m_instructions;
    QWidget *m_facts;
    QGridLayout *m_grid;
    RoleLabel *m_address;
    RoleLabel *m_revision;
    LinkButton *m_revisionLink;
    RoleLabel *m_transport;
    RoleLabel *m_sessionId;
    LinkButton *m_sessionLink;
    SectionTitle *m_ladderTitle;
    QVBoxLayout *m_ladderList;
    SectionTitle *m_remarksTitle;
    QVBoxLayout *m_remarksList;
    SectionTitle *m_capabilitiesTitle;
    JsonView *m_capabilities;
};

} // namespace sightglass
