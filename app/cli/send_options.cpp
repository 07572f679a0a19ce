// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/send_options.h"

#include "app/cli/option_values.h"
#include "app/cli/wrong_use.h"

#include <algorithm>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

std::optional<Failure> readSendOptions(const QCommandLineParser &parser, Options *options)
{
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
