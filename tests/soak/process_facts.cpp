// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/process_facts.h"

#include <QDir>
#include <QFile>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace sightglass::soak {

using namespace Qt::StringLiterals;

namespace {

qint64 entries(const QString &folder)
{
    return QDir(folder)
        .entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot)
        .size();
}

} // namespace

ProcessFacts processFacts()
{
#if defined(__GLIBC__)
    // What was freed is no leak, though the allocator may keep it.
    ::malloc_trim(0);
#endif
    ProcessFacts facts;
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    const struct mallinfo2 heap = ::mallinfo2();
    facts.heapBytes = qint64(heap.uordblks + heap.hblkhd);
#endif
    QFile status(u"/proc/self/status"_s);
    if (status.open(QIODevice::ReadOnly)) {
        for (const QByteArray &line : status.readAll().split('\n')) {
            if (line.startsWith("RssAnon:"))
                facts.bytes = line.mid(8).simplified().split(' ').first().toLongLong() * 1024;
        }
    }
    facts.descriptors = int(entries(u"/proc/self/fd"_s));
    facts.threads = int(entries(u"/proc/self/task"_s));
    return facts;
}

} // namespace sightglass::soak
