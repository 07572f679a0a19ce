// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/finding_report.h"

#include "core/diagnose/catalogue.h"
#include "core/jsonrpc/json_text.h"
#include "core/trace/trace_text.h"

#include <QFileInfo>
#include <QUrl>
#include <QXmlStreamWriter>

#include <algorithm>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// Of untrusted words, too; XML takes no control characters at all.
QString plain(const QString &text)
{
    return markedText(text, LineEnds::Mark);
}

QString whole(const Finding &finding)
{
    return finding.advice.isEmpty() ? finding.sentence : finding.sentence + u' ' + finding.advice;
}

void writeExchanges(JsonWriter &json, const Finding &finding)
{
    json.key(u"exchanges").beginArray();
    for (const ExchangeId id : finding.exchanges)
        json.value(id);
    json.endArray();
}

/// "error", "warning", "note" (SARIF 2.1.0, 3.27.10).
QLatin1StringView level(Weight weight)
{
    switch (weight) {
    case Weight::Failure:
        return QLatin1StringView("error");
    case Weight::Flaw:
        return QLatin1StringView("warning");
    case Weight::Normal:
        break;
    }
    return QLatin1StringView("note");
}

/// A URI reference: of a file its relative path, or a file URL.
QString uriOf(const QString &subject)
{
    if (subject.contains("://"_L1))
        return subject;
    const QByteArray path = QUrl::toPercentEncoding(subject, "/");
    return QFileInfo(subject).isAbsolute() ? u"file://"_s + QString::fromLatin1(path)
                                           : QString::fromLatin1(path);
}

} // namespace

QByteArray findingsToJson(const QList<Finding> &findings)
{
    JsonWriter json;
    json.beginObject().key(u"findings").beginArray();
    for (const Finding &finding : findings) {
        json.beginObject().key(u"id").value(finding.id);
        json.key(u"sentence").value(plain(finding.sentence));
        json.key(u"advice").value(plain(finding.advice));
        json.key(u"side").value(sideName(finding.side));
        writeExchanges(json, finding);
        json.endObject();
    }
    json.endArray().endObject();
    return json.text();
}

QByteArray findingsToJunit(const QList<Finding> &findings, const QString &subject)
{
    struct Case {
        QString id;
        QString title;
    };
    QList<Case> cases;
    for (const CatalogueEntry &entry : catalogue())
        cases.append({entry.id, entry.title});
    for (const Finding &finding : findings) { // of a later version's catalogue
        if (!catalogueEntry(finding.id))
            cases.append({plain(finding.id), plain(finding.title)});
    }
    const auto failures = std::count_if(cases.begin(), cases.end(), [&findings](const Case &one) {
        return std::any_of(findings.begin(), findings.end(), [&one](const Finding &finding) {
            return finding.id == one.id && finding.weight != Weight::Normal;
        });
    });

    QByteArray text;
    QXmlStreamWriter xml(&text);
    xml.setAutoFormatting(true);
    xml.setAutoFormattingIndent(2);
    xml.writeStartDocument();
    xml.writeStartElement(u"testsuites"_s);
    xml.writeStartElement(u"testsuite"_s);
    xml.writeAttribute(u"name"_s, plain(subject));
    xml.writeAttribute(u"tests"_s, QString::number(cases.size()));
    xml.writeAttribute(u"failures"_s, QString::number(failures));
    xml.writeAttribute(u"errors"_s, u"0"_s);
    xml.writeAttribute(u"skipped"_s, u"0"_s);
    for (const Case &one : std::as_const(cases)) {
        xml.writeStartElement(u"testcase"_s);
        xml.writeAttribute(u"classname"_s, u"sightglass"_s);
        xml.writeAttribute(u"name"_s, one.id + u": "_s + one.title);
        for (const Finding &finding : findings) {
            if (finding.id != one.id || finding.weight == Weight::Normal)
                continue;
            xml.writeStartElement(u"failure"_s);
            xml.writeAttribute(u"type"_s, finding.id);
            xml.writeAttribute(u"message"_s, plain(finding.sentence));
            QStringList lines{plain(whole(finding)), u"Side: "_s + sideName(finding.side)};
            for (const Evidence &evidence : finding.evidence)
                lines.append(plain(evidenceWords(evidence)));
            xml.writeCharacters(lines.join(u'\n'));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndElement();
    xml.writeEndDocument();
    return text;
}

QByteArray findingsToSarif(const QList<Finding> &findings, const QString &subject)
{
    QStringList ids;
    JsonWriter json;
    json.beginObject();
    json.key(u"$schema").value("https://json.schemastore.org/sarif-2.1.0.json");
    json.key(u"version").value("2.1.0");
    json.key(u"runs").beginArray().beginObject();
    json.key(u"tool").beginObject().key(u"driver").beginObject();
    json.key(u"name").value("Sightglass");
    json.key(u"version").value(SIGHTGLASS_VERSION);
    json.key(u"rules").beginArray();
    for (const Finding &finding : findings) {
        if (ids.contains(finding.id))
            continue;
        ids.append(finding.id);
        json.beginObject().key(u"id").value(plain(finding.id));
        json.key(u"shortDescription").beginObject();
        json.key(u"text").value(plain(finding.title)).endObject();
        json.key(u"defaultConfiguration").beginObject();
        json.key(u"level").value(level(finding.weight)).endObject().endObject();
    }
    json.endArray().endObject().endObject();
    json.key(u"results").beginArray();
    for (const Finding &finding : findings) {
        json.beginObject().key(u"ruleId").value(plain(finding.id));
        json.key(u"ruleIndex").value(qint64(ids.indexOf(finding.id)));
        json.key(u"level").value(level(finding.weight));
        json.key(u"message").beginObject().key(u"text").value(plain(whole(finding))).endObject();
        json.key(u"locations").beginArray().beginObject();
        json.key(u"physicalLocation").beginObject().key(u"artifactLocation").beginObject();
        json.key(u"uri").value(uriOf(subject)).endObject().endObject();
        json.endObject().endArray();
        json.key(u"properties").beginObject().key(u"side").value(sideName(finding.side));
        writeExchanges(json, finding);
        json.key(u"evidence").beginArray();
        for (const Evidence &evidence : finding.evidence)
            json.value(plain(evidenceWords(evidence)));
        json.endArray().endObject().endObject();
    }
    json.endArray().endObject().endArray().endObject();
    return json.text();
}

} // namespace sightglass::cli
