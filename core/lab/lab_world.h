// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/fault.h"
#include "core/lab/lab_revision.h"

#include <QObject>
#include <QStringList>
#include <QTimer>

#include <array>

namespace sightglass {

class LabTasks;

/// What all clients of one lab share: its settings, the faults that play, and all that can change:
/// entries that come into the lists and leave them, and resources with a life of their own.
class LabWorld : public QObject {
    Q_OBJECT
public:
    explicit LabWorld(LabSettings settings, QObject *parent = nullptr);

    const LabSettings &settings() const { return m_settings; }
    /// Unknown ids are told by `problem`.
    void setPlay(const QStringList &ids, QString *problem = nullptr);
    const LabFaults &faults() const { return m_faults; }

    /// Those of the settings, oldest first.
    const QList<QByteArray> &revisions() const { return m_revisions; }
    bool speaks(QByteArrayView revision) const;
    /// The one that is asked for, where it begins with a handshake; else the newest that does. Null
    /// if the lab speaks none.
    const LabRevision *withHandshake(QByteArrayView asked) const;
    /// The newest that needs none; null if the lab speaks none.
    const LabRevision *stateless() const;

    bool offersHttpSse() const;
    bool offersStreamableHttp() const;

    /// The lists that can change.
    enum class List : quint8 { Tools, Prompts, Resources };
    static constexpr int mostAdded = 50;
    /// Entries that came in while the lab was running, each with the number of its edition.
    struct Added {
        int number = 0;
        int edition = 1;
    };
    const QList<Added> &added(List list) const { return m_added[std::size_t(list)]; }
    /// Number of the new entry; 0: there are too many.
    int add(List list);
    /// The latest one changes; 0: there is none.
    int change(List list);
    /// Takes all of them out; how many those were.
    int removeAdded(List list);
    /// Takes the latest one out; 0: there is none.
    int removeLatest(List list);

    // Resources with a life of their own.
    int counter() const { return m_counter; }
    void count();
    int seconds() const { return m_seconds; }
    /// The clock ticks as often, and no more after that.
    void letClockTick(int times, int everyMs);

    /// Tasks of clients that have no session.
    LabTasks *tasks();
    /// Where the lab is reached by HTTP, if it is: for pages of its own.
    void setOrigin(const QByteArray &origin) { m_origin = origin; }
    /// URL of a page on which a person consents to something.
    QString pageForConsent(const QString &id) const;
    /// The page was opened.
    void openConsentPage(const QString &id);
    /// It was opened before.
    bool hasConsent(const QString &id) const { return m_consents.contains(id); }
    /// For what is handed to clients and must come back unchanged.
    const QByteArray &secret() const { return m_secret; }

Q_SIGNALS:
    void toolsChanged();
    void promptsChanged();
    void resourcesChanged();
    void resourceUpdated(const QString &uri);
    void consented(const QString &id);

private:
    void changed(List list);
    void tick();

    LabSettings m_settings;
    LabFaults m_faults;
    QList<QByteArray> m_revisions;
    std::array<QList<Added>, 3> m_added;
    std::array<int, 3> m_lastAdded{};
    int m_counter = 0;
    int m_seconds = 0;
    int m_ticksLeft = 0;
    QTimer m_clock;
    LabTasks *m_tasks = nullptr;
    QByteArray m_secret;
    QByteArray m_origin;
    QStringList m_consents; ///< the latest
};

} // namespace sightglass
