// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

// Short ways to a value, for tests that read answers.

inline QJsonObject objectOf(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

/// "a/b/0/c"
inline QJsonValue at(const QJsonValue &in, const char *path)
{
    QJsonValue value = in;
    for (const QByteArray &name : QByteArray(path).split('/')) {
        if (value.isArray())
            value = value.toArray().at(name.toInt());
        else
            value = value.toObject().value(QLatin1String(name));
    }
    return value;
}

inline QString textAt(const QJsonValue &in, const char *path)
{
    return at(in, path).toString();
}

inline QByteArray written(const QJsonValue &value)
{
    return value.isArray() ? QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)
                           : QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
}
