// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/otlp_live.h"

namespace sightglass {

OtlpLive::OtlpLive(std::shared_ptr<const TraceReader> trace, const OtlpTarget &target,
                   const Redactor &redactor, const OtlpLimits &limits, QObject *parent)
    : QObject(parent)
    , m_trace(std::move(trace))
    , m_url(target.url)
    , m_exporter(new OtlpExporter(m_trace.get(), target, redactor, limits))
{
    qRegisterMetaType<OtlpDelivery>();
    m_thread.setObjectName(QStringLiteral("otlp"));
    m_exporter->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_exporter, &QObject::deleteLater);
    connect(&m_thread, &QThread::started, m_exporter, &OtlpExporter::follow);
    connect(m_exporter, &OtlpExporter::changed, this, [this](const OtlpDelivery &delivery) {
        m_delivery = delivery;
        Q_EMIT changed(delivery);
    });
    connect(m_exporter, &OtlpExporter::ended, this, &OtlpLive::ended);
    m_thread.start(QThread::LowPriority);
}

OtlpLive::~OtlpLive()
{
    m_thread.quit();
    m_thread.wait();
}

void OtlpLive::setRedactor(const Redactor &redactor)
{
    OtlpExporter *exporter = m_exporter;
    QMetaObject::invokeMethod(exporter, [exporter, redactor] { exporter->setRedactor(redactor); });
}

void OtlpLive::finish()
{
    QMetaObject::invokeMethod(m_exporter, &OtlpExporter::finish, Qt::QueuedConnection);
}

} // namespace sightglass
