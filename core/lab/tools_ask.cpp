// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Tools that ask the client: sampling, elicitation, roots.

#include "core/lab/lab_world.h"
#include "core/lab/questions.h"
#include "core/lab/rpc_text.h"
#include "core/lab/tool.h"

#include <QUuid>

namespace sightglass {

namespace {

using Answers = QHash<QString, LabHeard>;

void askForm(LabCall &call)
{
    const QString key = QStringLiteral("glass");
    call.ask({labFormQuestion(key, call.revision())}, [&call, key](const Answers &answers) {
        const LabAnswerToForm answer(answers.value(key));
        call.sayText(
            answer.accepted()
                ? QStringLiteral("Thank you. The form came back with:\n%1").arg(answer.indented())
                : QStringLiteral("No glass of water, then: %1").arg(answer.problem()));
    });
}

/// The id that a question by URL had before: where requests stand for themselves the tool is run
/// anew, and asks the same again.
QString consentId(const LabCall &call)
{
    if (call.revision().stateless)
        return QStringLiteral("of-this-call");
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

/// In place of a question an error that says where to go first, and to come again after that
/// (2025-11-25, client/elicitation, "URL Elicitation Required Error").
void sendToPage(LabCall &call)
{
    const QString id = QStringLiteral("before-the-call");
    if (!call.peer()->declares("/elicitation/url")) {
        call.sayError(QStringLiteral("The client does not offer elicitation by URL."));
        return;
    }
    if (call.world()->hasConsent(id)) {
        call.sayText(QStringLiteral("You have been on the page: nothing is in the way any more."));
        return;
    }
    call.peer()->tellConsent(id);
    const LabQuestion question = labUrlQuestion(QStringLiteral("consent"), call.revision(), id,
                                                call.world()->pageForConsent(id));
    call.fail(labUrlElicitationRequired, QStringLiteral("A page has to be opened first."),
              R"({"elicitations":[)" + question.params + "]}");
}

void askByUrl(LabCall &call)
{
    if (call.flag(u"asError", false) && call.revision().elicitationIds) {
        sendToPage(call);
        return;
    }
    const QString key = QStringLiteral("consent");
    const QString id = consentId(call);
    const QString url = call.world()->pageForConsent(id);
    const int seconds = int(call.integer(u"wait", 0, 0, 600));
    call.ask(
        {labUrlQuestion(key, call.revision(), id, url)},
        [&call, key, id, seconds](const Answers &answers) {
            const LabAnswerToForm answer(answers.value(key));
            if (!answer.accepted()) {
                call.sayText(
                    QStringLiteral("You did not agree to open the page: %1").arg(answer.problem()));
                return;
            }
            const auto end = [&call, id](const QString &sentence) {
                if (call.isFinished())
                    return;
                if (call.revision().elicitationIds) {
                    call.notify(labElicitationComplete(id));
                }
                call.sayText(sentence);
            };
            if (seconds == 0) {
                end(QStringLiteral("You agreed to open the page; the lab did not wait for it."));
                return;
            }
            QObject::connect(call.world(), &LabWorld::consented, &call,
                             [end, id](const QString &opened) {
                                 if (opened == id)
                                     end(QStringLiteral("You opened the page."));
                             });
            QTimer::singleShot(seconds * 1000, &call, [end, seconds] {
                end(QStringLiteral("The page was not opened within %1 s.").arg(seconds));
            });
        });
}

void tellSampled(LabCall &call, const LabHeard &heard)
{
    if (heard.result.isEmpty())
        call.sayError(labSampledText(heard));
    else
        call.sayText(labSampledText(heard));
}

void askModel(LabCall &call)
{
    const QString key = QStringLiteral("model");
    const QString text = call.text(u"question", QStringLiteral("Why does water run downhill?"));
    const qint64 most = call.integer(u"maxTokens", 200, 1, 100000);
    const bool tools = call.flag(u"tools", false) && call.revision().samplingTools;
    call.ask({labSamplingQuestion(key, text, most, tools)},
             [&call, key, text, most](const Answers &answers) {
                 const LabHeard heard = answers.value(key);
                 const LabQuestion next =
                     labToolResultQuestion(QStringLiteral("after-tools"), text, most, heard);
                 if (next.method.isEmpty()) {
                     tellSampled(call, heard);
                     return;
                 }
                 // The model wants to use a tool: it gets what the tool said.
                 call.ask({next}, [&call, key = next.key](const Answers &later) {
                     tellSampled(call, later.value(key));
                 });
             });
}

void askRoots(LabCall &call)
{
    const QString key = QStringLiteral("roots");
    call.ask({labRootsQuestion(key)}, [&call, key](const Answers &answers) {
        const LabHeard heard = answers.value(key);
        if (heard.result.isEmpty()) {
            call.sayError(heard.problem);
            return;
        }
        call.peer()->setRoots(heard.result);
        const JsonText json = JsonText::parse(heard.result);
        QStringList lines;
        for (const JsonText::Node root : json.children(json.find("/roots")))
            lines.append(QStringLiteral("- %1 (%2)")
                             .arg(json.string(json.member(root, u"uri")),
                                  json.string(json.member(root, u"name"))));
        call.sayText(QStringLiteral("Roots of the client: %1\n%2")
                         .arg(lines.size())
                         .arg(lines.join(QLatin1Char('\n'))));
    });
}

/// One question after the other: the second depends on the first.
void askInTurn(LabCall &call)
{
    call.ask({labNameQuestion(QStringLiteral("name"))}, [&call](const Answers &first) {
        const LabAnswerToForm answer(first.value(QStringLiteral("name")));
        if (!answer.accepted()) {
            call.sayText(QStringLiteral("Nobody said a name: %1").arg(answer.problem()));
            return;
        }
        const QString name = answer.text(u"name");
        call.progress(1, 2, QStringLiteral("Knows the name"));
        call.ask(
            {labSamplingQuestion(QStringLiteral("verse"),
                                 QStringLiteral("Write a verse about %1.").arg(name), 100, false)},
            [&call, name](const Answers &second) {
                call.sayText(QStringLiteral("For %1. %2")
                                 .arg(name, labSampledText(second.value(QStringLiteral("verse")))));
            });
    });
}

/// Several questions at once, to be answered in any order.
void askAtOnce(LabCall &call)
{
    call.ask(
        {labNameQuestion(QStringLiteral("name")), labRootsQuestion(QStringLiteral("roots")),
         labSamplingQuestion(QStringLiteral("model"), QStringLiteral("Say one word."), 10, false)},
        [&call](const Answers &answers) {
            const LabAnswerToForm name(answers.value(QStringLiteral("name")));
            const JsonText roots = JsonText::parse(answers.value(QStringLiteral("roots")).result);
            call.sayText(QStringLiteral("Name: %1\nRoots: %2\nModel: %3")
                             .arg(name.accepted() ? name.text(u"name") : name.problem())
                             .arg(roots.childCount(roots.find("/roots")))
                             .arg(labSampledText(answers.value(QStringLiteral("model")))));
        });
}

void tellClient(LabCall &call)
{
    const QByteArray roots = call.peer()->roots();
    call.sayText(QStringLiteral("Revision: %1\nDeclared:\n%2\nRoots that it told last:\n%3")
                     .arg(QString::fromLatin1(call.revision().name),
                          QString::fromUtf8(JsonText::parse(call.peer()->declared()).indented()),
                          roots.isEmpty() ? QStringLiteral("(not asked)")
                                          : QString::fromUtf8(JsonText::parse(roots).indented())));
}

constexpr auto askFormDefinition = R"json({
  "name": "ask-form",
  "title": "Ask with a form",
  "description": "Asks the person for a filled-in form (elicitation) that has every kind of field which the revision knows, and answers with what came back.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": true, "openWorldHint": false }
})json";

constexpr auto urlDefinition = R"json({
  "name": "ask-by-url",
  "title": "Ask by a page",
  "description": "Asks the person to open a page (elicitation by URL). The URL is to be shown before it is opened.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "wait": { "type": "integer", "description": "How many seconds to wait until the page was opened; 0: not at all", "minimum": 0, "maximum": 600, "default": 0 },
      "asError": { "type": "boolean", "description": "Do not ask, but fail with the error that names the page (2025-11-25 alone); the call succeeds once the page was opened", "default": false }
    }
  },
  "annotations": { "readOnlyHint": true, "openWorldHint": true }
})json";

constexpr auto modelDefinition = R"json({
  "name": "ask-model",
  "title": "Ask the client's model",
  "description": "Asks for a message of the client's model (sampling), which a person may write or approve, and answers with it.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "question": { "type": "string", "description": "What to ask", "default": "Why does water run downhill?" },
      "maxTokens": { "type": "integer", "description": "How long the answer may be", "minimum": 1, "maximum": 100000, "default": 200 },
      "tools": { "type": "boolean", "description": "Let the model use a tool, where the revision has that", "default": false }
    }
  },
  "annotations": { "readOnlyHint": true, "openWorldHint": true }
})json";

constexpr auto rootsDefinition = R"json({
  "name": "ask-roots",
  "title": "Ask for the roots",
  "description": "Asks the client for its roots, and lists them.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

constexpr auto inTurnDefinition = R"json({
  "name": "ask-in-turn",
  "title": "Ask twice, one after the other",
  "description": "Asks the person for a name, then the model for a verse about it.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": true, "openWorldHint": true }
})json";

constexpr auto atOnceDefinition = R"json({
  "name": "ask-at-once",
  "title": "Ask three things at once",
  "description": "Asks for a name, for the roots and for a message of the model at the same time; they can be answered in any order.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": true, "openWorldHint": true }
})json";

constexpr auto clientDefinition = R"json({
  "name": "tell-client",
  "title": "What the client said of itself",
  "description": "Answers with the revision, the capabilities and the roots of the client, as the lab knows them.",
  "inputSchema": { "type": "object", "properties": {}, "additionalProperties": false },
  "annotations": { "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false }
})json";

} // namespace

QList<LabTool> labAskingTools()
{
    return {
        {"ask-form", askFormDefinition, true, askForm},
        {"ask-by-url", urlDefinition, true, askByUrl},
        {"ask-model", modelDefinition, true, askModel},
        {"ask-roots", rootsDefinition, true, askRoots},
        {"ask-in-turn", inTurnDefinition, true, askInTurn},
        {"ask-at-once", atOnceDefinition, true, askAtOnce},
        {"tell-client", clientDefinition, false, tellClient},
    };
}

} // namespace sightglass
