// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"
#include "ui/models/body_kind.h"

#include <QObject>
#include <QWidget>

#include <functional>
#include <memory>

namespace sightglass {

/// A body that is to be shown.
struct BodySource {
    using Part = std::function<QByteArray(qint64 start, qint64 length)>;
    Part shown; ///< any part of it, as it may be shown
    /// Any part of it as it was recorded, for what wants all of it: secrets are then replaced aside
    /// by `redactor` (none: they need not be).
    Part raw;
    std::shared_ptr<const Redactor> redactor;
    qint64 size = 0; ///< bytes
    BodyKind kind = BodyKind::Binary;
};

/// One way to show a body. Each stands in a file of its own, NAME_body.cpp, which defines
///
///     BodyForm *sightglass::NAME_body(QWidget *parent);
///
/// and is found by the build: a further view is one file. Reads no more than it shows, and does
/// what takes long on a thread of the pool.
class BodyForm : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    virtual QByteArray id() const = 0; ///< in settings: "hex"
    virtual QString title() const = 0; ///< of its button
    /// The lowest stands first.
    virtual int place() const = 0;
    virtual QWidget *widget() = 0;
    /// What stands before the buttons while it is shown: "Next part".
    virtual QList<QWidget *> tools() { return {}; }
    /// The highest is taken where the person chose none. 0: it cannot be shown so.
    virtual int fitness(const BodySource &body) const = 0;
    virtual void show(const BodySource &body) = 0;
    /// The source is about to go.
    virtual void clear() = 0;

Q_SIGNALS:
    void statusMessage(const QString &text);
    /// The person did not want to wait for it.
    void cancelled();
};

/// All there are, in their places; they become the parent's.
QList<BodyForm *> bodyForms(QWidget *parent);

} // namespace sightglass
