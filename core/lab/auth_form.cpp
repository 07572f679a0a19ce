// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/auth_form.h"

#include <QSet>
#include <QUrl>

#include <algorithm>

namespace sightglass {

namespace {

/// So that a body of a megabyte does not become a million parameters.
constexpr qsizetype mostParameters = 100;

QString decodedParameter(QByteArray text)
{
    text.replace('+', ' ');
    return QString::fromUtf8(QByteArray::fromPercentEncoding(text));
}

} // namespace

LabForm LabForm::parse(const QByteArray &text)
{
    LabForm form;
    qsizetype at = 0;
    while (at < text.size() && form.m_parameters.size() < mostParameters) {
        qsizetype end = text.indexOf('&', at);
        if (end < 0)
            end = text.size();
        const QByteArray pair = text.mid(at, end - at);
        at = end + 1;
        if (pair.isEmpty())
            continue;
        const qsizetype equals = pair.indexOf('=');
        form.m_parameters.append({decodedParameter(pair.left(equals)),
                                  equals < 0 ? QString() : decodedParameter(pair.mid(equals + 1))});
    }
    return form;
}

QString LabForm::repeated() const
{
    QSet<QString> names;
    for (const Parameter &parameter : m_parameters) {
        if (names.contains(parameter.name))
            return parameter.name;
        names.insert(parameter.name);
    }
    return {};
}

QString LabForm::value(QStringView name) const
{
    for (const Parameter &parameter : m_parameters) {
        if (parameter.name == name)
            return parameter.value;
    }
    return {};
}

void LabForm::set(const QString &name, const QString &value)
{
    for (Parameter &parameter : m_parameters) {
        if (parameter.name == name) {
            parameter.value = value;
            return;
        }
    }
    m_parameters.append({name, value});
}

void LabForm::remove(QStringView name)
{
    m_parameters.removeIf([&](const Parameter &parameter) { return parameter.name == name; });
}

QByteArray LabForm::text() const
{
    QByteArray text;
    for (const Parameter &parameter : m_parameters) {
        if (!text.isEmpty())
            text += '&';
        text += QUrl::toPercentEncoding(parameter.name) + '='
            + QUrl::toPercentEncoding(parameter.value);
    }
    return text;
}

} // namespace sightglass
