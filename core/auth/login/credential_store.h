// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/keychain.h"
#include "core/trace/records.h"

#include <QList>
#include <QObject>

#include <chrono>
#include <optional>

namespace sightglass {

/// What a secret belongs to. Strings to the letter, nothing is normalised.
struct CredentialKey {
    /// Identifier of the resource (RFC 8707, 2). Empty: a secret of the issuer alone, such as the
    /// registration of a client.
    QString resource;
    QString issuer; ///< of the authorisation server (RFC 8414, 2)
    QString client; ///< its client id; may be empty

    bool operator==(const CredentialKey &) const = default;
};

/// Where secrets are kept: in a keychain, or in memory alone where there is none. Nothing of them,
/// nor of their keys, goes anywhere else. A keychain cannot tell what it holds, so which secrets a
/// resource has stands in an entry of its own, in the keychain too.
///
/// Operations are done in the order in which they were asked for, and never block: what is asked is
/// answered later, by `then`, in the store's thread. `context` is whom the answer is for: with it
/// gone nobody is called.
///
/// A keychain that fails, is not opened, or does not answer in time is given up with one Failure
/// (`memoryOnly`), and everything goes on in memory: what this object has read and written so far
/// is still there. Nothing that it was asked for fails thereby. Should the keychain answer after
/// all, it is made to catch up (`persistentAgain`).
///
/// Two programs that write secrets of one resource in the same instant can lose the mention of one
/// of them, which list() and removeAll() then miss.
class CredentialStore : public QObject {
    Q_OBJECT
public:
    struct Limits {
        /// For the first answer: the system may ask the person for a password. Where nobody can be
        /// asked (no display) the program gives less.
        std::chrono::milliseconds firstAnswer = std::chrono::seconds(120);
        std::chrono::milliseconds answer = std::chrono::seconds(10); ///< for all later ones
        std::chrono::milliseconds notice = std::chrono::seconds(2); ///< until `waiting`
    };
    enum class Kept : quint8 {
        InKeychain, ///< it stands there, and was read again; or it is gone from there
        /// It goes when the program ends. What was to be removed may still stand in the keychain.
        InMemory,
    };

    /// Without a keychain in memory alone, of which nothing is said.
    explicit CredentialStore(std::unique_ptr<Keychain> keychain, QObject *parent = nullptr);
    CredentialStore(std::unique_ptr<Keychain> keychain, Limits limits, QObject *parent = nullptr);
    ~CredentialStore() override;

    void write(const CredentialKey &key, const QByteArray &secret, QObject *context,
               std::function<void(Kept)> then);
    /// Nothing where there is no such entry.
    void read(const CredentialKey &key, QObject *context,
              std::function<void(const std::optional<QByteArray> &)> then);
    /// What is not there is gone already.
    void remove(const CredentialKey &key, QObject *context, std::function<void(Kept)> then);
    /// Of a resource; of an empty one the secrets of issuers alone.
    void list(const QString &resource, QObject *context,
              std::function<void(const QList<CredentialKey> &)> then);
    /// All that list() tells of.
    void removeAll(const QString &resource, QObject *context, std::function<void(Kept)> then);

    /// When all that was asked for before is done.
    void whenDone(QObject *context, const std::function<void()> &then);

    /// Whether a secret that is written now outlives the program, as far as is known.
    bool isPersistent() const;
    /// Whether something that was asked for is not done yet: who ends the program waits for
    /// idle().
    bool isBusy() const;
    /// Does not wait any longer for the answer that is awaited.
    void giveUp();

Q_SIGNALS:
    /// The keychain is not used any more, and why: once, and again only after persistentAgain().
    void memoryOnly(const sightglass::Failure &why);
    void persistentAgain();
    /// The keychain takes its time; it may be asking for its password in a window of its own.
    /// giveUp() ends that.
    void waiting();
    /// All that was asked for is done.
    void idle();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
