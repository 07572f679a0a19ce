// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/rules.h"
#include "core/mcp/edited_request.h"
#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

#include <QSet>
#include <QWidget>

#include <functional>
#include <memory>

namespace sightglass {

struct ExportChoices;
class ExportPanel;
class SpansPanel;

/// The tabs of the pane that shows one exchange.
enum class DetailTab : quint8 { Headers, Body, Events, Timing, Message };

/// Every exchange of a trace as a table, and one of them in detail. Shows a
/// live session and a recording alike; it only reads.
class TrafficPage : public QWidget {
    Q_OBJECT
public:
    explicit TrafficPage(QWidget *parent = nullptr);
    ~TrafficPage() override;

    /// The trace to show; null: none. Not owned: give another (or null) before it goes away.
    /// `now` is the trace's clock while it is live, empty for recordings.
    void setTrace(const TraceReader *trace, TraceClock now = {});
    /// Not all that it will say of the exchanges that are there stands there yet.
    bool isTakingIn() const;
    /// Fingerprints stand in place of secrets; without one the page makes its own.
    void setRedactor(std::shared_ptr<const Redactor> redactor);
    /// What the rules found in the trace, for filters; see ExchangeModel::setFindings().
    void setFindings(const ExchangeFindings &found, const QSet<ExchangeId> &changed);
    /// Whether "Send again" can be asked for (a session is connected). `server`: see
    /// ExchangePane.
    void setCanSendAgain(bool can, const QUrl &server = {});

    ExchangeId currentExchange() const; ///< 0: none
    QString filterText() const;

    /// Selects the exchange and scrolls to it; takes the filter away if that hides it.
    void showExchange(ExchangeId id);
    /// The exchange `of` was sent again by hand as `id`: shows that one.
    void showSentAgain(ExchangeId of, ExchangeId id);
    void showTab(DetailTab tab);
    /// Puts the head of another exchange beside that of the current one. Selecting two rows does
    /// the same.
    void compareWith(ExchangeId other);
    ExchangeId comparedWith() const; ///< 0: none
    void setFilterText(const QString &text);
    /// The same; where the exchange that is shown does not match, the first that does is shown.
    void showFiltered(const QString &text);
    /// Puts the cursor into the filter line (Ctrl+F).
    void focusFilter();
    /// What can be exported: trace, redactor and name; the page adds what is selected and shown.
    void setExportSource(std::function<ExportChoices()> source);
    ExportPanel *exportPanel() const; ///< closed at first
    SpansPanel *spansPanel() const; ///< likewise

Q_SIGNALS:
    void sendAgainRequested(sightglass::ExchangeId id);
    void sendEditedRequested(const sightglass::EditedRequest &edited);
    /// The exchanges that the filter finds are to be saved as a recording of their own.
    void partWanted(const QString &filter);
    /// A person's bookmark or note is to be written into the trace (see row_notes.h).
    void noteWanted(const QString &name, const QString &text, sightglass::ExchangeId exchange);
    /// Another exchange stands in the detail pane, by click, key or showExchange().
    void exchangeShown(sightglass::ExchangeId id);
    /// How many exchanges the table knows of now, whatever the filter.
    void countChanged(qint64 count);
    /// One line for the status bar: "Copied as cURL".
    void statusMessage(const QString &text);

protected:
    bool eventFilter(QObject *object, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
