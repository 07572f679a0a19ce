// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/unnamed_file.h"

#include <QDir>
#include <QStandardPaths>
#include <QTemporaryFile>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace sightglass {

UnnamedFile::UnnamedFile() = default;

UnnamedFile::~UnnamedFile()
{
    for (char *window : m_windows) {
        if (window)
            ::munmap(window, size_t(WindowSize));
    }
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
    auto file = std::make_unique<QTemporaryFile>(folder + QLatin1String("/sightglass-XXXXXX"));
    if (!file->open())
        return;
    // On Linux it never had a name; elsewhere it loses it here.
    file->remove();
    if (file->isOpen())
        m_file = std::move(file);
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
        if (m_file && ::ftruncate(m_file->handle(), start + WindowSize) != 0)
            return nullptr;
        const int access = m_writable || !m_file ? PROT_READ | PROT_WRITE : PROT_READ;
        const int kind = m_file ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
        void *mapped = ::mmap(nullptr, size_t(WindowSize), access, kind,
                              m_file ? m_file->handle() : -1, m_file ? start : 0);
        if (mapped == MAP_FAILED)
            return nullptr;
        begin = static_cast<char *>(mapped);
    }
    return begin + inside;
}

bool UnnamedFile::provide(qint64 end)
{
    if (!m_file || end <= m_provided)
        return true;
    constexpr qint64 Step = qint64(16) << 20;
    const qint64 wanted = (end + Step - 1) / Step * Step;
#ifdef Q_OS_LINUX
    // Room that is there beforehand is also quicker to write to.
    int result = 0;
    do {
        result = ::fallocate(m_file->handle(), 0, m_provided, wanted - m_provided);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && errno == ENOSPC)
        return false;
#endif
    m_provided = wanted;
    return true;
}

bool UnnamedFile::write(qint64 at, const char *bytes, qint64 length)
{
    if (!m_file) {
        char *place = address(at, length);
        if (place)
            std::memcpy(place, bytes, size_t(length));
        return place;
    }
    while (length > 0) {
        const ssize_t written = ::pwrite(m_file->handle(), bytes, size_t(length), at);
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
    if (m_file) {
        ::fallocate(m_file->handle(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, m_letGo,
                    end - m_letGo);
        m_letGo = end;
        return;
    }
#endif
    for (qint64 at = m_letGo; !m_file && at < end;) {
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
