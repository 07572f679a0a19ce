// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_text.h"

namespace sightglass {

namespace {

/// A word for a POSIX shell that means exactly these bytes (they have no NUL).
QByteArray shellWord(QByteArray bytes)
{
    return '\'' + bytes.replace('\'', "'\\''") + '\'';
}

/// "AUTHORIZATION" from "Authorization": the variable that stands for a value that is not told.
QByteArray variableName(const QByteArray &header)
{
    QByteArray name = header.toUpper();
    for (char &c : name) {
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
            c = '_';
    }
    return name;
}

bool equalsName(const QByteArray &a, const char *b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

} // namespace

QByteArray exchangeToCurl(const TraceReader &trace, ExchangeId id, const Redactor *redactor)
{
    if (id < 1 || id > trace.exchangeCount())
        return {};
    const RequestRecord &request = trace.request(id);
    const QUrl url = redactor ? redactor->url(request.url) : request.url;
    QByteArrayList parts{"curl --http1.1 -i -N"};
    QByteArrayList variables;
    if (request.method != "GET")
        parts.append("-X " + shellWord(request.method));
    bool hasUserAgent = false;
    for (const Header &line : request.headers) {
        // curl makes these itself, and rightly.
        if (equalsName(line.name, "Host") || equalsName(line.name, "Content-Length")
            || equalsName(line.name, "Connection"))
            continue;
        hasUserAgent = hasUserAgent || equalsName(line.name, "User-Agent");
        if (redactor && Redactor::isSecret(line)) {
            const QByteArray variable = variableName(line.name);
            variables.append(variable);
            parts.append("-H \"" + line.name + ": $" + variable + '"');
        } else {
            parts.append("-H " + shellWord(line.name + ": " + line.value));
        }
    }
    if (!hasUserAgent)
        parts.append("-H 'User-Agent:'");
    QByteArray body = trace.requestBody(id);
    if (redactor)
        body = redactor->body(body);
    if (body.contains('\0')) {
        // A shell word cannot hold NUL: the bytes go through printf.
        QByteArray octal;
        for (const char c : body)
            octal += '\\'
                + QByteArray::number(uint(static_cast<unsigned char>(c)), 8).rightJustified(3, '0');
        parts.append("--data-binary @-");
        parts.append(shellWord(url.toEncoded()));
        return "printf '" + octal + "' | " + parts.join(" \\\n  ") + '\n';
    }
    if (!body.isEmpty())
        parts.append("--data-raw " + shellWord(body));
    parts.append(shellWord(url.toEncoded()));
    QByteArray text;
    if (!variables.isEmpty())
        text = "# Set " + variables.join(", ")
            + " to the value of the header: secrets are left out.\n";
    return text + parts.join(" \\\n  ") + '\n';
}

} // namespace sightglass
