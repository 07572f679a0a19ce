// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab_peer.h"

namespace sightglass {

class LabStream;

/// A client whose requests come as POSTs of their own, each with an answer of its own.
class LabHttpPeer : public LabPeer {
    Q_OBJECT
public:
    using LabPeer::LabPeer;

    /// An event stream, for the answer to a POST or to listen.
    virtual LabStream *openStream(bool listens) = 0;
};

} // namespace sightglass
