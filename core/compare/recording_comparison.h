// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/rules.h"
#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

#include <functional>

namespace sightglass {

/// What a difference is about, in the order in which they are told.
enum class ComparedArea : quint8 {
    Server, ///< revision, name and version, instructions
    Capabilities,
    Tools,
    Resources,
    Templates,
    Prompts,
    Requests, ///< what was asked
    Answers,
    Credentials, ///< which kinds of them the kinds of request carried
    Findings,
    Timing,
};
/// As people read it, "Resource templates", and as it stands in JSON, "templates".
QString comparedAreaTitle(ComparedArea area);
QByteArray comparedAreaName(ComparedArea area);

struct RecordingDifference {
    enum class Kind : quint8 {
        Added, ///< only the second has it
        Removed, ///< only the first has it
        Changed,
    };
    ComparedArea area = ComparedArea::Server;
    Kind kind = Kind::Changed;
    QString subject; ///< "add", "tools/call add", "AF-01"; untrusted
    /// JSON pointer (RFC 6901) into what the subject is; empty: the whole of it.
    QByteArray pointer;
    QByteArray left; ///< JSON, as it may be shown; empty: it is not there, or too long
    QByteArray right;
    ExchangeId leftExchange = 0; ///< that shows it; 0: none
    ExchangeId rightExchange = 0;
    /// What always differs (times, the address of a server) is told, but makes no recordings
    /// different.
    bool counts = true;

    bool operator==(const RecordingDifference &) const = default;
};

struct RecordingComparison {
    QList<RecordingDifference> differences; ///< by area, then in the order of the recordings
    QStringList remarks; ///< what was not compared, and why: sentences
    bool ended = false; ///< it was wanted no more
    /// Where one of the two could not be read whole: so much looks different for want of the rest.
    qsizetype untold = 0;

    bool isSame() const; ///< nothing that counts, and nothing that could not be told
    qsizetype counted() const; ///< how many count
    bool operator==(const RecordingComparison &) const = default;
};

/// One of the two that are compared.
struct ComparedTrace {
    const TraceReader *trace = nullptr;
    const Redactor *redactor = nullptr; ///< null: the true values are told
    TraceState state = TraceState::Over;
    /// False: its file could not be read whole. What only the other has is no difference then, but
    /// cannot be told: a remark says how much that is.
    bool isWhole = true;
};

/// What differs between two recordings of MCP, the second held against the first: the server, what
/// it offers (tools, resources, prompts, with the places in their schemas), what was asked (each
/// kind of request, as often; calls are matched by their arguments, else in their order), what was
/// answered, which kinds of credentials were carried, and what is wrong in them. Ids, progress
/// tokens, session ids and times make no difference, nor do fingerprints of secrets.
///
/// Pure. Reads both as a whole, once: to be called beside the GUI's thread. Bodies above 16 MB are
/// compared byte by byte alone. `progress` is told how far it is, and ends it by false.
RecordingComparison compareRecordings(const ComparedTrace &left, const ComparedTrace &right,
                                      const std::function<bool(qint64, qint64)> &progress = {});

} // namespace sightglass
