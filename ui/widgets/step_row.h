// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/failure.h"
#include "ui/theme.h"

#include <QWidget>

namespace sightglass {

/// A step that was taken, or something that happened: glyph, a bold word, a sentence, and a link
/// to the exchange that shows it. Untrusted text shows its marks.
class StepRow final : public QWidget {
    Q_OBJECT
public:
    /// `name` may be empty: then the sentence stands at its place.
    StepRow(const QString &glyph, Role role, const QString &name, const QString &sentence,
            ExchangeId exchange, QWidget *parent = nullptr);

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
};

} // namespace sightglass
