// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QStringList>

namespace sightglass {

/// What a subscriptions/listen asked for and the server did not acknowledge, from the parameters of
/// both: "toolsListChanged", or the URI of a resource; in the order in which it was asked for
/// (2026-07-28, basic/patterns/subscriptions, "Acknowledgment"). Nothing where the server
/// acknowledged no filter at all: that is another fault. Pure.
QStringList notGranted(const QByteArray &asked, const QByteArray &acknowledged);

} // namespace sightglass
