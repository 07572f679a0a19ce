// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "ui/models/offer.h"
#include "ui/models/result_blocks.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace sightglass {

class CallLog;
class JsonView;
class LinkButton;
class RoleLabel;
class SessionController;

/// One thing that a server offers: what it says of itself, what one does with it, and what became
/// of that. What stands between is the panel's for tools, resources or prompts.
class OfferPanel : public QWidget {
    Q_OBJECT
public:
    ~OfferPanel() override;

    /// Shows it with what was last typed for it. Does nothing where it stands there already.
    void setOffer(const Offer &offer);
    const Offer &offer() const { return m_offer; }
    /// Does what the panel is for (Ctrl+Enter), where it can.
    void call();
    void cancelCall();
    /// A call of what is shown.
    bool isRunning() const;
    /// In reading order; the buttons come after what is filled in for them.
    QList<QWidget *> tabOrder() const;
    /// Forgets everything: another server.
    virtual void reset();

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
    void showTaskRequested(const QString &id);
    void statusMessage(const QString &text);
    void called();

protected:
    /// What was asked for: its ticket, and how it stands in the log.
    struct Asked {
        Ticket ticket = 0;
        QByteArray arguments;
        QString shown;
    };

    /// `verb` stands on the button: "Call". The session is not owned.
    OfferPanel(const QString &verb, ResultShape shape, SessionController *session, QWidget *parent);
    /// Between the head and the log.
    void addPart(QWidget *part);
    /// Left of the button.
    void addToHead(QWidget *widget);

    virtual void showOffer() = 0; ///< offer() is another
    virtual bool canCall() const = 0; ///< besides being connected
    virtual Asked ask() = 0;
    /// The arguments of an earlier call.
    virtual void bringBack(const QByteArray &arguments) = 0;
    virtual void updateButtons();
    bool isReady() const;
    bool isNarrow() const { return width() < 560; }
    void resizeEvent(QResizeEvent *event) override;

    SessionController *session() const { return m_session; }

private:
    /// Scrolls to what became of a call.
    void revealOutcome();
    QWidget *buildHead(const QString &verb);
    void showDescription(bool all);
    /// The entry as the server sent it, with all that has no place of its own: output schema, icons
    /// (nothing of which is fetched), _meta.
    void showDefinition(bool shown);

    SessionController *m_session;
    Offer m_offer;
    QString m_descriptionText;
    bool m_wholeDescription = false;

    QWidget *m_head;
    QVBoxLayout *m_parts;
    QList<QWidget *> m_partList;
    QHBoxLayout *m_line;
    QLabel *m_name;
    QLabel *m_hints;
    QLabel *m_hintsBelow; ///< the same, where the line is narrow
    QLabel *m_description;
    LinkButton *m_moreLink;
    LinkButton *m_definitionLink;
    JsonView *m_definition;
    RoleLabel *m_problem;
    QPushButton *m_callButton;
    QPushButton *m_cancelButton;
    QLabel *m_key;
    CallLog *m_log;
};

} // namespace sightglass
