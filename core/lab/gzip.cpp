// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/gzip.h"

#include <QtEndian>

#include <array>

namespace sightglass {

namespace {

/// RFC 1952, section 8.
quint32 checksum(const QByteArray &bytes)
{
    quint32 sum = 0xFFFFFFFF;
    for (const char byte : bytes) {
        sum ^= quint8(byte);
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xEDB88320 : 0);
    }
    return ~sum;
}

QByteArray littleEndian(quint32 number)
{
    std::array<char, 4> bytes{};
    qToLittleEndian(number, bytes.data());
    return QByteArray(bytes.data(), qsizetype(bytes.size()));
}

} // namespace

QByteArray labGzipped(const QByteArray &bytes)
{
    // Qt makes zlib (RFC 1950) behind its own length: without that, the head of two bytes and the
    // checksum of four, it is what gzip holds.
    const QByteArray zlib = qCompress(bytes);
    const QByteArray head("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    return head + zlib.mid(6, zlib.size() - 10) + littleEndian(checksum(bytes))
        + littleEndian(quint32(bytes.size()));
}

} // namespace sightglass
