// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/credential_matrix.h"
#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

#include <functional>

namespace sightglass {

// Ways in which exchanges leave the program as text. Where `redactor` is null the true values are
// written.

/// Adds to a failure what the trace tells of its cause (core/diagnose knows how).
using Explain = std::function<Failure(const TraceReader &, const Failure &)>;

/// One JSON object, without a line end, with the keys that the CLI documents for `trace --json`:
/// id, kind, started, request, response, events, failure, ms. What we ended ourselves (see
/// isOrderlyEnd()) and a way that was left (leftBecause()) are no failure.
QByteArray exchangeToJson(const TraceReader &trace, ExchangeId id, const Redactor *redactor,
                          const Explain &explain = {});
/// A curl command line for a POSIX shell that sends the same request.
QByteArray exchangeToCurl(const TraceReader &trace, ExchangeId id, const Redactor *redactor);
/// The request head as it went out (HTTP/1.1), to the byte.
QByteArray requestHead(const RequestRecord &request);
/// A plain table of all exchanges, then the credential matrix; for terminals (no colour). With
/// `only` a table of these (in order), and no matrix: that one is about the whole.
QByteArray traceToText(const TraceReader &trace, const Redactor &redactor,
                       const Explain &explain = {}, const QList<ExchangeId> *only = nullptr);
/// Only the matrix.
QByteArray matrixToText(const TraceReader &trace, const Redactor &redactor);

/// "ok ~7f2a", "MISSING", "REFUSED ~7f2a", "-": a cell of the matrix, in words.
QString matrixCellText(const MatrixCell &cell, qint64 count);
/// "~7f2a", "MISSING Authorization", "-": the credential column of a row.
QString credentialText(const CredentialGlance &glance);
/// "200", "200 error -32602", "none".
QString statusText(const TraceReader &trace, ExchangeId id);

/// Whether a character is not seen as it stands: it controls, hides, turns or joins others.
bool isUnseen(char32_t c);

/// What stands for a line end in text that is shown.
enum class LineEnds : quint8 {
    Keep, ///< text of many lines: line feeds and tabs stay
    Mark, ///< a name, a cell of a table, a sentence: it must not pose as several lines
};
/// Untrusted text as one may print it: whatever is not seen as it stands (control characters, which
/// a terminal obeys; bidirectional, zero-width and tag characters, which hide or turn words) is
/// there as a mark such as "<U+202e>".
QString markedText(const QString &text, LineEnds ends);

/// "412 B", "6.1 kB", "3.1 MB": decimal units.
QString humanSize(qint64 bytes);
/// "84 ms", "3.2 s", "2 min 5 s" from nanoseconds.
QString humanDuration(qint64 nanoseconds);

} // namespace sightglass
