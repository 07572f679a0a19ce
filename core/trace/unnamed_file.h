// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <memory>
#include <vector>

class QTemporaryFile;

namespace sightglass {

/// A file without a name, for this process alone: it is gone with the program, however that ends.
/// What is mapped of it stays where it is until the object goes. Where no such file can be had it
/// is memory that behaves like one. For one thread; others use what they were given the address of.
class UnnamedFile {
public:
    /// Address space is taken up in pieces of this size, of which a file is not longer than it has
    /// to be.
    static constexpr qint64 WindowSize = sizeof(void *) > 4 ? qint64(1) << 30 : qint64(1) << 26;

    UnnamedFile();
    ~UnnamedFile();
    UnnamedFile(const UnnamedFile &) = delete;
    UnnamedFile &operator=(const UnnamedFile &) = delete;

    /// In that folder; empty: in memory.
    void open(const QString &folder, bool writable);
    bool isOnDisk() const { return m_file != nullptr; }
    /// The folder of the person's cache, or the one for temporary files.
    static QString systemFolder();

    /// The address of [at, at + length), which lies within one window; null where it cannot be
    /// mapped.
    char *address(qint64 at, qint64 length);
    /// Sees to it that there is room on the disk up to `end`; false: there is none. Where the file
    /// system cannot tell, it shows in write().
    bool provide(qint64 end);
    /// False: it was not written whole.
    bool write(qint64 at, const char *bytes, qint64 length);
    /// Gives the disk back what is before `end`; what is mapped there reads as zeros.
    void letGo(qint64 end);

private:
    std::unique_ptr<QTemporaryFile> m_file;
    std::vector<char *> m_windows;
    bool m_writable = false;
    qint64 m_provided = 0;
    qint64 m_letGo = 0;
};

} // namespace sightglass
