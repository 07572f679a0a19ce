// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/list_pages.h"

#include <cstring>
#include <new>

namespace sightglass {

namespace {

constexpr size_t LineSize = 64;

} // namespace

ListPages::ListPages(const QString &folder)
{
    m_file.open(folder, true);
}

ListPages::~ListPages()
{
    for (void *block : m_own)
        ::operator delete(block, std::align_val_t(LineSize));
}

void *ListPages::take(size_t bytes)
{
    const qint64 length = qint64((bytes + LineSize - 1) / LineSize * LineSize);
    if (length <= UnnamedFile::WindowSize) {
        const qint64 left = UnnamedFile::WindowSize - m_end % UnnamedFile::WindowSize;
        const qint64 at = length <= left ? m_end : m_end + left;
        // A page that cannot be had when it is first written to would end the program: the room is
        // there before.
        char *address = m_file.provide(at + length) ? m_file.address(at, length) : nullptr;
        if (address) {
            m_end = at + length;
            return address;
        }
    }
    void *block = ::operator new(size_t(length), std::align_val_t(LineSize));
    std::memset(block, 0, size_t(length));
    m_own.push_back(block);
    return block;
}

} // namespace sightglass
