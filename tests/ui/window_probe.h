// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab.h"
#include "core/mcp/revision.h"
#include "core/trace/trace_store.h"
#include "ui/connection/connection_line.h"
#include "ui/main_window.h"
#include "ui/session_controller.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/rail.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/status_line.h"

#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <memory>

namespace sightglass::test {

/// A window with settings of its own, and what a person sees of it, as text.
class WindowProbe {
public:
    explicit WindowProbe(QSize size = {1280, 800})
        : settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat)
        , session(std::make_unique<SessionController>())
        , window(std::make_unique<MainWindow>(session.get(), &settings))
    {
        window->resize(size);
        window->show();
        window->activateWindow();
        (void)QTest::qWaitForWindowActive(window.get());
    }
    ~WindowProbe()
    {
        window.reset();
        session.reset();
    }

    template <typename T> T *part() const { return window->findChild<T *>(); }
    const SessionState &state() const { return session->state(); }

    /// Types the address and presses Enter, as a person does.
    void enter(const QString &address) const
    {
        QLineEdit *edit = addressEdit();
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, address);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    QLineEdit *addressEdit() const { return part<ConnectionLine>()->findChild<QLineEdit *>(); }
    /// The button that says Connect, Cancel or Disconnect.
    QPushButton *connectButton() const
    {
        for (const char *words : {"Connect", "Cancel", "Disconnect", "Ending…"}) {
            const auto all = part<ConnectionLine>()->findChildren<QPushButton *>();
            for (QPushButton *button : all) {
                if (button->text() == QString::fromUtf8(words) && !button->isHidden())
                    return button;
            }
        }
        return nullptr;
    }
    /// All that the status line says, with line ends between.
    QString status() const
    {
        QStringList words;
        const auto items = part<StatusLine>()->findChildren<StatusItem *>();
        for (const StatusItem *item : items) {
            if (!item->isHidden())
                words.append(item->text());
        }
        return words.join(u'\n');
    }
    /// The banner's sentence; empty: there is none.
    QString banner() const
    {
        auto *banner = part<Banner>();
        return banner->isVisible() ? banner->sentence() : QString();
    }
    LinkButton *link(const QString &text) const
    {
        const QList<LinkButton *> all = window->findChildren<LinkButton *>();
        const auto it = std::find_if(all.begin(), all.end(), [&text](LinkButton *button) {
            return button->isVisible() && button->text() == text;
        });
        return it == all.end() ? nullptr : *it;
    }
    /// Every text that a label or button of a kind shows now.
    template <typename T = QLabel> QStringList texts(const QWidget *within = nullptr) const
    {
        QStringList list;
        const QList<T *> all = (within ? within : window.get())->template findChildren<T *>();
        for (const T *widget : all) {
            if (widget->isVisible() && !widget->text().isEmpty())
                list.append(widget->text());
        }
        return list;
    }
    bool says(const QString &words) const
    {
        const QStringList all = texts();
        return std::any_of(all.begin(), all.end(),
                           [&words](const QString &text) { return text.contains(words); });
    }
    qint64 railCount(const QString &page) const
    {
        auto *rail = part<Rail>();
        return rail->page(rail->indexOf(page))->count().value_or(-1);
    }

    QTemporaryDir folder;
    QSettings settings;
    std::unique_ptr<SessionController> session;
    std::unique_ptr<MainWindow> window;
};

/// A built-in server in a thread of its own, which can be killed and started again where it was.
/// Unless told otherwise it speaks the revisions that have sessions.
class LabProbe {
public:
    explicit LabProbe(LabSettings settings = {})
        : m_settings(std::move(settings))
    {
        if (m_settings.revisions.isEmpty()) {
            for (const Revision &revision : revisions()) {
                if (revision.era == EraKind::Legacy)
                    m_settings.revisions.append(QString::fromLatin1(revision.name));
            }
        }
    }
    ~LabProbe() { stop(); }

    bool start()
    {
        stop();
        m_thread = std::make_unique<QThread>();
        m_lab = new Lab(m_settings);
        m_lab->moveToThread(m_thread.get());
        QObject::connect(m_thread.get(), &QThread::finished, m_lab, &QObject::deleteLater);
        m_thread->start();
        if (!m_lab->listen())
            return false;
        m_url = m_lab->url();
        m_settings.port = quint16(m_url.port());
        return true;
    }
    void stop()
    {
        if (!m_thread)
            return;
        m_thread->quit();
        m_thread->wait();
        m_thread.reset();
        m_lab = nullptr;
    }
    Lab *operator->() const { return m_lab; }
    QUrl url() const { return m_url; }

private:
    LabSettings m_settings;
    QUrl m_url;
    std::unique_ptr<QThread> m_thread;
    Lab *m_lab = nullptr;
};

} // namespace sightglass::test
