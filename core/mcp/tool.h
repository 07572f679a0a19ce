// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"
#include "core/trace/failure.h"

#include <QMetaType>

#include <optional>

namespace sightglass {

/// Whether a tool may be run as a task (execution.taskSupport, 2025-11-25).
enum class ToolTasks : quint8 { Forbidden, Optional, Required };

/// One tool as the server sent it.
struct Tool {
    JsonText json; ///< the whole entry
    QString name; ///< untrusted text, as are all below
    QString title; ///< title, else annotations.title, else empty
    QString description;
    QByteArray inputSchema; ///< raw JSON; empty: absent
    QByteArray outputSchema;
    std::optional<bool> readOnly, destructive, idempotent, openWorld; ///< annotations, where given
    ToolTasks tasks = ToolTasks::Forbidden; ///< also where nothing, or nothing known, is said
    QString problem; ///< what is wrong with the entry ("no name", "inputSchema is no object");
                     ///< mostly empty
};
/// Reads an entry of tools/list; what is wrong with it is told in `problem`, never thrown away.
Tool readTool(QByteArrayView entry);

/// The result of tools/list, all pages so far.
struct ToolList {
    QList<Tool> tools; ///< in the order of the listing
    /// Listed too, but with a definition for which a client has to leave them out (2026-07-28,
    /// server/tools, "x-mcp-header"): `problem` says which. They are shown, and not offered.
    QList<Tool> refused;
    int pages = 0;
    bool complete = false;
    ExchangeId exchange = 0; ///< of the last page
    std::optional<Failure> failure;
};
struct Progress {
    double progress = 0;
    std::optional<double> total;
    QString message;
    ExchangeId exchange = 0;
};

/// How a call ended.
struct CallResult {
    /// Raw JSON of `result`; empty with a failure. Of a batch the array of its answers, in any
    /// case.
    QByteArray result;
    bool isError = false; ///< the tool said so
    std::optional<Failure> failure; ///< also JSON-RPC errors, with their code
    std::optional<qint64> errorCode; ///< of a JSON-RPC error
    QByteArray error; ///< raw JSON of `error`
    ExchangeId exchange = 0; ///< the POST
    qint64 durationNs = 0;
};

/// True where a result of tools/call says isError.
bool toolSaidError(const QByteArray &result);

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::ToolList)
Q_DECLARE_METATYPE(sightglass::Progress)
Q_DECLARE_METATYPE(sightglass::CallResult)
