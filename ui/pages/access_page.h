// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

#include <QWidget>

#include <memory>

namespace sightglass {

class OAuthSection;
struct KnownToken;

/// Which request carried which credential: the credential matrix, and in plain words what is
/// wrong in it; below it how one logged in. Shows a live session and a recording alike.
class AccessPage : public QWidget {
    Q_OBJECT
public:
    explicit AccessPage(QWidget *parent = nullptr);
    ~AccessPage() override;

    /// The trace to show; null: none. Not owned: give another (or null) before it goes away.
    void setTrace(const TraceReader *trace);
    /// Fingerprints stand in place of secrets; without one the page makes its own.
    void setRedactor(std::shared_ptr<const Redactor> redactor);

    /// Marks the cell that says what this exchange lacked, or what of it was refused.
    void markExchange(ExchangeId id);

    /// Tokens that came by OAuth, for what the matrix says of them.
    void setTokens(const QList<KnownToken> &tokens);
    OAuthSection *oauth() const;
    /// Scrolls to the step of logging in that a person is to see.
    void showLogIn();

    /// Cells that are missing or refused in the newest connection: for the rail's red dot.
    int problemCount() const;

Q_SIGNALS:
    /// A cell was asked for: a filter for the Traffic page that matches its exchanges.
    void filterRequested(const QString &filter);
    void showExchangeRequested(sightglass::ExchangeId id);
    void problemCountChanged(int count);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();
    bool takeIn(const TraceReader &trace);
    void offerConnections(const TraceReader &trace);
    void showMatrix();
    void showProblems();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
