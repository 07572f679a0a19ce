// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/session.h"
#include "ui/models/offer.h"
#include "ui/widgets/tab_order.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSettings;
class QSplitter;
class QStackedWidget;

namespace sightglass {

class FilterLine;
class OfferListModel;
class OfferListView;
class OfferPanel;
class PagesLine;
class RoleLabel;
class SessionController;

/// What a list page says, in words about its own things.
struct OffersPageWords {
    QString title; ///< "Tools"
    QString listing; ///< "Listing the tools"
    QString choose; ///< "Choose a tool at the left."
    QString noneFits; ///< "No tool fits the filter."
    QString filterOne; ///< "Filter 1 tool"
    QString filterMany; ///< "Filter %1 tools"
    QString none; ///< "No tools"
    QString notOffered; ///< "The server offers no tools"
    QString capability; ///< "tools"
    QString failed; ///< "The tools could not be listed"
    QString idle; ///< what stands here once there is a connection
    QString recorded; ///< where to look in a recording
};

/// A page about what servers list: the list with its filter at the left, one entry at the right.
/// Lists are fetched as soon as there is a connection, where the server's capabilities have them.
/// What came, went or changed since the list before is marked in place until it was looked at.
/// While a recording is open the lists are those that were recorded, to be looked at.
class OffersPage : public QWidget, public OrderedPage {
    Q_OBJECT
public:
    ~OffersPage() override;

    void focusFilter();
    /// Where none is selected.
    void selectFirst();
    bool selectKey(const QString &key); ///< of Offer::key()
    void saveLayout();
    /// Asks for the lists again; where the server offers none of them, all the same.
    void listAgain();
    QList<QWidget *> tabOrder() const override;

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
    void showTaskRequested(const QString &id);
    /// -1: not known.
    void countChanged(qint64 count);
    void statusMessage(const QString &text);

protected:
    /// `key` names the page in the settings, which may be null. Takes the panel over; the rest is
    /// not owned.
    OffersPage(const QString &key, const OffersPageWords &words, const QList<ListKind> &kinds,
               OfferPanel *panel, SessionController *session, QSettings *settings, QWidget *parent);
    OfferListModel *model() const { return m_model; }
    OfferPanel *panel() const { return m_panel; }

private:
    /// One list of the page.
    struct Shelf {
        ListKind kind = ListKind::Tools;
        bool asked = false; ///< on this connection
        bool whole = false; ///< it was listed to its end once
        QList<ListItem> items; ///< as last listed
        QList<ListPage> pages;
        std::optional<Failure> failure; ///< of the newest attempt
        PagesLine *line = nullptr;
    };

    QWidget *buildMessage();
    QWidget *buildLeft();
    QWidget *buildRight();
    QList<Shelf> &liveShelves() { return m_isRecorded ? m_live : m_shelves; }
    /// Another trace is shown: perhaps a recording with lists of its own.
    void traceChanged();
    void stateChanged(const SessionState &state);
    void listed(const Listing &listing);
    void show(const Shelf &shelf, const ListChanges &changes, const QList<ListItem> &before);
    void showNote();
    void showCount();
    /// `left`: key of the one that was looked at until now; empty: none.
    void currentChanged(const QString &left);
    void showState();
    void showMessage(const QString &title, const QString &text, bool busy, bool canAsk = false);
    bool isAnyAsked() const;

    SessionController *m_session;
    QSettings *m_settings;
    QString m_settingsKey;
    OffersPageWords m_words;
    QList<Shelf> m_shelves; ///< as shown
    QList<Shelf> m_live; ///< of the connection, while those of a recording are shown
    bool m_isRecorded = false;
    OfferListModel *m_model;
    QString m_server; ///< whose lists these are
    SessionPhase m_phase = SessionPhase::Idle;

    QStackedWidget *m_stack;
    QLabel *m_messageTitle;
    RoleLabel *m_messageText;
    QPushButton *m_messageCancel;
    QPushButton *m_messageAsk;
    QWidget *m_busy;
    QSplitter *m_splitter;
    bool m_isFirstByItself = false; ///< nobody has chosen yet
    QWidget *m_left;
    FilterLine *m_filter;
    OfferListView *m_list;
    RoleLabel *m_note;
    QStackedWidget *m_right;
    QLabel *m_none;
    OfferPanel *m_panel;
};

} // namespace sightglass
