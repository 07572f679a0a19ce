// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/pages/offer_panel.h"

#include <QHash>

namespace sightglass {

class CompletionAsker;
class TextArguments;

/// One prompt: its arguments, and the messages that the server makes of them.
class PromptPanel final : public OfferPanel {
    Q_OBJECT
public:
    /// Neither is owned.
    PromptPanel(SessionController *session, CompletionAsker *completions,
                QWidget *parent = nullptr);
    void reset() override;

protected:
    void showOffer() override;
    bool canCall() const override { return true; }
    Asked ask() override;
    void bringBack(const QByteArray &arguments) override;

private:
    TextArguments *m_arguments;
    QHash<QString, QByteArray> m_drafts; ///< by Offer::key()
};

} // namespace sightglass
