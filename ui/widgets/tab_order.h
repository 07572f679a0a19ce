// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>

class QWidget;

namespace sightglass {

/// What Tab stops at in a part of the window, in the order in which it is laid out, whatever the
/// order in which it was made. Also what is hidden or disabled now.
QList<QWidget *> tabStops(const QWidget *part);

} // namespace sightglass
