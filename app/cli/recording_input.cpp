// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/recording_input.h"

#include "core/export/har_reader.h"

#include <QFile>
#include <QFileInfo>
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
    Expected<Recording> recording = readAnyRecording(copy.fileName());
    if (recording)
        return recording;
    Failure failure = recording.error();
    failure.sentence.replace(copy.fileName(), u"Standard input"_s);
    return failure;
}

} // namespace

Expected<Recording> readRecording(const QString &path)
{
    return path == "-"_L1 ? readFromStandardInput() : readAnyRecording(path);
}

bool isRecordingPath(const QString &given)
{
    if (given.contains("://"_L1))
        return false;
    const QFileInfo file(given);
    return given == "-"_L1 || file.exists() || given.startsWith(u'/') || given.startsWith(u'.')
        || file.suffix() == "sgtrace"_L1 || file.suffix() == "trace"_L1
        || file.suffix() == "har"_L1;
}

} // namespace sightglass::cli
