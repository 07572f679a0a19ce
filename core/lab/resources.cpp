// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/resources.h"

#include "core/jsonrpc/json_text.h"
#include "core/lab/lab_world.h"
#include "core/lab/media.h"
#include "core/lab/places.h"

#include <QStringList>
#include <QUrl>

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

constexpr auto unusualUri = "lab://odd/na%C3%AFve%20file%20%231";
constexpr auto bytesUri = "lab://blobs/every-byte.bin";
constexpr auto tableUri = "lab://tables/readings.csv";
constexpr auto dataUri = "lab://data/station.json";
constexpr auto longUri = "lab://texts/long.txt";
constexpr int pages = 30;

constexpr auto dataText =
    R"json({"station":"lab","readings":[{"at":"2026-01-01T00:00:00Z","bar":1.50},{"at":"2026-01-01T01:00:00Z","bar":9007199254740993}],"open":true,"open":false})json";

/// What the list says of a resource; the contents are found by its URI.
struct Entry {
    const char *uri;
    const char *name;
    const char *title;
    const char *description;
    const char *mimeType;
    const char *more; ///< further members, as JSON without braces
};

constexpr Entry entries[] = {
    {labNoteUri, "welcome", "Welcome to the lab", "What there is to see here, in a few lines",
     "text/markdown", R"("annotations":{"audience":["user","assistant"],"priority":1})"},
    {labPictureUri, "sight-glass.png", "A sight glass",
     "A small picture, drawn when it is asked for", "image/png",
     R"("annotations":{"audience":["user"],"priority":0.8})"},
    {bytesUri, "every-byte.bin", "Every byte there is", "256 bytes, from 0 to 255: no text",
     "application/octet-stream", R"("size":256)"},
    {dataUri, "station.json", "Readings as JSON",
     "Has a number beyond 2^53, one that ends in 0, and a key twice", "application/json", ""},
    {tableUri, "readings.csv", "Readings as a table", "Comma-separated values", "text/csv",
     R"("annotations":{"lastModified":"2026-01-01T00:00:00Z"})"},
    {longUri, "long.txt", "A long text", "A megabyte of lines", "text/plain", R"("size":1000000)"},
    {labCounterUri, "counter", "A counter",
     "Goes up when the tool change-resource is called; worth a subscription", "text/plain", ""},
    {labClockUri, "clock", "A clock",
     "Ticks for a while after the tool start-clock was called; worth a subscription", "text/plain",
     ""},
    {labSealedUri, "letter", "A sealed letter",
     "Whoever reads it is asked for a word first (elicitation)", "text/plain", ""},
    {unusualUri, "nai\u0308ve file #1", "Unusual name \u202Egnp.exe\u202C",
     "Its URI has escapes, its title a bidirectional override", "text/plain", ""},
    {"lab://pictures/broken.png", "broken.png", "A picture that is none",
     "Says image/png and is something else", "image/png", ""},
    {"lab://odd/no-type", "no-type", "No media type", "Does not say what it is", "", ""},
};

QByteArray written(const Entry &entry)
{
    JsonWriter json;
    json.beginObject().key(u"uri").value(entry.uri).key(u"name").value(entry.name);
    json.key(u"title").value(entry.title).key(u"description").value(entry.description);
    if (*entry.mimeType)
        json.key(u"mimeType").value(entry.mimeType);
    json.endObject();
    QByteArray text = json.text();
    if (*entry.more)
        text.insert(text.size() - 1, QByteArray(",") + entry.more);
    return text;
}

QByteArray textContents(const QString &uri, const char *mimeType, const QString &text)
{
    JsonWriter contents;
    contents.beginObject().key(u"uri").value(QStringView(uri));
    if (*mimeType)
        contents.key(u"mimeType").value(mimeType);
    contents.key(u"text").value(QStringView(text)).endObject();
    return contents.text();
}

QByteArray binaryContents(const QString &uri, const char *mimeType, const QByteArray &bytes)
{
    JsonWriter contents;
    contents.beginObject().key(u"uri").value(QStringView(uri));
    contents.key(u"mimeType").value(mimeType);
    contents.key(u"blob").value(bytes.toBase64().constData()).endObject();
    return contents.text();
}

QByteArray everyByte()
{
    QByteArray bytes(256, '\0');
    for (int i = 0; i < 256; ++i)
        bytes[i] = char(i);
    return bytes;
}

QString longText()
{
    QString text;
    text.reserve(1'000'000);
    for (int line = 1; text.size() < 1'000'000; ++line)
        text += QStringLiteral("%1 The water is clear today.\n").arg(line, 7);
    text.truncate(1'000'000);
    return text;
}

QByteArray pageContents(const QString &uri, int number)
{
    return textContents(
        uri, "text/markdown",
        QStringLiteral("# Page %1 of the logbook\n\nNothing but water.\n").arg(number));
}

/// Of what the templates make.
QByteArray madeContents(const QString &uri)
{
    const QStringList path = uri.mid(6).split(QLatin1Char('/'));
    const auto part = [&path](qsizetype at) {
        return QUrl::fromPercentEncoding(path.value(at).toUtf8());
    };
    if (path.size() == 2 && path.at(0) == QLatin1String("logbook")) {
        const int number = path.at(1).toInt();
        return number >= 1 && number <= 1000 ? pageContents(uri, number) : QByteArray();
    }
    if (path.size() == 3 && path.at(0) == QLatin1String("towns")
        && path.at(2) == QLatin1String("weather") && labTowns().contains(part(1))) {
        return textContents(uri, "text/plain",
                            QStringLiteral("In %1 it rains sideways.\n").arg(part(1)));
    }
    if (path.size() == 4 && path.at(0) == QLatin1String("towns")
        && path.at(2) == QLatin1String("streets") && labStreets(part(1)).contains(part(3))) {
        return textContents(
            uri, "text/plain",
            QStringLiteral("The pipe under %1 in %2 is sound.\n").arg(part(3), part(1)));
    }
    if (path.size() == 3 && path.at(0) == QLatin1String("drawings")) {
        const qsizetype at = labColours().indexOf(part(1));
        const int size = part(2).toInt();
        if (at >= 0 && size >= 16 && size <= 512)
            return binaryContents(uri, "image/png", labSightGlassPng(size, LabColour(at)));
    }
    if (path.size() >= 2 && path.at(0) == QLatin1String("files")) {
        return textContents(uri, "text/plain",
                            QStringLiteral("This is %1.\n").arg(part(1) + QLatin1Char('\n')));
    }
    return {};
}

} // namespace

QList<QByteArray> labResourceEntries(const LabWorld &world)
{
    QList<QByteArray> list;
    for (const Entry &entry : entries)
        list.append(written(entry));
    for (int number = 1; number <= pages; ++number) {
        JsonWriter json;
        json.beginObject();
        json.key(u"uri").value(QStringView(QStringLiteral("lab://logbook/%1").arg(number)));
        json.key(u"name").value(QStringView(QStringLiteral("page-%1").arg(number)));
        json.key(u"title").value(QStringView(QStringLiteral("Page %1 of the logbook").arg(number)));
        json.key(u"mimeType").value("text/markdown");
        json.endObject();
        list.append(json.text());
    }
    for (const LabWorld::Added &added : world.added(LabWorld::List::Resources)) {
        JsonWriter json;
        json.beginObject();
        json.key(u"uri").value(QStringView(QStringLiteral("lab://added/%1").arg(added.number)));
        json.key(u"name").value(QStringView(QStringLiteral("added-%1").arg(added.number)));
        json.key(u"title").value(
            QStringView(QStringLiteral("Added resource %1").arg(added.number)));
        json.key(u"description")
            .value(QStringView(QStringLiteral("Came into the list while the lab was running; "
                                              "edition %1")
                                   .arg(added.edition)));
        json.key(u"mimeType").value("text/plain");
        json.endObject();
        list.append(json.text());
    }
    return list;
}

QByteArray labFixedContents(const QString &uri)
{
    if (uri == QLatin1String(labNoteUri))
        return textContents(uri, "text/markdown", QLatin1String(note));
    if (uri == QLatin1String(labPictureUri))
        return binaryContents(uri, "image/png", labSightGlassPng(192, LabColour::Blue));
    if (uri == QLatin1String(bytesUri))
        return binaryContents(uri, "application/octet-stream", everyByte());
    if (uri == QLatin1String(dataUri))
        return textContents(uri, "application/json", QLatin1String(dataText));
    if (uri == QLatin1String(tableUri))
        return textContents(
            uri, "text/csv",
            QStringLiteral("hour,bar,remark\r\n0,1.5,\"calm, clear\"\r\n1,1.6,\r\n"));
    if (uri == QLatin1String(longUri))
        return textContents(uri, "text/plain", longText());
    if (uri == QLatin1String(labSealedUri))
        return textContents(uri, "text/plain", QStringLiteral("You found the word.\n"));
    if (uri == QLatin1String(unusualUri))
        return textContents(
            uri, "text/plain",
            QStringLiteral("Zero-width: a\u200Bb; override: \u202Eabc\u202C; escape: "
                           "\u001B[31mred\u001B[0m\n"));
    if (uri == QLatin1String("lab://pictures/broken.png"))
        return binaryContents(uri, "image/png", "This is no picture.");
    if (uri == QLatin1String("lab://odd/no-type"))
        return textContents(uri, "", QStringLiteral("Make of it what you can.\n"));
    return {};
}

QByteArray labResourceContents(const LabWorld &world, const QString &uri)
{
    const QByteArray fixed = labFixedContents(uri);
    if (!fixed.isEmpty())
        return fixed;
    if (uri == QLatin1String(labCounterUri))
        return textContents(uri, "text/plain", QString::number(world.counter()));
    if (uri == QLatin1String(labClockUri))
        return textContents(uri, "text/plain", QStringLiteral("%1 ticks").arg(world.seconds()));
    for (const LabWorld::Added &added : world.added(LabWorld::List::Resources)) {
        if (uri == QStringLiteral("lab://added/%1").arg(added.number))
            return textContents(uri, "text/plain",
                                QStringLiteral("Edition %1\n").arg(added.edition));
    }
    return uri.startsWith(QLatin1String("lab://")) ? madeContents(uri) : QByteArray();
}

QList<QByteArray> labTemplateEntries()
{
    struct Template {
        const char *uri;
        const char *name;
        const char *title;
        const char *description;
        const char *mimeType;
    };
    static constexpr Template templates[] = {
        {"lab://towns/{town}/weather", "weather", "Weather in a town",
         "The town can be completed as one types", "text/plain"},
        {"lab://towns/{town}/streets/{street}", "street", "A street of a town",
         "Which streets there are depends on the town: completion with context", "text/plain"},
        {"lab://drawings/{colour}/{size}", "drawing", "A drawing of a sight glass",
         "Colour and size in pixels (16 to 512)", "image/png"},
        {"lab://logbook/{number}", "logbook", "A page of the logbook",
         "From 1 to 1000: more completions than one answer may have", "text/markdown"},
        {"lab://files/{+path}", "file", "A file",
         "A path with slashes, by reserved expansion (RFC 6570)", "text/plain"},
        {"lab://search{?words,limit}", "search", "A search that finds nothing",
         "A query, by form-style expansion; there is no such resource", "text/plain"},
    };
    QList<QByteArray> list;
    for (const Template &row : templates) {
        JsonWriter json;
        json.beginObject().key(u"uriTemplate").value(row.uri).key(u"name").value(row.name);
        json.key(u"title").value(row.title).key(u"description").value(row.description);
        json.key(u"mimeType").value(row.mimeType).endObject();
        list.append(json.text());
    }
    return list;
}

} // namespace sightglass
