// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab_world.h"

#include "core/lab/auth_secrets.h"
#include "core/lab/lab_task.h"
#include "core/lab/resources.h"

#include <algorithm>

namespace sightglass {

LabWorld::LabWorld(LabSettings settings, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_clock(this)
    , m_secret(labRandomBytes())
{
    setPlay(m_settings.play);
    connect(&m_clock, &QTimer::timeout, this, &LabWorld::tick);
}

void LabWorld::setPlay(const QStringList &ids, QString *problem)
{
    m_settings.play = ids;
    m_faults.setPlay(ids, problem);
    QList<QByteArray> chosen;
    for (const QByteArray &name : labRevisionNames()) {
        if (m_settings.revisions.isEmpty()
            || m_settings.revisions.contains(QString::fromLatin1(name)))
            chosen.append(name);
    }
    m_revisions = chosen;
    if (m_faults.needSessions()) {
        m_revisions.removeIf(
            [](const QByteArray &name) { return labRevisionNamed(name)->stateless; });
        // Where it speaks no other, such a fault has nothing to play on.
        if (m_revisions.isEmpty())
            m_revisions = chosen;
    }
}

bool LabWorld::speaks(QByteArrayView revision) const
{
    return std::any_of(m_revisions.begin(), m_revisions.end(),
                       [&](const QByteArray &name) { return name == revision; });
}

const LabRevision *LabWorld::withHandshake(QByteArrayView asked) const
{
    const LabRevision *revision = speaks(asked) ? labRevisionNamed(asked) : nullptr;
    return revision && !revision->stateless ? revision : labNewestWithHandshake(m_revisions);
}

const LabRevision *LabWorld::stateless() const
{
    const LabRevision *newest = nullptr;
    for (const LabRevision &revision : labRevisions()) {
        if (revision.stateless && speaks(revision.name))
            newest = &revision;
    }
    return newest;
}

bool LabWorld::offersHttpSse() const
{
    return std::any_of(m_revisions.begin(), m_revisions.end(),
                       [](const QByteArray &name) { return labRevisionNamed(name)->httpSse; });
}

bool LabWorld::offersStreamableHttp() const
{
    return std::any_of(m_revisions.begin(), m_revisions.end(), [](const QByteArray &name) {
        return labRevisionNamed(name)->streamableHttp;
    });
}

int LabWorld::add(List list)
{
    QList<Added> &entries = m_added[std::size_t(list)];
    if (entries.size() >= mostAdded)
        return 0;
    // Numbers begin anew when all are gone, so that names stay short.
    int &last = m_lastAdded[std::size_t(list)];
    last = entries.isEmpty() ? 1 : last + 1;
    entries.append(Added{last, 1});
    changed(list);
    return last;
}

int LabWorld::change(List list)
{
    QList<Added> &entries = m_added[std::size_t(list)];
    if (entries.isEmpty())
        return 0;
    ++entries.last().edition;
    changed(list);
    return entries.last().number;
}

int LabWorld::removeAdded(List list)
{
    const qsizetype removed = std::exchange(m_added[std::size_t(list)], {}).size();
    if (removed > 0)
        changed(list);
    return int(removed);
}

int LabWorld::removeLatest(List list)
{
    QList<Added> &entries = m_added[std::size_t(list)];
    if (entries.isEmpty())
        return 0;
    const int number = entries.takeLast().number;
    changed(list);
    return number;
}

void LabWorld::changed(List list)
{
    switch (list) {
    case List::Tools:
        Q_EMIT toolsChanged();
        break;
    case List::Prompts:
        Q_EMIT promptsChanged();
        break;
    case List::Resources:
        Q_EMIT resourcesChanged();
        break;
    }
}

void LabWorld::count()
{
    ++m_counter;
    Q_EMIT resourceUpdated(QLatin1String(labCounterUri));
}

void LabWorld::letClockTick(int times, int everyMs)
{
    m_ticksLeft = times;
    if (times > 0)
        m_clock.start(everyMs);
    else
        m_clock.stop();
}

void LabWorld::tick()
{
    ++m_seconds;
    if (--m_ticksLeft <= 0)
        m_clock.stop();
    Q_EMIT resourceUpdated(QLatin1String(labClockUri));
}

QString LabWorld::pageForConsent(const QString &id) const
{
    // Without HTTP there is no page: a name that is reserved for examples.
    const QByteArray origin = m_origin.isEmpty() ? QByteArray("https://lab.example.com") : m_origin;
    return QString::fromLatin1(origin) + QStringLiteral("/consent/") + id;
}

void LabWorld::openConsentPage(const QString &id)
{
    constexpr qsizetype most = 100;
    m_consents.removeAll(id);
    m_consents.append(id.left(100));
    if (m_consents.size() > most)
        m_consents.removeFirst();
    Q_EMIT consented(id);
}

LabTasks *LabWorld::tasks()
{
    if (!m_tasks)
        m_tasks = new LabTasks(this);
    return m_tasks;
}

} // namespace sightglass
