// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/edited_request.h"
#include "ui/models/shown_trace.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace sightglass {

class HeaderRows;
class LinkButton;
class RoleLabel;

/// A recorded request to be changed and sent: method, URL, its own headers, body. What the gate
/// adds (credentials, what HTTP needs) is told, not edited. Esc leaves it; what was typed is kept
/// until another request is edited.
class RequestEditor final : public QWidget {
    Q_OBJECT
public:
    explicit RequestEditor(QWidget *parent = nullptr);

    /// Where it is the exchange that was edited before, what was typed comes back.
    void edit(const ShownTrace &shown, ExchangeId id);
    /// Forgets what was typed: the trace goes away.
    void clear();
    void setCanSend(bool can);
    /// Where requests of a recording go; empty: where they went.
    void setServer(const QUrl &server) { m_server = server; }
    /// As it stands there.
    EditedRequest request() const;

Q_SIGNALS:
    void sendRequested(const sightglass::EditedRequest &edited);
    void closed();

private:
    QWidget *buildHead();
    QWidget *buildBody();
    void fill();
    void showBody();
    void showAdded();
    /// What cannot be sent is told in place; false: there is such a thing.
    bool check();
    void send();

    ShownTrace m_shown;
    EditedRequest m_start; ///< as it was recorded
    QString m_urlShown; ///< of m_start, secrets as fingerprints
    bool m_bodyKept = false; ///< it cannot be edited and goes as it was
    bool m_canSend = false;
    QUrl m_server;

    QComboBox *m_method;
    QLineEdit *m_url;
    QPushButton *m_send;
    RoleLabel *m_problem;
    RoleLabel *m_added;
    LinkButton *m_anew;
    HeaderRows *m_headers;
    QPlainTextEdit *m_body;
    RoleLabel *m_bodyNote;
    LinkButton *m_reveal;
};

} // namespace sightglass
