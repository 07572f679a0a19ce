// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

namespace sightglass {

/// Fetches a long body without holding up the GUI: copies it in slices between its events, then has
/// secrets replaced and the work done on a thread of the pool. A trace may go away at any time
/// after cancel(): the thread has its own copy.
class BodyLoader : public QObject {
    Q_OBJECT
public:
    /// Bytes as they were recorded.
    using Raw = std::function<QByteArray(qint64 start, qint64 length)>;
    /// What is to be done with the result, on the GUI's thread.
    using Done = std::function<void()>;
    /// Runs on a thread of the pool: touches nothing but its argument.
    using Work = std::function<Done(const QByteArray &bytes)>;

    explicit BodyLoader(QObject *parent = nullptr);

    /// Without a redactor the bytes stay as they are. What was under way before is dropped.
    void load(Raw raw, qint64 size, std::shared_ptr<const Redactor> redactor, Work work);
    void cancel();
    bool isBusy() const { return m_busy; }
    /// It still copies; afterwards a thread works.
    bool isCopying() const { return m_timer.isActive(); }

Q_SIGNALS:
    void progressed(qint64 copied, qint64 size);

private:
    void slice();

    Raw m_raw;
    qint64 m_size = 0;
    std::shared_ptr<const Redactor> m_redactor;
    Work m_work;
    QByteArray m_bytes;
    QTimer m_timer;
    quint64 m_turn = 0; ///< results of older loads are dropped
    bool m_busy = false;
};

} // namespace sightglass
