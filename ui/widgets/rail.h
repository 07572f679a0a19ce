// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>
#include <QIcon>

#include <optional>

class QVBoxLayout;

namespace sightglass {

/// One page in the rail: glyph, word, a count that is right, a dot where something failed there.
class RailButton final : public QAbstractButton {
    Q_OBJECT
public:
    RailButton(const QString &iconName, const QString &text, QWidget *parent = nullptr);

    void setCount(std::optional<qint64> count);
    void setFailed(bool failed);
    /// A dot where something waits for the person; one of failure comes before it.
    void setWaiting(bool waiting);
    bool isWaiting() const { return m_waiting; }
    bool hasFailed() const { return m_failed; }
    std::optional<qint64> count() const { return m_count; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void describe();

    QString m_iconName;
    std::optional<qint64> m_count;
    bool m_failed = false;
    bool m_waiting = false;
};

/// The pages of the window, one below the other; one is current.
class Rail final : public QWidget {
    Q_OBJECT
public:
    explicit Rail(QWidget *parent = nullptr);

    /// Pages are numbered from 0 in the order in which they are added. `key` names it in settings
    /// and on the command line.
    int addPage(const QString &key, const QString &iconName, const QString &text);
    void addSeparator();
    RailButton *page(int index) const { return m_pages.at(index); }
    int pageCount() const { return int(m_pages.size()); }
    int indexOf(const QString &key) const; ///< -1: no such page
    int current() const { return m_current; }
    void setCurrent(int index);

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QVBoxLayout *m_layout;
    QList<RailButton *> m_pages;
    QList<QString> m_keys;
    int m_current = -1;
};

} // namespace sightglass
