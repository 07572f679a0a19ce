// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// Tools that run as tasks.

#include "core/lab/lab_task.h"
#include "core/lab/questions.h"
#include "core/lab/tool.h"

#include <QTimer>

namespace sightglass {

namespace {

void work(LabCall &call, const QString &done)
{
    const double seconds = std::clamp(call.number(u"seconds", 3), 0.0, 3600.0);
    constexpr int stepCount = 4;
    auto *timer = new QTimer(&call);
    timer->setInterval(int(seconds * 1000 / stepCount));
    QObject::connect(&call, &LabCall::ended, timer, &QTimer::stop);
    QObject::connect(timer, &QTimer::timeout, &call, [&call, done, step = 0]() mutable {
        ++step;
        const QString part = QStringLiteral("Step %1 of %2").arg(step).arg(stepCount);
        call.progress(step, stepCount, part);
        LabTask *task = call.outlet() ? call.outlet()->task() : nullptr;
        if (step < stepCount && task)
            task->setStatus(LabTask::Status::Working, part);
        if (step == stepCount) {
            if (call.flag(u"fail", false))
                call.sayError(QStringLiteral("The kettle ran dry."));
            else
                call.sayText(done);
        }
    });
    timer->start();
}

void brew(LabCall &call)
{
    work(call, QStringLiteral("The tea is ready."));
}

void deepClean(LabCall &call)
{
    work(call, QStringLiteral("Every pipe is clean."));
}

void askWithin(LabCall &call)
{
    call.ask({labNameQuestion(QStringLiteral("name"))},
             [&call](const QHash<QString, LabHeard> &answers) {
                 const LabAnswerToForm answer(answers.value(QStringLiteral("name")));
                 if (answer.accepted())
                     work(call,
                          QStringLiteral("A cup with the name %1 on it is ready.")
                              .arg(answer.text(u"name")));
                 else
                     call.sayText(QStringLiteral("No name, no cup: %1").arg(answer.problem()));
             });
}

constexpr auto brewDefinition = R"json({
  "name": "brew-tea",
  "title": "Brew tea (may be a task)",
  "description": "Takes some seconds. May be run as a task, whose result is fetched later.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "seconds": { "type": "number", "description": "How long it takes", "minimum": 0, "maximum": 3600, "default": 3 },
      "fail": { "type": "boolean", "description": "Ends with an error", "default": false }
    }
  },
  "annotations": { "readOnlyHint": true, "openWorldHint": false },
  "execution": { "taskSupport": "optional" }
})json";

constexpr auto cleanDefinition = R"json({
  "name": "deep-clean",
  "title": "Deep clean (has to be a task)",
  "description": "Can be run as a task only.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "seconds": { "type": "number", "description": "How long it takes", "minimum": 0, "maximum": 3600, "default": 3 },
      "fail": { "type": "boolean", "description": "Ends with an error", "default": false }
    }
  },
  "annotations": { "readOnlyHint": true, "openWorldHint": false },
  "execution": { "taskSupport": "required" }
})json";

constexpr auto askDefinition = R"json({
  "name": "label-cup",
  "title": "Label a cup (asks within a task)",
  "description": "Asks for a name while it runs; as a task its status is input_required meanwhile.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "seconds": { "type": "number", "description": "How long it takes after that", "minimum": 0, "maximum": 3600, "default": 1 }
    }
  },
  "annotations": { "readOnlyHint": true, "openWorldHint": false },
  "execution": { "taskSupport": "optional" }
})json";

} // namespace

QList<LabTool> labTaskTools()
{
    return {
        {"brew-tea", brewDefinition, true, brew},
        {"deep-clean", cleanDefinition, true, deepClean},
        {"label-cup", askDefinition, true, askWithin},
    };
}

} // namespace sightglass
