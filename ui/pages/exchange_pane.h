// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/trace_filter.h"
#include "core/trace/credential_matrix.h"
#include "ui/models/shown_trace.h"
#include "ui/pages/traffic_page.h"

#include <QWidget>

#include <functional>
#include <memory>

class QMenu;

namespace sightglass {

/// One exchange in detail: headers, body, events, timing, message; on top what failed.
class ExchangePane : public QWidget {
    Q_OBJECT
public:
    explicit ExchangePane(QWidget *parent = nullptr);
    ~ExchangePane() override;

    /// How one exchange stands to its credentials; asked once for each that is shown.
    using Glance = std::function<CredentialGlance(ExchangeId)>;
    void setGlance(Glance glance);
    /// `now` is the trace's clock while it is live.
    void setTrace(const ShownTrace &shown, TraceClock now);
    /// For the filter of events.
    void setFindings(const FindingsLookup &lookup);
    void showExchange(ExchangeId id); ///< 0: none
    /// Compares what is shown with another exchange, until one of them changes; 0: with the one
    /// that was accepted, where there is one.
    void compareWith(ExchangeId other);
    /// The exchange that is compared with; 0: none.
    ExchangeId comparedWith() const;
    bool isComparingByHand() const;
    /// What the credentials are held against may be known only now.
    void credentialsChanged();
    /// The trace has grown.
    void refresh();
    void showTab(DetailTab tab);
    DetailTab tab() const;
    /// An event of what is shown, in its stream.
    void showFrame(qint64 frame);
    /// Holds the stream that is shown, or lets it go on; false where none lives.
    bool toggleHold();
    /// `server`: where requests of a recording go; empty: where they went.
    void setCanSendAgain(bool can, const QUrl &server);
    /// Opens the request to be edited and sent, in place of what is shown of it.
    void editAndSend();
    bool isEditing() const;
    /// The line of the stream that the keyboard is at; -1: it is elsewhere.
    qint64 focusedFrame() const;
    QString summaryText() const; ///< "Exchange 3, compared with 4, the last one accepted"

Q_SIGNALS:
    void sendEditedRequested(const sightglass::EditedRequest &edited);
    void editingChanged(bool editing);
    void sendAgainRequested(sightglass::ExchangeId id);
    void copyAsCurlRequested(sightglass::ExchangeId id);
    void exchangeRequested(sightglass::ExchangeId id);
    void filterRequested(const QString &filter);
    void statusMessage(const QString &text);
    void eventMenuOpening(QMenu *menu, qint64 frame);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
