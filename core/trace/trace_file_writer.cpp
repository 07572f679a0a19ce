// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/body_redactor.h"
#include "core/trace/session_id.h"
#include "core/trace/trace_file.h"
#include "core/trace/trace_file_format.h"
#include "core/trace/trace_file_packer.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryFile>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>

#include <sys/file.h>

namespace sightglass {

using namespace Qt::StringLiterals;
using trace_file::Type;

struct TraceFileWriter::Private {
    Private(const QString &name, Redactor known, bool secrets)
        : path(name)
        , redactor(std::move(known))
        , withSecrets(secrets)
    {
    }

    const QString path;
    std::unique_ptr<TraceFilePacker> packer;
    Redactor redactor;
    bool withSecrets;
    bool replaced = false;
    qint64 mostBytes = 0; ///< of the file; 0: as much as the disk takes
    qint64 lastAt = 0; ///< when the newest of what was told happened
    std::optional<Failure> failure; ///< of what was to be written; the packer has its own
    struct Body {
        std::unique_ptr<BodyRedactor> redactor;
        qint64 at = 0; ///< of the newest part
    };
    std::map<ExchangeId, Body> bodies; ///< of exchanges that still run; only where redacted

    template <typename Fill> void record(Type type, Fill fill);
    void body(ExchangeId id, qint64 at, QByteArrayView bytes);
    void endBody(ExchangeId id);
    void redact(QList<Header> &headers);
    QString clean(const QString &text) const { return withSecrets ? text : redactor.text(text); }
    void writeFailure(QDataStream &out, const std::optional<Failure> &why) const;
    void place();
    bool isFull(qint64 more);
    void endAtLimit();

    bool isWhole = false; ///< not to be there before it is
    QString draft; ///< where it is written until then; empty once it has its place
    QString target; ///< its place
    std::unique_ptr<QFile> held; ///< what is there before: nobody records to it meanwhile
};

/// Puts what was written whole where it belongs; of what was not, nothing stays.
void TraceFileWriter::Private::place()
{
    const QByteArray from = QFile::encodeName(std::exchange(draft, {}));
    if (from.isEmpty())
        return;
    if (failure || packer->error()) {
        QFile::remove(QFile::decodeName(from));
    } else if (std::rename(from.constData(), QFile::encodeName(target).constData()) != 0) {
        const QString why = QString::fromLocal8Bit(std::strerror(errno));
        QFile::remove(QFile::decodeName(from));
        failure = Failure{FailureKind::File,
                          u"cannot-write"_s,
                          u"%1 cannot be written: %2."_s.arg(path, why),
                          u"Check the folder and its permissions."_s,
                          0,
                          {}};
    }
    held.reset();
}

void TraceFileWriter::Private::writeFailure(QDataStream &out,
                                            const std::optional<Failure> &why) const
{
    out << quint8(why ? 1 : 0);
    if (!why)
        return;
    Failure shown = *why;
    shown.sentence = clean(why->sentence);
    shown.advice = clean(why->advice);
    trace_file::writeFailure(out, shown);
}

/// Near the limit it waits for what is on its way, which takes less than it seems.
bool TraceFileWriter::Private::isFull(qint64 more)
{
    if (mostBytes <= 0 || packer->size() + more <= mostBytes)
        return false;
    packer->flush();
    return packer->size() >= mostBytes;
}

void TraceFileWriter::Private::endAtLimit()
{
    const QString sentence =
        u"The recording ends here: the limit of %1 bytes is reached."_s.arg(mostBytes);
    record(Type::Note, [&](QDataStream &out) {
        out << lastAt;
        trace_file::writeText(out, u"stopped"_s);
        trace_file::writeText(out, sentence);
        out << qint64(0);
        trace_file::writeText(out, {});
        writeFailure(out, {});
    });
    failure = Failure{FailureKind::File,
                      u"recording-limit"_s,
                      u"Recording to %1 stopped: the limit of %2 bytes is reached."_s.arg(
                          path, QString::number(mostBytes)),
                      u"What was recorded so far can be read."_s,
                      0,
                      {}};
}

template <typename Fill> void TraceFileWriter::Private::record(Type type, Fill fill)
{
    if (failure)
        return;
    QByteArray payload;
    {
        QDataStream out(&payload, QIODevice::WriteOnly);
        out.setVersion(QDataStream::Qt_6_0);
        fill(out);
    }
    if (payload.size() > qsizetype(trace_file::MostPayload)) {
        failure = Failure{
            FailureKind::File,
            u"cannot-write"_s,
            u"Recording to %1 stopped: a record of %2 bytes is longer than a recording may have."_s
                .arg(path, QString::number(payload.size())),
            u"What was recorded so far can be read."_s,
            0,
            {}};
        return;
    }
    if (type != Type::Note && isFull(payload.size())) {
        endAtLimit();
        return;
    }
    QByteArray bytes;
    bytes.reserve(trace_file::RecordHeadSize + payload.size());
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out << quint8(type) << quint32(payload.size());
    bytes += payload;
    packer->put(bytes);
}

void TraceFileWriter::Private::body(ExchangeId id, qint64 at, QByteArrayView bytes)
{
    for (qsizetype start = 0; start < bytes.size(); start += trace_file::BodyPart) {
        const QByteArrayView part =
            bytes.sliced(start, qMin(trace_file::BodyPart, qint64(bytes.size() - start)));
        record(Type::Body,
               [&](QDataStream &out) { out << qint64(id) << at << part.toByteArray(); });
    }
}

void TraceFileWriter::Private::endBody(ExchangeId id)
{
    const auto it = bodies.find(id);
    if (it == bodies.end())
        return;
    body(id, it->second.at, it->second.redactor->finish());
    bodies.erase(it);
}

void TraceFileWriter::Private::redact(QList<Header> &headers)
{
    if (withSecrets)
        return;
    // Every secret that went over the wire is looked for from now on, wherever it stands.
    for (const Header &header : std::as_const(headers)) {
        if (Redactor::isSecret(header))
            redactor.addKnownSecretsOf(header);
        addKnownSessionId(&redactor, header);
    }
    for (Header &header : headers) {
        header.value = Redactor::isSecret(header) || isSessionId(header)
            ? valueToHandOut(redactor, header)
            : redactor.body(header.value);
        header.name = redactor.withoutKnown(header.name);
    }
}

namespace {

Failure cannotRecord(const QString &path, const QString &why, const QString &advice)
{
    return Failure{FailureKind::File,
                   u"cannot-record"_s,
                   u"%1 cannot be recorded to: %2."_s.arg(path, why),
                   advice,
                   0,
                   {}};
}

/// Opens what is to become a recording, new or not, and holds it: nothing in it is changed yet.
Expected<std::unique_ptr<QFile>> heldRecording(const QString &path)
{
    if (const QString other = trace_file::notAFile(path); !other.isEmpty())
        return cannotRecord(path, other, u"Give the name of a new file."_s);
    auto file = std::make_unique<QFile>(path);
    if (file->exists() && file->size() > 0) {
        if (!file->open(QIODevice::ReadOnly))
            return cannotRecord(path, file->errorString(), u"Choose another file."_s);
        const bool ours = file->read(trace_file::MagicSize) == QByteArrayView(trace_file::Magic);
        file->close();
        if (!ours)
            return cannotRecord(path, u"it exists, and is no recording"_s,
                                u"Choose another name: other files are not overwritten."_s);
    }
    // Not emptied before it is known that nobody else writes it.
    if (!file->open(QIODevice::ReadWrite | QIODevice::Unbuffered))
        return cannotRecord(path, file->errorString(), u"Check the folder and its permissions."_s);
    if (flock(file->handle(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return cannotRecord(path, u"another recording is being written to it"_s,
                            u"Choose another file, or end the other recording first."_s);
    return file;
}

/// An empty file that nobody else knows, beside the one of this name, only for its owner.
std::unique_ptr<QFile> draftBeside(const QString &path, QString *why)
{
    QTemporaryFile draft(path + u".XXXXXX"_s);
    draft.setAutoRemove(false);
    if (!draft.open()) {
        *why = draft.errorString();
        return {};
    }
    auto file = std::make_unique<QFile>(draft.fileName());
    if (file->open(QIODevice::ReadWrite | QIODevice::Unbuffered))
        return file;
    *why = file->errorString();
    draft.remove();
    return {};
}

} // namespace

Expected<std::unique_ptr<TraceFileWriter>> TraceFileWriter::create(const QString &path,
                                                                   const QDateTime &began,
                                                                   Redactor redactor,
                                                                   bool withSecrets)
{
    auto d = std::make_unique<Private>(path, std::move(redactor), withSecrets);
    const bool isNew = !QFile::exists(path);
    Expected<std::unique_ptr<QFile>> held = heldRecording(path);
    if (!held)
        return held.error();
    std::unique_ptr<QFile> file = std::move(*held);
    d->replaced = file->size() > 0;
    if (!file->resize(0))
        return cannotRecord(path, file->errorString(), u"Choose another file."_s);
    file->setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    const QByteArray head = trace_file::head(began, !withSecrets);
    if (file->write(head) != head.size()) {
        const QString why = file->errorString();
        if (isNew)
            file->remove();
        return cannotRecord(path, why, u"Check the disk, or choose another file."_s);
    }
    d->packer = std::make_unique<TraceFilePacker>(std::move(file));
    return std::unique_ptr<TraceFileWriter>(new TraceFileWriter(std::move(d)));
}

Expected<std::unique_ptr<TraceFileWriter>> TraceFileWriter::createWhole(const QString &path,
                                                                        const QDateTime &began,
                                                                        Redactor redactor,
                                                                        bool withSecrets)
{
    auto d = std::make_unique<Private>(path, std::move(redactor), withSecrets);
    d->isWhole = true;
    const QFileInfo info(path);
    // Through a link, it is the file behind it.
    d->target = info.exists() ? info.canonicalFilePath() : path;
    if (info.exists()) {
        Expected<std::unique_ptr<QFile>> held = heldRecording(path);
        if (!held)
            return held.error();
        d->held = std::move(*held);
        d->replaced = d->held->size() > 0;
    }
    QString why;
    std::unique_ptr<QFile> file = draftBeside(d->target, &why);
    if (!file)
        return cannotRecord(path, why, u"Check the folder and its permissions."_s);
    d->draft = file->fileName();
    const QByteArray head = trace_file::head(began, !withSecrets);
    if (file->write(head) != head.size()) {
        why = file->errorString();
        file->remove();
        return cannotRecord(path, why, u"Check the disk, or choose another file."_s);
    }
    d->packer = std::make_unique<TraceFilePacker>(std::move(file));
    return std::unique_ptr<TraceFileWriter>(new TraceFileWriter(std::move(d)));
}

Expected<std::unique_ptr<TraceFileWriter>>
TraceFileWriter::append(const QString &path, qint64 size, Redactor redactor, bool withSecrets)
{
    const auto cannot = [&path](const QString &code, const QString &why) {
        return Failure{
            FailureKind::File, code, u"%1 cannot be written to: %2."_s.arg(path, why), {}, 0, {}};
    };
    auto file = std::make_unique<QFile>(path);
    constexpr auto how = QIODevice::ReadWrite | QIODevice::ExistingOnly | QIODevice::Unbuffered;
    if (!trace_file::notAFile(path).isEmpty() || !file->open(how))
        return cannot(u"cannot-open"_s, file->errorString());
    if (flock(file->handle(), LOCK_EX | LOCK_NB) != 0)
        return cannot(u"in-use"_s, u"a program is recording to it"_s);
    if (file->size() != size)
        return cannot(u"changed"_s, u"it has changed since it was opened"_s);
    quint16 version = 0;
    QDataStream head(file->read(trace_file::HeadSize).mid(trace_file::MagicSize));
    head >> version;
    if (version != trace_file::Version)
        return cannot(u"other-version"_s, u"it has version %1 of the format"_s.arg(version));
    if (!file->seek(size))
        return cannot(u"cannot-open"_s, file->errorString());
    auto d = std::make_unique<Private>(path, std::move(redactor), withSecrets);
    d->packer = std::make_unique<TraceFilePacker>(std::move(file));
    return std::unique_ptr<TraceFileWriter>(new TraceFileWriter(std::move(d)));
}

TraceFileWriter::TraceFileWriter(std::unique_ptr<Private> priv)
    : d(std::move(priv))
{
}

TraceFileWriter::~TraceFileWriter()
{
    close();
}

std::optional<Failure> TraceFileWriter::failure() const
{
    if (d->failure)
        return d->failure;
    const std::optional<QString> why = d->packer->error();
    if (!why)
        return {};
    if (d->isWhole) {
        return Failure{FailureKind::File,
                       u"cannot-write"_s,
                       u"%1 cannot be written: %2."_s.arg(d->path, *why),
                       u"What was there before is as it was. Check the disk."_s,
                       0,
                       {}};
    }
    return Failure{
        FailureKind::File,
        u"cannot-write"_s,
        u"Recording to %1 stopped: %2."_s.arg(d->path, *why),
        u"What was recorded so far can be read. Check the disk, then record to another file."_s,
        0,
        {}};
}

void TraceFileWriter::flush()
{
    d->packer->flush();
}

void TraceFileWriter::setMostBytes(qint64 bytes)
{
    d->mostBytes = bytes;
}

QString TraceFileWriter::path() const
{
    return d->path;
}

bool TraceFileWriter::hasReplaced() const
{
    return d->replaced;
}

void TraceFileWriter::close()
{
    while (!d->bodies.empty())
        d->endBody(d->bodies.begin()->first);
    d->packer->close();
    d->place();
}

void TraceFileWriter::onRequest(ExchangeId id, qint64 at, const RequestRecord &request,
                                const QByteArray &body)
{
    d->lastAt = at;
    RequestRecord clean = request;
    QByteArray cleanBody = body;
    d->redact(clean.headers);
    if (!d->withSecrets) {
        clean.url = d->redactor.url(request.url);
        clean.target = d->redactor.target(request.target);
        clean.what = d->redactor.text(request.what);
        cleanBody = d->redactor.body(body);
    }
    // Read back, a request begins with its whole body: the parts come first.
    qsizetype start = 0;
    for (; cleanBody.size() - start > trace_file::BodyPart; start += trace_file::BodyPart) {
        const QByteArray part = cleanBody.mid(start, trace_file::BodyPart);
        d->record(Type::RequestBody, [&](QDataStream &out) { out << qint64(id) << part; });
    }
    const QByteArray rest = cleanBody.mid(start);
    d->record(Type::Request, [&](QDataStream &out) {
        out << qint64(id) << at;
        trace_file::writeRequest(out, clean);
        out << rest;
    });
}

void TraceFileWriter::onMark(ExchangeId id, Mark mark, qint64 at)
{
    d->record(Type::Mark, [&](QDataStream &out) { out << qint64(id) << quint8(mark) << at; });
}

void TraceFileWriter::onResponse(ExchangeId id, qint64 at, const ResponseRecord &response)
{
    d->lastAt = at;
    ResponseRecord clean = response;
    d->redact(clean.headers);
    if (!d->withSecrets)
        clean.reason = d->redactor.target(response.reason);
    d->record(Type::Response, [&](QDataStream &out) {
        out << qint64(id) << at;
        trace_file::writeResponse(out, clean);
    });
}

void TraceFileWriter::setRedactor(const Redactor &redactor)
{
    d->redactor = redactor;
}

void TraceFileWriter::onBody(ExchangeId id, const BodyChunk &chunk, const char *bytes)
{
    d->lastAt = chunk.at;
    const QByteArrayView part(bytes, chunk.length);
    if (d->withSecrets) {
        d->body(id, chunk.at, part);
        return;
    }
    Private::Body &body = d->bodies[id];
    if (!body.redactor)
        body.redactor = std::make_unique<BodyRedactor>(d->redactor);
    body.at = chunk.at;
    d->body(id, chunk.at, body.redactor->feed(part));
}

void TraceFileWriter::onFrame(ExchangeId id, const Frame &frame)
{
    d->record(Type::Frame, [&](QDataStream &out) {
        out << qint64(id) << quint8(frame.kind) << frame.start << frame.end << frame.at
            << frame.idStart << frame.idLength;
    });
}

void TraceFileWriter::onFinish(ExchangeId id, qint64 at, const std::optional<Failure> &failure)
{
    d->endBody(id);
    d->record(Type::Finish, [&](QDataStream &out) {
        out << qint64(id) << at;
        d->writeFailure(out, failure);
    });
}

void TraceFileWriter::onNote(const Note &note)
{
    d->record(Type::Note, [&](QDataStream &out) {
        out << note.at;
        trace_file::writeText(out, note.name);
        trace_file::writeText(out, d->clean(note.text));
        out << qint64(note.exchange);
        trace_file::writeText(out, note.finding);
        d->writeFailure(out, note.failure);
    });
}

} // namespace sightglass
