// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/otlp_exporter.h"
#include "core/filter/trace_filter.h"
#include "core/lab/lab.h"
#include "core/mcp/era.h"
#include "core/mcp/log_tail.h"
#include "core/mcp/session.h"
#include "core/trace/expected.h"
#include "core/trace/redaction.h"
#include "core/trace/trace_store.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <vector>

class QThread;

namespace sightglass {

class OtlpLive;
class TraceFileWriter;

/// What one window works with: a session in a thread of its own, the trace
/// that it writes, a lab where one was asked for, and the file that is being
/// recorded to. Or a recording that was opened, which is then what is shown.
///
/// Lives in the GUI thread and never waits for the network there. All traces
/// that it hands out stay valid until the next `traceChanged` was delivered.
class SessionController : public QObject {
    Q_OBJECT
public:
    /// Keeps log-ins in memory alone.
    explicit SessionController(QObject *parent = nullptr);
    /// Keeps them in a keychain, as far as there is one; see CredentialStore.
    explicit SessionController(std::unique_ptr<Keychain> keychain, QObject *parent = nullptr);
    /// Ends the session properly (DELETE), for which it waits a second at most.
    ~SessionController() override;

    // Commands to the session; see Session.

    /// Shows the live trace again where a recording was open.
    void connectTo(const ServerTarget &target);
    void disconnectFrom();
    void cancelAll();
    void listTools();
    void list(ListKind kind);
    Ticket callTool(const QString &name, const QByteArray &arguments, const QByteArray &task = {});
    Ticket request(const RpcCall &call, bool patient = false);
    Ticket requestBatch(const QByteArray &messages); ///< see Session
    void notify(const RpcCall &call);
    void reply(quint64 number, const ServerReply &reply);
    void setRoots(const QList<Root> &roots);
    void subscribe(const QString &uri, bool on);
    void setLogLevel(const QByteArray &level);
    void cancel(Ticket ticket);
    void reopenStream();
    void sendAgain(ExchangeId exchange);
    void sendEdited(const EditedRequest &edited);

    /// Something that the server asks the person by way of an answer (a task that needs input):
    /// it stands among the requests of the server until it is replied to, taken back, or the
    /// connection ends. Returns its number.
    quint64 ask(ServerRequest request, const std::function<void(const ServerReply &)> &onReply);
    /// It needs no answer any more, and why.
    void withdraw(quint64 number, const QString &why);

    // Logging in by OAuth; see Session. What runs for another server is ended by it.

    void logIn(const ServerTarget &target);
    void explore(const ServerTarget &target);
    void logOut(const ServerTarget &target);
    /// The settings hold for connecting from then on, too.
    void runOAuthAgain(OAuthStepKind from, bool alone, const OAuthSettings &settings);
    void refreshTokens();
    void expireTokens();
    void inspectTokens(); ///< `inspected` follows
    void cancelOAuth();
    void takeCallback(const QUrl &url);
    void answerOAuthQuestion(bool agreed);
    /// Its facts hold secrets: shown as fingerprints by redactor(), which knows them.
    const OAuthState &oauth() const { return m_oauth; }
    /// Secrets; to be taken apart for people, never to be kept.
    const TokenSet &tokens() const { return m_tokens; }

    /// Of the newest connectTo() or logIn().
    const ServerTarget &target() const { return m_target; }
    const SessionState &state() const { return m_state; }

    // The lab.

    /// Starts the built-in server (anew, with these settings); `labStarted` or `failed` follows.
    void startLab(const LabSettings &settings);
    bool isLabRunning() const { return m_lab != nullptr; }
    /// The target is the built-in server that runs now.
    bool isLab(const ServerTarget &target) const { return m_lab && target.url == m_labUrl; }
    /// Names of the faults that it plays from the next request on.
    void setLabPlay(const QStringList &ids);
    QStringList labPlay() const { return m_labSettings.play; }

    // What is shown.

    /// Never null.
    const TraceReader *trace() const;
    /// The same, for whoever needs it longer.
    std::shared_ptr<const TraceReader> sharedTrace() const;
    /// The clock of the live trace; empty for a recording.
    TraceClock clock() const;
    std::shared_ptr<const Redactor> redactor() const;
    /// Knows the secrets of the live session, whichever trace is shown: for what the server says of
    /// itself, which may repeat them.
    std::shared_ptr<const Redactor> liveRedactor() const { return m_redactor; }
    /// A text of the server's without what liveRedactor() knows.
    QString withoutSecrets(const QString &text) const;
    /// The same in a text of JSON.
    QByteArray withoutSecretsIn(const QByteArray &json) const;
    /// Begins a new trace. Ends the connection first, and takes it up again. What stood there is
    /// kept until the next time, for showCleared().
    void clearTrace();
    /// Shows the trace that clearTrace() put away, as a recording is shown.
    void showCleared();
    bool hasCleared() const { return m_cleared.trace != nullptr; }
    void forgetCleared();

    /// Writes a person's bookmark or note on a row into the trace that is shown (see row_notes.h).
    /// Of a recording that was opened they are kept in its file as well, soon after, beside the
    /// GUI's thread; where that can't be done, `failed` tells why.
    void noteRow(const QString &name, const QString &text, ExchangeId exchange);

    /// Reads a trace file, or HAR, beside the GUI thread; `traceChanged` or `failed` follows.
    void openRecording(const QString &path);
    void closeRecording();
    bool isRecordingShown() const { return m_recording.trace != nullptr; }
    /// What servers listed, by the answers in the recording that is shown; nothing for a live trace
    /// and one that was put away.
    const std::optional<QList<Listing>> &recordedLists() const { return m_recording.lists; }
    /// For a person: the file's name, or what else it is.
    QString recordingName() const { return m_recording.name; }
    /// Where it was opened; empty where it is no file.
    QString recordingPath() const { return m_recording.trace ? m_recording.source : QString(); }
    /// All of its file could be read.
    bool isRecordingWhole() const { return m_recording.source == m_recording.path; }
    bool isOpening() const { return m_opening != nullptr; }

    /// Writes the exchanges of the shown trace that match a filter to a file of their own, without
    /// secrets, beside the GUI's thread; `partSaved` or `failed` follows.
    void savePart(const QString &path, const TraceFilter &filter);

    /// Writes the live trace to a file, from its beginning and while it grows.
    void recordTo(const QString &path, bool withSecrets);
    void stopRecording();
    QString recordingTo() const; ///< empty: nothing is recorded

    /// Sends the live trace to a collector as spans, from its beginning and while it grows;
    /// nothing: not any more. What is left goes out beside.
    /// How much is kept of bodies, of this trace and those that come.
    void setTraceLimit(const TraceLimit &limit);
    const TraceLimit &traceLimit() const { return m_traceLimit; }
    void setSpans(const std::optional<OtlpTarget> &target);
    const std::optional<OtlpTarget> &spansTarget() const { return m_spansTarget; }

Q_SIGNALS:
    /// What became of the spans of the live trace.
    void spansChanged(const sightglass::OtlpDelivery &delivery);
    void stateChanged(const sightglass::SessionState &state);
    void toolsListed(const sightglass::ToolList &tools);
    void listed(const sightglass::Listing &listing);
    void serverRequested(const sightglass::ServerRequest &request);
    void serverRequestGone(quint64 number, const QString &why);
    /// Of the methods that a page listens for.
    void notified(const sightglass::Notice &notice);
    /// What the server logged since the last time, in a trace that began then. Secrets that it
    /// repeats stand in it: see withoutSecretsIn().
    void logged(const sightglass::LogTail::Taken &taken, const QDateTime &began);
    void callStarted(sightglass::Ticket ticket, sightglass::ExchangeId exchange);
    void callProgress(sightglass::Ticket ticket, const sightglass::Progress &progress);
    void callFinished(sightglass::Ticket ticket, const sightglass::CallResult &result);
    void sentAgain(sightglass::ExchangeId of, sightglass::ExchangeId exchange);
    /// The same while a recording is shown: it stands in the trace of the session.
    void sentFromRecording(sightglass::ExchangeId exchange);
    void oauthChanged(const sightglass::OAuthState &state);
    /// The tokens are gone; a Failure where the server did not revoke them.
    void loggedOut(const std::optional<sightglass::Failure> &failure, const QString &remark);
    void inspected(const sightglass::TokenInspection &found);
    /// Log-ins are kept in memory alone from now on, and why.
    void keychainLost(const sightglass::Failure &why);
    /// The system may be asking for its password in a window of its own.
    void keychainWaits();

    /// trace() is another one.
    void traceChanged();
    /// A new live trace began: calls of the old one have no end any more. `traceChanged` follows.
    void traceCleared();
    /// A recording could be read in part only, and why.
    void recordingWarning(const QString &text);
    void redactorChanged();
    void recordingToChanged();
    void partSaved(qint64 exchanges, const QString &path);
    /// A file is read. One that takes long is shown meanwhile, as far as it was read:
    /// traceChanged() comes then, and once more at the end.
    void openingChanged(bool opening);
    /// So much of it was read; bytes, or entries.
    void openingProgress(qint64 read, qint64 all);
    /// The lab listens. The target has its credentials, too.
    void labStarted(const sightglass::ServerTarget &target);
    /// A file, or the lab: what the session reports stands in its state.
    void failed(const sightglass::Failure &failure);

private:
    struct Line;
    struct Opening;
    /// See ask().
    struct Asked {
        ServerRequest request;
        std::function<void(const ServerReply &)> onReply;
    };
    /// A trace that is not written any more, but for a person's notes.
    struct Shown {
        std::shared_ptr<TraceStore> trace;
        std::shared_ptr<const Redactor> redactor; ///< null: the live one's
        QString name;
        std::optional<QList<Listing>> lists; ///< of a file
        QString source = {}; ///< the file, however much of it was read
        QString path = {}; ///< of a file that was read whole
        qint64 size = 0; ///< of that file
        qint64 keptNotes = 0; ///< notes that are in that file
    };

    std::unique_ptr<Line> makeLine();
    void tellOAuth(Line *line);
    void takeOAuth(const OAuthState &state, const TokenSet &tokens);
    void learnSecrets(const QList<QByteArray> &secrets);
    void learnSecretsOfAnswer(const QList<Header> &headers);
    void redactRecording();
    void openStore(std::unique_ptr<Keychain> keychain);
    /// Lets it write what it was given last, for which it waits a second at most.
    void closeStore();
    /// What is logged in to from now on.
    void arrange(const ServerTarget &target);
    void retire(std::unique_ptr<Line> line);
    void endLine(Line *line);
    void stopLab();
    void checkRecorder();
    void arrangeRecordings();
    void lookAtOpening();
    void showOpened();
    void endOpening();
    void keepNotes();
    void tookNotes(const Expected<qint64> &kept, qint64 count);
    void endKeeping();
    void followSpans();
    void retireSpans();
    /// The last ones go out, for which it waits a second at most.
    void endSpans();
    void learnSecrets(const ServerTarget &target);
    void dropAsked(const QString &why);
    /// A server may echo what it was sent: without known secrets.
    Failure clean(Failure failure) const;
    SessionState clean(SessionState state) const;
    ServerRequest clean(ServerRequest request) const;
    void takeLogs();
    /// Facts that are secrets stay: they are shown where that is asked for.
    OAuthState clean(OAuthState state) const;

    std::unique_ptr<CredentialStore> m_store;
    std::unique_ptr<TokenKeeper> m_keeper; ///< of the store; the sessions' own
    std::unique_ptr<Line> m_line;
    std::vector<std::unique_ptr<Line>> m_retired;
    ServerTarget m_target;
    SessionState m_state;
    OAuthState m_oauth;
    TokenSet m_tokens;
    TraceLimit m_traceLimit;
    QList<Root> m_roots; ///< also those of the next session
    std::map<quint64, Asked> m_asked; ///< by ask(), by number
    quint64 m_lastAsked = 0;
    std::shared_ptr<const Redactor> m_redactor;

    QThread *m_labThread = nullptr;
    Lab *m_lab = nullptr;
    LabSettings m_labSettings;
    QUrl m_labUrl;

    Shown m_recording;
    Shown m_cleared;
    std::shared_ptr<Opening> m_opening; ///< the file that is read; null: none is
    QElapsedTimer m_openingSince;
    QTimer m_openingLook; ///< at how far it is
    QTimer m_logTimer; ///< to take what the server logged
    QTimer m_recorderCheck;
    QTimer m_keepNotes; ///< while notes of a recording wait to be kept in its file
    QThread *m_keeping = nullptr; ///< writes them
    quint64 m_keepings = 0; ///< number of the newest, to know a late one by
    std::shared_ptr<std::optional<Expected<qint64>>> m_kept; ///< what came of it
    qint64 m_keptCount = 0; ///< of notes, then
    std::vector<std::pair<QThread *, std::shared_ptr<std::atomic<bool>>>>
        m_parts; ///< write parts, until they are told to stop
    std::optional<OtlpTarget> m_spansTarget;
    std::unique_ptr<OtlpLive> m_spans; ///< of the live trace
};

} // namespace sightglass
