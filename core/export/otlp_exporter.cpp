// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/otlp_exporter.h"

#include "core/export/otlp_spans.h"
#include "core/http/http_gate.h"
#include "core/jsonrpc/json_text.h"
#include "core/transport/back_off.h"

#include <QBuffer>
#include <QTimer>

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Requests of ours stand in a trace, which is made anew after so many: it would only grow.
constexpr int RequestsAGate = 64;
/// Exchanges that are looked at in one go.
constexpr ExchangeId ExchangesAtOnce = 5000;
/// A batch has no more bytes, but for its last exchange.
constexpr qint64 MostBatchBytes = 1024 * 1024;

Failure wrongUrl(const QString &given)
{
    return Failure{FailureKind::Usage,
                   u"otlp-url"_s,
                   u"“%1” is no address of an OpenTelemetry collector."_s.arg(given),
                   u"Give a URL such as http://127.0.0.1:4318."_s,
                   0,
                   {}};
}

bool canComeLater(int status)
{
    return status == 429 || status == 502 || status == 503 || status == 504;
}

} // namespace

Expected<QUrl> otlpEndpoint(const QString &given)
{
    QUrl url(given.trimmed(), QUrl::StrictMode);
    const bool http = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    if (!url.isValid() || !http || url.host().isEmpty() || !url.userInfo().isEmpty())
        return wrongUrl(given.mid(given.lastIndexOf(u'@') + 1)); // without a password
    if (url.path().isEmpty() || url.path() == "/"_L1)
        url.setPath(u"/v1/traces"_s);
    return url;
}

Expected<QList<Header>> otlpHeaders(const QByteArray &list)
{
    QList<Header> headers;
    for (const QByteArray &pair : list.split(',')) {
        if (pair.trimmed().isEmpty())
            continue;
        const qsizetype equals = pair.indexOf('=');
        const QByteArray name = pair.left(std::max<qsizetype>(0, equals)).trimmed();
        const QByteArray value = QByteArray::fromPercentEncoding(pair.mid(equals + 1).trimmed());
        const auto problem = HeaderList::check(name, value);
        if (equals < 1 || (problem && problem->fatal)) {
            return Failure{FailureKind::Usage,
                           u"otlp-headers"_s,
                           u"The headers for the collector cannot be read."_s,
                           u"OTEL_EXPORTER_OTLP_HEADERS wants name=value, with commas between."_s,
                           0,
                           {}};
        }
        headers.append({name, value, HeaderSource::User, true});
    }
    return headers;
}

QString otlpDeliveryWords(const OtlpDelivery &delivery, const QUrl &url)
{
    const QString where = url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
    QString words = delivery.delivered == 1
        ? u"1 span went to %1"_s.arg(where)
        : u"%1 spans went to %2"_s.arg(QString::number(delivery.delivered), where);
    if (delivery.lost > 0)
        words += u"; %1 could not be delivered"_s.arg(delivery.lost);
    return delivery.problem.isEmpty() ? words + u'.' : words + u": "_s + delivery.problem;
}

class OtlpExporter::Private {
public:
    Private(OtlpExporter *owner, const TraceReader *reader, OtlpTarget to, Redactor with,
            OtlpLimits within)
        : q(owner)
        // They go where it goes, when it is moved to another thread.
        , look(owner)
        , pause(owner)
        , last(owner)
        , trace(reader)
        , target(std::move(to))
        , redactor(std::move(with))
        , limits(within)
    {
        target.network.answerTimeoutMs = limits.answerMs;
        look.setInterval(limits.lookMs);
        pause.setSingleShot(true);
        last.setSingleShot(true);
        QObject::connect(&look, &QTimer::timeout, q, [this] { lookAndSend(); });
        QObject::connect(&pause, &QTimer::timeout, q, [this] { send(); });
        QObject::connect(&last, &QTimer::timeout, q, [this] { giveUp(); });
    }

    void lookAndSend()
    {
        take(ExchangesAtOnce);
        send();
        tell();
    }

    /// Takes in exchanges that are new, and those that are over since.
    void take(ExchangeId most)
    {
        std::erase_if(open, [this](ExchangeId id) {
            const bool over = finishing || trace->summary(id).finished;
            if (over)
                add(id);
            return over;
        });
        const ExchangeId count = chosen ? chosen->size() : trace->exchangeCount();
        for (; next < count && most > 0; ++next, --most) {
            const ExchangeId id = chosen ? chosen->at(next) : next + 1;
            if (finishing || trace->summary(id).finished)
                add(id);
            else
                open.push_back(id);
        }
    }

    bool isBehind() const
    {
        return next < (chosen ? chosen->size() : trace->exchangeCount()) || !open.empty();
    }

    void add(ExchangeId id)
    {
        // Of a file all are there: they are taken in as they are sent.
        if (!finishing && qint64(waiting.size()) >= limits.mostWaiting) {
            waiting.pop_front();
            // Each has one span at least.
            ++state.lost;
            state.problem = u"More came than the collector takes."_s;
        }
        waiting.push_back(id);
    }

    void makeBatch()
    {
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        // No exchange is chosen: each is written as it is taken.
        const ExportWish wish{.exchanges = QList<ExchangeId>(), .redactor = &redactor};
        ExportSource source(*trace, wish);
        ByteOut out(buffer);
        JsonOut json(out);
        OtlpSpans spans(source);
        OtlpSpans::begin(json);
        while (!waiting.empty() && batchSpans < limits.spansABatch
               && buffer.size() < MostBatchBytes) {
            batchSpans += spans.write(json, waiting.front());
            waiting.pop_front();
        }
        OtlpSpans::end(json);
        out.flush();
        batch = buffer.data();
    }

    void send()
    {
        if (exchange || pause.isActive() || state.ended)
            return;
        if (batch.isEmpty() && waiting.empty() && finishing && isBehind())
            take(limits.spansABatch);
        if (batch.isEmpty() && !waiting.empty())
            makeBatch();
        if (batch.isEmpty()) {
            if (finishing)
                end();
            return;
        }
        if (!gate || ++requests > RequestsAGate)
            makeGate();
        HttpRequest request;
        request.kind = ExchangeKind::Other;
        request.method = "POST";
        request.url = target.url;
        request.headers.add("Content-Type", "application/json", HeaderSource::Protocol);
        for (const Header &line : target.headers)
            request.headers.add(line);
        request.body = batch;
        request.what = u"spans"_s;
        request.followRedirects = false;
        exchange = gate->send(request);
        QObject::connect(exchange, &HttpExchange::finished, q, [this] { finished(); });
    }

    void makeGate()
    {
        // The trace of a gate outlives it.
        gate.reset();
        own = std::make_unique<TraceStore>();
        gate = std::make_unique<HttpGate>(own.get());
        gate->setNetworkSettings(target.network);
        requests = 1;
    }

    void finished()
    {
        HttpExchange *done = std::exchange(exchange, nullptr);
        const int status = done->status();
        const std::optional<Failure> failure = done->failure();
        const QByteArray answer = own->responseBody(done->id(), 0, 64 * 1024);
        const QByteArray retry = done->responseHeaders().value("Retry-After");
        done->deleteLater();
        if (status >= 200 && status < 300 && !failure) {
            tries = 0;
            taken(answer);
        } else if (failure || canComeLater(status)) {
            state.problem =
                failure ? failure->sentence : u"The collector answered with %1."_s.arg(status);
            const qint64 wanted = retryAfter(retry, QDateTime::currentDateTimeUtc()).value_or(0);
            const int doubled = std::min<qint64>(
                limits.longestPauseMs, qint64(limits.firstPauseMs) << std::min(tries, 16));
            ++tries;
            pause.start(
                int(std::clamp<qint64>(wanted, doubled, 10 * qint64(limits.longestPauseMs))));
            tell();
            return;
        } else {
            state.problem = status >= 300 && status < 400
                ? u"The collector answered with %1: it is somewhere else."_s.arg(status)
                : u"The collector refused them with %1."_s.arg(status);
            state.lost += batchSpans;
        }
        batch.clear();
        batchSpans = 0;
        if (finishing)
            last.start(limits.finishMs);
        tell();
        // Not from within what the gate tells: the next request may need another one.
        QMetaObject::invokeMethod(
            q, [this] { send(); }, Qt::QueuedConnection);
    }

    /// A collector may take some and refuse others (ExportTracePartialSuccess).
    void taken(const QByteArray &answer)
    {
        state.problem.clear();
        qint64 rejected = 0;
        const JsonText json = JsonText::parse(answer);
        const JsonText::Node partial = json.find("/partialSuccess");
        const JsonText::Node number = json.find("/partialSuccess/rejectedSpans");
        if (number >= 0)
            rejected = json.isString(number) ? json.string(number).toLongLong()
                                             : json.integer(number).value_or(0);
        rejected = std::clamp<qint64>(rejected, 0, batchSpans);
        const QString why = json.string(json.member(partial, u"errorMessage"));
        if (rejected > 0)
            state.problem = u"The collector refused some: %1"_s.arg(
                why.isEmpty() ? u"it does not say why."_s : why.left(300));
        state.lost += rejected;
        state.delivered += batchSpans - rejected;
    }

    void end()
    {
        look.stop();
        last.stop();
        pause.stop();
        state.ended = true;
        tell();
        Q_EMIT q->ended();
    }

    /// The time is over: what is left is lost.
    void giveUp()
    {
        if (state.ended)
            return;
        if (exchange) {
            exchange->disconnect(q);
            exchange->abort();
            exchange->deleteLater();
            exchange = nullptr;
            if (state.problem.isEmpty())
                state.problem = u"The collector did not answer in time."_s;
        }
        state.lost += batchSpans + qint64(waiting.size()) + qint64(open.size())
            + (chosen ? chosen->size() : trace->exchangeCount()) - next;
        batch.clear();
        waiting.clear();
        open.clear();
        end();
    }

    void tell()
    {
        state.waiting = qint64(waiting.size());
        if (state == told)
            return;
        told = state;
        Q_EMIT q->changed(state);
    }

    OtlpExporter *q;
    QTimer look;
    QTimer pause; ///< before the next try
    QTimer last; ///< until what is left is lost
    const TraceReader *trace;
    OtlpTarget target;
    Redactor redactor;
    OtlpLimits limits;
    std::optional<QList<ExchangeId>> chosen;
    ExchangeId next = 0; ///< how many were taken in
    std::vector<ExchangeId> open; ///< not over yet
    std::deque<ExchangeId> waiting; ///< over, and in no batch
    QByteArray batch; ///< on its way, or to be tried again
    qint64 batchSpans = 0;
    int tries = 0; ///< in vain, in a row
    bool finishing = false;
    std::unique_ptr<TraceStore> own; ///< what the gate records; not the user's
    std::unique_ptr<HttpGate> gate;
    int requests = 0;
    HttpExchange *exchange = nullptr;
    OtlpDelivery state;
    OtlpDelivery told;
};

OtlpExporter::OtlpExporter(const TraceReader *trace, OtlpTarget target, Redactor redactor,
                           OtlpLimits limits, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, trace, std::move(target), std::move(redactor), limits))
{
}

OtlpExporter::~OtlpExporter() = default;

void OtlpExporter::setRedactor(const Redactor &redactor)
{
    d->redactor = redactor;
}

void OtlpExporter::setExchanges(const QList<ExchangeId> &exchanges)
{
    d->chosen = exchanges;
}

void OtlpExporter::follow()
{
    d->look.start();
}

void OtlpExporter::finish()
{
    if (d->finishing)
        return;
    d->finishing = true;
    d->look.stop();
    d->last.start(d->limits.finishMs);
    // What is still open ends here, and a pause is not waited for.
    d->pause.stop();
    d->take(ExchangesAtOnce);
    d->send();
    d->tell();
}

OtlpDelivery OtlpExporter::delivery() const
{
    return d->state;
}

} // namespace sightglass
