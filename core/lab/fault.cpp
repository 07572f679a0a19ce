// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/fault.h"

#include <QStringList>

#include <algorithm>

namespace sightglass {

namespace {

bool playsAt(const QByteArray &where, const FaultPlay &play)
{
    if (where.isEmpty() || where == play.http || (!play.rpc.isEmpty() && where == play.rpc))
        return true;
    return where == "request" && !play.rpc.isEmpty();
}

/// Methods of MCP other than these have a slash in their names.
bool isPlace(const QByteArray &where)
{
    static const QList<QByteArray> places{"GET", "POST", "DELETE", "request", "initialize", "ping"};
    return places.contains(where) || where.contains('/');
}

/// ID[:NUMBER][@WHERE]
std::optional<ActiveFault> parseEntry(const QString &entry)
{
    const qsizetype at = entry.indexOf(QLatin1Char('@'));
    const QString head = entry.left(at).trimmed();
    const qsizetype colon = head.indexOf(QLatin1Char(':'));
    const QByteArray id = head.left(colon).toUtf8();
    const QList<Fault> &faults = allFaults();
    const auto found = std::find_if(faults.begin(), faults.end(), [&](const Fault &fault) {
        return id.compare(fault.id, Qt::CaseInsensitive) == 0;
    });
    if (found == faults.end())
        return std::nullopt;
    ActiveFault active{&*found, found->number, found->where};
    if (colon >= 0) {
        bool ok = false;
        active.number = head.mid(colon + 1).toLongLong(&ok);
        if (!ok || active.number < 0)
            return std::nullopt;
    }
    if (at >= 0)
        active.where = entry.mid(at + 1).trimmed().toUtf8();
    if (at >= 0 && !isPlace(active.where))
        return std::nullopt;
    return active;
}

} // namespace

const QList<Fault> &allFaults()
{
    static const QList<Fault> faults = clientFaults() + accessFaults() + discoveryFaults()
        + registrationFaults() + tokenFaults() + replicaFaults() + pageFaults() + connectionFaults()
        + streamFaults() + jsonFaults() + rpcFaults() + inputFaults();
    return faults;
}

QList<LabFault> labFaults()
{
    QList<LabFault> list;
    for (const Fault &fault : allFaults()) {
        list.append({QString::fromUtf8(fault.id), QString::fromUtf8(fault.title),
                     QString::fromUtf8(fault.description)});
    }
    return list;
}

QString labPlayProblem(const QString &entry)
{
    if (parseEntry(entry))
        return {};
    const qsizetype at = entry.indexOf(QLatin1Char('@'));
    if (at >= 0 && parseEntry(entry.left(at))) {
        return QStringLiteral("The lab plays nothing at \"%1\": a place is GET, POST, DELETE, "
                              "request or a method such as tools/list.")
            .arg(entry.mid(at + 1).trimmed());
    }
    return QStringLiteral("The lab has no fault \"%1\". A fault is named by its id, such as AF-20, "
                          "AF-81:5 or truncated-json@tools/list.")
        .arg(entry.trimmed());
}

void LabFaults::setPlay(const QStringList &entries, QString *problem)
{
    m_active.clear();
    for (const QString &entry : entries) {
        if (entry.trimmed().isEmpty())
            continue;
        if (const std::optional<ActiveFault> active = parseEntry(entry)) {
            m_active.append(*active);
        } else if (problem) {
            *problem = labPlayProblem(entry);
        }
    }
}

bool LabFaults::plays(QByteArrayView id) const
{
    return std::any_of(m_active.begin(), m_active.end(),
                       [&](const ActiveFault &active) { return id == active.fault->id; });
}

bool LabFaults::demandsToken() const
{
    return std::any_of(m_active.begin(), m_active.end(),
                       [](const ActiveFault &active) { return active.fault->demandsToken; });
}

bool LabFaults::needsOAuth() const
{
    return std::any_of(m_active.begin(), m_active.end(),
                       [](const ActiveFault &active) { return active.fault->needsOAuth; });
}

bool LabFaults::speaksTls() const
{
    return std::any_of(m_active.begin(), m_active.end(),
                       [](const ActiveFault &active) { return active.fault->speaksTls; });
}

bool LabFaults::needSessions() const
{
    static const QList<QByteArray> places{"GET", "DELETE", "initialize",
                                          "notifications/initialized"};
    return std::any_of(m_active.begin(), m_active.end(), [](const ActiveFault &active) {
        return active.fault->ofSessions || places.contains(active.where);
    });
}

QList<ActiveFault> LabFaults::at(const FaultPlay &play) const
{
    QList<ActiveFault> playing;
    for (const ActiveFault &active : m_active) {
        if (playsAt(active.where, play))
            playing.append(active);
    }
    return playing;
}

} // namespace sightglass
