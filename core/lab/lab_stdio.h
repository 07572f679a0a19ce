// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab.h"

#include <memory>

namespace sightglass {

/// The lab on two file descriptors (basic/transports, "stdio"): a message is a line, in either
/// direction. All revisions are spoken; what the other side has not read yet is kept, and a tool
/// that sends without end waits for it.
///
/// The descriptors are not owned, and not switched to another mode: others may share them.
class LabStdio : public QObject {
    Q_OBJECT
public:
    LabStdio(const LabSettings &settings, int input, int output, QObject *parent = nullptr);
    ~LabStdio() override;

    /// False with one sentence: a fault or a revision is unknown.
    bool start(QString *problem = nullptr);

Q_SIGNALS:
    /// The input has ended, nobody reads the output any more, or a fault that goes away did.
    /// Everything was written that could be.
    void ended();
    /// One line per message of the client's, for a person to read.
    void log(const QString &line);

private:
    class Channel;
    void read();

    LabSettings m_settings;
    int m_input;
    int m_output;
    std::unique_ptr<QObject> m_world;
    std::unique_ptr<Channel> m_channel;
};

} // namespace sightglass
