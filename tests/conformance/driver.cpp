// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/driver.h"

#include "tests/conformance/samples.h"

#include <QEventLoop>

#include <cstdio>

namespace sightglass::conformance {

Driver::Driver()
    : m_session(&m_trace)
{
    connect(&m_session, &Session::stateChanged, this,
            [this](const SessionState &state) { m_state = state; });
    connect(&m_session, &Session::serverRequested, this, &Driver::answer);
    connect(&m_session, &Session::browserWanted, &m_browser, &sightglass::test::QuickBrowser::open);
}

void Driver::wait(const std::function<bool()> &until)
{
    // Each step ends by itself: requests have their time limits.
    QEventLoop loop;
    while (!until())
        loop.processEvents(QEventLoop::WaitForMoreEvents);
}

void Driver::tell(const Failure &failure)
{
    std::fprintf(stderr, "conformance-client: %s\n", qPrintable(failure.sentence));
    // That a server refuses what it was asked for is an answer like any other.
    if (failure.code != QLatin1String("rpc-error"))
        m_failed = true;
}

bool Driver::connectTo(const ServerTarget &target)
{
    m_session.connectTo(target);
    wait([this] {
        return m_state.phase == SessionPhase::Ready || m_state.phase == SessionPhase::Failed;
    });
    if (m_state.phase == SessionPhase::Failed && m_state.failure)
        tell(*m_state.failure);
    return m_state.phase == SessionPhase::Ready;
}

void Driver::disconnectFrom()
{
    m_session.disconnectFrom();
    wait([this] {
        return m_state.phase == SessionPhase::Idle || m_state.phase == SessionPhase::Failed;
    });
}

bool Driver::offers(ListKind kind) const
{
    return offersList(m_state.capabilities, kind);
}

ToolList Driver::tools()
{
    std::optional<ToolList> tools;
    QObject context;
    connect(&m_session, &Session::toolsListed, &context, [&tools](const ToolList &list) {
        if (list.complete || list.failure)
            tools = list;
    });
    m_session.listTools();
    wait([&tools] { return tools.has_value(); });
    return *tools;
}

Listing Driver::list(ListKind kind)
{
    std::optional<Listing> listing;
    QObject context;
    connect(&m_session, &Session::listed, &context, [&listing, kind](const Listing &list) {
        if (list.kind == kind && (list.complete || list.failure))
            listing = list;
    });
    m_session.list(kind);
    wait([&listing] { return listing.has_value(); });
    if (listing->failure)
        tell(*listing->failure);
    return *listing;
}

CallResult Driver::waitFor(const std::function<Ticket()> &command)
{
    std::optional<CallResult> result;
    Ticket ticket = 0;
    QObject context;
    connect(&m_session, &Session::callFinished, &context,
            [&result, &ticket](Ticket of, const CallResult &came) {
                if (of == ticket)
                    result = came;
            });
    ticket = command();
    wait([&result] { return result.has_value(); });
    if (result->failure)
        tell(*result->failure);
    return *result;
}

CallResult Driver::callTool(const QString &name, const QByteArray &arguments)
{
    return waitFor([&] { return m_session.callTool(name, arguments); });
}

CallResult Driver::request(const RpcCall &call)
{
    return waitFor([&] { return m_session.request(call.method, call.params); });
}

void Driver::answer(const ServerRequest &request)
{
    ServerReply reply;
    if (request.method == "elicitation/create")
        reply.result = acceptedForm(request.params);
    else if (request.method == "sampling/createMessage")
        reply.result = R"({"role":"assistant","model":"none","content":)"
                       R"({"type":"text","text":"sightglass"}})";
    else
        reply = ServerReply{{}, -32601, QStringLiteral("nobody answers this")};
    m_session.reply(request.number, reply);
}

} // namespace sightglass::conformance
