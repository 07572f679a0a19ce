// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPlainTextEdit>

namespace sightglass {

/// Plain text to read, as high as its lines at the width that it has, up to a
/// bound; beyond that it scrolls. Control characters are shown as marks.
class TextBlock final : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit TextBlock(int tallest, QWidget *parent = nullptr);

    void setUntrustedText(const QString &text);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();

    int m_tallest; ///< px
};

} // namespace sightglass
