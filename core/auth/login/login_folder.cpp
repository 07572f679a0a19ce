// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/login_folder.h"

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLockFile>
#include <QStandardPaths>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr int PollMs = 20;

qint64 steadyMs()
{
    QElapsedTimer now;
    now.start();
    return now.msecsSinceReference();
}

} // namespace

LoginFolder::LoginFolder(QString path, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
{
    m_poll.setParent(this);
    m_poll.setInterval(PollMs);
    connect(&m_poll, &QTimer::timeout, this, &LoginFolder::look);
}

LoginFolder::~LoginFolder() = default;

QString LoginFolder::systemPath()
{
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return data.isEmpty() ? QString() : data + u"/sightglass/log-ins"_s;
}

QString LoginFolder::nameOf(const QString &resource) const
{
    const QByteArray digest =
        QCryptographicHash::hash(resource.toUtf8(), QCryptographicHash::Sha256);
    return QString::fromLatin1(digest.toHex().left(32));
}

QString LoginFolder::fileOf(const QString &name, const QString &kind) const
{
    return m_path + u'/' + name + kind;
}

bool LoginFolder::makeFolder() const
{
    if (m_path.isEmpty() || !QDir().mkpath(m_path))
        return false;
    // Which servers somebody uses is nobody else's business.
    return QFile::setPermissions(m_path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

bool LoginFolder::isMarked(const QString &resource) const
{
    const QString name = nameOf(resource);
    return m_marks.contains(name) || (!m_path.isEmpty() && QFile::exists(fileOf(name, u".kept"_s)));
}

void LoginFolder::mark(const QString &resource, bool forAll)
{
    const QString name = nameOf(resource);
    m_marks.insert(name);
    if (!forAll || !makeFolder())
        return;
    QFile file(fileOf(name, u".kept"_s));
    // With it missing the token is used once the server asks for one.
    [[maybe_unused]] const bool marked = file.open(QIODevice::WriteOnly);
}

void LoginFolder::unmark(const QString &resource)
{
    const QString name = nameOf(resource);
    m_marks.remove(name);
    if (!m_path.isEmpty())
        QFile::remove(fileOf(name, u".kept"_s));
}

void LoginFolder::lock(const QString &resource, QObject *context, Locked then)
{
    m_waiters.push_back({nameOf(resource), context, std::move(then), steadyMs()});
    // Never from within the call.
    QMetaObject::invokeMethod(this, &LoginFolder::look, Qt::QueuedConnection);
}

bool LoginFolder::take(const QString &name)
{
    if (m_held.count(name))
        return false;
    std::unique_ptr<QLockFile> file;
    if (makeFolder()) {
        // Nobody takes longer for a renewal, unless it hangs.
        constexpr int StaleMs = 120'000;
        file = std::make_unique<QLockFile>(fileOf(name, u".lock"_s));
        file->setStaleLockTime(StaleMs);
        if (!file->tryLock(0) && file->error() == QLockFile::LockFailedError)
            return false;
    }
    m_held[name] = std::move(file);
    return true;
}

void LoginFolder::look()
{
    const QPointer<LoginFolder> alive(this);
    const qint64 now = steadyMs();
    // Whoever is told may come back with other wishes.
    for (std::size_t i = 0; alive && i < m_waiters.size();) {
        const Waiter waiter = m_waiters[i];
        const bool gone = !waiter.context;
        const bool had = !gone && take(waiter.name);
        if (!gone && !had && now - waiter.since < m_patience.count()) {
            ++i;
            continue;
        }
        m_waiters.erase(m_waiters.begin() + std::ptrdiff_t(i));
        if (!gone)
            waiter.then(had);
    }
    if (!alive)
        return;
    if (m_waiters.empty())
        m_poll.stop();
    else if (!m_poll.isActive())
        m_poll.start();
}

void LoginFolder::unlock(const QString &resource)
{
    m_held.erase(nameOf(resource));
    if (!m_waiters.empty())
        QMetaObject::invokeMethod(this, &LoginFolder::look, Qt::QueuedConnection);
}

} // namespace sightglass
