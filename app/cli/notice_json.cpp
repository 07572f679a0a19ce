// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/notice_json.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

QByteArray noticeJson(const Notice &notice)
{
    JsonWriter json;
    json.beginObject().key(u"method").value(QString::fromUtf8(notice.method));
    if (!notice.params.isEmpty())
        json.key(u"params").raw(JsonText::parse(notice.params).compact());
    json.endObject();
    return json.text();
}

QString noticeText(const Notice &notice)
{
    const JsonText params = JsonText::parse(notice.params);
    QString text;
    if (notice.method == "notifications/message") {
        const auto string = [&](QStringView name) {
            return params.string(params.member(params.root(), name));
        };
        const JsonText::Node data = params.member(params.root(), u"data");
        text = string(u"level").leftJustified(9);
        if (const QString logger = string(u"logger"); !logger.isEmpty())
            text += u' ' + logger + u':';
        text += u' '
            + (params.isString(data) ? params.string(data)
                                     : QString::fromUtf8(params.compact(std::max(data, 0))));
    } else {
        text = QString::fromUtf8(notice.method);
        if (params.isValid())
            text += u' ' + QString::fromUtf8(params.compact());
    }
    return lineForTerminal(text);
}

} // namespace sightglass::cli
