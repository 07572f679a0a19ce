// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/whole_file.h"

#include "core/trace/trace_file_format.h"

#include <QFile>

#include <sys/stat.h>

namespace sightglass {

bool isSameFile(const QString &one, const QString &other)
{
    struct stat first { };
    struct stat second { };
    return ::stat(QFile::encodeName(one).constData(), &first) == 0
        && ::stat(QFile::encodeName(other).constData(), &second) == 0
        && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool isRecordingFile(const QString &path)
{
    if (!trace_file::notAFile(path).isEmpty())
        return false;
    QFile file(path);
    return file.open(QIODevice::ReadOnly | QIODevice::ExistingOnly)
        && file.read(trace_file::MagicSize) == QByteArrayView(trace_file::Magic);
}

WholeFile::WholeFile(const QString &path, Readers readers)
    : m_file(path)
    , m_readers(readers)
{
}

bool WholeFile::fail(const QString &why)
{
    m_problem = why;
    return false;
}

bool WholeFile::open()
{
    if (const QString other = trace_file::notAFile(m_file.fileName()); !other.isEmpty())
        return fail(other);
    // What QSaveFile holds back is written when it closes, and nobody hears how that ended.
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        return fail(m_file.errorString());
    if (m_readers == Readers::Owner)
        m_file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    return true;
}

bool WholeFile::write(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const qint64 written = m_file.write(bytes.data(), bytes.size());
        if (written <= 0)
            return fail(m_file.errorString());
        bytes = bytes.sliced(written);
    }
    return true;
}

bool WholeFile::commit()
{
    return m_file.commit() || fail(m_file.errorString());
}

} // namespace sightglass
