// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QStringList>

namespace sightglass {

/// The two ways in which a connection is opened and a message describes itself.
enum class EraKind : quint8 {
    Legacy, ///< an initialize handshake, then sessions (to 2025-11-25)
    Modern, ///< every request stands for itself (from 2026-07-28)
};

/// A dated revision of MCP. What differs between revisions of one era stands
/// here as data; nothing else asks which revision it is.
struct Revision {
    QByteArray name; ///< "2025-11-25"
    EraKind era = EraKind::Legacy;
    bool versionHeader = false; ///< MCP-Protocol-Version on every request after the handshake
    bool batches = false; ///< messages may be sent as arrays
    bool elicitation = false; ///< servers may ask for elicitation by form
    bool elicitationModes = false; ///< "form" and "url" are told apart
    bool samplingTools = false; ///< sampling may use tools
    bool rootsListChanged = false; ///< the client tells when its roots changed
    bool tasks = false; ///< tasks are part of the core (else, if at all, an extension)
    bool extensions = false; ///< capabilities name extensions
    QByteArray hallmark; ///< what it is known by, for whoever chooses one; translated on screen

    bool operator==(const Revision &) const = default;
};

/// All that we speak, newest first.
const QList<Revision> &revisions();
/// Their names, in the same order.
QStringList revisionNames();
/// Null where we do not speak it.
const Revision *revisionNamed(QByteArrayView name);
/// The newest one of an era.
const Revision &newestRevision(EraKind era);

} // namespace sightglass
