// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/content.h"

#include "core/jsonrpc/json_text.h"

#include <algorithm>

namespace sightglass {

QByteArray labTextBlock(const QString &text)
{
    return R"({"type":"text","text":)" + jsonQuoted(text) + '}';
}

QByteArray labImageBlock(const QByteArray &png)
{
    return R"({"type":"image","mimeType":"image/png","data":")" + png.toBase64() + R"("})";
}

QByteArray labAudioBlock(const LabRevision &revision, const QByteArray &wav)
{
    if (!revision.audio)
        return labTextBlock(QStringLiteral("(a sound, which this revision cannot carry)"));
    return R"({"type":"audio","mimeType":"audio/wav","data":")" + wav.toBase64() + R"("})";
}

QByteArray labEmbeddedBlock(const QByteArray &contents)
{
    return R"({"type":"resource","resource":)" + contents + '}';
}

QByteArray labServerInfo(bool titles)
{
    JsonWriter info;
    info.beginObject().key(u"name").value("sightglass-lab");
    if (titles)
        info.key(u"title").value("Sightglass lab");
    info.key(u"version").value(SIGHTGLASS_VERSION);
    info.endObject();
    return info.text();
}

QByteArray labTrimmed(const QByteArray &entry, const LabRevision &revision)
{
    struct Member {
        const char *name;
        bool has;
    };
    const JsonText json = JsonText::parse(entry);
    // Tools had no annotations at first; resources always had them.
    const bool isTool = json.member(json.root(), u"inputSchema") >= 0;
    const Member members[] = {
        {"title", revision.titles},
        {"icons", revision.icons},
        {"outputSchema", revision.structured},
        {"execution", revision.tasks},
        {"annotations", !isTool || revision.toolAnnotations},
    };
    JsonWriter trimmed;
    trimmed.beginObject();
    for (const JsonText::Node member : json.children(json.root())) {
        const QString name = json.key(member);
        const bool left =
            std::any_of(std::begin(members), std::end(members), [&](const Member &row) {
                return !row.has && name == QLatin1String(row.name);
            });
        if (!left)
            trimmed.key(name).raw(json.compact(member));
    }
    trimmed.endObject();
    return trimmed.text();
}

} // namespace sightglass
