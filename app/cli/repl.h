// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/client.h"
#include "app/cli/line_source.h"
#include "app/cli/session_words.h"

namespace sightglass::cli {

/// A session with one server: reads commands, a line each, and carries them
/// out one after the other. From a terminal lines are edited and completed; from a
/// pipe or a file they are taken as they come, and the first code that is not 0
/// becomes that of the whole.
class Repl final : public Client {
    Q_OBJECT
public:
    Repl(const Options &options, Output &output);
    ~Repl() override;

private:
    void begin() override;
    void onState(const SessionState &state) override;
    void onFailed(const Failure &failure) override;
    void onInterrupt(int signal) override;
    void onFinish() override;

    void ask();
    void take(const QString &line);
    void inputEnded();
    /// A command of sessions alone; false if it is none.
    bool takeOwn(const QStringList &words);
    void start(const QStringList &words);
    void actionEnded(int code);
    void failedWith(int code);
    void ended(int code);
    void wrong(const QString &sentence, const QString &advice);
    void fetchNames();
    void heard(const Notice &notice);

    void questionCame(int number);
    void printQuestions();
    void answer(const QStringList &words, const QString &line);
    void setRoots(const QStringList &uris);
    void printExchanges();
    void printHelp();

    const bool m_terminal;
    std::unique_ptr<LineSource> m_lines;
    SessionNames m_names;
    std::unique_ptr<Options> m_current; ///< of the command that runs; outlives its action
    std::unique_ptr<Action> m_action;
    std::optional<QString> m_held; ///< a line that came while a question was open
    bool m_connected = false; ///< there was a connection
    bool m_inputEnded = false;
    bool m_lost = false; ///< no connection; told
    int m_code = Done; ///< the first that was not Done
};

} // namespace sightglass::cli
