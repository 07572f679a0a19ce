// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

#include <functional>
#include <memory>

class QMenu;

namespace sightglass {

/// Adds a menu "Copy as" that puts these exchanges into the clipboard in one of the forms that can
/// be read there, without secrets. What is too much for it is refused. `tell` is given a line for
/// the person; the trace outlives the menu.
void addCopyMenu(QMenu *menu, const TraceReader &trace,
                 const std::shared_ptr<const Redactor> &redactor, const QList<ExchangeId> &ids,
                 const std::function<void(const QString &)> &tell);

} // namespace sightglass
