// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab_http_peer.h"

namespace sightglass {

/// The client of one request, where every request stands for itself: all that is known of it stands
/// in the request, and it ends with it.
class LabStatelessPeer final : public LabHttpPeer {
    Q_OBJECT
public:
    using LabHttpPeer::LabHttpPeer;

    /// What the request's _meta says of the client.
    void takeMeta(const Envelope &message);

    /// There is no way to speak but in answers.
    void speak(const QByteArray &) override { }
    bool isReached() const override { return false; }
    LabTasks *tasks() override;
    /// One that cannot be taken up again.
    LabStream *openStream(bool listens) override;
};

} // namespace sightglass
