// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/trace_export.h"

#include "core/export/export_writers.h"
#include "core/mcp/server_target.h"
#include "core/trace/session_id.h"
#include "core/trace/trace_text.h"

#include <QBuffer>

#include <algorithm>
#include <array>
#include <utility>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

using Words = QLatin1StringView;

constexpr std::array<ExportFormatName, 6> Formats{{
    {ExportFormat::Har, Words("har"), Words("har"), Words("HTTP Archive (HAR 1.2)")},
    {ExportFormat::Curl, Words("curl"), Words("sh"), Words("cURL commands")},
    {ExportFormat::Text, Words("text"), Words("txt"), Words("Plain text")},
    {ExportFormat::JsonLines, Words("jsonl"), Words("jsonl"), Words("JSON lines")},
    {ExportFormat::Markdown, Words("markdown"), Words("md"), Words("Markdown report for an issue")},
    {ExportFormat::Otlp, Words("otlp"), Words("jsonl"), Words("OpenTelemetry spans (OTLP)")},
}};

void writeAs(ExportFormat format, ExportSource &source, ByteOut &out)
{
    switch (format) {
    case ExportFormat::Har:
        return writeHar(source, out);
    case ExportFormat::Curl:
        return writeCurl(source, out);
    case ExportFormat::Text:
        return writeTranscript(source, out);
    case ExportFormat::JsonLines:
        return writeJsonLines(source, out);
    case ExportFormat::Markdown:
        return writeMarkdown(source, out);
    case ExportFormat::Otlp:
        return writeOtlp(source, out);
    }
}

} // namespace

std::span<const ExportFormatName> exportFormats()
{
    return Formats;
}

const ExportFormatName &exportFormatName(ExportFormat format)
{
    return *std::find_if(Formats.begin(), Formats.end(),
                         [format](const ExportFormatName &one) { return one.format == format; });
}

std::optional<ExportFormat> exportFormatFromName(QStringView name)
{
    const auto found =
        std::find_if(Formats.begin(), Formats.end(),
                     [name](const ExportFormatName &one) { return one.name == name; });
    if (found == Formats.end())
        return {};
    return found->format;
}

Expected<ExportOutcome> exportTrace(const TraceReader &trace, const ExportWish &wish,
                                    QIODevice &out)
{
    if (wish.format == ExportFormat::Markdown && !wish.redactor) {
        return Failure{FailureKind::Usage,
                       u"report-with-secrets"_s,
                       u"A report for an issue is made without secrets only."_s,
                       u"Choose another format where they are to be in it."_s,
                       0,
                       {}};
    }
    ExportSource source(trace, wish);
    ByteOut bytes(out);
    writeAs(wish.format, source, bytes);
    bytes.flush();
    if (bytes.failed()) {
        return Failure{FailureKind::File,
                       u"cannot-write"_s,
                       u"What was exported cannot be written: %1."_s.arg(bytes.problem()),
                       u"Name a file in a folder that you may write to, on a disk with room."_s,
                       0,
                       {}};
    }
    if (source.isCancelled()) {
        return Failure{FailureKind::Cancelled,
                       u"export-cancelled"_s,
                       u"The export was cancelled."_s,
                       {},
                       0,
                       {}};
    }
    return ExportOutcome{source.exchanges().size(), source.remarks()};
}

QByteArray exportedText(const TraceReader &trace, const ExportWish &wish)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    exportTrace(trace, wish, buffer);
    return buffer.data();
}

void learnSecretsOf(const TraceReader &trace, Redactor *redactor)
{
    constexpr qsizetype Most = 1000;
    if (trace.redacted())
        return;
    QSet<QByteArray> seen;
    for (ExchangeId id = 1; id <= trace.exchangeCount() && seen.size() < Most; ++id) {
        const RequestRecord &request = trace.request(id);
        if (request.kind == ExchangeKind::Process) {
            const Expected<ServerCommand> command =
                parseCommandLine(QString::fromUtf8(request.target));
            if (command)
                addKnownSecrets(redactor, *command);
        }
        QList<Header> lines = request.headers;
        if (const std::optional<ResponseRecord> response = trace.response(id))
            lines += response->headers;
        for (const Header &line : std::as_const(lines)) {
            if (!(Redactor::isSecret(line) || isSessionId(line)) || seen.contains(line.value))
                continue;
            seen.insert(line.value);
            redactor->addKnownSecretsOf(line);
            addKnownSessionId(redactor, line);
        }
    }
}

Redactor redactorFor(const TraceReader &trace, const QByteArray &salt)
{
    Redactor redactor(salt);
    learnSecretsOf(trace, &redactor);
    return redactor;
}

void writeCurl(ExportSource &source, ByteOut &out)
{
    const TraceReader &trace = source.trace();
    qint64 programs = 0;
    for (const ExchangeId id : source.exchanges()) {
        if (!isHttp(trace.summary(id).kind)) {
            ++programs;
        } else {
            const QString what = markedText(source.text(trace.request(id).what), LineEnds::Mark);
            out.write(u"# exchange %1: %2\n"_s.arg(QString::number(id), what).toUtf8());
            for (const Header &line : trace.request(id).headers)
                source.header(line);
            source.url(trace.request(id));
            source.requestBody(id);
            out.write(exchangeToCurl(trace, id, source.redactor()));
            out.write("\n");
        }
        if (!source.proceed() || out.failed())
            return;
    }
    if (programs > 0)
        source.remark((programs == 1 ? u"One message to a program is left out"_s
                                     : u"%1 messages to a program are left out"_s.arg(programs))
                      + u": cURL speaks HTTP alone."_s);
    for (const QString &remark : source.remarks())
        out.write("# " + remark.toUtf8() + '\n');
}

} // namespace sightglass
