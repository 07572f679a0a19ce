// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/envelope.h"
#include "core/transport/output_reader.h"
#include "tests/fuzz/cut_bytes.h"
#include "tests/fuzz/fuzz_targets.h"

#include <QList>

namespace sightglass::fuzz {

namespace {

class OutputTold final : public OutputSink {
public:
    struct Line {
        LineKind kind;
        QByteArray bytes;
        qint64 start;
        qint64 end;

        bool operator==(const Line &) const = default;
    };

    void onRecord(QByteArrayView bytes) override { recorded += bytes; }
    bool onLine(const OutputLine &line) override
    {
        require(line.kind != LineKind::Undecided, "a line is known when it is over");
        require(line.start == at && line.end >= line.start && line.end <= recorded.size(),
                "lines stand one behind the other in what was recorded");
        at = line.end;
        const QByteArrayView whole =
            QByteArrayView(recorded).sliced(line.start, line.end - line.start);
        if (line.kind == LineKind::Message) {
            require(line.bytes == whole, "a message is whole");
            scanBody(line.bytes);
        } else {
            require(whole.startsWith(line.bytes), "a line is what was recorded of it");
            require(line.bytes.size() >= std::min(whole.size(), LineStart), "or its beginning");
        }
        lines.append({line.kind,
                      line.bytes.first(std::min(line.bytes.size(), LineStart)).toByteArray(),
                      line.start, line.end});
        return true;
    }

    QByteArray recorded;
    QList<Line> lines;
    qint64 at = 0;
};

} // namespace

/// Any cut of the same bytes gives the same lines; all of them is recorded, and every line stands
/// where it is said to.
void fuzzStdio(QByteArrayView input)
{
    OutputTold whole;
    OutputReader reader;
    reader.feed(input, whole);
    reader.finish(whole);
    require(whole.recorded == input, "all that came is recorded");
    require(whole.at == input.size(), "and is a line");

    for (const quint32 seed : {1U, 2U}) {
        OutputTold parts;
        OutputReader again;
        cutBytes(input, seed + quint32(input.size()),
                 [&](QByteArrayView part) { again.feed(part, parts); });
        again.finish(parts);
        require(parts.recorded == input, "all that came in parts is recorded");
        require(parts.lines == whole.lines, "the same bytes cut otherwise give the same lines");
        require(again.besides().bytes() == reader.besides().bytes()
                    && again.besides().lines() == reader.besides().lines(),
                "and count the same");
    }
}

} // namespace sightglass::fuzz
