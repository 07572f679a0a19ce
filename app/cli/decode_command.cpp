// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"
#include "app/cli/frame_json.h"

#include <QFile>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

class DecodePrinter final : public SseSink {
public:
    explicit DecodePrinter(Output &output)
        : m_output(output)
    {
    }
    void onEvent(const SseEvent &event) override
    {
        JsonWriter json;
        json.beginObject();
        json.key(u"type").value(QString::fromUtf8(event.type));
        json.key(u"data").value(QString::fromUtf8(event.data));
        json.key(u"lastEventId").value(QString::fromUtf8(event.lastEventId));
        json.key(u"start").value(event.frame.start).key(u"end").value(event.frame.end).endObject();
        m_output.result(json.text() + '\n');
    }
    void onOther(const Frame &frame, QByteArrayView line) override
    {
        m_output.result(frameJson(frame, line, {}, false) + '\n');
    }
    void onRetry(qint64) override { }

private:
    Output &m_output;
};

} // namespace

int runDecode(const Options &options, Output &output)
{
    constexpr qint64 Slice = 1024 * 1024;
    if (options.arguments.first() != "sse"_L1) {
        output.error(Failure{FailureKind::Usage,
                             u"usage"_s,
                             u"“%1” cannot be decoded."_s.arg(options.arguments.first()),
                             u"decode takes: sse."_s,
                             0,
                             {}});
        return WrongUse;
    }
    const QString path = options.arguments.at(1);
    QFile file(path);
    // Unbuffered: what comes through a pipe is decoded as it comes.
    const bool opened = path == "-"_L1 ? file.open(0, QIODevice::ReadOnly | QIODevice::Unbuffered)
                                       : file.open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    if (!opened) {
        output.error(Failure{FailureKind::File,
                             u"cannot-read"_s,
                             u"%1 cannot be read: %2."_s.arg(path, file.errorString()),
                             u"Check the path."_s,
                             0,
                             {}});
        return WrongUse;
    }
    SseParser parser;
    DecodePrinter printer(output);
    QByteArray slice(Slice, Qt::Uninitialized);
    for (;;) {
        const qint64 read = file.read(slice.data(), slice.size());
        if (read < 0) {
            output.error(
                Failure{FailureKind::File,
                        u"cannot-read"_s,
                        u"%1 cannot be read to its end: %2."_s.arg(path, file.errorString()),
                        {},
                        0,
                        {}});
            return WrongUse;
        }
        if (read == 0)
            break;
        parser.feed(QByteArrayView(slice.constData(), read), printer);
    }
    parser.finish(printer);
    return Done;
}

} // namespace sightglass::cli
