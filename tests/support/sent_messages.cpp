// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sent_messages.h"

#include "core/http/header_list.h"
#include "core/jsonrpc/envelope.h"
#include "core/mcp/message_check.h"

using namespace Qt::StringLiterals;

namespace sightglass::test {

namespace {

class Judge {
public:
    explicit Judge(const TraceReader &trace)
        : m_trace(trace)
    {
        for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id)
            learn(id);
    }
    SentMessages judge()
    {
        SentMessages all;
        for (ExchangeId id = 1; id <= m_trace.exchangeCount(); ++id) {
            const ExchangeKind kind = m_trace.summary(id).kind;
            if (kind != ExchangeKind::Post && kind != ExchangeKind::Input)
                continue;
            // A redirect may have made a GET of it, and a proxy's question a CONNECT.
            if (kind == ExchangeKind::Post && m_trace.request(id).method != "POST")
                continue;
            for (qint64 i = 0; i < m_trace.noteCount(); ++i) {
                const Note note = m_trace.note(i);
                if (note.name == u"revision"_s && note.exchange > 0 && note.exchange < id)
                    m_revision = note.text.toUtf8();
            }
            const QByteArray body = m_trace.requestBody(id);
            const EnvelopeBatch batch = scanBody(body);
            if (batch.error)
                all.invalid.append(u"exchange %1: no JSON"_s.arg(id));
            for (const QByteArrayView text : batch.texts)
                one(id, text, &all);
        }
        return all;
    }

private:
    /// The requests of the server.
    void learn(ExchangeId id)
    {
        const auto message = [this](QByteArrayView text) {
            const EnvelopeBatch batch = scanBody(text);
            for (const Envelope &envelope : batch.messages) {
                if (envelope.kind == EnvelopeKind::Request)
                    m_asked.insert(envelope.id.raw, envelope.method);
            }
        };
        const ExchangeSummary summary = m_trace.summary(id);
        if (summary.frames == 0)
            message(m_trace.responseBody(id));
        for (qint64 i = 0; i < summary.frames; ++i) {
            const Frame frame = m_trace.frame(id, i);
            const QByteArray text = m_trace.responseBody(id, frame.start, frame.end - frame.start);
            if (frame.kind == FrameKind::Line) {
                message(text);
                continue;
            }
            QByteArray data;
            for (const QByteArray &line : text.split('\n')) {
                if (line.startsWith("data:"))
                    data += line.mid(5).trimmed();
            }
            message(data);
        }
    }
    void one(ExchangeId id, QByteArrayView text, SentMessages *all)
    {
        const JsonText json = JsonText::parse(text.toByteArray());
        const QByteArray method = json.string(json.find("/method")).toUtf8();
        const QByteArray version =
            HeaderList(m_trace.request(id).headers).value("MCP-Protocol-Version");
        QByteArray revision = version.isEmpty() ? m_revision : version;
        const QByteArray inMeta =
            json.string(json.find("/params/_meta/io.modelcontextprotocol~1protocolVersion"))
                .toUtf8();
        if (!inMeta.isEmpty())
            revision = inMeta;
        if (method == "initialize")
            revision = json.string(json.find("/params/protocolVersion")).toUtf8();
        MessageCheck &check = m_checks.try_emplace(revision, revision).first->second;
        const QByteArray answered = m_asked.value(json.raw(json.find("/id")).toByteArray());
        ++all->judged;
        if (check.definition(u"JSONRPCRequest"_s).isEmpty())
            all->invalid.append(u"exchange %1: no revision"_s.arg(id));
        const QList<MessageCheck::Fault> faults = check.check(text, answered);
        for (const MessageCheck::Fault &fault : faults) {
            if (isFormNumber(json, fault))
                continue;
            all->invalid.append(u"exchange %1 (%2, %3): %4: %5"_s.arg(id).arg(
                m_trace.request(id).what, QString::fromLatin1(revision), fault.type,
                problemLine(fault.problem)));
        }
    }
    /// The JSON schemas know integers alone in the answer to a form, where the schema of which they
    /// are made (schema.ts) and the form's own (NumberSchema) say number.
    static bool isFormNumber(const JsonText &json, const MessageCheck::Fault &fault)
    {
        return fault.type == "ElicitResult"_L1 && fault.problem.place.startsWith("/result/content/")
            && json.isNumber(json.find(fault.problem.place));
    }

    const TraceReader &m_trace;
    QByteArray m_revision;
    QHash<QByteArray, QByteArray> m_asked; ///< by the id as it is written
    std::map<QByteArray, MessageCheck> m_checks;
};

} // namespace

SentMessages sentMessages(const TraceReader &trace)
{
    return Judge(trace).judge();
}

} // namespace sightglass::test
