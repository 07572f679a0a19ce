// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/login/credential_store.h"

#include "core/auth/login/keychain_index.h"
#include "core/trace/trace_text.h"

#include <QHash>
#include <QPointer>
#include <QQueue>
#include <QTimer>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

enum class StoreTask : quint8 { Write, Read, Remove, List, RemoveAll, Nothing };

/// What was asked for, and whom to tell.
struct StoreOperation {
    StoreTask task = StoreTask::Read;
    CredentialKey key; ///< of List and RemoveAll the resource alone
    QByteArray secret;
    QPointer<QObject> context;
    std::function<void(CredentialStore::Kept)> kept = {};
    std::function<void(const std::optional<QByteArray> &)> found = {};
    std::function<void(const QList<CredentialKey> &)> listed = {};
};

struct RememberedSecret {
    CredentialKey key;
    QByteArray secret;
};

Failure lostKeychain(FailureKind kind, const char *code, const QString &why,
                     const QString &advice = {})
{
    return {kind,
            QString::fromLatin1(code),
            why + u", so logins are kept until the program ends, and not beyond."_s,
            advice,
            0,
            {}};
}

Failure lostKeychain(const Keychain::Answer &answer)
{
    if (answer.outcome == Keychain::Outcome::Refused)
        return lostKeychain(FailureKind::File, "keychain-locked",
                            u"The system's keychain is locked and was not opened"_s,
                            u"Unlock it, and start the program again."_s);
    QString why = u"No keychain of the system can be used"_s;
    if (!answer.detail.isEmpty())
        why += u" (%1)"_s.arg(markedText(answer.detail.left(300), LineEnds::Mark));
    return lostKeychain(FailureKind::File, "keychain-unavailable", why,
                        u"A Secret Service (such as gnome-keyring or KeePassXC) or KWallet has to "
                        "run in this session; for the former the library libsecret is needed."_s);
}

QString spanInWords(std::chrono::milliseconds span)
{
    return humanDuration(std::chrono::nanoseconds(span).count());
}

} // namespace

class CredentialStore::Private {
public:
    Private(CredentialStore *owner, std::unique_ptr<Keychain> chain, Limits given)
        : q(owner)
        , keychain(std::move(chain))
        , limits(given)
        , persistent(keychain != nullptr)
    {
        limit.setSingleShot(true);
        notice.setSingleShot(true);
        QObject::connect(&limit, &QTimer::timeout, q, [this] { stopWaiting(tookTooLong()); });
        QObject::connect(&notice, &QTimer::timeout, q, &CredentialStore::waiting);
    }

    void enqueue(const StoreOperation &operation);
    void stopWaiting(const Failure &why);

    CredentialStore *q;
    std::unique_ptr<Keychain> keychain;
    Limits limits;
    bool persistent;
    std::optional<StoreOperation> current;
    QQueue<StoreOperation> queue;
    bool scheduled = false;
    qint64 awaited = 0; ///< number of the request whose answer is waited for; 0: none

private:
    using Then = std::function<void(const Keychain::Answer &)>;
    enum class Ask : quint8 { Read, Write, Remove };

    // The keychain, one request at a time. `then` is called for what went well alone; all else ends
    // in lose().
    void ask(Ask what, const QString &name, const QByteArray &value, Then then, bool again = false);
    void answered(Ask what, const QString &name, const QByteArray &value, const Then &then,
                  bool again, const Keychain::Answer &answer);
    void answeredLate(const Keychain::Answer &answer);
    Failure tookTooLong() const;
    void lose(const Failure &why);

    // One operation at a time.
    void schedule();
    void runNext();
    void runInMemory();
    void runInKeychain();
    void writeEntry();
    void erase(const CredentialKey &key, const std::function<void()> &then);
    void removeEntry(const CredentialKey &key, const std::function<void()> &then);
    void removeEntries(QList<CredentialKey> keys);
    void remember(const CredentialKey &key, const QByteArray &secret);
    QList<CredentialKey> remembered(const QString &resource) const;
    void keepForLater(const StoreOperation &operation);
    void finish(Kept kept);
    void finish(const std::optional<QByteArray> &found);
    void finish(const QList<CredentialKey> &listed);

    QTimer limit{q}; ///< children, so that they go along to another thread
    QTimer notice{q};
    qint64 lastRequest = 0;
    /// It has read or written something: nobody has to be asked for a password. That it found
    /// nothing says nothing, for so does a locked one.
    bool open = false;
    QHash<QString, RememberedSecret> memory; ///< by entryName()
    QList<StoreOperation> unsaved; ///< changes that the keychain does not know of, in order
};

void CredentialStore::Private::ask(Ask what, const QString &name, const QByteArray &value,
                                   Then then, bool again)
{
    awaited = ++lastRequest;
    limit.start(open ? limits.answer : limits.firstAnswer);
    notice.start(limits.notice);
    const auto answer = [this, request = awaited, what, name, value, then = std::move(then),
                         again](const Keychain::Answer &given) {
        if (request == awaited)
            answered(what, name, value, then, again, given);
        else
            answeredLate(given);
    };
    switch (what) {
    case Ask::Read:
        keychain->read(name, answer);
        break;
    case Ask::Write:
        keychain->write(name, value, answer);
        break;
    case Ask::Remove:
        keychain->remove(name, answer);
        break;
    }
}

void CredentialStore::Private::answered(Ask what, const QString &name, const QByteArray &value,
                                        const Then &then, bool again,
                                        const Keychain::Answer &answer)
{
    using Outcome = Keychain::Outcome;
    awaited = 0;
    limit.stop();
    notice.stop();
    // Where there is nothing to write into, that is not found either.
    const bool good = answer.outcome == Outcome::Done
        || (answer.outcome == Outcome::NotFound && what != Ask::Write);
    if (good) {
        open = open || (answer.outcome == Outcome::Done && what != Ask::Remove);
        then(answer);
    } else if (answer.outcome == Outcome::Refused || again) {
        lose(lostKeychain(answer));
    } else {
        // A service that has just gone is started again by the next request.
        ask(what, name, value, then, true);
    }
}

void CredentialStore::Private::answeredLate(const Keychain::Answer &answer)
{
    const bool good =
        answer.outcome == Keychain::Outcome::Done || answer.outcome == Keychain::Outcome::NotFound;
    if (!good || persistent)
        return;
    persistent = true;
    while (!unsaved.isEmpty())
        queue.prepend(unsaved.takeLast());
    schedule();
    Q_EMIT q->persistentAgain();
}

Failure CredentialStore::Private::tookTooLong() const
{
    return lostKeychain(FailureKind::TimedOut, "keychain-silent",
                        u"The system's keychain did not answer within %1"_s.arg(
                            spanInWords(open ? limits.answer : limits.firstAnswer)),
                        u"It may be waiting for its password in a window of its own."_s);
}

void CredentialStore::Private::stopWaiting(const Failure &why)
{
    // The request goes on; its answer comes late, or never.
    awaited = 0;
    limit.stop();
    notice.stop();
    lose(why);
}

void CredentialStore::Private::lose(const Failure &why)
{
    const QPointer<CredentialStore> alive(q);
    persistent = false;
    Q_EMIT q->memoryOnly(why);
    if (alive)
        runInMemory();
}

void CredentialStore::Private::enqueue(const StoreOperation &operation)
{
    queue.enqueue(operation);
    schedule();
}

void CredentialStore::Private::schedule()
{
    if (scheduled)
        return;
    scheduled = true;
    QMetaObject::invokeMethod(
        q, [this] { runNext(); }, Qt::QueuedConnection);
}

void CredentialStore::Private::runNext()
{
    scheduled = false;
    if (current)
        return;
    if (queue.isEmpty()) {
        Q_EMIT q->idle();
        return;
    }
    current = queue.dequeue();
    if (persistent)
        runInKeychain();
    else
        runInMemory();
}

void CredentialStore::Private::remember(const CredentialKey &key, const QByteArray &secret)
{
    memory.insert(entryName(key), {key, secret});
}

QList<CredentialKey> CredentialStore::Private::remembered(const QString &resource) const
{
    QList<CredentialKey> keys;
    for (const RememberedSecret &one : memory) {
        if (one.key.resource == resource)
            keys.append(one.key);
    }
    return keys;
}

void CredentialStore::Private::keepForLater(const StoreOperation &operation)
{
    if (!keychain)
        return;
    // What it does away with need not be done before.
    unsaved.removeIf([&](const StoreOperation &before) {
        return operation.task == StoreTask::RemoveAll
            ? before.key.resource == operation.key.resource
            : before.task != StoreTask::RemoveAll && before.key == operation.key;
    });
    unsaved.append({operation.task, operation.key, operation.secret, {}});
}

void CredentialStore::Private::runInMemory()
{
    const StoreOperation operation = *current;
    switch (operation.task) {
    case StoreTask::Write:
        remember(operation.key, operation.secret);
        keepForLater(operation);
        finish(Kept::InMemory);
        break;
    case StoreTask::Read: {
        const auto found = memory.constFind(entryName(operation.key));
        finish(found == memory.constEnd() ? std::nullopt : std::optional(found->secret));
        break;
    }
    case StoreTask::Remove:
        memory.remove(entryName(operation.key));
        keepForLater(operation);
        finish(Kept::InMemory);
        break;
    case StoreTask::List:
        finish(remembered(operation.key.resource));
        break;
    case StoreTask::RemoveAll:
        for (const CredentialKey &key : remembered(operation.key.resource))
            memory.remove(entryName(key));
        keepForLater(operation);
        finish(Kept::InMemory);
        break;
    case StoreTask::Nothing:
        finish(Kept::InMemory);
        break;
    }
}

void CredentialStore::Private::runInKeychain()
{
    const CredentialKey &key = current->key;
    switch (current->task) {
    case StoreTask::Write:
        writeEntry();
        break;
    case StoreTask::Read:
        ask(Ask::Read, entryName(key), {}, [this](const Keychain::Answer &answer) {
            if (answer.outcome == Keychain::Outcome::NotFound) {
                memory.remove(entryName(current->key));
                finish(std::optional<QByteArray>());
            } else {
                remember(current->key, answer.value);
                finish(std::optional(answer.value));
            }
        });
        break;
    case StoreTask::Remove:
        removeEntry(key, [this] { finish(Kept::InKeychain); });
        break;
    case StoreTask::List:
        ask(Ask::Read, indexName(key.resource), {}, [this](const Keychain::Answer &answer) {
            finish(readIndex(answer.value, current->key.resource));
        });
        break;
    case StoreTask::RemoveAll:
        ask(Ask::Read, indexName(key.resource), {}, [this](const Keychain::Answer &answer) {
            QList<CredentialKey> keys = readIndex(answer.value, current->key.resource);
            for (const CredentialKey &one : remembered(current->key.resource)) {
                if (!keys.contains(one))
                    keys.append(one);
            }
            removeEntries(keys);
        });
        break;
    case StoreTask::Nothing:
        finish(Kept::InKeychain);
        break;
    }
}

void CredentialStore::Private::writeEntry()
{
    const auto write = [this] {
        const QString name = entryName(current->key);
        ask(Ask::Write, name, current->secret, [this, name](const Keychain::Answer &) {
            // There are backends that report no failure of a write.
            ask(Ask::Read, name, {}, [this](const Keychain::Answer &answer) {
                if (answer.value != current->secret) {
                    lose(lostKeychain({Keychain::Outcome::Failed,
                                       {},
                                       u"what is written there cannot be read again"_s}));
                    return;
                }
                remember(current->key, current->secret);
                finish(Kept::InKeychain);
            });
        });
    };
    // The mention comes first: one of what is not there does no harm, but what is not mentioned
    // could never be found again.
    const QString index = indexName(current->key.resource);
    ask(Ask::Read, index, {}, [this, index, write](const Keychain::Answer &answer) {
        QList<CredentialKey> keys = readIndex(answer.value, current->key.resource);
        if (keys.contains(current->key)) {
            write();
            return;
        }
        keys.append(current->key);
        ask(Ask::Write, index, indexText(keys), [write](const Keychain::Answer &) { write(); });
    });
}

void CredentialStore::Private::erase(const CredentialKey &key, const std::function<void()> &then)
{
    const QString name = entryName(key);
    ask(Ask::Remove, name, {}, [this, key, name, then](const Keychain::Answer &) {
        // Neither do all report that they could not remove.
        ask(Ask::Read, name, {}, [this, key, then](const Keychain::Answer &answer) {
            if (answer.outcome != Keychain::Outcome::NotFound) {
                lose(lostKeychain({Keychain::Outcome::Failed,
                                   {},
                                   u"what is removed from there can still be read"_s}));
                return;
            }
            memory.remove(entryName(key));
            then();
        });
    });
}

void CredentialStore::Private::removeEntry(const CredentialKey &key,
                                           const std::function<void()> &then)
{
    erase(key, [this, key, then] {
        const QString index = indexName(key.resource);
        ask(Ask::Read, index, {}, [this, key, index, then](const Keychain::Answer &answer) {
            QList<CredentialKey> keys = readIndex(answer.value, key.resource);
            const auto done = [then](const Keychain::Answer &) { then(); };
            if (!keys.removeOne(key))
                then();
            else if (keys.isEmpty())
                ask(Ask::Remove, index, {}, done);
            else
                ask(Ask::Write, index, indexText(keys), done);
        });
    });
}

void CredentialStore::Private::removeEntries(QList<CredentialKey> keys)
{
    if (keys.isEmpty()) {
        ask(Ask::Remove, indexName(current->key.resource), {},
            [this](const Keychain::Answer &) { finish(Kept::InKeychain); });
        return;
    }
    const CredentialKey key = keys.takeFirst();
    erase(key, [this, keys] { removeEntries(keys); });
}

// In each the answer comes last: whoever gets it may delete the store.

void CredentialStore::Private::finish(Kept kept)
{
    const StoreOperation done = *std::exchange(current, std::nullopt);
    schedule();
    if (done.context && done.kept)
        done.kept(kept);
}

void CredentialStore::Private::finish(const std::optional<QByteArray> &found)
{
    const StoreOperation done = *std::exchange(current, std::nullopt);
    schedule();
    if (done.context && done.found)
        done.found(found);
}

void CredentialStore::Private::finish(const QList<CredentialKey> &listed)
{
    const StoreOperation done = *std::exchange(current, std::nullopt);
    schedule();
    if (done.context && done.listed)
        done.listed(listed);
}

CredentialStore::CredentialStore(std::unique_ptr<Keychain> keychain, QObject *parent)
    : CredentialStore(std::move(keychain), Limits(), parent)
{
}

CredentialStore::CredentialStore(std::unique_ptr<Keychain> keychain, Limits limits, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, std::move(keychain), limits))
{
}

CredentialStore::~CredentialStore() = default;

void CredentialStore::write(const CredentialKey &key, const QByteArray &secret, QObject *context,
                            std::function<void(Kept)> then)
{
    d->enqueue({StoreTask::Write, key, secret, context, std::move(then)});
}

void CredentialStore::read(const CredentialKey &key, QObject *context,
                           std::function<void(const std::optional<QByteArray> &)> then)
{
    d->enqueue({StoreTask::Read, key, {}, context, {}, std::move(then)});
}

void CredentialStore::remove(const CredentialKey &key, QObject *context,
                             std::function<void(Kept)> then)
{
    d->enqueue({StoreTask::Remove, key, {}, context, std::move(then)});
}

void CredentialStore::list(const QString &resource, QObject *context,
                           std::function<void(const QList<CredentialKey> &)> then)
{
    d->enqueue({StoreTask::List, {resource, {}, {}}, {}, context, {}, {}, std::move(then)});
}

void CredentialStore::removeAll(const QString &resource, QObject *context,
                                std::function<void(Kept)> then)
{
    d->enqueue({StoreTask::RemoveAll, {resource, {}, {}}, {}, context, std::move(then)});
}

void CredentialStore::whenDone(QObject *context, const std::function<void()> &then)
{
    d->enqueue({StoreTask::Nothing, {}, {}, context, [then](Kept) { then(); }});
}

bool CredentialStore::isPersistent() const
{
    return d->persistent;
}

bool CredentialStore::isBusy() const
{
    return d->current || !d->queue.isEmpty();
}

void CredentialStore::giveUp()
{
    if (d->awaited)
        d->stopWaiting(lostKeychain(FailureKind::Cancelled, "keychain-given-up",
                                    u"The system's keychain was not waited for"_s));
}

} // namespace sightglass
