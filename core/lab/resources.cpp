// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/resources.h"

#include "core/jsonrpc/json_text.h"
#include "core/lab/media.h"

namespace sightglass {

namespace {

constexpr auto note = "# Welcome to the lab\n"
                      "\n"
                      "A sight glass is the window in a pipe through which one sees what really "
                      "flows.\n"
                      "\n"
                      "- Call a tool, then look at its exchange under Traffic.\n"
                      "- Switch on \"Send like a buggy client\" and connect again: Access shows "
                      "which request lost its credentials.\n";

} // namespace

QByteArray labResourceList()
{
    JsonWriter list;
    list.beginObject().key(u"resources").beginArray();
    list.beginObject();
    list.key(u"uri").value(labNoteUri);
    list.key(u"name").value("welcome");
    list.key(u"title").value("Welcome to the lab");
    list.key(u"description").value("What there is to see here, in a few lines");
    list.key(u"mimeType").value("text/markdown");
    list.endObject();
    list.beginObject();
    list.key(u"uri").value(labPictureUri);
    list.key(u"name").value("sight-glass.png");
    list.key(u"title").value("A sight glass");
    list.key(u"description").value("A small picture, drawn when it is asked for");
    list.key(u"mimeType").value("image/png");
    list.endObject();
    list.endArray().endObject();
    return list.text();
}

QByteArray labResourceContents(const QString &uri)
{
    JsonWriter contents;
    contents.beginObject().key(u"uri").value(QStringView(uri));
    if (uri == QLatin1String(labNoteUri)) {
        contents.key(u"mimeType").value("text/markdown");
        contents.key(u"text").value(note);
    } else if (uri == QLatin1String(labPictureUri)) {
        contents.key(u"mimeType").value("image/png");
        contents.key(u"blob").value(labSightGlassPng(192, LabColour::Blue).toBase64().constData());
    } else {
        return {};
    }
    contents.endObject();
    return contents.text();
}

} // namespace sightglass
