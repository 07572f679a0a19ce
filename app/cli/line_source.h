// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

namespace sightglass::cli {

/// Where the lines of a session come from. One line is told for each ask().
class LineSource : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// A line is wanted. Asked for again before there is one, only the prompt changes.
    virtual void ask(const QString &prompt) = 0;
    /// No line is wanted now.
    virtual void rest() = 0;
    /// What was typed so far is dropped.
    virtual void discard() { }
    /// Something is to be printed where it is typed: makes room (true), or draws it again.
    virtual void stepAside(bool aside) { Q_UNUSED(aside) }

Q_SIGNALS:
    void line(const QString &text);
    /// There are no more.
    void ended();
};

} // namespace sightglass::cli
