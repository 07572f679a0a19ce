// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/auth_secrets.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

#include <array>

namespace sightglass {

namespace {

constexpr QByteArray::Base64Options urlSafe =
    QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

} // namespace

bool labEqualSecrets(QByteArrayView a, QByteArrayView b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= unsigned(quint8(a[i]) ^ quint8(b[i]));
    return difference == 0;
}

QByteArray labRandomBytes()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words);
}

QByteArray labRandomText()
{
    return labRandomBytes().toBase64(urlSafe);
}

QByteArray labDigest(const QByteArray &text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toBase64(urlSafe);
}

} // namespace sightglass
