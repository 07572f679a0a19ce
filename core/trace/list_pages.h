// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/unnamed_file.h"

namespace sightglass {

/// Memory for long lists that is no memory of the program's but pages of a file without a name, or
/// the program's where there is no such file. It is given back with the object alone. For one
/// thread.
class ListPages {
public:
    explicit ListPages(const QString &folder = UnnamedFile::systemFolder());
    ~ListPages();
    ListPages(const ListPages &) = delete;
    ListPages &operator=(const ListPages &) = delete;

    /// Zeroed, and aligned to a cache line.
    void *take(size_t bytes);

private:
    UnnamedFile m_file;
    qint64 m_end = 0;
    std::vector<void *> m_own;
};

} // namespace sightglass
