// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/revision.h"

namespace sightglass {

/// A method of the protocol that a client may send by hand: what it is for, in one line.
struct MethodHelp {
    QByteArray method;
    QString line;
    QByteArray skeleton; ///< params with what is required, as JSON text; empty: it needs none
    bool notification = false;

    /// The members of params that are required, in words: "name", "level".
    QStringList required() const;
};

/// Those of a revision, in the order of the specification; of null: of any.
QList<MethodHelp> methodsOf(const Revision *revision);
/// Null where nothing is known of it.
const MethodHelp *findMethod(const QList<MethodHelp> &methods, QByteArrayView method);

} // namespace sightglass
