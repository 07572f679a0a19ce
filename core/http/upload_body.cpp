// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/upload_body.h"

#include <cstring>

namespace sightglass {

UploadBody::UploadBody(QByteArray bytes, QObject *parent)
    : QIODevice(parent)
    , m_bytes(std::move(bytes))
{
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

bool UploadBody::atEnd() const
{
    return m_read >= m_bytes.size();
}

qint64 UploadBody::bytesAvailable() const
{
    return m_bytes.size() - m_read;
}

qint64 UploadBody::readData(char *data, qint64 maxSize)
{
    const qint64 length = std::min<qint64>(maxSize, m_bytes.size() - m_read);
    if (length <= 0)
        return -1;
    std::memcpy(data, m_bytes.constData() + m_read, size_t(length));
    m_read += length;
    return length;
}

qint64 UploadBody::writeData(const char *, qint64)
{
    return -1;
}

} // namespace sightglass
