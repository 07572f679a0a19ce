// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/pages/offers_page.h"

namespace sightglass {

class CompletionAsker;

/// The prompts that the server has ready: a list at the left, one of them at the right.
class PromptsPage final : public OffersPage {
    Q_OBJECT
public:
    /// None is owned; `settings` may be null.
    PromptsPage(SessionController *session, CompletionAsker *completions, QSettings *settings,
                QWidget *parent = nullptr);
};

} // namespace sightglass
