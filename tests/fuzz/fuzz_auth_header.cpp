// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/challenge.h"
#include "tests/fuzz/fuzz_targets.h"

namespace sightglass::fuzz {

namespace {

/// As the grammar has it (RFC 9110, 11.6.1), every value in quotation marks.
QByteArray spelled(const Challenge &challenge)
{
    QByteArray text = challenge.scheme;
    if (!challenge.token68.isEmpty())
        text += ' ' + challenge.token68;
    char before = ' ';
    for (const AuthParam &param : challenge.params) {
        text += before + (before == ',' ? QByteArray(" ") : QByteArray()) + param.name + "=\"";
        for (const char c : param.value) {
            if (c == '"' || c == '\\')
                text += '\\';
            text += c;
        }
        text += '"';
        before = ',';
    }
    return text;
}

} // namespace

/// Every line is the value of one header. Problems have a place; what was read says the same when
/// it is spelled by the grammar and read again.
void fuzzAuthHeader(QByteArrayView input)
{
    const QByteArrayList values = input.toByteArray().split('\n');
    const Challenges read = Challenges::parse(values);
    for (const ChallengeProblem &problem : read.problems) {
        require(problem.header >= 0 && problem.header < values.size(),
                "a problem is of one of the headers");
        require(problem.position >= 0 && problem.position <= values.at(problem.header).size(),
                "and has a place in it");
        require(!problem.sentence.isEmpty(), "and a sentence");
    }

    // Header by header, as parameters do not go on in the next one.
    Challenges one;
    for (const QByteArray &value : values)
        one.list += Challenges::parse({value}).list;
    require(one.list == read.list, "each header stands for itself");

    for (const Challenge &challenge : read.list) {
        for (const AuthParam &param : challenge.params)
            require(!param.name.isEmpty(), "a parameter has a name");
        const bool both = !challenge.token68.isEmpty() && !challenge.params.isEmpty();
        if (!challenge.scheme.isEmpty() && !both) {
            const Challenges again = Challenges::parse({spelled(challenge)});
            require(again.list == QList{challenge}, "spelled by the grammar it says the same");
        }
        challenge.error();
        challenge.errorDescription();
        challenge.scopes();
    }
    const Challenge *token = read.forToken();
    require(!token || read.list.contains(*token), "the challenge for tokens is one of them");
    require(!read.find("bearer") || token->isScheme("Bearer"), "a bearer token goes first");
    require(read.schemes().size() <= read.list.size(), "no scheme is made up");
    read.resourceMetadata();
}

} // namespace sightglass::fuzz
