// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/unnamed_file.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sightglass {

UnnamedFile::UnnamedFile() = default;

UnnamedFile::~UnnamedFile()
{
    for (char *window : m_windows) {
        if (window)
            ::munmap(window, size_t(WindowSize));
    }
    if (m_handle >= 0)
        ::close(m_handle);
}

QString UnnamedFile::systemFolder()
{
    if (qEnvironmentVariableIsSet("TMPDIR"))
        return QDir::tempPath();
    // Folders for temporary files are often no disk but memory.
    const QString cache = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
    const QString ours = cache + QLatin1String("/sightglass");
    return !cache.isEmpty() && QDir().mkpath(ours) ? ours : QDir::tempPath();
}

void UnnamedFile::open(const QString &folder, bool writable)
{
    m_writable = writable;
    if (folder.isEmpty())
        return;
    const QByteArray place = QFile::encodeName(folder);
#ifdef O_TMPFILE
    m_handle = ::open(place.constData(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
#endif
    if (m_handle < 0) {
        QByteArray name = place + "/sightglass-XXXXXX";
        m_handle = ::mkstemp(name.data());
        if (m_handle >= 0)
            ::unlink(name.constData());
    }
    // Where files may not be so long, or it is no place to write to.
    if (isOnDisk() && (::ftruncate(m_handle, WindowSize) != 0 || !provide(1))) {
        ::close(m_handle);
        m_handle = -1;
        m_provided = 0;
    }
}

char *UnnamedFile::address(qint64 at, qint64 length)
{
    const auto window = size_t(at / WindowSize);
    const qint64 inside = at % WindowSize;
    if (inside + length > WindowSize)
        return nullptr;
    if (m_windows.size() <= window)
        m_windows.resize(window + 1, nullptr);
    char *&begin = m_windows[window];
    if (!begin) {
        const qint64 start = qint64(window) * WindowSize;
        // It takes no room by being long.
        if (isOnDisk() && ::ftruncate(m_handle, start + WindowSize) != 0)
            return nullptr;
        const int access = m_writable || !isOnDisk() ? PROT_READ | PROT_WRITE : PROT_READ;
        const int kind = isOnDisk() ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
        void *mapped = ::mmap(nullptr, size_t(WindowSize), access, kind, isOnDisk() ? m_handle : -1,
                              isOnDisk() ? start : 0);
        if (mapped == MAP_FAILED)
            return nullptr;
        begin = static_cast<char *>(mapped);
    }
    return begin + inside;
}

bool UnnamedFile::provide(qint64 end)
{
    if (!isOnDisk() || end <= m_provided)
        return true;
    // A short trace takes up little of the disk.
    constexpr qint64 SmallStep = qint64(1) << 20;
    constexpr qint64 LargeStep = qint64(16) << 20;
    const qint64 step = end < LargeStep ? SmallStep : LargeStep;
    const qint64 wanted = (end + step - 1) / step * step;
#ifdef Q_OS_LINUX
    // Room that is there beforehand is also quicker to write to.
    int result = 0;
    do {
        result = ::fallocate(m_handle, 0, m_provided, wanted - m_provided);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && errno == ENOSPC)
        return false;
#endif
    m_provided = wanted;
    return true;
}

bool UnnamedFile::write(qint64 at, const char *bytes, qint64 length)
{
    if (!isOnDisk()) {
        char *place = address(at, length);
        if (place)
            std::memcpy(place, bytes, size_t(length));
        return place;
    }
    while (length > 0) {
        const ssize_t written = ::pwrite(m_handle, bytes, size_t(length), at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        at += written;
        bytes += written;
        length -= written;
    }
    return true;
}

void UnnamedFile::letGo(qint64 end)
{
    constexpr qint64 Page = 1 << 16;
    end = end / Page * Page;
    if (end <= m_letGo)
        return;
#ifdef Q_OS_LINUX
    if (isOnDisk()) {
        ::fallocate(m_handle, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, m_letGo, end - m_letGo);
        m_letGo = end;
        return;
    }
#endif
    for (qint64 at = m_letGo; !isOnDisk() && at < end;) {
        const qint64 part = qMin(end - at, WindowSize - at % WindowSize);
        const auto window = size_t(at / WindowSize);
        // Whoever still reads there reads zeros.
        if (window < m_windows.size() && m_windows[window])
            ::madvise(m_windows[window] + at % WindowSize, size_t(part), MADV_DONTNEED);
        at += part;
    }
    m_letGo = end;
}

} // namespace sightglass
