// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QSaveFile>

namespace sightglass {

/// Whether two paths lead to the same file, by whatever links; false where one leads to nothing.
bool isSameFile(const QString &one, const QString &other);
/// Whether a recording of ours stands there, of any version.
bool isRecordingFile(const QString &path);

/// A file that stands under its name as a whole or not at all: until commit(), what was there
/// before stays. Pipes, devices and folders are refused: a device would be replaced.
class WholeFile {
public:
    enum class Readers : quint8 {
        Owner, ///< as recordings: what went over a wire is nobody else's
        Usual, ///< whom the system lets read new files
    };
    explicit WholeFile(const QString &path, Readers readers = Readers::Owner);

    /// The functions fail where the file cannot be made, the disk is full, and so on; problem()
    /// then is the clause that says why.
    bool open();
    bool write(QByteArrayView bytes);
    bool commit();
    const QString &problem() const { return m_problem; }
    /// To write to, in large pieces: nothing is held back, so that each write tells of a full disk.
    QIODevice &device() { return m_file; }

private:
    bool fail(const QString &why);

    QSaveFile m_file;
    Readers m_readers;
    QString m_problem;
};

} // namespace sightglass
