// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/trace_export.h"
#include "core/http/network_settings.h"

#include <QMetaType>
#include <QObject>

#include <memory>

namespace sightglass {

/// Where spans go.
struct OtlpTarget {
    QUrl url; ///< "http://127.0.0.1:4318/v1/traces"
    QList<Header> headers; ///< besides those of HTTP; secrets mostly
    NetworkSettings network = {}; ///< TLS and proxy

    bool operator==(const OtlpTarget &) const = default;
};
/// The address of a collector as a person gives it. Where it has no path, that of traces is added
/// (OTLP/HTTP, "OTLP/HTTP Request"). Fails (kind Usage) on what is no http(s) URL.
Expected<QUrl> otlpEndpoint(const QString &given);
/// Headers as OTEL_EXPORTER_OTLP_HEADERS has them: "name=value,name2=value2", percent-encoded (W3C
/// Baggage). All are secret. What cannot be a header is a Failure of kind Usage.
Expected<QList<Header>> otlpHeaders(const QByteArray &list);

/// What became of the spans so far.
struct OtlpDelivery {
    qint64 delivered = 0; ///< spans that the collector took
    qint64 lost = 0; ///< that it refused, or that could not be delivered in time
    qint64 waiting = 0; ///< exchanges that are over and not on their way
    QString problem; ///< why the last request failed; empty: it did not
    bool ended = false; ///< finish() is done

    bool operator==(const OtlpDelivery &) const = default;
};
/// For people: "12 spans went to http://…", and what did not, and why.
QString otlpDeliveryWords(const OtlpDelivery &delivery, const QUrl &url);

/// How much is held, and how long is waited.
struct OtlpLimits {
    qint64 mostWaiting = 10'000; ///< exchanges; of more the oldest are lost
    int spansABatch = 200;
    int lookMs = 500; ///< how often a growing trace is looked at
    int firstPauseMs = 500; ///< after a failure; doubles
    int longestPauseMs = 30'000;
    int answerMs = 10'000;
    int finishMs = 5'000; ///< how long the last ones are waited for
};

/// Sends the exchanges of a trace to a collector of OpenTelemetry as spans (OTLP/HTTP, JSON, POST
/// /v1/traces): of a trace that grows each one when it is over, in batches, one request at a time.
/// A collector that cannot take them now (429, 502, 503, 504, or not reached) is asked again later;
/// what it refuses otherwise is lost, and counted.
///
/// Goes out by a gate with a trace of its own, so that it is not in the user's. Lives in one
/// thread; the trace may be written by another.
class OtlpExporter : public QObject {
    Q_OBJECT
public:
    /// The trace is not owned, and outlives this.
    OtlpExporter(const TraceReader *trace, OtlpTarget target, Redactor redactor,
                 OtlpLimits limits = {}, QObject *parent = nullptr);
    ~OtlpExporter() override;

    /// It knows more secrets from now on. The same salt as before.
    void setRedactor(const Redactor &redactor);
    /// Only these, instead of all; before it begins.
    void setExchanges(const QList<ExchangeId> &exchanges);
    /// Follows a trace that grows.
    void follow();
    /// Sends what there is, also of exchanges that are not over, and emits `ended` once, at the
    /// latest after finishMs without progress.
    void finish();
    OtlpDelivery delivery() const;

Q_SIGNALS:
    void changed(const sightglass::OtlpDelivery &delivery);
    void ended();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::OtlpDelivery)
