// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnose/finding.h"

namespace sightglass::cli {

// Findings as text for other programs. All are without secrets, as the findings are; what a server
// wrote into them is marked where it is not seen as it stands.

/// {"findings":[{"id","sentence","advice","side","exchanges":[...]}]}, worst first.
QByteArray findingsToJson(const QList<Finding> &findings);
/// JUnit XML: each id of the catalogue is a test case, that fails where it was found. What is
/// Normal passes. `subject` is the recording or the server.
QByteArray findingsToJunit(const QList<Finding> &findings, const QString &subject);
/// SARIF 2.1.0 (OASIS): a run with a result for each finding, and the ids that were found as rules.
/// `subject` is a URL, or the path of a file.
QByteArray findingsToSarif(const QList<Finding> &findings, const QString &subject);

} // namespace sightglass::cli
