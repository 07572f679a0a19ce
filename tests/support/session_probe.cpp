// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/session_probe.h"

#include "core/diagnose/rules.h"
#include "core/http/header_list.h"
#include "tests/support/sent_messages.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace sightglass::test {

SessionProbe::SessionProbe()
    : m_session(&m_trace)
{
    connect(&m_session, &Session::stateChanged, this,
            [this](const SessionState &state) { m_state = state; });
    connect(&m_session, &Session::callProgress, this,
            [this](Ticket, const Progress &progress) { m_progress.append(progress); });
}

SessionProbe::~SessionProbe()
{
    const SentMessages sent = sentMessages(m_trace);
    QVERIFY2(sent.invalid.isEmpty(), qPrintable(sent.invalid.join(u'\n')));
}

QStringList SessionProbe::findings() const
{
    QStringList list;
    for (const Finding &finding : sightglass::findings(m_trace, Redactor("0123456789abcdef"))) {
        if (finding.weight != Weight::Normal)
            list.append(finding.id + u": "_s + finding.sentence);
    }
    return list;
}

bool SessionProbe::waitFor(const std::function<bool()> &condition)
{
    return QTest::qWaitFor(condition, 30000);
}

bool SessionProbe::connectTo(const ServerTarget &target)
{
    // How the one before ended says nothing of this one.
    m_state.phase = SessionPhase::Idle;
    m_session.connectTo(target);
    waitFor([this] {
        return m_state.phase == SessionPhase::Ready || m_state.phase == SessionPhase::Failed;
    });
    return m_state.phase == SessionPhase::Ready;
}

void SessionProbe::disconnectFrom()
{
    m_session.disconnectFrom();
    waitFor([this] { return m_state.phase == SessionPhase::Idle; });
}

ToolList SessionProbe::tools()
{
    std::optional<ToolList> list;
    QObject context;
    connect(&m_session, &Session::toolsListed, &context, [&](const ToolList &tools) {
        if (tools.complete || tools.failure)
            list = tools;
    });
    m_session.listTools();
    waitFor([&] { return list.has_value(); });
    return list.value_or(ToolList{});
}

Listing SessionProbe::list(ListKind kind)
{
    std::optional<Listing> listing;
    QObject context;
    connect(&m_session, &Session::listed, &context, [&](const Listing &came) {
        if (came.kind == kind && (came.complete || came.failure))
            listing = came;
    });
    m_session.list(kind);
    waitFor([&] { return listing.has_value(); });
    return listing.value_or(Listing{});
}

CallResult SessionProbe::call(const QString &name, const QByteArray &arguments)
{
    return waitForCall([&] { return m_session.callTool(name, arguments); });
}

CallResult SessionProbe::request(const RpcCall &call)
{
    return waitForCall([&] { return m_session.request(call.method, call.params); });
}

CallResult SessionProbe::batch(const QByteArray &messages)
{
    return waitForCall([&] { return m_session.requestBatch(messages); });
}

CallResult SessionProbe::waitForCall(const std::function<Ticket()> &command)
{
    m_progress.clear();
    std::optional<CallResult> result;
    Ticket ticket = 0;
    QObject context;
    connect(&m_session, &Session::callFinished, &context, [&](Ticket of, const CallResult &came) {
        if (of == ticket)
            result = came;
    });
    ticket = command();
    if (waitFor([&] { return result.has_value(); }))
        return *result;
    CallResult late;
    late.failure =
        Failure{FailureKind::TimedOut, u"test-waited"_s, u"nothing came in 30 s"_s, {}, 0, {}};
    return late;
}

QList<ExchangeId> SessionProbe::exchanges(ExchangeKind kind) const
{
    QList<ExchangeId> ids;
    for (ExchangeId id = 1; id <= m_trace.exchangeCount(); ++id) {
        if (m_trace.summary(id).kind == kind)
            ids.append(id);
    }
    return ids;
}

QByteArray SessionProbe::sent(ExchangeId id, QByteArrayView name) const
{
    for (const Header &header : m_trace.request(id).headers) {
        if (sameHeaderName(header.name, name))
            return header.value;
    }
    return {};
}

QString SessionProbe::text(const CallResult &result)
{
    const JsonText json = JsonText::parse(result.result);
    const JsonText::Node content = json.member(json.root(), u"content");
    return json.string(json.member(json.at(content, 0), u"text"));
}

QByteArray SessionProbe::explain(const std::optional<Failure> &failure)
{
    return failure ? failure->code.toUtf8() + ": " + failure->sentence.toUtf8() : "no failure";
}

} // namespace sightglass::test
