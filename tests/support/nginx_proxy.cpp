// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/nginx_proxy.h"

#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QTcpSocket>

using namespace Qt::StringLiterals;

namespace sightglass::test {

namespace {

// Buffering is off: an event has to come when it was sent.
constexpr const char *configuration = R"(
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:%PORT% ssl http2;
        ssl_certificate leaf.pem;
        ssl_certificate_key leaf.key;
        location / {
            proxy_pass %SERVER%;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_buffering off;
            proxy_read_timeout 1h;
        }
    }
}
)";

} // namespace

bool NginxProxy::openssl(const QStringList &arguments)
{
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(u"openssl"_s, arguments);
    if (process.waitForFinished(30000) && process.exitCode() == 0)
        return true;
    m_problem = "openssl: " + process.errorString().toUtf8() + "\n" + process.readAll();
    return false;
}

bool NginxProxy::makeCertificates()
{
    const QStringList fresh{u"req"_s,    u"-x509"_s,    u"-newkey"_s,
                            u"ec"_s,     u"-pkeyopt"_s, u"ec_paramgen_curve:prime256v1"_s,
                            u"-nodes"_s, u"-days"_s,    u"2"_s};
    return openssl(fresh
                   + QStringList{u"-keyout"_s, u"ca.key"_s, u"-out"_s, u"ca.pem"_s, u"-subj"_s,
                                 u"/CN=Sightglass test authority"_s})
        && openssl(fresh
                   + QStringList{u"-CA"_s, u"ca.pem"_s, u"-CAkey"_s, u"ca.key"_s, u"-keyout"_s,
                                 u"leaf.key"_s, u"-out"_s, u"leaf.pem"_s, u"-subj"_s,
                                 u"/CN=Sightglass test server"_s, u"-addext"_s,
                                 u"subjectAltName=IP:127.0.0.1,DNS:localhost"_s, u"-addext"_s,
                                 u"basicConstraints=critical,CA:FALSE"_s});
}

bool NginxProxy::listens(quint16 port)
{
    QElapsedTimer timer;
    timer.start();
    while (m_nginx.isRunning() && timer.elapsed() < 10000) {
        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, port);
        if (socket.waitForConnected(1000))
            return true;
        m_nginx.waitForOutput(50);
    }
    return false;
}

bool NginxProxy::start(const QUrl &server)
{
    const QString program =
        QStandardPaths::findExecutable(u"nginx"_s, {u"/usr/sbin"_s, u"/usr/bin"_s});
    if (program.isEmpty()) {
        m_problem = "nginx is not installed; ./test.sh installs it";
        return false;
    }
    if (!makeCertificates())
        return false;
    // Between finding a free port and taking it another program may be quicker.
    for (int attempt = 0; attempt < 5; ++attempt) {
        const quint16 port = freePort();
        QFile file(m_folder.filePath(u"nginx.conf"_s));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate)) {
            m_problem = file.errorString().toUtf8();
            return false;
        }
        file.write(QByteArray(configuration)
                       .replace("%PORT%", QByteArray::number(port))
                       .replace("%SERVER%", server.adjusted(QUrl::RemovePath).toEncoded()));
        file.close();
        if (m_nginx.start(
                program, {u"-p"_s, m_folder.path(), u"-c"_s, u"nginx.conf"_s, u"-e"_s, u"stderr"_s})
            && listens(port)) {
            m_url = QUrl(u"https://127.0.0.1:%1%2"_s.arg(port).arg(server.path()));
            return true;
        }
        m_problem = m_nginx.output();
        m_nginx.kill();
    }
    return false;
}

} // namespace sightglass::test
