// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab_channel.h"

namespace sightglass {

class LabReply;

/// A client over HTTP+SSE (2024-11-05, basic/transports): one event stream, which begins with the
/// endpoint that messages are posted to and carries all that the server says. It ends with its
/// stream.
class LabSseSession final : public LabChannel {
    Q_OBJECT
public:
    LabSseSession(QByteArray id, LabWorld *world, QObject *parent);
    ~LabSseSession() override;

    const QByteArray &id() const { return m_id; }
    /// Carries the stream from now on.
    void begin(LabReply *reply);

    void write(const QByteArray &message) override;
    void setSource(const LabOutlet::Source &source) override;
    void leave() override;
    LabStream *stream() const override { return m_stream; }

Q_SIGNALS:
    void ended();

private:
    QByteArray m_id;
    LabStream *m_stream; ///< a child
};

} // namespace sightglass
