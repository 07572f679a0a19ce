// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/keychain.h"

#include <QLibrary>
#include <QObject>

#include <qt6keychain/keychain.h>

#include <optional>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// What QtKeychain loads and does not ask for, though it is needed. Functions that are not there
/// are null: then there is none of that library's doing either.
class LoadedLibraries {
public:
    LoadedLibraries()
        : m_disconnect(resolved<Disconnect>(u"secret-1"_s, "secret_service_disconnect"))
        , m_bus(resolved<Bus>(u"gio-2.0"_s, "g_bus_get_sync"))
        , m_exitOnClose(resolved<ExitOnClose>(u"gio-2.0"_s, "g_dbus_connection_set_exit_on_close"))
        , m_unref(resolved<Unref>(u"gobject-2.0"_s, "g_object_unref"))
    {
    }

    /// libsecret holds on to its session with a service that has gone, and never asks the one that
    /// took its place. It has a way to begin anew.
    void forgetService() const
    {
        if (m_disconnect)
            m_disconnect();
    }

    /// GLib ends a program by SIGTERM when the message bus goes, unless it is told not to: with a
    /// desktop session would go what runs in a terminal beyond it. There is a connection already,
    /// so that this does not wait for one.
    void surviveBus() const
    {
        constexpr int SessionBus = 2; // G_BUS_TYPE_SESSION
        if (!m_bus || !m_exitOnClose || !m_unref)
            return;
        if (void *connection = m_bus(SessionBus, nullptr, nullptr)) {
            m_exitOnClose(connection, 0);
            m_unref(connection);
        }
    }

private:
    using Disconnect = void (*)();
    using Bus = void *(*)(int type, void *cancellable, void **error);
    using ExitOnClose = void (*)(void *connection, int exit);
    using Unref = void (*)(void *object);
    template <typename Function> static Function resolved(const QString &library, const char *name)
    {
        return reinterpret_cast<Function>(QLibrary::resolve(library, 0, name));
    }

    Disconnect m_disconnect;
    Bus m_bus;
    ExitOnClose m_exitOnClose;
    Unref m_unref;
};

class SystemKeychain final : public Keychain {
public:
    explicit SystemKeychain(QString service)
        : m_service(std::move(service))
    {
    }

    void read(const QString &name, Answered answered) override
    {
        auto *job = new QKeychain::ReadPasswordJob(m_service);
        start(job, name, std::move(answered));
    }

    void write(const QString &name, const QByteArray &value, Answered answered) override
    {
        auto *job = new QKeychain::WritePasswordJob(m_service);
        // KWallet would take a null array for a wish to remove. Always of one kind: text and binary
        // data of the same name would stand beside each other in a Secret Service.
        job->setBinaryData(value.isNull() ? QByteArray("") : value);
        start(job, name, std::move(answered));
    }

    void remove(const QString &name, Answered answered) override
    {
        auto *job = new QKeychain::DeletePasswordJob(m_service);
        start(job, name, std::move(answered));
    }

private:
    /// The job belongs to nobody and goes when it has finished: what QtKeychain has asked the
    /// system for comes back to it, and must find it there.
    void start(QKeychain::Job *job, const QString &name, Answered answered)
    {
        job->setAutoDelete(true);
        job->setInsecureFallback(false);
        job->setKey(name);
        QObject::connect(job, &QKeychain::Job::finished, &m_alive,
                         [this, answered = std::move(answered)](QKeychain::Job *finished) {
                             const Answer answer = answerOf(*finished);
                             if (!m_libraries)
                                 m_libraries.emplace();
                             if (answer.outcome == Outcome::Failed)
                                 m_libraries->forgetService();
                             else
                                 m_libraries->surviveBus();
                             answered(answer);
                         });
        job->start();
    }

    static Answer answerOf(const QKeychain::Job &job)
    {
        Answer answer{Outcome::Failed, {}, job.errorString()};
        switch (job.error()) {
        case QKeychain::NoError:
            answer.outcome = Outcome::Done;
            if (const auto *read = qobject_cast<const QKeychain::ReadPasswordJob *>(&job))
                answer.value = read->binaryData();
            break;
        case QKeychain::EntryNotFound:
            answer.outcome = Outcome::NotFound;
            break;
        case QKeychain::AccessDenied:
        case QKeychain::AccessDeniedByUser:
            answer.outcome = Outcome::Refused;
            break;
        case QKeychain::CouldNotDeleteEntry:
        case QKeychain::NoBackendAvailable:
        case QKeychain::NotImplemented:
        case QKeychain::OtherError:
            break;
        }
        return answer;
    }

    QString m_service;
    std::optional<LoadedLibraries> m_libraries; ///< loaded late: by now QtKeychain has done so
    QObject m_alive; ///< with it go the connections
};

} // namespace

std::unique_ptr<Keychain> systemKeychain(const QString &service)
{
    return std::make_unique<SystemKeychain>(service);
}

} // namespace sightglass
