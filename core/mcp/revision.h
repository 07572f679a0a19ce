// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>

namespace sightglass {

/// A dated revision of MCP. What differs between revisions of one era stands
/// here as data; nothing else asks which revision it is.
struct Revision {
    QByteArray name; ///< "2025-11-25"
    bool versionHeader = false; ///< MCP-Protocol-Version on every request after the handshake
    bool batches = false; ///< messages may be sent as arrays

    bool operator==(const Revision &) const = default;
};

/// All that we speak, newest first.
const QList<Revision> &revisions();
/// Null where we do not speak it.
const Revision *revisionNamed(QByteArrayView name);

} // namespace sightglass
