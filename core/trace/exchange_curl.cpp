// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_text.h"

#include "core/trace/session_id.h"

#include <algorithm>

namespace sightglass {

namespace {

/// A word for a POSIX shell that means exactly these bytes (they have no NUL).
QByteArray shellWord(QByteArray bytes)
{
    return '\'' + bytes.replace('\'', "'\\''") + '\'';
}

/// "AUTHORIZATION" from "Authorization", and "AUTHORIZATION_2" for a second one: the variable that
/// stands for a value that is not told.
QByteArray variableName(const QByteArray &header, const QByteArrayList &taken)
{
    QByteArray name = header.toUpper();
    for (char &c : name) {
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
            c = '_';
    }
    if (name.isEmpty() || (name.front() >= '0' && name.front() <= '9'))
        name.prepend('_');
    QByteArray free = name;
    for (int n = 2; taken.contains(free); ++n)
        free = name + '_' + QByteArray::number(n);
    return free;
}

bool equalsName(const QByteArray &a, const char *b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool has(const QList<Header> &headers, const char *name)
{
    return std::any_of(headers.begin(), headers.end(),
                       [name](const Header &line) { return equalsName(line.name, name); });
}

/// What can be pasted into a terminal unharmed.
bool isText(const QByteArray &bytes)
{
    return !bytes.contains('\0') && QString::fromUtf8(bytes).toUtf8() == bytes;
}

/// The bytes for the format of printf, each as three octal digits.
QByteArray octal(const QByteArray &bytes)
{
    QByteArray text;
    text.reserve(bytes.size() * 4);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += '\\';
        for (int shift : {6, 3, 0})
            text += char('0' + ((byte >> shift) & 7));
    }
    return text;
}

/// A line that curl adds by itself is taken off by naming it without a value.
QByteArray header(const Header &line)
{
    // … so an empty value has a spelling of its own.
    return "-H "
        + shellWord(line.value.isEmpty() ? line.name + ';' : line.name + ": " + line.value);
}

} // namespace

QByteArray exchangeToCurl(const TraceReader &trace, ExchangeId id, const Redactor *redactor)
{
    // A longer word is refused by Linux where a program is started; printf is none.
    constexpr qsizetype LongestWord = 100'000;
    constexpr qsizetype ExpectFrom = 1'000'000;
    if (id < 1 || id > trace.exchangeCount())
        return {};
    const RequestRecord &request = trace.request(id);
    const std::optional<ResponseRecord> response = trace.response(id);
    const bool http2 =
        (response && response->http == "HTTP/2") || has(request.headers, ":authority");
    const QUrl url = redactor ? redactor->url(request.url) : request.url;
    const QByteArray body =
        redactor ? redactor->body(trace.requestBody(id)) : trace.requestBody(id);
    const bool isPost =
        request.method == "POST" || request.method == "PUT" || request.method == "PATCH";

    QByteArrayList parts{QByteArray("curl ") + (http2 ? "--http2" : "--http1.1") + " -i -N"};
    if (request.method == "HEAD")
        parts.append("-I");
    else if (request.method != "GET" || !body.isEmpty())
        parts.append("-X " + shellWord(request.method));
    QByteArrayList variables;
    for (const Header &line : request.headers) {
        // curl makes these itself, and rightly.
        if (equalsName(line.name, "Host") || equalsName(line.name, "Content-Length")
            || equalsName(line.name, "Connection") || line.name.startsWith(':'))
            continue;
        if (redactor && Redactor::isSecret(line) && !line.value.isEmpty()) {
            variables.append(variableName(line.name, variables));
            parts.append("-H " + shellWord(line.name + ": ") + "\"$" + variables.constLast() + '"');
        } else if (redactor) {
            parts.append(header({line.name, valueToHandOut(*redactor, line), line.source, false}));
        } else {
            parts.append(header(line));
        }
    }
    for (const char *name : {"User-Agent", "Accept"}) {
        if (!has(request.headers, name))
            parts.append(QByteArray("-H '") + name + ":'");
    }
    if ((isPost || !body.isEmpty()) && !has(request.headers, "Content-Type"))
        parts.append("-H 'Content-Type:'");
    if (body.size() >= ExpectFrom && !has(request.headers, "Expect"))
        parts.append("-H 'Expect:'");

    // A shell word can hold no NUL, and a terminal nothing but text.
    QByteArray source;
    if (!isText(body))
        source = "printf '" + octal(body) + "' | ";
    else if (body.size() > LongestWord)
        source = "printf %s " + shellWord(body) + " | ";
    if (!source.isEmpty())
        parts.append("--data-binary @-");
    else if (isPost || !body.isEmpty())
        parts.append("--data-raw " + shellWord(body));
    const QByteArray target = url.toEncoded();
    if (target.contains('[') || target.contains('{'))
        parts.append("--globoff");
    if (target.contains("/."))
        parts.append("--path-as-is");
    parts.append(shellWord(target));

    QByteArray text;
    if (!variables.isEmpty())
        text = "# Set " + variables.join(", ")
            + " to the value of the header: secrets are left out.\n";
    if (redactor && (url != request.url || body != trace.requestBody(id)))
        text += "# Secrets in the URL or the body are replaced by fingerprints: put them back.\n";
    return text + source + parts.join(" \\\n  ") + '\n';
}

} // namespace sightglass
