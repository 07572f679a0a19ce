// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;

namespace sightglass {

/// The head of a part of a page: an optional glyph, bold words, muted words
/// beside them, and at the right what can be done.
class SectionTitle final : public QWidget {
    Q_OBJECT
public:
    explicit SectionTitle(const QString &title, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    /// Muted, behind the title: "12 ms, 204 B".
    void setNote(const QString &note);
    /// Not owned by the caller any more.
    void addAction(QWidget *widget);
    using QWidget::addAction;
    /// Before the title; a null icon takes it away.
    void setGlyph(const QIcon &glyph);

private:
    QLabel *m_glyph;
    QLabel *m_title;
    QLabel *m_note;
    QHBoxLayout *m_layout;
};

} // namespace sightglass
