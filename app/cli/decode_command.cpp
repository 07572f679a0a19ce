// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/client.h"
#include "app/cli/frame_json.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <unistd.h>

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
        m_output.resultLater(json.text() + '\n');
    }
    void onOther(const Frame &frame, QByteArrayView line) override
    {
        m_output.resultLater(frameJson(frame, line, {}, false) + '\n');
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
    const auto cannotRead = [&](const QString &why) {
        output.error(Failure{
            FailureKind::File,
            u"cannot-read"_s,
            u"%1 cannot be read: %2."_s.arg(path == "-"_L1 ? u"Standard input"_s : path, why),
            u"Check the path."_s,
            0,
            {}});
        return static_cast<int>(WrongUse);
    };
    if (path.isEmpty())
        return cannotRead(u"the name is empty"_s);
    if (path != "-"_L1 && !file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return cannotRead(file.errorString());
    // QFile reads on until its buffer is full: what comes through a pipe is to be shown as it
    // comes.
    const int descriptor = path == "-"_L1 ? STDIN_FILENO : file.handle();
    SseParser parser;
    DecodePrinter printer(output);
    QByteArray slice(Slice, Qt::Uninitialized);
    while (!output.ended()) {
        const ssize_t got = read(descriptor, slice.data(), static_cast<size_t>(slice.size()));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            output.flush();
            return cannotRead(QString::fromLocal8Bit(std::strerror(errno)));
        }
        if (got == 0)
            break;
        parser.feed(QByteArrayView(slice.constData(), got), printer);
        output.flush();
    }
    parser.finish(printer);
    return Done;
}

} // namespace sightglass::cli
