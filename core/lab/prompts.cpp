// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/prompts.h"

#include "core/lab/content.h"
#include "core/lab/lab_call.h"
#include "core/lab/lab_world.h"
#include "core/lab/media.h"
#include "core/lab/places.h"
#include "core/lab/questions.h"
#include "core/lab/resources.h"
#include "core/lab/rpc_text.h"

#include <algorithm>

namespace sightglass {

namespace {

QByteArray said(const char *role, const QByteArray &block)
{
    return R"({"role":")" + QByteArray(role) + R"(","content":)" + block + '}';
}

void give(LabCall &call, const char *description, const QList<QByteArray> &messages)
{
    JsonWriter result;
    result.beginObject().key(u"description").value(description).key(u"messages").beginArray();
    for (const QByteArray &message : messages)
        result.raw(message);
    result.endArray().endObject();
    call.succeed(result.text());
}

void greet(LabCall &call)
{
    give(call, "A greeting",
         {said("user",
               labTextBlock(QStringLiteral("Say hello, and name the tool of this server "
                                           "that you like best.")))});
}

void summarise(LabCall &call)
{
    give(call, "A summary of a text",
         {said("user",
               labTextBlock(
                   QStringLiteral("Summarise this in a %1 style:\n\n%2")
                       .arg(call.text(u"style", QStringLiteral("plain")), call.text(u"text"))))});
}

void inspectPipe(LabCall &call)
{
    const QString town = call.text(u"town");
    if (!labTowns().contains(town)) {
        call.fail(labInvalidParams, QStringLiteral("There is no town \"%1\" here.").arg(town));
        return;
    }
    give(call, "An inspection",
         {said("user",
               labTextBlock(QStringLiteral("Inspect the pipe under %1 in %2.")
                                .arg(call.text(u"street", QStringLiteral("all streets")), town)))});
}

void lookAtPicture(LabCall &call)
{
    const qsizetype colour =
        std::max<qsizetype>(0, labColours().indexOf(call.text(u"colour", QStringLiteral("blue"))));
    give(call, "A picture to talk about",
         {said("user", labImageBlock(labSightGlassPng(96, LabColour(colour)))),
          said("user", labTextBlock(QStringLiteral("What does this sight glass show?")))});
}

void readNote(LabCall &call)
{
    give(call, "A note, carried along",
         {said("user", labEmbeddedBlock(labFixedContents(QLatin1String(labNoteUri)))),
          said("user", labTextBlock(QStringLiteral("Explain this note to a newcomer.")))});
}

void conversation(LabCall &call)
{
    QList<QByteArray> messages{
        said("user", labTextBlock(QStringLiteral("Is the valve open?"))),
        said("assistant", labTextBlock(QStringLiteral("It was, when I last looked."))),
        said("user", labAudioBlock(call.revision(), labBellWav(523.25, 0.3)))};
    if (call.revision().resourceLinks)
        messages.append(
            said("assistant",
                 R"({"type":"resource_link","uri":"lab://live/counter","name":"counter",)"
                 R"("title":"A counter"})"));
    give(call, "A conversation with every kind of content", messages);
}

void interview(LabCall &call)
{
    call.ask({labNameQuestion(QStringLiteral("name"))},
             [&call](const QHash<QString, LabHeard> &answers) {
                 const LabAnswerToForm answer(answers.value(QStringLiteral("name")));
                 if (!answer.accepted()) {
                     call.fail(labInvalidParams,
                               QStringLiteral("Without a name there is no interview: %1")
                                   .arg(answer.problem()));
                     return;
                 }
                 give(call, "An interview",
                      {said("user",
                            labTextBlock(QStringLiteral("Interview %1 about water.")
                                             .arg(answer.text(u"name"))))});
             });
}

struct Prompt {
    const char *name;
    const char *definition;
    void (*get)(LabCall &call);
};

constexpr Prompt prompts[] = {
    {"greet",
     R"json({"name":"greet","title":"A greeting","description":"Takes no arguments."})json", greet},
    {"summarise",
     R"json({"name":"summarise","title":"A summary","description":"A required and an optional argument; the style can be completed.","arguments":[{"name":"text","title":"Text","description":"What to summarise","required":true},{"name":"style","title":"Style","description":"plain, poetic or pirate","required":false}]})json",
     summarise},
    {"inspect-pipe",
     R"json({"name":"inspect-pipe","title":"Inspect a pipe","description":"Which streets can be completed depends on the town.","arguments":[{"name":"town","title":"Town","description":"Where","required":true},{"name":"street","title":"Street","description":"Which street of the town"}]})json",
     inspectPipe},
    {"look-at-picture",
     R"json({"name":"look-at-picture","title":"Look at a picture","description":"Its first message is an image.","arguments":[{"name":"colour","title":"Colour","description":"blue, amber or green"}],"icons":[{"src":"https://icons.example.com/picture.png","mimeType":"image/png","sizes":["48x48"]}]})json",
     lookAtPicture},
    {"read-note",
     R"json({"name":"read-note","title":"Explain a note","description":"Its first message is an embedded resource."})json",
     readNote},
    {"conversation",
     R"json({"name":"conversation","title":"A conversation","description":"Messages of both roles, with text, sound and a link to a resource."})json",
     conversation},
    {"interview",
     R"json({"name":"interview","title":"An interview","description":"The person is asked for a name (elicitation) before the prompt is given."})json",
     interview},
};

void getAdded(LabCall &call, const LabWorld::Added &added)
{
    give(call, "A prompt that came into the list",
         {said("user",
               labTextBlock(QStringLiteral("This is added prompt %1, edition %2.")
                                .arg(added.number)
                                .arg(added.edition)))});
}

} // namespace

QList<QByteArray> labPromptEntries(const LabWorld &world)
{
    QList<QByteArray> list;
    for (const Prompt &prompt : prompts)
        list.append(prompt.definition);
    for (const LabWorld::Added &added : world.added(LabWorld::List::Prompts)) {
        JsonWriter json;
        json.beginObject();
        json.key(u"name").value(QStringView(QStringLiteral("added-%1").arg(added.number)));
        json.key(u"title").value(QStringView(QStringLiteral("Added prompt %1").arg(added.number)));
        json.key(u"description")
            .value(QStringView(
                QStringLiteral("Came into the list while the lab was running; edition %1")
                    .arg(added.edition)));
        json.endObject();
        list.append(json.text());
    }
    return list;
}

void labGetPrompt(LabCall &call)
{
    const QString name = call.paramText(u"name");
    for (const Prompt &prompt : prompts) {
        if (name != QLatin1String(prompt.name))
            continue;
        const JsonText definition = JsonText::parse(prompt.definition);
        for (const JsonText::Node argument : definition.children(definition.find("/arguments"))) {
            const QString key = definition.string(definition.member(argument, u"name"));
            const JsonText::Node given = call.argument(key);
            if (definition.boolean(definition.member(argument, u"required")) && given < 0) {
                call.fail(labInvalidParams,
                          QStringLiteral("The argument \"%1\" is missing.").arg(key));
                return;
            }
            if (given >= 0 && !call.params().isString(given)) {
                call.fail(labInvalidParams,
                          QStringLiteral("The argument \"%1\" has to be a string.").arg(key));
                return;
            }
        }
        prompt.get(call);
        return;
    }
    for (const LabWorld::Added &added : call.world()->added(LabWorld::List::Prompts)) {
        if (name == QStringLiteral("added-%1").arg(added.number)) {
            getAdded(call, added);
            return;
        }
    }
    call.fail(labInvalidParams, QStringLiteral("There is no prompt named \"%1\".").arg(name));
}

} // namespace sightglass
