// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/connection.h"
#include "core/lab/fault.h"

#include <QTimer>

#include <algorithm>
#include <memory>

namespace sightglass {

namespace {

bool closeAtOnce(FaultPlay &play)
{
    play.reply->drop();
    return true;
}

bool resetAtOnce(FaultPlay &play)
{
    play.reply->reset();
    return true;
}

bool sayNothing(FaultPlay &)
{
    return true;
}

void sendSlowly(FaultPlay &play, const QByteArray &message)
{
    LabReply *reply = play.reply;
    reply->begin(200, "application/json", LabReply::Framing::Length, message.size());
    auto *timer = new QTimer(reply);
    QObject::connect(timer, &QTimer::timeout, reply,
                     [reply, message, timer, sent = qsizetype(0)]() mutable {
                         reply->write(QByteArrayView(message).sliced(sent, 1));
                         if (++sent < message.size())
                             return;
                         timer->stop();
                         reply->end();
                     });
    timer->start(int(play.number));
}

void promiseTooMuch(FaultPlay &play, const QByteArray &message)
{
    play.reply->begin(200, "application/json", LabReply::Framing::Length,
                      message.size() + play.number);
    play.reply->write(message);
    play.reply->drop();
}

void promiseTooLittle(FaultPlay &play, const QByteArray &message)
{
    play.reply->begin(200, "application/json", LabReply::Framing::Length,
                      std::max<qint64>(0, message.size() - play.number));
    play.reply->write(message);
    play.reply->end();
}

void breakOffChunk(FaultPlay &play, const QByteArray &message)
{
    play.reply->begin(200, "application/json", LabReply::Framing::Chunked);
    play.reply->writeRaw(QByteArray::number(message.size(), 16) + "\r\n"
                         + message.left(message.size() / 2));
    play.reply->drop();
}

void stopInTheMiddle(FaultPlay &play, const QByteArray &message)
{
    play.reply->begin(200, "application/json", LabReply::Framing::Length, message.size());
    play.reply->write(message.left(message.size() / 2));
}

/// Made on the way, a block at a time: the lab itself needs no memory for it.
void sendHugeBody(FaultPlay &play, const QByteArray &)
{
    LabReply *reply = play.reply;
    reply->begin(200, "application/json", LabReply::Framing::Chunked);
    reply->write(R"({"jsonrpc":"2.0","id":)" + play.id
                 + R"(,"result":{"content":[{"type":"text","text":")");
    static constexpr qint64 blockSize = 250'000;
    const auto left = std::make_shared<qint64>(play.number * 1'000'000);
    const QByteArray block = QByteArray("Look at all this water. ").repeated(blockSize / 24 + 1);
    reply->setSource([reply, left, block] {
        const qint64 portion = std::min(*left, blockSize);
        reply->write(QByteArrayView(block).first(portion));
        *left -= portion;
        if (*left > 0)
            return true;
        reply->write(R"("}]}})");
        reply->end();
        return false;
    });
}

} // namespace

QList<Fault> connectionFaults()
{
    return {
        {.id = "AF-94",
         .title = "A certificate that nobody vouches for",
         .description = "Speaks https, with a certificate that is signed by itself. Takes hold "
                        "when the lab is started.",
         .speaksTls = true},
        {.id = "AF-99",
         .title = "The connection is closed without an answer",
         .description = "Accepts, reads the request, closes.",
         .before = closeAtOnce},
        {.id = "reset",
         .title = "The connection is reset",
         .description = "Accepts, reads the request, resets the connection (RST).",
         .before = resetAtOnce},
        {.id = "no-answer",
         .title = "No answer at all",
         .description = "Accepts, reads the request, and says nothing until the client leaves.",
         .before = sayNothing},
        {.id = "slow-bytes",
         .title = "Slow bytes",
         .description = "The answer's body comes byte by byte, one every NUMBER ms (5).",
         .where = "tools/call",
         .number = 5,
         .take = sendSlowly},
        {.id = "lying-content-length",
         .title = "Content-Length is too large",
         .description = "States NUMBER bytes (100) more than it sends, then closes.",
         .where = "tools/call",
         .number = 100,
         .take = promiseTooMuch},
        {.id = "lying-content-length-short",
         .title = "Content-Length is too small",
         .description = "States NUMBER bytes (10) fewer than it sends, and keeps the connection.",
         .where = "tools/call",
         .number = 10,
         .take = promiseTooLittle},
        {.id = "chunked-broken-off",
         .title = "Chunked body that breaks off",
         .description = "Closes in the middle of a chunk.",
         .where = "tools/call",
         .take = breakOffChunk},
        {.id = "half-answer",
         .title = "Half of an answer",
         .description =
             "Sends the head and half of the body, then nothing until the client leaves.",
         .where = "tools/call",
         .take = stopInTheMiddle},
        {.id = "huge-body",
         .title = "Huge body",
         .description = "A JSON answer of NUMBER million bytes (200).",
         .where = "tools/call",
         .number = 200,
         .take = sendHugeBody},
    };
}

} // namespace sightglass
