// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/keychain.h"

#include <QObject>

#include <qt6keychain/keychain.h>

namespace sightglass {

namespace {

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
                         [answered = std::move(answered)](QKeychain::Job *finished) {
                             answered(answerOf(*finished));
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
    QObject m_alive; ///< with it go the connections
};

} // namespace

std::unique_ptr<Keychain> systemKeychain(const QString &service)
{
    return std::make_unique<SystemKeychain>(service);
}

} // namespace sightglass
