// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/line_source.h"

#include <QSocketNotifier>

namespace sightglass::cli {

/// Lines of standard input as they are: of a pipe or a file.
class PlainLines final : public LineSource {
    Q_OBJECT
public:
    explicit PlainLines(QObject *parent = nullptr);

    void ask(const QString &prompt) override;
    void rest() override;

private:
    void read();
    void give();

    QSocketNotifier m_notifier;
    QByteArray m_buffer;
    bool m_asked = false;
    bool m_ended = false;
};

} // namespace sightglass::cli
