// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/send_options.h"

#include "app/cli/option_values.h"
#include "app/cli/recording_input.h"
#include "app/cli/wrong_use.h"
#include "core/mcp/revision.h"

#include <QFileInfo>

#include <algorithm>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

std::optional<Failure> readRequest(Options *options)
{
    const QString path = options->arguments.value(1);
    const QString word = options->arguments.value(2);
    const Expected<Recording> recording = readRecording(path);
    if (!recording)
        return recording.error();
    if (!recording->warning.isEmpty())
        options->warnings << recording->warning;
    const TraceReader &trace = *recording->trace;
    bool isNumber = false;
    const ExchangeId number = word.toLongLong(&isNumber);
    if (!isNumber || number < 1 || number > trace.exchangeCount())
        return usage(u"There is no exchange “%1” in the recording, which has %2."_s.arg(
                         word, QString::number(trace.exchangeCount())),
                     u"Their numbers: sightglass-cli trace %1."_s.arg(path));
    if (!isHttp(trace.request(number).kind) || options->target.isChannel())
        return usage(u"Only requests over HTTP are sent again, to a server over HTTP."_s,
                     u"Use raw for any message to a program."_s);
    options->recorded = recordedRequest(trace, number, QFileInfo(path).fileName());
    return {};
}

QByteArray recordedRevision(const RequestRecord &record)
{
    for (const Header &header : record.headers) {
        if (header.name.compare("mcp-protocol-version", Qt::CaseInsensitive) == 0
            && revisionNamed(header.value))
            return header.value;
    }
    return {};
}

} // namespace

std::optional<Failure> readSendOptions(const QCommandLineParser &parser, Options *options)
{
    if (options->command == "send"_L1) {
        if (const std::optional<Failure> wrong = readRequest(options))
            return wrong;
        const QByteArray revision = recordedRevision(options->recorded->record);
        if (!parser.isSet(u"revision"_s) && !revision.isEmpty())
            options->target.revision = QString::fromLatin1(revision);
    }
    if (parser.isSet(u"body"_s)) {
        const QString body = parser.value(u"body"_s);
        if (body == "@"_L1)
            return usage(u"--body @ names no file."_s, u"Give --body @FILE."_s);
        if (body == "-"_L1 || body.startsWith(u'@')) {
            const Expected<QByteArray> contents =
                fileContents(body == "-"_L1 ? body : body.mid(1), false);
            if (!contents)
                return contents.error();
            options->body = *contents;
        } else {
            options->body = body.toUtf8();
        }
    }
    if (parser.isSet(u"method"_s)) {
        options->method = parser.value(u"method"_s).toLatin1();
        if (options->method.isEmpty()
            || !std::all_of(options->method.cbegin(), options->method.cend(),
                            [](char c) { return c >= 'A' && c <= 'Z'; }))
            return usage(u"--method wants a word of capital letters, such as POST."_s);
    }
    return {};
}

} // namespace sightglass::cli
