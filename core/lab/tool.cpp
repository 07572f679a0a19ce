// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/tool.h"

#include "core/lab/answer.h"
#include "core/lab/lab_session.h"
#include "core/lab/rpc_text.h"

#include <algorithm>
#include <cmath>

namespace sightglass {

LabCall::LabCall(LabSession *session, LabAnswer *answer, QByteArray id, JsonText params)
    : QObject(session)
    , m_session(session)
    , m_answer(answer)
    , m_id(std::move(id))
    , m_params(std::move(params))
{
    const JsonText::Node root = m_params.root();
    m_arguments = m_params.member(root, u"arguments");
    m_progressToken =
        m_params.raw(m_params.member(m_params.member(root, u"_meta"), u"progressToken"))
            .toByteArray();
    session->addCall(this);
}

LabStream *LabCall::stream() const
{
    return m_answer ? m_answer->stream() : nullptr;
}

QByteArray LabCall::arguments() const
{
    return m_arguments < 0 ? QByteArray("{}") : m_params.raw(m_arguments).toByteArray();
}

JsonText::Node LabCall::argument(QStringView name) const
{
    return m_params.member(m_arguments, name);
}

QString LabCall::text(QStringView name, const QString &otherwise) const
{
    const JsonText::Node node = argument(name);
    return m_params.isString(node) ? m_params.string(node) : otherwise;
}

double LabCall::number(QStringView name, double otherwise) const
{
    return m_params.number(argument(name)).value_or(otherwise);
}

qint64 LabCall::integer(QStringView name, qint64 otherwise, qint64 least, qint64 most) const
{
    const double value = std::trunc(number(name, double(otherwise)));
    return qint64(std::clamp(value, double(least), double(most)));
}

bool LabCall::flag(QStringView name, bool otherwise) const
{
    return m_params.boolean(argument(name), otherwise);
}

void LabCall::progress(double progress, double total, const QString &message)
{
    if (m_finished || !wantsProgress())
        return;
    JsonWriter params;
    params.beginObject().key(u"progressToken").raw(m_progressToken);
    params.key(u"progress").value(progress);
    if (total > 0)
        params.key(u"total").value(total);
    if (!message.isEmpty())
        params.key(u"message").value(QStringView(message));
    params.endObject();
    notify(labNotification("notifications/progress", params.text()));
}

void LabCall::notify(const QByteArray &message)
{
    if (m_answer && !m_finished)
        m_answer->notify(message);
}

void LabCall::succeed(const QByteArray &result)
{
    end(labResult(m_id, result));
}

void LabCall::sayText(const QString &text)
{
    succeed(R"({"content":[)" + labTextBlock(text) + "]}");
}

void LabCall::sayError(const QString &text)
{
    succeed(R"({"content":[)" + labTextBlock(text) + R"(],"isError":true})");
}

void LabCall::fail(qint64 code, const QString &message, const QByteArray &data)
{
    end(labError(m_id, code, message, data));
}

void LabCall::cancel()
{
    end({});
}

void LabCall::end(const QByteArray &message)
{
    if (m_finished)
        return;
    m_finished = true;
    if (m_answer)
        m_answer->answer("tools/call", m_id, message);
    Q_EMIT ended();
    deleteLater();
}

QByteArray labTextBlock(const QString &text)
{
    return R"({"type":"text","text":)" + jsonQuoted(text) + '}';
}

const QList<LabTool> &labTools()
{
    static const QList<LabTool> tools =
        labFormTools() + labContentTools() + labStreamTools() + labTroubleTools();
    return tools;
}

} // namespace sightglass
