// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/export_file.h"

#include "core/trace/whole_file.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

Failure exportNotWritten(const QString &path, const QString &why, const QString &advice)
{
    return Failure{FailureKind::File,
                   u"cannot-write"_s,
                   u"%1 cannot be written: %2."_s.arg(path, why),
                   advice,
                   0,
                   {}};
}

} // namespace

std::optional<Failure> refusedExportFile(const QString &path, const QString &source)
{
    const QString advice = u"Give another name."_s;
    if (!source.isEmpty() && isSameFile(path, source))
        return exportNotWritten(path, u"it is the file that is read"_s, advice);
    if (isRecordingFile(path))
        return exportNotWritten(path, u"it is a recording, which an export would replace"_s,
                                advice);
    return {};
}

Expected<ExportOutcome> exportToFile(const TraceReader &trace, const ExportWish &wish,
                                     const QString &path, const QString &source)
{
    const QString advice = u"Name a file in a folder that you may write to, on a disk with room."_s;
    if (const auto refused = refusedExportFile(path, source))
        return *refused;
    WholeFile file(path);
    if (!file.open())
        return exportNotWritten(path, file.problem(), advice);
    Expected<ExportOutcome> outcome = exportTrace(trace, wish, file.device());
    if (outcome && !file.commit())
        return exportNotWritten(path, file.problem(), advice);
    return outcome;
}

} // namespace sightglass
