// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/keychain.h"

#include <QMap>
#include <QObject>
#include <QPointer>
#include <QStringList>

namespace sightglass::test {

/// A keychain and what happens to it, which outlive the object that the store has.
struct Vault {
    QMap<QString, QByteArray> entries;
    QStringList asked; ///< "write credential […]", in order
    /// For the next requests, in order; afterwards all goes well.
    QList<Keychain::Answer> troubles;
    bool hangs = false;
    // And says that all went well.
    bool losesWrites = false;
    bool losesRemovals = false;
    int outstanding = 0;
    int mostOutstanding = 0;
    QList<std::function<void()>> hung; ///< what would be answered

    /// Answers what has been waiting.
    void wake()
    {
        hangs = false;
        const auto answers = std::exchange(hung, {});
        for (const auto &answer : answers)
            answer();
    }
};

class FakeKeychain final : public Keychain {
public:
    explicit FakeKeychain(Vault &vault)
        : m_vault(vault)
    {
    }
    void read(const QString &name, Answered answered) override
    {
        request(u"read ", name, std::move(answered), [this, name]() -> Answer {
            if (!m_vault.entries.contains(name))
                return {Keychain::Outcome::NotFound, {}, {}};
            return {Keychain::Outcome::Done, m_vault.entries.value(name), {}};
        });
    }
    void write(const QString &name, const QByteArray &value, Answered answered) override
    {
        request(u"write ", name, std::move(answered), [this, name, value]() -> Answer {
            if (!m_vault.losesWrites)
                m_vault.entries.insert(name, value);
            return {Keychain::Outcome::Done, {}, {}};
        });
    }
    void remove(const QString &name, Answered answered) override
    {
        request(u"remove ", name, std::move(answered), [this, name]() -> Answer {
            if (m_vault.losesRemovals)
                return {Keychain::Outcome::Done, {}, {}};
            return {m_vault.entries.remove(name) ? Outcome::Done : Outcome::NotFound, {}, {}};
        });
    }

private:
    void request(QStringView what, const QString &name, Answered answered,
                 std::function<Answer()> act)
    {
        m_vault.asked += what.toString() + name;
        m_vault.mostOutstanding = qMax(m_vault.mostOutstanding, ++m_vault.outstanding);
        const auto answer = [this, answered = std::move(answered), act = std::move(act)] {
            --m_vault.outstanding;
            answered(m_vault.troubles.isEmpty() ? act() : m_vault.troubles.takeFirst());
        };
        // Whoever answers may be deleted by the answer: the guard goes with this object.
        if (m_vault.hangs)
            m_vault.hung += [guard = QPointer(&m_alive), answer] {
                if (guard)
                    answer();
            };
        else
            QMetaObject::invokeMethod(&m_alive, answer, Qt::QueuedConnection);
    }

    Vault &m_vault;
    QObject m_alive;
};

} // namespace sightglass::test
