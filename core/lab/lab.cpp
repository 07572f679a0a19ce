// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/lab.h"

#include "core/lab/lab_server.h"

#include <QMutex>
#include <QThread>

namespace sightglass {

class Lab::Private {
public:
    Private(const LabSettings &wanted, Lab *lab)
        : server(wanted, lab)
        , settings(wanted)
        , q(lab)
    {
    }

    /// Runs `work` in the lab's thread and waits for it.
    template <typename Work> void inOwnThread(Work work)
    {
        if (QThread::currentThread() == q->thread())
            work();
        else
            QMetaObject::invokeMethod(q, work, Qt::BlockingQueuedConnection);
    }

    QUrl url(const char *path) const
    {
        const QMutexLocker lock(&mutex);
        QUrl url;
        url.setScheme(speaksTls ? QStringLiteral("https") : QStringLiteral("http"));
        url.setHost(QStringLiteral("127.0.0.1"));
        url.setPort(port);
        url.setPath(QLatin1String(path));
        return url;
    }

    LabServer server;
    mutable QMutex mutex; ///< for what other threads read
    LabSettings settings;
    QUrl issuer;
    quint16 port = 0;
    bool speaksTls = false;
    Lab *q;
};

Lab::Lab(const LabSettings &settings, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(settings, this))
{
    connect(&d->server, &LabServer::log, this, &Lab::log);
}

Lab::~Lab() = default;

bool Lab::listen(QString *problem)
{
    bool listening = false;
    d->inOwnThread([&] {
        listening = d->server.listen(problem);
        const QMutexLocker lock(&d->mutex);
        d->port = listening ? d->server.port() : 0;
        d->speaksTls = d->server.speaksTls();
        d->issuer = QUrl(d->server.issuer());
    });
    return listening;
}

void Lab::close()
{
    d->inOwnThread([this] { d->server.close(); });
}

QUrl Lab::url() const
{
    return d->url(d->server.world().offersStreamableHttp() ? "/mcp" : "/sse");
}

QUrl Lab::sseUrl() const
{
    return d->url("/sse");
}

QUrl Lab::issuer() const
{
    const QMutexLocker lock(&d->mutex);
    return d->issuer;
}

LabSettings Lab::settings() const
{
    const QMutexLocker lock(&d->mutex);
    return d->settings;
}

void Lab::setPlay(const QStringList &ids)
{
    d->inOwnThread([&] {
        d->server.setPlay(ids);
        const QMutexLocker lock(&d->mutex);
        d->settings.play = ids;
        d->issuer = QUrl(d->server.issuer());
    });
}

} // namespace sightglass
