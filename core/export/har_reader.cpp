// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/har_reader.h"

#include "core/export/har_entry.h"
#include "core/sse/sse_parser.h"
#include "core/trace/trace_file_format.h"

#include <QFile>
#include <QHash>
#include <QTimeZone>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 ReadSlice = 1024 * 1024;

Failure cannotRead(const QString &name, const QString &why, const QString &advice)
{
    return Failure{FailureKind::File,
                   u"cannot-open"_s,
                   u"%1 cannot be read as HAR: %2."_s.arg(name, why),
                   advice,
                   0,
                   {}};
}

/// "byte 120, line 4": where an editor finds it.
QString placeOf(const QByteArray &text, qint64 offset)
{
    const qint64 line =
        1 + QByteArrayView(text).first(std::min(offset, qint64(text.size()))).count('\n');
    return u"byte %1, line %2"_s.arg(offset).arg(line);
}

/// Remarks on entries: the first few in full, of the others their number.
class Remarks {
public:
    void add(const HarEntry &entry, const QString &what)
    {
        constexpr qsizetype Most = 3;
        if (m_told.size() < Most)
            m_told.append(u"entry %1: %2"_s.arg(entry.number + 1).arg(what));
        else
            ++m_more;
    }
    QString text() const
    {
        if (m_told.isEmpty())
            return {};
        QString text = m_told.join(u"; "_s);
        text[0] = text.at(0).toUpper();
        return m_more > 0 ? text + u"; and %1 more remarks."_s.arg(m_more) : text + u'.';
    }

private:
    QStringList m_told;
    qint64 m_more = 0;
};

/// The frames of an event stream that comes as one body.
class Framer final : public SseSink {
public:
    explicit Framer(QList<Frame> *frames)
        : m_frames(frames)
    {
    }

private:
    void onEvent(const SseEvent &event) override { m_frames->append(event.frame); }
    void onOther(const Frame &frame, QByteArrayView) override { m_frames->append(frame); }
    void onRetry(qint64) override { }

    QList<Frame> *m_frames;
};

class HarLoader {
public:
    HarLoader(const QByteArray &text, const QString &name, const ExportProgress &progress)
        : m_name(name)
        , m_progress(progress)
        , m_json(JsonText::parse(text))
    {
    }

    Expected<Recording> load()
    {
        if (m_json.error()) {
            QString why = m_json.error()->sentence;
            if (why.endsWith(u'.'))
                why.chop(1);
            return cannotRead(m_name,
                              u"it is no JSON: %1 (%2)"_s.arg(
                                  why, placeOf(m_json.text(), m_json.error()->offset)),
                              u"Save it once more; a file that was cut off cannot be read."_s);
        }
        const JsonText::Node log = m_json.find("/log");
        const JsonText::Node list = m_json.find("/log/entries");
        if (!m_json.isArray(list)) {
            return cannotRead(m_name,
                              m_json.isObject(log) ? u"/log/entries is no list"_s
                                                   : u"/log is no object"_s,
                              u"Give a file that was saved as HAR."_s);
        }
        readEntries(list);
        if (m_entries.isEmpty() && m_json.childCount(list) > 0) {
            return cannotRead(m_name,
                              u"none of its %1 entries has a request with a method and a URL"_s.arg(
                                  m_json.childCount(list)),
                              u"Give a file that was saved as HAR."_s);
        }
        begin(log);
        for (const HarEntry &entry : std::as_const(m_entries)) {
            add(entry);
            if (m_progress && !m_progress(m_trace->exchangeCount(), m_entries.size())) {
                return Failure{FailureKind::Cancelled,
                               u"import-cancelled"_s,
                               u"The import was cancelled."_s,
                               {},
                               0,
                               {}};
            }
        }
        addNotes(m_json.member(m_json.member(log, u"_sightglass"), u"notes"));
        Recording recording;
        recording.trace = std::move(m_trace);
        recording.warning = m_remarks.text();
        return recording;
    }

private:
    void readEntries(JsonText::Node list)
    {
        qint64 number = 0;
        QDateTime last;
        for (JsonText::Node node = m_json.firstChild(list); node >= 0;
             node = m_json.nextSibling(node), ++number) {
            std::optional<HarEntry> entry = readHarEntry(m_json, node);
            HarEntry nothing;
            nothing.number = number;
            if (!entry) {
                m_remarks.add(nothing, u"left out, as it has no request with a method and a URL"_s);
                continue;
            }
            entry->number = number;
            for (const QString &problem : std::as_const(entry->problems))
                m_remarks.add(*entry, problem);
            if (!entry->started.isValid()) {
                entry->started = last;
                if (!entry->ownTimes)
                    m_remarks.add(*entry, u"when it began is not said"_s);
            }
            last = entry->started;
            m_entries.append(*entry);
        }
    }

    void begin(JsonText::Node log)
    {
        const JsonText::Node own = m_json.member(log, u"_sightglass");
        m_began =
            QDateTime::fromString(m_json.string(m_json.member(own, u"began")), Qt::ISODateWithMs);
        if (!m_began.isValid()) {
            for (const HarEntry &entry : std::as_const(m_entries)) {
                if (!m_began.isValid() || (entry.started.isValid() && entry.started < m_began))
                    m_began = entry.started;
            }
        }
        if (!m_began.isValid())
            m_began = QDateTime::fromMSecsSinceEpoch(0, QTimeZone::utc());
        // By the times that they get, which in our own files are told twice.
        std::vector<std::pair<qint64, qsizetype>> order;
        order.reserve(size_t(m_entries.size()));
        for (qsizetype i = 0; i < m_entries.size(); ++i) {
            const HarEntry &entry = m_entries.at(i);
            order.emplace_back(beginningOf(entry) + std::max<qint64>(0, entry.times.begun), i);
        }
        std::sort(order.begin(), order.end());
        QList<HarEntry> sorted;
        sorted.reserve(m_entries.size());
        for (const auto &[time, i] : order)
            sorted.append(std::move(m_entries[i]));
        m_entries.swap(sorted);
        m_trace = std::make_unique<TraceStore>(TraceClock(), m_began);
        m_trace->setRedacted(m_json.boolean(m_json.member(own, u"redacted")));
    }

    /// When an entry began, on the clock of the trace.
    qint64 beginningOf(const HarEntry &entry) const
    {
        if (entry.ownTimes || !entry.started.isValid())
            return 0;
        constexpr qint64 Most = qint64(86'400'000) * 365;
        return std::clamp<qint64>(m_began.msecsTo(entry.started), 0, Most) * 1'000'000;
    }

    void add(const HarEntry &entry)
    {
        QString problem;
        const auto tellProblem = [&] {
            if (!problem.isEmpty())
                m_remarks.add(entry, problem);
            problem.clear();
        };
        RequestRecord request = entry.request;
        const QByteArray body = harRequestBody(m_json, entry.node, &problem);
        tellProblem();
        if (request.what.isEmpty() && isHttp(request.kind)) {
            request.kind = guessedKind(request, body);
            request.what = guessedWhat(request, body);
        }
        request.cause = entry.id > 0 ? m_numbers.value(request.cause) : causeOf(request);
        const qint64 begun = beginningOf(entry);
        const auto at = [&](qint64 time) { return time < 0 ? time : begun + time; };
        const ExchangeTimes &t = entry.times;
        const ExchangeId id = m_trace->begin(request, body, at(t.begun));
        if (entry.id > 0)
            m_numbers.insert(entry.id, id);
        const std::array<std::pair<Mark, qint64>, 3> marks{{{Mark::Connecting, t.connecting},
                                                            {Mark::Encrypted, t.encrypted},
                                                            {Mark::Sent, t.sent}}};
        for (const auto &[mark, time] : marks) {
            if (time >= 0)
                m_trace->mark(id, mark, at(time));
        }
        const qint64 end = at(std::max({t.ended, t.lastByte, t.head, t.sent, t.begun}));
        if (entry.response)
            m_trace->respond(id, *entry.response, t.head >= 0 ? at(t.head) : end);
        addBody(entry, id, harResponseBody(m_json, entry.node, &problem), end);
        tellProblem();
        if (t.ended >= 0 || !entry.ownTimes) {
            std::optional<Failure> failure = entry.failure;
            if (failure)
                failure->exchange = id;
            m_trace->finish(id, failure, t.ended >= 0 ? at(t.ended) : end);
        }
        const int status = entry.response ? entry.response->status : 0;
        const JsonText::Node redirect =
            m_json.member(m_json.member(entry.node, u"response"), u"redirectURL");
        if (status >= 300 && status < 400 && m_json.isString(redirect) && entry.id == 0)
            m_redirects.insert(
                request.url.resolved(QUrl::fromEncoded(jsonBytes(m_json.raw(redirect)))), id);
    }

    ExchangeId causeOf(const RequestRecord &request) { return m_redirects.take(request.url); }

    bool isStream(const HarEntry &entry) const
    {
        if (!entry.response)
            return false;
        const auto &lines = entry.response->headers;
        const auto type = std::find_if(lines.begin(), lines.end(), [](const Header &line) {
            return line.name.compare("Content-Type", Qt::CaseInsensitive) == 0;
        });
        const QByteArray said = type != lines.end()
            ? type->value
            : m_json
                  .string(m_json.member(
                      m_json.member(m_json.member(entry.node, u"response"), u"content"),
                      u"mimeType"))
                  .toUtf8();
        return said.trimmed().toLower().startsWith("text/event-stream");
    }

    /// What our own files say of the frames of a body, as far as it can be so.
    QList<Frame> framesSaid(const HarEntry &entry, qint64 size) const
    {
        QList<Frame> frames;
        const JsonText::Node list =
            m_json.member(m_json.member(entry.node, u"_sightglass"), u"frames");
        for (JsonText::Node one = m_json.isArray(list) ? m_json.firstChild(list) : -1; one >= 0;
             one = m_json.nextSibling(one)) {
            const auto number = [&](const char16_t *name) {
                return m_json.integer(m_json.member(one, QStringView(name))).value_or(-1);
            };
            const JsonText::Node kindNode = m_json.member(one, u"kind");
            const auto kind = frameKindFromName(m_json.string(kindNode).toLatin1());
            Frame frame;
            frame.start = number(u"start");
            frame.end = number(u"end");
            frame.at = std::clamp<qint64>(number(u"at"), 0, std::numeric_limits<qint64>::max() / 4);
            if (!kind || frame.start < 0 || frame.end < frame.start || frame.end > size)
                return {};
            frame.kind = *kind;
            frames.append(frame);
        }
        return frames;
    }

    void addBody(const HarEntry &entry, ExchangeId id, const QByteArray &body, qint64 end)
    {
        // Our own files tell when the last byte came.
        if (entry.ownTimes && entry.times.lastByte >= 0)
            end = entry.times.lastByte;
        QList<Frame> said = framesSaid(entry, body.size());
        QList<Frame> frames;
        if (isStream(entry)) {
            Framer framer(&frames);
            SseParser parser;
            parser.feed(body, framer);
            parser.finish(framer);
            // What our own file knows of them is when they came.
            for (qsizetype i = 0; i < frames.size(); ++i) {
                const bool known = i < said.size() && said.at(i).start == frames.at(i).start
                    && said.at(i).end == frames.at(i).end;
                frames[i].at = known ? said.at(i).at : end;
            }
        } else {
            frames = said;
        }
        qint64 written = 0;
        const auto writeTo = [&](qint64 to, qint64 at) {
            while (written < to) {
                const qint64 length = std::min(ReadSlice, to - written);
                m_trace->append(id, body.constData() + written, length, at);
                written += length;
            }
        };
        for (const Frame &frame : std::as_const(frames)) {
            // Many of a time come as one part.
            if (frame.end - written >= ReadSlice || frame.at != m_lastAt)
                writeTo(frame.end, std::min(frame.at, end));
            m_lastAt = frame.at;
            m_trace->frame(id, frame);
        }
        writeTo(body.size(), end);
    }

    void addNotes(JsonText::Node list)
    {
        for (JsonText::Node one = m_json.isArray(list) ? m_json.firstChild(list) : -1; one >= 0;
             one = m_json.nextSibling(one)) {
            std::optional<Note> note = harNote(m_json, one);
            if (!note)
                continue;
            note->exchange = m_numbers.value(note->exchange);
            if (note->failure) {
                note->failure->exchange = note->exchange;
                m_trace->noteFailure(*note->failure, note->at);
            } else {
                m_trace->note(note->name, note->text, note->exchange, note->at, note->finding);
            }
        }
    }

    QString m_name;
    const ExportProgress &m_progress;
    JsonText m_json;
    QList<HarEntry> m_entries;
    QDateTime m_began;
    std::unique_ptr<TraceStore> m_trace;
    QHash<ExchangeId, ExchangeId> m_numbers; ///< from those in the file to ours
    QHash<QUrl, ExchangeId> m_redirects; ///< who sent one there
    qint64 m_lastAt = -1;
    Remarks m_remarks;
};

} // namespace

Expected<Recording> readHar(const QByteArray &text, const QString &name,
                            const ExportProgress &progress)
{
    // Some programs on Windows begin their texts so.
    const bool marked = text.startsWith("\xef\xbb\xbf");
    return HarLoader(marked ? text.sliced(3) : text, name, progress).load();
}

namespace {

Expected<Recording> readOurs(const QString &path, const ExportProgress &progress,
                             const std::function<void(const std::shared_ptr<TraceStore> &)> &begun)
{
    const Expected<std::unique_ptr<TraceFileReader>> reader = TraceFileReader::open(path);
    if (!reader)
        return reader.error();
    if (begun)
        begun((*reader)->trace());
    while ((*reader)->read()) {
        if (progress && !progress((*reader)->position(), (*reader)->size())) {
            return Failure{FailureKind::Cancelled,
                           u"reading-cancelled"_s,
                           u"Reading %1 was cancelled."_s.arg(path),
                           {},
                           0,
                           {}};
        }
    }
    return Recording{(*reader)->trace(), (*reader)->warning()};
}

} // namespace

Expected<Recording>
readAnyRecording(const QString &path, const ExportProgress &progress,
                 const std::function<void(const std::shared_ptr<TraceStore> &)> &begun)
{
    if (!trace_file::notAFile(path).isEmpty())
        return readOurs(path, progress, begun);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return readOurs(path, progress, begun);
    QByteArray start = file.peek(64);
    if (start.startsWith("\xef\xbb\xbf"))
        start = start.sliced(3);
    const bool isJson = start.trimmed().startsWith('{') || start.trimmed().startsWith('[');
    const bool isNamed = path.endsWith(".har"_L1, Qt::CaseInsensitive)
        && !start.startsWith(trace_file::Magic) && !start.isEmpty();
    if (!isJson && !isNamed)
        return readOurs(path, progress, begun);
    constexpr qint64 Most = std::numeric_limits<quint32>::max();
    if (file.size() >= Most)
        return cannotRead(path, u"it is larger than 4 GiB"_s, u"Give a part of it."_s);
    const QByteArray text = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return cannotRead(path, file.errorString(), u"Check the path."_s);
    return readHar(text, path, progress);
}

} // namespace sightglass
