// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace sightglass {

class LinkButton;

/// One sentence about something that a person should know, over the page, with
/// what can be done about it at the right. Not there when there is nothing.
class Banner final : public QFrame {
    Q_OBJECT
public:
    enum class Severity : quint8 { Attention, Failure };

    explicit Banner(QWidget *parent = nullptr);

    /// Shows the banner. The sentence is plain text; advice follows it, muted.
    void setMessage(Severity severity, const QString &sentence, const QString &advice = {});
    QString sentence() const;
    /// The button belongs to the banner and goes with the next clearLinks().
    LinkButton *addLink(const QString &text);
    void clearLinks();
    /// Hides it and empties it.
    void clear();

Q_SIGNALS:
    /// The person closed it.
    void dismissed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void recolour();

    Severity m_severity = Severity::Failure;
    QLabel *m_glyph;
    QLabel *m_sentence;
    QLabel *m_advice;
    QHBoxLayout *m_links;
    QToolButton *m_close;
    bool m_recolouring = false;
};

} // namespace sightglass
