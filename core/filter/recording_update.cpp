// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/recording_update.h"

#include "core/trace/trace_file.h"
#include "core/trace/trace_replay.h"

#include <QFile>
#include <QFileInfo>

#include <cstdio>

#include <sys/file.h>

namespace sightglass {

using namespace Qt::StringLiterals;

std::optional<Failure> updateRecording(const QString &path, qint64 size, const TraceReader &trace)
{
    const auto cannot = [&path](const QString &why) {
        return Failure{FailureKind::File,
                       u"cannot-keep-notes"_s,
                       u"Bookmarks and notes can't be kept in %1: %2."_s.arg(path, why),
                       u"They stay until the recording is closed."_s,
                       0,
                       {}};
    };
    // Through a link, it is the file behind it.
    const QString target = QFileInfo(path).canonicalFilePath();
    QFile file(target);
    if (target.isEmpty() || !file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly))
        return cannot(target.isEmpty() ? u"it is gone"_s : file.errorString());
    // Held until the new one has its place: whoever wants to record to it meanwhile is refused.
    if (flock(file.handle(), LOCK_EX | LOCK_NB) != 0)
        return cannot(u"a program is recording to it"_s);
    if (file.size() != size)
        return cannot(u"it has changed since it was opened"_s);
    const QString draft = target + u".new"_s;
    if (QFile::exists(draft))
        return cannot(u"%1 is in the way"_s.arg(draft));
    // The values of a redacted trace are fingerprints already, which stay as they are.
    const Expected<std::unique_ptr<TraceFileWriter>> writer = TraceFileWriter::create(
        draft, trace.began(), Redactor(QByteArray(16, '0')), !trace.redacted());
    if (!writer)
        return cannot(writer.error().sentence.chopped(1));
    replayTrace(trace, **writer);
    (*writer)->close();
    if ((*writer)->failure()) {
        const QString why = (*writer)->failure()->sentence.chopped(1);
        QFile::remove(draft);
        return cannot(why);
    }
    QFile::setPermissions(draft, file.permissions());
    if (std::rename(QFile::encodeName(draft).constData(), QFile::encodeName(target).constData())
        != 0) {
        QFile::remove(draft);
        return cannot(u"the new file can't be put in its place"_s);
    }
    return {};
}

} // namespace sightglass
