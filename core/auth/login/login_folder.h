// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QPointer>
#include <QSet>
#include <QString>
#include <QTimer>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <vector>

class QLockFile;

namespace sightglass {

/// What programs that keep log-ins tell each other in a folder of files: of which servers something
/// is kept, so that no keychain is opened for all the others; and who renews the tokens of one, so
/// that a refresh token is not used by two at once (an authorisation server that rotates them ends
/// the whole log-in then: OAuth 2.1, 4.3.1).
///
/// A file is named after a digest of the resource's identifier, and nothing of it stands within.
/// Where no folder can be had, this is known within the object alone.
class LoginFolder : public QObject {
    Q_OBJECT
public:
    /// Empty: no folder.
    explicit LoginFolder(QString path, QObject *parent = nullptr);
    ~LoginFolder() override;
    /// The person's, for all programs of ours.
    static QString systemPath();

    bool isMarked(const QString &resource) const;
    /// `forAll`: what is kept can be read by other programs too.
    void mark(const QString &resource, bool forAll);
    void unmark(const QString &resource);

    using Locked = std::function<void(bool)>;
    /// Calls back later, once: true when nobody else has it, false where that took longer than
    /// `patience`. `context` is whom it is for; with it gone nobody has it. A holder that died has
    /// it no longer.
    void lock(const QString &resource, QObject *context, Locked then);
    void unlock(const QString &resource);
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

private:
    struct Waiter {
        QString name;
        QPointer<QObject> context;
        Locked then;
        qint64 since = 0; ///< milliseconds
    };
    QString nameOf(const QString &resource) const;
    QString fileOf(const QString &name, const QString &kind) const;
    bool makeFolder() const;
    bool take(const QString &name);
    void look();

    QString m_path;
    QSet<QString> m_marks;
    std::map<QString, std::unique_ptr<QLockFile>> m_held; ///< null where there is no folder
    std::vector<Waiter> m_waiters;
    QTimer m_poll;
    std::chrono::milliseconds m_patience = std::chrono::seconds(30);
};

} // namespace sightglass
