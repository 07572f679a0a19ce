// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/http_request.h"
#include "core/lab/line_reader.h"
#include "tests/fuzz/cut_bytes.h"
#include "tests/fuzz/fuzz_targets.h"

#include <algorithm>
#include <vector>

namespace sightglass::fuzz {

namespace {

/// All requests that were read, and how reading ended.
struct HeadsRead {
    std::vector<LabRequest> requests;
    int status = 0;
    QByteArray reason;

    bool operator==(const HeadsRead &) const = default;
};

class HeadReader {
public:
    void feed(QByteArrayView bytes)
    {
        m_parser.feed(bytes);
        for (;;) {
            switch (m_parser.next()) {
            case LabRequestParser::Step::NeedsMore:
                return;
            case LabRequestParser::Step::ExpectsContinue:
                require(!m_said, "who waits is told to go on once");
                m_said = true;
                break;
            case LabRequestParser::Step::Complete:
                m_said = false;
                take();
                break;
            case LabRequestParser::Step::Malformed:
                m_read.status = m_parser.status();
                m_read.reason = m_parser.reason();
                require(m_read.status >= 400 && m_read.status < 600 && !m_read.reason.isEmpty(),
                        "what is malformed has a status and a reason");
                return;
            }
        }
    }
    const HeadsRead &read() const { return m_read; }

private:
    void take()
    {
        const LabRequest request = m_parser.take();
        require(!request.method.isEmpty() && !request.target.isEmpty(),
                "a request has a method and a target");
        const auto isControl = [](char c) { return uchar(c) <= 0x20 || c == 0x7f; };
        require(std::none_of(request.target.begin(), request.target.end(), isControl),
                "a target has no control characters");
        require(request.body.size() <= LabRequestParser::maxBody, "a body has a limit");
        for (const LabHeader &header : request.headers) {
            require(!header.name.isEmpty() && request.has(header.name),
                    "a header is found by its name");
            require(!header.value.contains('\n') && !header.value.contains('\r')
                        && !header.value.contains('\0'),
                    "no header holds another one");
        }
        request.keepsAlive();
        m_read.requests.push_back(request);
    }

    LabRequestParser m_parser;
    HeadsRead m_read;
    bool m_said = false;
};

QByteArrayList linesOf(QByteArrayView input, int cuts)
{
    LabLineReader reader;
    QByteArrayList lines;
    const auto take = [&] {
        while (const std::optional<QByteArray> line = reader.next())
            lines.append(*line);
    };
    if (cuts == 0) {
        reader.feed(input);
        take();
    } else {
        cutBytes(input, quint32(cuts), [&](QByteArrayView part) {
            reader.feed(part);
            take();
        });
    }
    return lines;
}

} // namespace

/// Any cut of the same bytes gives the same requests, and the same end. So do the lines that the
/// lab reads where it is a program.
void fuzzHttpHead(QByteArrayView input)
{
    HeadReader whole;
    whole.feed(input);
    HeadReader single;
    for (const char byte : input)
        single.feed(QByteArrayView(&byte, 1));
    require(whole.read() == single.read(), "byte by byte it gives the same requests");
    HeadReader parts;
    cutBytes(input, quint32(input.size()), [&](QByteArrayView part) { parts.feed(part); });
    require(whole.read() == parts.read(), "the same bytes cut otherwise give the same requests");

    require(linesOf(input, 0) == linesOf(input, 1), "and the same lines");
}

} // namespace sightglass::fuzz
