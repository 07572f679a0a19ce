// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/origin.h"

namespace sightglass {

Origin Origin::of(const QUrl &url)
{
    Origin origin;
    origin.scheme = url.scheme().toLower().toLatin1();
    origin.host = url.host(QUrl::FullyEncoded).toLower().toLatin1();
    const int usual = origin.scheme == "https" ? 443 : origin.scheme == "http" ? 80 : -1;
    origin.port = url.port(usual);
    return origin;
}

QByteArray Origin::toString() const
{
    if (!isValid())
        return {};
    QByteArray text = scheme + "://";
    text += host.contains(':') ? '[' + host + ']' : host;
    const int usual = scheme == "https" ? 443 : scheme == "http" ? 80 : -1;
    if (port >= 0 && port != usual)
        text += ':' + QByteArray::number(port);
    return text;
}

} // namespace sightglass
