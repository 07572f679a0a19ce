// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// What a session asks, and what it is asked.

#include "core/mcp/calls.h"
#include "core/mcp/header_parameter.h"
#include "core/mcp/session_private.h"
#include "core/transport/answer_check.h"
#include "core/transport/event_recorder.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// The lines of Mcp-Param are the same in both.
bool sameParameters(const HeaderList &one, const QList<Header> &other)
{
    const auto parameters = [](const QList<Header> &lines) {
        QList<std::pair<QByteArray, QByteArray>> found;
        for (const Header &line : lines) {
            if (line.name.toLower().startsWith("mcp-param-"))
                found.append({line.name.toLower(), line.value});
        }
        std::sort(found.begin(), found.end());
        return found;
    };
    return parameters(one.lines()) == parameters(other);
}

struct ToolCall {
    QString name; ///< null: it is none
    QByteArray arguments;
};

/// Of a request whose parameters somebody wrote: which tool it calls, if it does.
ToolCall toolCallByHand(const RpcCall &call)
{
    if (call.method != "tools/call")
        return {};
    const JsonText params = JsonText::parse(call.params);
    const JsonText::Node name = params.member(params.root(), u"name");
    if (!params.isString(name))
        return {};
    return {params.string(name),
            params.raw(params.member(params.root(), u"arguments")).toByteArray()};
}

} // namespace

Failure Session::Private::notConnected(const QString &what)
{
    return Failure{FailureKind::Usage,
                   u"not-connected"_s,
                   u"%1 was not sent: there is no connection."_s.arg(what),
                   u"Connect first."_s,
                   0,
                   {}};
}

void Session::Private::list(ListKind kind)
{
    if (!connection || phase != SessionPhase::Ready) {
        Listing none;
        none.kind = kind;
        none.failure = notConnected(QString::fromLatin1(listMethod(kind)));
        listed(none);
        return;
    }
    Lister *&lister = listers[kind];
    if (!lister) {
        lister = new Lister(kind, connection, trace, q);
        connect(lister, &Lister::listed, q, [this](const Listing &listing) { listed(listing); });
    }
    lister->start();
}

void Session::Private::listed(const Listing &listing)
{
    if (listing.failure)
        conclude(*listing.failure);
    if (listing.kind == ListKind::Tools) {
        const bool ended = listing.complete || listing.failure;
        // Pages are added to those that were read already.
        if (listing.pages.size() <= 1 || tools.pages > listing.pages.size()) {
            tools.tools.clear();
            tools.refused.clear();
            refusedAt.clear();
        }
        tools.exchange = listing.pages.isEmpty() ? 0 : listing.pages.constLast().exchange;
        const qsizetype known = tools.tools.size() + tools.refused.size();
        for (qsizetype i = known; i < listing.items.size(); ++i) {
            const QString problem =
                addTool(readTool(listing.items.at(i).json.text()), tools.exchange);
            if (!problem.isEmpty())
                refusedAt.emplace(i, problem);
        }
        tools.pages = int(listing.pages.size());
        tools.failure = listing.failure;
        tools.complete = listing.complete;
        const ToolList list = tools;
        // A list that could not be had holds no call back.
        tools.complete = ended;
        Q_EMIT q->toolsListed(list);
        if (ended)
            proceed(waitingForTools);
        if (!refusedAt.empty()) {
            Listing marked = listing;
            for (const auto &[place, problem] : refusedAt) {
                if (place < marked.items.size())
                    marked.items[place].problem = problem;
            }
            Q_EMIT q->listed(marked);
            return;
        }
    }
    Q_EMIT q->listed(listing);
}

void Session::Private::conclude(const Failure &why)
{
    if (why.kind == FailureKind::Cancelled || why.code == "rpc-error"_L1 || why.exchange <= 0
        || why.exchange > trace->exchangeCount())
        return;
    const std::optional<Failure> known = judgedFailure(*trace, why.exchange);
    const bool says = !known || isOrderlyEnd(*known)
        || (known->code == why.code && known->finding.isEmpty() && !why.finding.isEmpty());
    if (says)
        trace->noteFailure(why);
}

QString Session::Private::addTool(Tool tool, ExchangeId exchange)
{
    // Only on HTTP there are headers that such a tool could spoil.
    const bool mirrors = connection && connection->era().mirrorsArguments() && !target.isChannel();
    const QString problem = mirrors ? headerParameters(tool.inputSchema).problem : QString();
    if (problem.isEmpty()) {
        tools.tools.append(tool);
        return {};
    }
    tool.problem = tool.problem.isEmpty() ? problem : tool.problem + u", "_s + problem;
    tools.refused.append(tool);
    trace->note(u"tool-refused"_s,
                u"The tool “%1” is left out of the list: %2."_s.arg(tool.name.left(80), problem),
                exchange);
    remark(trace->note(trace->noteCount() - 1));
    return tool.problem;
}

void Session::Private::changed(const QByteArray &method)
{
    for (const ListKind kind : listsChangedBy(method)) {
        if (listers.contains(kind))
            list(kind);
    }
}

void Session::Private::setLogLevel(const QByteArray &level)
{
    if (!connection || phase != SessionPhase::Ready || level == logLevel)
        return;
    logLevel = level;
    if (const std::optional<RpcCall> call = connection->era().settingLogLevel(level))
        this->call(++lastTicket, *call);
    connection->setLogLevel(level);
    changed();
}

void Session::Private::call(Ticket ticket, const RpcCall &wanted, const QString &toolName,
                            const QByteArray &task, bool patient)
{
    const bool isTool = !toolName.isNull();
    // One that was written by hand mirrors its arguments as any other.
    const ToolCall called = isTool ? ToolCall{toolName, wanted.params} : toolCallByHand(wanted);
    const QString what = isTool ? u"tools/call "_s + toolName : callTitle(wanted);
    if (phase == SessionPhase::Connecting) {
        // Which rung will hold is not known yet.
        waiting.push_back({ticket, what, [this, ticket, wanted, toolName, task, patient] {
                               call(ticket, wanted, toolName, task, patient);
                           }});
        return;
    }
    if (!connection || phase != SessionPhase::Ready) {
        CallResult result;
        result.failure = notConnected(what);
        Q_EMIT q->callFinished(ticket, result);
        return;
    }
    if (!called.name.isNull() && connection->era().mirrorsArguments() && !tools.complete
        && (isTool || !target.isChannel())) {
        // What goes into the headers of a call stands in the tool's schema.
        waitingForTools.push_back({ticket, what, [this, ticket, wanted, toolName, task, patient] {
                                       call(ticket, wanted, toolName, task, patient);
                                   }});
        list(ListKind::Tools);
        return;
    }
    if (waitsForStream(isTool ? RpcCall{"tools/call", {}} : wanted,
                       {ticket, what, [this, ticket, wanted, toolName, task, patient] {
                            call(ticket, wanted, toolName, task, patient);
                        }}))
        return;
    constexpr qint64 Often = 30'000'000;
    const RequestId id = connection->takeId();
    RpcCall call = wanted;
    if (isTool) {
        JsonWriter params;
        params.beginObject().key(u"name").value(toolName);
        if (!wanted.params.isEmpty())
            params.key(u"arguments").raw(wanted.params);
        if (!task.isEmpty())
            params.key(u"task").raw(task);
        params.key(u"_meta").beginObject().key(u"progressToken").value(id).endObject().endObject();
        call.params = params.text();
    }
    tickets.emplace(ticket, id);
    auto lastTold = std::make_shared<qint64>(-Often);
    Connection::Asked asked;
    asked.onAnswer = [this, ticket, call, isTool](const RpcAnswer &answer) {
        answered(ticket, call, answer, isTool);
    };
    asked.onProgress = [this, ticket, lastTold](const Progress &progress) {
        const qint64 now = trace->now();
        const bool last = progress.total && progress.progress >= *progress.total;
        if (!last && now - *lastTold < Often)
            return;
        *lastTold = now;
        Q_EMIT q->callProgress(ticket, progress);
    };
    asked.onSent = [this, ticket](ExchangeId exchange) { Q_EMIT q->callStarted(ticket, exchange); };
    if (!called.name.isNull()) {
        asked.onHeadersRefused = [this, id, called](ExchangeId refusal) {
            lookUpHeaders(id, called.name, called.arguments, refusal);
        };
    }
    asked.hasDeadline = !patient;
    connection->request(id, call, what, std::move(asked));
}

bool Session::Private::waitsForStream(const RpcCall &call, const Waiting &waits)
{
    constexpr qint64 StreamPatienceMs = 2000;
    const bool wants = call.method == "logging/setLevel" || call.method == "resources/subscribe";
    if (!connection->isStreamOpening() || (!wants && waitingForStream.empty()))
        return false;
    const qint64 asked = trace->summary(connection->streamState().exchange).times.begun;
    const qint64 left = StreamPatienceMs - (trace->now() - asked) / 1'000'000;
    if (left <= 0)
        return false;
    if (waitingForStream.empty())
        QTimer::singleShot(int(left), connection, [this] { proceed(waitingForStream); });
    waitingForStream.push_back(waits);
    return true;
}

HeaderParameters Session::Private::toolHeaders(const QString &name) const
{
    // One that is left out can still be called by hand.
    for (const QList<Tool> *list : {&tools.tools, &tools.refused}) {
        for (const Tool &tool : *list) {
            if (tool.name == name)
                return headerParameters(tool.inputSchema);
        }
    }
    return {};
}

void Session::Private::lookUpHeaders(RequestId id, const QString &tool, const QByteArray &arguments,
                                     ExchangeId refusal)
{
    const auto goOn = [this, id, tool, arguments, refusal] {
        if (!connection)
            return;
        const QString what = trace->request(refusal).what;
        if (tools.failure) {
            connection->takeRefusal(
                id,
                u"Which headers it needs could not be looked up: the tools could not be "
                "listed again."_s);
        } else if (sameParameters(parameterHeaders(toolHeaders(tool), arguments),
                                  trace->request(refusal).headers)) {
            connection->takeRefusal(
                id,
                u"The tools were listed again and ask for the same headers: what the server "
                "lists and what it takes are not the same."_s);
        } else {
            trace->note(u"headers-refused"_s,
                        u"%1 was refused because of its headers. The tools were listed again and "
                        "ask for other ones: it is sent once more."_s.arg(what),
                        refusal);
            connection->sendAgain(id);
        }
    };
    waitingForTools.push_back({0, {}, goOn});
    list(ListKind::Tools);
}

void Session::Private::proceed(std::vector<Waiting> &list)
{
    std::vector<Waiting> todo;
    todo.swap(list);
    for (const Waiting &one : todo)
        one.go();
}

void Session::Private::cancelWaiting(Ticket ticket)
{
    for (std::vector<Waiting> *list : {&waiting, &waitingForTools, &waitingForStream}) {
        std::vector<Waiting> kept;
        for (Waiting &one : std::exchange(*list, {})) {
            if (one.ticket == 0 || (ticket != 0 && one.ticket != ticket)) {
                kept.push_back(std::move(one));
                continue;
            }
            CallResult result;
            result.failure = Failure{FailureKind::Cancelled,
                                     u"cancelled"_s,
                                     u"%1 was cancelled before it was sent."_s.arg(one.what),
                                     {},
                                     0,
                                     {}};
            Q_EMIT q->callFinished(one.ticket, result);
        }
        // What a slot may have added meanwhile comes behind.
        list->insert(list->begin(), std::make_move_iterator(kept.begin()),
                     std::make_move_iterator(kept.end()));
    }
}

void Session::Private::asked(const ServerRequest &request)
{
    if (request.method != "roots/list") {
        changed();
        Q_EMIT q->serverRequested(request);
        return;
    }
    JsonWriter result;
    result.beginObject().key(u"roots").beginArray();
    for (const Root &root : roots) {
        result.beginObject().key(u"uri").value(root.uri);
        if (!root.name.isEmpty())
            result.key(u"name").value(root.name);
        result.endObject();
    }
    result.endArray().endObject();
    connection->inbox().reply(request.number, ServerReply{result.text(), {}, {}});
}

void Session::Private::setRoots(const QList<Root> &wanted)
{
    if (wanted == roots)
        return;
    roots = wanted;
    if (connection && phase == SessionPhase::Ready && target.offer.roots
        && agreement.revision.rootsListChanged)
        connection->notify(RpcCall{"notifications/roots/list_changed", {}});
}

void Session::Private::subscribe(const QString &uri, bool on)
{
    if (!connection || phase != SessionPhase::Ready || subscriptions.contains(uri) == on)
        return;
    if (on)
        subscriptions.append(uri);
    else
        subscriptions.removeAll(uri);
    if (const std::optional<RpcCall> call = connection->era().subscribing(uri, on))
        this->call(++lastTicket, *call);
    else
        connection->listenTo(subscriptions);
    changed();
}

void Session::Private::askAgain()
{
    QList<std::optional<RpcCall>> wanted;
    if (!logLevel.isEmpty())
        wanted.append(connection->era().settingLogLevel(logLevel));
    for (const QString &uri : std::as_const(subscriptions))
        wanted.append(connection->era().subscribing(uri, true));
    for (const std::optional<RpcCall> &call : std::as_const(wanted)) {
        // One that found the session lost is sent once more anyhow.
        if (call && !connection->isAsking(*call))
            this->call(++lastTicket, *call);
    }
}

void Session::Private::checkSkills(const RpcCall &call, CallResult *result)
{
    constexpr size_t MostSkills = 10000;
    if (call.method == "skills/list" || call.method == "skills/get") {
        for (const Skill &skill : readSkills(result->result)) {
            if (skills.size() < MostSkills || skills.contains(skill.uri))
                skills.insert_or_assign(skill.uri, skill);
        }
        return;
    }
    if (call.method != "resources/read" || skills.empty())
        return;
    const JsonText params = JsonText::parse(call.params);
    const QString uri = params.string(params.member(params.root(), u"uri"));
    for (const auto &[head, skill] : skills) {
        const QString problem = skillFileProblem(skill, uri, result->result);
        if (problem.isEmpty())
            continue;
        result->result.clear();
        result->failure = Failure{
            FailureKind::Protocol,
            u"skill-mismatch"_s,
            u"%1 is not what the skill “%2” says it is: %3."_s.arg(uri.left(200),
                                                                   skill.name.left(80), problem),
            u"It may have changed since: list the skills again. What came stands in the exchange, and is not used."_s,
            result->exchange,
            {}};
        return;
    }
}

void Session::Private::answered(Ticket ticket, const RpcCall &call, const RpcAnswer &answer,
                                bool isTool)
{
    tickets.erase(ticket);
    CallResult result;
    result.result = answer.result;
    result.error = answer.error;
    result.errorCode = answer.errorCode;
    result.failure = answer.failure;
    result.exchange = answer.exchange;
    result.durationNs = answer.durationNs;
    if (isTool && !result.failure)
        result.isError = toolSaidError(answer.result);
    if (!result.failure)
        checkSkills(call, &result);
    if (result.failure && result.failure->kind != FailureKind::Cancelled
        && result.failure->code != "rpc-error"_L1) {
        conclude(*result.failure);
        failure = result.failure;
        changed();
    }
    Q_EMIT q->callFinished(ticket, result);
}

void Session::Private::sendByHand(const EditedRequest &edited)
{
    const bool recorded = edited.recorded && isHttp(edited.recorded->record.kind);
    if (!recorded
        && (edited.from < 1 || edited.from > trace->exchangeCount()
            || !isHttp(trace->summary(edited.from).kind)))
        return;
    const QString changed = editWords(*trace, edited);
    HttpRequest request =
        editedRequest(*trace, edited,
                      {connection ? connection->sessionId() : QByteArray(),
                       connection ? connection->agreement().revision.name : QByteArray()});
    request.refusalStands = true;
    HttpExchange *http = gate.send(request);
    QString of = QString::number(edited.from);
    if (recorded)
        of =
            u"%1 of %2"_s.arg(QString::number(edited.recorded->number), edited.recorded->recording);
    if (changed.isEmpty())
        trace->note(u"sent-again"_s, u"Exchange %1, sent again by hand."_s.arg(of), http->id());
    else
        trace->note(u"edited"_s, u"Exchange %1, edited by hand: %2."_s.arg(of, changed),
                    http->id());
    Q_EMIT q->sentAgain(edited.from, http->id());
    resent.removeAll({});
    resent.append(http);
    connect(http, &HttpExchange::headReceived, q, [this, http] {
        if (mediaType(http->responseHeaders()) == "text/event-stream")
            recordEvents(http, std::make_shared<EventRecorder>(trace, EventRecorder::OnData()));
    });
    connect(http, &HttpExchange::finished, http, &QObject::deleteLater);
}

void Session::Private::remark(const Note &note)
{
    constexpr int MostRemarks = 50;
    const bool known = std::any_of(remarks.cbegin(), remarks.cend(), [&note](const Note &other) {
        return other.name == note.name && other.text == note.text;
    });
    if (!known && remarks.size() < MostRemarks)
        remarks.append(note);
    changed();
}

void Session::Private::changed()
{
    if (dirty)
        return;
    dirty = true;
    QMetaObject::invokeMethod(
        q, [this] { tell(); }, Qt::QueuedConnection);
}

void Session::Private::tell()
{
    dirty = false;
    const SessionState state = q->state();
    if (state == told)
        return;
    told = state;
    Q_EMIT q->stateChanged(state);
}

} // namespace sightglass
