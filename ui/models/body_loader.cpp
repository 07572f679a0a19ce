// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/body_loader.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

namespace sightglass {

namespace {
constexpr qint64 kSlice = 4 * 1024 * 1024;
}

BodyLoader::BodyLoader(QObject *parent)
    : QObject(parent)
{
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &BodyLoader::slice);
}

void BodyLoader::load(Raw raw, qint64 size, std::shared_ptr<const Redactor> redactor, Work work)
{
    cancel();
    m_raw = std::move(raw);
    m_size = size;
    m_redactor = std::move(redactor);
    m_work = std::move(work);
    m_bytes.reserve(size);
    m_busy = true;
    m_timer.start();
}

void BodyLoader::cancel()
{
    ++m_turn;
    m_busy = false;
    m_timer.stop();
    m_raw = {};
    m_work = {};
    m_redactor.reset();
    m_bytes = {};
}

void BodyLoader::slice()
{
    const QByteArray part = m_raw(m_bytes.size(), std::min(kSlice, m_size - m_bytes.size()));
    m_bytes += part;
    Q_EMIT progressed(m_bytes.size(), m_size);
    if (!m_busy || (!part.isEmpty() && m_bytes.size() < m_size))
        return;
    m_timer.stop();
    m_raw = {};
    QThreadPool::globalInstance()->start(
        [loader = QPointer<BodyLoader>(this), turn = m_turn, bytes = std::exchange(m_bytes, {}),
         redactor = std::exchange(m_redactor, {}), work = std::exchange(m_work, {})]() mutable {
            // What came is not needed any more besides what may be shown of it.
            if (redactor)
                bytes = redactor->body(bytes);
            const Done done = work(bytes);
            // Only the GUI's thread looks whether anybody still waits for it.
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [loader, turn, done] {
                    if (!loader || loader->m_turn != turn)
                        return;
                    loader->m_busy = false;
                    done();
                },
                Qt::QueuedConnection);
        });
}

} // namespace sightglass
