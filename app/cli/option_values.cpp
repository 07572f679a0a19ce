// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/option_values.h"

#include "app/cli/wrong_use.h"

#include <QFile>
#include <QRegularExpression>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

Expected<QByteArray> variable(const QString &name)
{
    const QByteArray key = name.toLocal8Bit();
    if (!qEnvironmentVariableIsSet(key.constData()))
        return usage(u"The environment variable %1 is not set."_s.arg(name),
                     u"Set it, and export it."_s);
    return qgetenv(key.constData());
}

Expected<QByteArray> fileContents(const QString &path, bool trimEnd)
{
    const auto cannotRead = [&](const QString &why) {
        return Failure{
            FailureKind::File,
            u"cannot-read"_s,
            u"%1 cannot be read: %2."_s.arg(path == "-"_L1 ? u"Standard input"_s : path, why),
            u"Check the path."_s,
            0,
            {}};
    };
    if (path.isEmpty())
        return cannotRead(u"the name is empty"_s);
    QFile file(path);
    const bool opened =
        path == "-"_L1 ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!opened)
        return cannotRead(file.errorString());
    QByteArray bytes = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return cannotRead(file.errorString());
    if (trimEnd) {
        while (bytes.endsWith('\n') || bytes.endsWith('\r'))
            bytes.chop(1);
    }
    return bytes;
}

Expected<TraceLimit> readKeep(const QString &text)
{
    static const QRegularExpression form(u"^([0-9]{1,9})(KB|MB|GB)(,stop)?$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(text);
    TraceLimit limit;
    limit.bytes = match.captured(1).toLongLong();
    const QString unit = match.captured(2).toUpper();
    limit.bytes *= unit == "GB"_L1 ? 1'000'000'000 : unit == "MB"_L1 ? 1'000'000 : 1000;
    if (limit.bytes <= 0)
        return usage(u"--keep wants a size such as 500MB or 2GB, and perhaps ,stop behind it."_s);
    if (!match.captured(3).isEmpty())
        limit.beyond = TraceLimit::Beyond::Stop;
    return limit;
}

} // namespace sightglass::cli
