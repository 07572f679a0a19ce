// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>

namespace sightglass {

/// A place that keeps secrets under names, and cannot tell which names it has.
///
/// One operation at a time is asked for. Each is answered once and later, never from within the
/// call; or never, where the keychain hangs. With the object gone nothing is answered any more.
class Keychain {
public:
    enum class Outcome : quint8 {
        Done,
        NotFound, ///< nothing stands there: also where it was to be removed
        Refused, ///< it is locked, and the person did not open it
        Failed, ///< there is none, or it broke
    };
    struct Answer {
        Outcome outcome = Outcome::Failed;
        QByteArray value; ///< what was read
        QString detail; ///< in the keychain's own words; may be empty
    };
    using Answered = std::function<void(const Answer &)>;

    virtual ~Keychain() = default;
    virtual void read(const QString &name, Answered answered) = 0;
    virtual void write(const QString &name, const QByteArray &value, Answered answered) = 0;
    virtual void remove(const QString &name, Answered answered) = 0;
};

/// The system's: a Secret Service (gnome-keyring, KeePassXC, …) or KWallet, by QtKeychain, which
/// chooses at the first operation; never a plain file. Where it is locked the system asks the
/// person for a password, for as long as that takes.
///
/// QtKeychain runs the operations of all objects of a process one after the other, in the thread
/// that was the first to use it: there is to be one thread for them all, with an event loop. Only
/// on KDE the first operation may block that, for half a second at most (QtKeychain 0.13 asks there
/// whether KWallet is running).
std::unique_ptr<Keychain> systemKeychain(const QString &service = QStringLiteral("sightglass"));

} // namespace sightglass
