// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/otlp_exporter.h"

#include <QThread>

namespace sightglass {

/// An OtlpExporter in a thread of its own, so that it holds up nobody: follows a trace from the
/// moment it is made. Signals come in the thread that made it.
class OtlpLive : public QObject {
    Q_OBJECT
public:
    OtlpLive(std::shared_ptr<const TraceReader> trace, const OtlpTarget &target,
             const Redactor &redactor, const OtlpLimits &limits = {}, QObject *parent = nullptr);
    /// Drops what has not been delivered; call finish() first where it matters.
    ~OtlpLive() override;

    void setRedactor(const Redactor &redactor);
    /// As OtlpExporter::finish(): `ended` follows.
    void finish();
    const OtlpDelivery &delivery() const { return m_delivery; }
    const QUrl &url() const { return m_url; }

Q_SIGNALS:
    void changed(const sightglass::OtlpDelivery &delivery);
    void ended();

private:
    std::shared_ptr<const TraceReader> m_trace;
    QUrl m_url;
    OtlpDelivery m_delivery;
    QThread m_thread;
    OtlpExporter *m_exporter; ///< of the thread
};

} // namespace sightglass
