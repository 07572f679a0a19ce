// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/header_check.h"

#include "core/mcp/header_parameter.h"

namespace sightglass {

namespace {

constexpr char VersionHeader[] = "MCP-Protocol-Version";
constexpr char MethodHeader[] = "Mcp-Method";

} // namespace

QList<HeaderContradiction> contradictionsOfRequest(const QList<Header> &sent,
                                                   const HeaderList &mirrored,
                                                   const QByteArray &revision, const RpcCall &call)
{
    QList<HeaderContradiction> found;
    for (const Header &header : sent) {
        QByteArray wanted = mirrored.value(header.name);
        if (wanted.isEmpty() && sameHeaderName(header.name, VersionHeader))
            wanted = revision;
        if (wanted.isEmpty() && sameHeaderName(header.name, MethodHeader))
            wanted = headerText(QString::fromUtf8(call.method));
        if (!wanted.isEmpty() && header.value != wanted)
            found.append({header.name, header.secret ? QByteArray() : header.value, wanted});
    }
    return found;
}

QList<HeaderContradiction> contradictionsOfResponse(const QList<Header> &came,
                                                    const QByteArray &revision)
{
    QList<HeaderContradiction> found;
    for (const Header &header : came) {
        if (sameHeaderName(header.name, VersionHeader) && header.value != revision)
            found.append({header.name, header.value, revision});
    }
    return found;
}

} // namespace sightglass
