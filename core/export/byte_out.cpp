// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/byte_out.h"

#include <QIODevice>

namespace sightglass {

namespace {

constexpr qsizetype MostHeld = 128 * 1024;

} // namespace

ByteOut::ByteOut(QIODevice &out)
    : m_out(out)
{
    m_held.reserve(MostHeld);
}

void ByteOut::write(QByteArrayView bytes)
{
    if (m_held.size() + bytes.size() > MostHeld)
        flush();
    m_held.append(bytes);
    if (m_held.size() > MostHeld)
        flush();
}

bool ByteOut::flush()
{
    qint64 done = 0;
    while (!failed() && done < m_held.size()) {
        const qint64 written = m_out.write(m_held.constData() + done, m_held.size() - done);
        if (written > 0)
            done += written;
        else
            m_problem = m_out.errorString();
    }
    m_held.clear();
    m_held.reserve(MostHeld);
    return !failed();
}

} // namespace sightglass
