// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/request_state.h"

#include "core/jsonrpc/json_text.h"

#include <QMessageAuthenticationCode>

#include <algorithm>

namespace sightglass {

namespace {

constexpr auto base64 = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

QByteArray seal(const QByteArray &payload, const QByteArray &secret)
{
    return QMessageAuthenticationCode::hash(payload, secret, QCryptographicHash::Sha256)
        .toBase64(base64);
}

bool sameBytes(const QByteArray &a, const QByteArray &b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= unsigned(quint8(a[i]) ^ quint8(b[i]));
    return difference == 0;
}

} // namespace

QByteArray labRequestDigest(const QByteArray &method, const QByteArray &name,
                            const QByteArray &arguments)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArray &part : {method, name, arguments}) {
        hash.addData(QByteArray::number(part.size()) + ':');
        hash.addData(part);
    }
    return hash.result().toBase64(base64);
}

QString labSealed(const LabRequestState &state, const QByteArray &secret)
{
    JsonWriter json;
    json.beginObject().key(u"request").value(state.request.constData());
    json.key(u"expires").value(state.expires).key(u"answers").beginObject();
    QStringList keys = state.answers.keys();
    std::sort(keys.begin(), keys.end());
    for (const QString &key : std::as_const(keys))
        json.key(key).raw(state.answers.value(key));
    json.endObject().endObject();
    const QByteArray payload = json.text().toBase64(base64);
    return QString::fromLatin1(payload + '.' + seal(payload, secret));
}

std::optional<LabRequestState> labUnsealed(const QString &sealed, const QByteArray &secret)
{
    const QByteArray text = sealed.toLatin1();
    const qsizetype dot = text.indexOf('.');
    if (dot < 0 || !sameBytes(text.mid(dot + 1), seal(text.left(dot), secret)))
        return std::nullopt;
    const JsonText json = JsonText::parse(QByteArray::fromBase64(text.left(dot), base64));
    LabRequestState state;
    state.request = json.string(json.find("/request")).toLatin1();
    state.expires = json.integer(json.find("/expires")).value_or(0);
    for (const JsonText::Node answer : json.children(json.find("/answers")))
        state.answers.insert(json.key(answer), json.raw(answer).toByteArray());
    return state;
}

} // namespace sightglass
