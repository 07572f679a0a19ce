// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Lists in pages, resources and completions.

#include "core/lab/content.h"
#include "core/lab/lab_call.h"
#include "core/lab/lab_methods.h"
#include "core/lab/lab_world.h"
#include "core/lab/places.h"
#include "core/lab/prompts.h"
#include "core/lab/questions.h"
#include "core/lab/resources.h"
#include "core/lab/rpc_text.h"
#include "core/lab/tool.h"

namespace sightglass {

namespace {

constexpr qsizetype completionsAtOnce = 100; // the most that the specification allows
constexpr QLatin1String cursorStart("page-");

/// Answers with the page that the cursor names, or refuses the cursor.
void givePage(LabCall &call, const char *name, const QList<QByteArray> &entries, qsizetype perPage)
{
    const qsizetype pages = std::max<qsizetype>(1, (entries.size() + perPage - 1) / perPage);
    qsizetype page = 1;
    const JsonText::Node cursor = call.param(u"cursor");
    if (cursor >= 0) {
        const QString text = call.params().string(cursor);
        bool ok = false;
        page = text.startsWith(cursorStart) ? text.mid(cursorStart.size()).toInt(&ok) : 0;
        if (!ok || page < 2 || page > pages) {
            call.fail(labInvalidParams, QStringLiteral("There is no page with this cursor."));
            return;
        }
    }
    JsonWriter result;
    result.beginObject().key(QString::fromLatin1(name)).beginArray();
    for (const QByteArray &entry : entries.mid((page - 1) * perPage, perPage))
        result.raw(labTrimmed(entry, call.revision()));
    result.endArray();
    if (page < pages)
        result.key(u"nextCursor").value(QStringView(cursorStart + QString::number(page + 1)));
    result.endObject();
    call.succeed(result.text());
}

} // namespace

void labListTools(LabCall &call)
{
    givePage(call, "tools", labToolEntries(*call.world()), 20);
}

void labListPrompts(LabCall &call)
{
    givePage(call, "prompts", labPromptEntries(*call.world()), 5);
}

void labListResources(LabCall &call)
{
    givePage(call, "resources", labResourceEntries(*call.world()), 20);
}

void labListTemplates(LabCall &call)
{
    givePage(call, "resourceTemplates", labTemplateEntries(), 4);
}

void labReadResource(LabCall &call)
{
    const QString uri = call.paramText(u"uri");
    const QByteArray contents = labResourceContents(*call.world(), uri);
    if (contents.isEmpty()) {
        call.fail(call.revision().missingResource,
                  QStringLiteral("There is no resource with this URI."),
                  R"({"uri":)" + jsonQuoted(uri) + '}');
        return;
    }
    const QByteArray result = R"({"contents":[)" + contents + "]}";
    if (uri != QLatin1String(labSealedUri)) {
        call.succeed(result);
        return;
    }
    call.ask({labNameQuestion(QStringLiteral("word"))},
             [&call, result](const QHash<QString, LabHeard> &answers) {
                 const LabAnswerToForm answer(answers.value(QStringLiteral("word")));
                 if (answer.accepted())
                     call.succeed(result);
                 else
                     call.fail(labInvalidParams,
                               QStringLiteral("The letter stays sealed: %1").arg(answer.problem()));
             });
}

void labSubscribe(LabCall &call)
{
    const QString uri = call.paramText(u"uri");
    if (uri.isEmpty()) {
        call.fail(labInvalidParams, QStringLiteral("params.uri has to be a string."));
        return;
    }
    if (labResourceContents(*call.world(), uri).isEmpty()) {
        call.fail(call.revision().missingResource,
                  QStringLiteral("There is no resource with this URI."),
                  R"({"uri":)" + jsonQuoted(uri) + '}');
        return;
    }
    call.peer()->subscribe(uri, true);
    call.succeed("{}");
}

void labUnsubscribe(LabCall &call)
{
    call.peer()->subscribe(call.paramText(u"uri"), false);
    call.succeed("{}");
}

void labComplete(LabCall &call)
{
    const JsonText &params = call.params();
    const JsonText::Node ref = call.param(u"ref");
    const JsonText::Node argument = call.param(u"argument");
    const QString kind = params.string(params.member(ref, u"type"));
    QString name = params.string(params.member(ref, u"name"));
    if (kind == QLatin1String("ref/resource"))
        name = params.string(params.member(ref, u"uri"));
    QHash<QString, QString> context;
    if (call.revision().completionContext) {
        for (const JsonText::Node known :
             params.children(params.member(call.param(u"context"), u"arguments")))
            context.insert(params.key(known), params.string(known));
    }
    const LabCompletion completion =
        labCompletion(kind, name, params.string(params.member(argument, u"name")),
                      params.string(params.member(argument, u"value")), context);
    if (!completion.known) {
        call.fail(labInvalidParams,
                  QStringLiteral("There is no such argument: nothing to complete."));
        return;
    }
    JsonWriter result;
    result.beginObject().key(u"completion").beginObject().key(u"values").beginArray();
    for (const QString &value : completion.values.mid(0, completionsAtOnce))
        result.value(QStringView(value));
    result.endArray();
    result.key(u"total").value(qint64(completion.values.size()));
    result.key(u"hasMore").value(completion.values.size() > completionsAtOnce);
    result.endObject().endObject();
    call.succeed(result.text());
}

} // namespace sightglass
