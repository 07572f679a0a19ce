// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/pages/offers_page.h"

namespace sightglass {

class CompletionAsker;

/// What can be read on the server: its resources and templates at the left, one of them at the
/// right.
class ResourcesPage final : public OffersPage {
    Q_OBJECT
public:
    /// None is owned; `settings` may be null.
    ResourcesPage(SessionController *session, CompletionAsker *completions, QSettings *settings,
                  QWidget *parent = nullptr);
};

} // namespace sightglass
