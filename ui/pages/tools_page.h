// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/pages/offers_page.h"

namespace sightglass {

/// What the server can do: its tools at the left, one of them at the right.
class ToolsPage final : public OffersPage {
    Q_OBJECT
public:
    /// Neither is owned; `settings` may be null.
    ToolsPage(SessionController *session, QSettings *settings, QWidget *parent = nullptr);

    bool selectTool(const QString &name);
};

} // namespace sightglass
