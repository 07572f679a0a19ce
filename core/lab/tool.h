// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/content.h"
#include "core/lab/lab_call.h"

namespace sightglass {

class LabWorld;

/// A tool as a row of a table.
struct LabTool {
    const char *name;
    const char *definition; ///< the entry of tools/list, as JSON, with all that a revision may have
    bool streams; ///< answered on an event stream where requests have sessions: it tells or asks
    void (*run)(LabCall &call);
};

QList<LabTool> labFormTools();
QList<LabTool> labContentTools();
QList<LabTool> labStreamTools();
QList<LabTool> labTroubleTools();
QList<LabTool> labAskingTools();
QList<LabTool> labChangeTools();
QList<LabTool> labSchemaTools();
QList<LabTool> labTaskTools();
/// All of them, in the order of the list.
const QList<LabTool> &labTools();
/// Null if there is none of that name; those that were added are not among them.
const LabTool *labFindTool(const QString &name);
/// Entries of tools/list.
QList<QByteArray> labToolEntries(const LabWorld &world);
/// This request of another method than tools/call may ask the client for something.
bool labMayAsk(const QByteArray &method, const JsonText &params);

} // namespace sightglass
