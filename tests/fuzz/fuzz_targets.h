// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArrayView>
#include <QList>

namespace sightglass::fuzz {

/// What is done with one input. It may be anything; what has to hold of it is asked by require().
using Target = void (*)(QByteArrayView input);

// One file fuzz_NAME.cpp each, which tells what has to hold.
void fuzzAuthHeader(QByteArrayView input);
void fuzzFilter(QByteArrayView input);
void fuzzHar(QByteArrayView input);
void fuzzHttpHead(QByteArrayView input);
void fuzzJsonView(QByteArrayView input);
void fuzzMetadata(QByteArrayView input);
void fuzzRpcMessage(QByteArrayView input);
void fuzzSse(QByteArrayView input);
void fuzzStdio(QByteArrayView input);
void fuzzTraceFile(QByteArrayView input);

struct NamedTarget {
    const char *name; ///< also of its folder in seeds
    Target run;
};
const QList<NamedTarget> &targets();
/// Null where there is none of that name.
Target targetNamed(QByteArrayView name);

/// Says `rule` and aborts where it is broken: that is what both libFuzzer and QtTest take notice
/// of.
void require(bool holds, const char *rule);

} // namespace sightglass::fuzz
