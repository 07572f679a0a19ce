// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/envelope.h"
#include "tests/fuzz/fuzz_targets.h"

namespace sightglass::fuzz {

namespace {

void checkWithin(QByteArrayView part, QByteArrayView text)
{
    require(part.isEmpty()
                || (part.data() >= text.data()
                    && part.data() + part.size() <= text.data() + text.size()),
            "what an envelope shows lies within its text");
}

void checkEnvelope(const Envelope &envelope, QByteArrayView text)
{
    for (const QByteArrayView part : {envelope.params, envelope.result, envelope.error})
        checkWithin(part, text);
    for (const JsonError &problem : envelope.problems) {
        require(problem.offset >= 0 && problem.offset <= text.size() && !problem.sentence.isEmpty(),
                "a problem has a place in the text, and a sentence");
    }
    require(envelope.kind != EnvelopeKind::Malformed || !envelope.problems.isEmpty(),
            "it is said why a message is malformed");
}

/// The envelope is found in one pass of its own; the index over all of the text has to say the
/// same.
void compareWithIndex(const Envelope &envelope, const JsonText &json)
{
    const JsonText::Node root = json.root();
    if (!json.isObject(root)) {
        require(envelope.kind == EnvelopeKind::Malformed, "only an object is a message");
        return;
    }
    const auto raw = [&](QStringView name) { return json.raw(json.member(root, name)); };
    require(envelope.id.raw == raw(u"id"), "the id is the last member of that name, as spelled");
    require(envelope.method == json.string(json.member(root, u"method")).toUtf8(),
            "the method is the last member of that name, decoded");
    // Of what has no method they are of no interest.
    if (const auto method = json.member(root, u"method"); json.type(method) != JsonType::Null)
        require(envelope.params == raw(u"params"), "the params are the last member of that name");
    const JsonText::Node error = json.member(root, u"error");
    if (envelope.kind == EnvelopeKind::Error && json.isObject(error)) {
        const JsonText::Node code = json.member(error, u"code");
        require(envelope.errorCode == json.integer(code).value_or(0),
                "the code is that of the error");
        require(envelope.errorMessage == json.string(json.member(error, u"message")),
                "the message is that of the error");
    }
}

} // namespace

/// What is no JSON has a place where it ends to be; what is JSON gives the envelopes that the index
/// over its text gives; every message of a batch is the same when it comes alone.
void fuzzRpcMessage(QByteArrayView input)
{
    const QByteArray text = input.toByteArray();
    const JsonText json = JsonText::parse(text);
    const EnvelopeBatch body = scanBody(text);
    require(body.messages.size() == body.texts.size(), "every message has its text");
    if (!json.isValid()) {
        require(body.error.has_value(), "a body that is no JSON has an error");
        require(body.error->offset >= 0 && body.error->offset <= text.size(),
                "the error lies within the text");
        require(body.messages.isEmpty() || body.batch, "without JSON there is no message");
    }
    for (qsizetype i = 0; i < body.messages.size(); ++i) {
        const Envelope &message = body.messages.at(i);
        checkWithin(body.texts.at(i), text);
        checkEnvelope(message, text);
        const QByteArray own = body.texts.at(i).toByteArray();
        const Envelope alone = scanEnvelope(own);
        require(alone.kind == message.kind && alone.id == message.id
                    && alone.method == message.method && alone.params == message.params
                    && alone.result == message.result && alone.error == message.error,
                "a message is the same in a batch and alone");
        if (json.isValid())
            compareWithIndex(message, JsonText::parse(own));
    }

    // Cut off anywhere it is read as far as it goes.
    const Envelope whole = scanEnvelope(text);
    checkEnvelope(whole, text);
    const QByteArray half = text.first(text.size() / 2);
    checkEnvelope(scanEnvelope(half), half);
    if (json.isValid())
        compareWithIndex(whole, json);
}

} // namespace sightglass::fuzz
