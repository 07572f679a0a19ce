// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/openssl_server.h"

#include "tests/support/raw_server.h"

#include <QElapsedTimer>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace sightglass::test {

bool OpensslServer::start(const QString &certificate, const QStringList &more)
{
    const QString file = RawServer::certificateFile(certificate);
    if (!m_process.start(u"openssl"_s,
                         QStringList{u"s_server"_s, u"-accept"_s, u"127.0.0.1:0"_s, u"-www"_s,
                                     u"-cert"_s, file + u".pem"_s, u"-cert_chain"_s,
                                     file + u".pem"_s, u"-key"_s, file + u".key"_s}
                             + more))
        return false;
    static const QRegularExpression line(u"ACCEPT \\S+:(\\d+)"_s);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 10000) {
        const auto match = line.match(QString::fromUtf8(m_process.output()));
        if (match.hasMatch()) {
            m_port = match.captured(1).toUShort();
            return true;
        }
        if (!m_process.isRunning())
            break;
        m_process.waitForOutput(100);
    }
    return false;
}

QUrl OpensslServer::url() const
{
    return QUrl(u"https://127.0.0.1:%1/"_s.arg(m_port));
}

} // namespace sightglass::test
