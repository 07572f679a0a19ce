// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/recording_input.h"

#include <QFile>
#include <QTemporaryFile>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// A recording is read from a file: what comes through a pipe is put into one of ours, which only
/// we can read and which goes with the program.
Expected<Recording> readFromStandardInput()
{
    constexpr qint64 Slice = 1024 * 1024;
    const auto failed = [](const QString &sentence) {
        return Failure{
            FailureKind::File, u"cannot-read"_s, sentence, u"Give the path of the file."_s, 0, {}};
    };
    QFile in;
    if (!in.open(stdin, QIODevice::ReadOnly))
        return failed(u"Standard input cannot be read: %1."_s.arg(in.errorString()));
    QTemporaryFile copy;
    if (!copy.open())
        return failed(u"Standard input cannot be kept in a file: %1."_s.arg(copy.errorString()));
    while (true) {
        const QByteArray bytes = in.read(Slice);
        if (bytes.isEmpty())
            break;
        if (copy.write(bytes) != bytes.size())
            return failed(
                u"Standard input cannot be kept in a file: %1."_s.arg(copy.errorString()));
    }
    if (in.error() != QFileDevice::NoError)
        return failed(u"Standard input cannot be read: %1."_s.arg(in.errorString()));
    if (!copy.flush())
        return failed(u"Standard input cannot be kept in a file: %1."_s.arg(copy.errorString()));
    Expected<Recording> recording = readTraceFile(copy.fileName());
    if (recording)
        return recording;
    Failure failure = recording.error();
    failure.sentence.replace(copy.fileName(), u"Standard input"_s);
    return failure;
}

} // namespace

Expected<Recording> readRecording(const QString &path)
{
    return path == "-"_L1 ? readFromStandardInput() : readTraceFile(path);
}

} // namespace sightglass::cli
