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

namespace {

Failure cannotKeepNotes(const QString &path, const QString &why)
{
    return Failure{FailureKind::File,
                   u"cannot-keep-notes"_s,
                   u"Bookmarks and notes can't be kept in %1: %2."_s.arg(path, why),
                   u"They stay until the recording is closed."_s,
                   0,
                   {}};
}

/// The values of a redacted trace are fingerprints already, which stay as they are.
Redactor ofTrace()
{
    return Redactor(QByteArray(16, '0'));
}

/// An older recording becomes one of this version of the format, in one step: whoever reads it has
/// the old one or the new one.
Expected<qint64> writeAnew(const QString &path, const QString &target, qint64 size,
                           const TraceReader &trace)
{
    QFile file(target);
    if (!file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly))
        return cannotKeepNotes(path, file.errorString());
    // Held until the new one has its place: whoever wants to record to it meanwhile is refused.
    if (flock(file.handle(), LOCK_EX | LOCK_NB) != 0)
        return cannotKeepNotes(path, u"a program is recording to it"_s);
    if (file.size() != size)
        return cannotKeepNotes(path, u"it has changed since it was opened"_s);
    const QString draft = target + u".new"_s;
    if (QFile::exists(draft))
        return cannotKeepNotes(path, u"%1 is in the way"_s.arg(draft));
    const Expected<std::unique_ptr<TraceFileWriter>> writer =
        TraceFileWriter::create(draft, trace.began(), ofTrace(), !trace.redacted());
    if (!writer)
        return cannotKeepNotes(path, writer.error().sentence.chopped(1));
    replayTrace(trace, **writer);
    (*writer)->close();
    if ((*writer)->failure()) {
        const QString why = (*writer)->failure()->sentence.chopped(1);
        QFile::remove(draft);
        return cannotKeepNotes(path, why);
    }
    QFile::setPermissions(draft, file.permissions());
    if (std::rename(QFile::encodeName(draft).constData(), QFile::encodeName(target).constData())
        != 0) {
        QFile::remove(draft);
        return cannotKeepNotes(path, u"the new file can't be put in its place"_s);
    }
    return QFileInfo(target).size();
}

} // namespace

Expected<qint64> keepNotes(const QString &path, qint64 size, const TraceReader &trace,
                           qint64 firstNote)
{
    // Through a link, it is the file behind it.
    const QString target = QFileInfo(path).canonicalFilePath();
    if (target.isEmpty())
        return cannotKeepNotes(path, u"it is gone"_s);
    const Expected<std::unique_ptr<TraceFileWriter>> writer =
        TraceFileWriter::append(target, size, ofTrace(), !trace.redacted());
    if (!writer) {
        const Failure &why = writer.error();
        return why.code == "other-version"_L1
            ? writeAnew(path, target, size, trace)
            : cannotKeepNotes(path, why.sentence.section(u": "_s, 1).chopped(1));
    }
    const qint64 count = trace.noteCount();
    for (qint64 i = firstNote; i < count; ++i)
        (*writer)->onNote(trace.note(i));
    (*writer)->close();
    if (const auto why = (*writer)->failure())
        return cannotKeepNotes(path, why->sentence.chopped(1));
    return QFileInfo(target).size();
}

} // namespace sightglass
