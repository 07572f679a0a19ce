// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/auth_document.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;

void LabDocument::set(const QString &name, const QString &text)
{
    setRaw(name, jsonQuoted(text));
}

void LabDocument::set(const QString &name, const QStringList &texts)
{
    JsonWriter json;
    json.beginArray();
    for (const QString &text : texts)
        json.value(QStringView(text));
    json.endArray();
    setRaw(name, json.text());
}

void LabDocument::set(const QString &name, qint64 number)
{
    setRaw(name, QByteArray::number(number));
}

void LabDocument::setFlag(const QString &name, bool flag)
{
    setRaw(name, flag ? "true" : "false");
}

void LabDocument::setRaw(const QString &name, const QByteArray &json)
{
    for (auto &[known, value] : m_members) {
        if (known == name) {
            value = json;
            return;
        }
    }
    m_members.append({name, json});
}

void LabDocument::remove(QStringView name)
{
    m_members.removeIf([&](const auto &member) { return member.first == name; });
}

QByteArray LabDocument::raw(QStringView name) const
{
    for (const auto &[known, value] : m_members) {
        if (known == name)
            return value;
    }
    return {};
}

QByteArray LabDocument::text() const
{
    JsonWriter json;
    json.beginObject();
    for (const auto &[name, value] : m_members)
        json.key(name).raw(value);
    json.endObject();
    return json.text();
}

void LabChallenge::set(const QByteArray &name, const QByteArray &value)
{
    for (auto &[known, text] : m_parameters) {
        if (known == name) {
            text = value;
            return;
        }
    }
    m_parameters.append({name, value});
}

QByteArray LabChallenge::text() const
{
    QByteArray text = m_scheme;
    bool first = true;
    for (const auto &[name, value] : m_parameters) {
        text += (first ? " " : ", ") + name + "=\"" + value + '"';
        first = false;
    }
    return text;
}

LabDocument LabRefusal::document() const
{
    LabDocument document;
    document.set(u"error"_s, QString::fromLatin1(error));
    document.set(u"error_description"_s, sentence);
    return document;
}

} // namespace sightglass
