// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPlainTextEdit>

namespace sightglass {

/// Text as it was received, to read, select and copy: fixed font, no undo, invisible characters
/// made visible.
class RawTextView : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit RawTextView(QWidget *parent = nullptr);

    void setBytes(const QByteArray &utf8);
    /// The same with the character at byte `offset` marked and in sight.
    void setBytes(const QByteArray &utf8, qint64 offset);

protected:
    void changeEvent(QEvent *event) override;
};

} // namespace sightglass
