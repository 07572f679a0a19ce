// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/fault.h"
#include "core/lab/rpc_text.h"

namespace sightglass {

namespace {

QList<QByteArray> truncate(FaultPlay &, const QByteArray &message)
{
    return {message.left(message.size() * 2 / 3)};
}

QList<QByteArray> nestDeeply(FaultPlay &play, const QByteArray &)
{
    const qsizetype levels = qsizetype(play.number);
    return {labResult(play.id,
                      R"({"content":[{"type":"text","text":"This goes deep."}],)"
                      R"("structuredContent":{"nested":)"
                          + QByteArray(levels, '[') + QByteArray(levels, ']') + "}}")};
}

QList<QByteArray> breakUtf8(FaultPlay &play, const QByteArray &)
{
    return {labResult(play.id,
                      "{\"content\":[{\"type\":\"text\",\"text\":\"Not UTF-8: \xFF\xFE, an "
                      "overlong \xC0\xAF, half of a pair \xED\xA0\x80, cut off \xE2\x82\"}]}")};
}

QList<QByteArray> sendBigNumbers(FaultPlay &play, const QByteArray &)
{
    return {labResult(play.id,
                      R"({"content":[{"type":"text","text":"Some numbers are big."}],)"
                      R"("structuredContent":{"safe":9007199254740991,)"
                      R"("beyond":9007199254740993,"thirtyDigits":123456789012345678901234567890,)"
                      R"("precise":0.1000000000000000055511151231257827,"huge":1e400,)"
                      R"("tiny":1e-400,"minusZero":-0,"trailingZeros":1.500}})")};
}

QList<QByteArray> doubleKeys(FaultPlay &play, const QByteArray &)
{
    return {labResult(play.id,
                      R"({"content":[{"type":"text","text":"the first"}],)"
                      R"("content":[{"type":"text","text":"the second"}],)"
                      R"("structuredContent":{"twice":1,"once":2,"twice":3}})")};
}

} // namespace

QList<Fault> jsonFaults()
{
    return {
        {.id = "truncated-json",
         .title = "Truncated JSON",
         .description = "A third of the answer is missing at its end.",
         .where = "tools/call",
         .alter = truncate},
        {.id = "deep-nesting",
         .title = "Deeply nested JSON",
         .description = "A result with arrays in each other, NUMBER levels deep (100,000).",
         .where = "tools/call",
         .number = 100'000,
         .alter = nestDeeply},
        {.id = "invalid-utf8",
         .title = "Invalid UTF-8",
         .description = "A text with bytes that are no UTF-8.",
         .where = "tools/call",
         .alter = breakUtf8},
        {.id = "big-numbers",
         .title = "Big numbers",
         .description = "Numbers beyond 2^53, beyond the range of a double, and with digits that a "
                        "double has not.",
         .where = "tools/call",
         .alter = sendBigNumbers},
        {.id = "duplicate-keys",
         .title = "Duplicate keys",
         .description = "A result that has the same key twice.",
         .where = "tools/call",
         .alter = doubleKeys},
    };
}

} // namespace sightglass
