// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/server_target.h"
#include "tests/support/child_process.h"

namespace sightglass::test {

/// The official server-everything: how to reach it, and what its tools give.
class Everything {
public:
    /// Starts it over "streamableHttp" or "sse"; for "stdio" there is nothing to start.
    bool start(const QString &transport);
    /// What to connect to.
    ServerTarget target() const;
    QUrl url() const { return m_url; }
    /// What it wrote; of "stdio" the trace tells.
    QByteArray output() { return m_started ? m_process.output() : QByteArray(); }

    struct ToolCall {
        const char *tool;
        const char *arguments;
        const char *inTheResult;
    };
    /// A call of each tool that needs no feature of the client.
    static QList<ToolCall> toolCalls();
    /// Those tools, sorted.
    static QStringList toolNames();

private:
    ChildProcess m_process;
    bool m_started = false;
    QUrl m_url;
};

} // namespace sightglass::test
