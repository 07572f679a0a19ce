// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/repl.h"

#include "app/cli/edited_lines.h"
#include "app/cli/notice_json.h"
#include "app/cli/plain_lines.h"
#include "core/diagnose/refusal.h"
#include "core/trace/trace_text.h"

#include <csignal>
#include <unistd.h>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

Repl::Repl(const Options &options, Output &output)
    : Client(options, output)
    , m_terminal(isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
{
    if (m_terminal)
        m_lines =
            EditedLines::create([this](const QString &before) { return propose(before, m_names); });
    if (!m_lines)
        m_lines = std::make_unique<PlainLines>();
    output.setAside([this](bool aside) { m_lines->stepAside(aside); });
    connect(m_lines.get(), &LineSource::line, this, &Repl::take);
    connect(m_lines.get(), &LineSource::ended, this, &Repl::inputEnded);
    answerer().setPerson(true);
    connect(&answerer(), &Answerer::asked, this, &Repl::questionCame);
    connect(&answerer(), &Answerer::gone, this, [this](int number, const QString &why) {
        if (!why.isEmpty())
            this->output().note(u"question %1 needs no answer any more: %2"_s.arg(
                QString::number(number), lineForTerminal(why)));
        if (m_action && answerer().questions().isEmpty())
            m_lines->rest();
    });
    connect(&session(), &Session::notified, this, &Repl::heard);
    connect(&session(), &Session::toolsListed, this, [this](const ToolList &list) {
        m_names.tools.clear();
        for (const Tool &tool : list.tools)
            m_names.tools << tool.name;
    });
    connect(&session(), &Session::listed, this, [this](const Listing &listing) {
        QStringList names;
        for (const ListItem &item : listing.items)
            names << item.key();
        if (listing.kind == ListKind::Resources)
            m_names.resources = names;
        else if (listing.kind == ListKind::ResourceTemplates)
            m_names.templates = names;
        else if (listing.kind == ListKind::Prompts)
            m_names.prompts = names;
    });
}

Repl::~Repl()
{
    output().setAside({});
}

void Repl::begin()
{
    m_connected = true;
    const SessionState state = session().state();
    if (m_terminal) {
        const QString server =
            state.serverName.isEmpty() ? targetName(options().target) : state.serverName;
        output().note(
            u"%1 speaks %2. Type help for the commands, and Tab to complete a word."_s.arg(
                lineForTerminal(server + u' ' + state.serverVersion), state.revision));
        fetchNames();
    }
    ask();
}

void Repl::fetchNames()
{
    const QByteArray capabilities = session().state().capabilities;
    for (const ListKind kind :
         {ListKind::Tools, ListKind::Resources, ListKind::ResourceTemplates, ListKind::Prompts}) {
        if (offersList(capabilities, kind))
            session().list(kind);
    }
}

void Repl::onState(const SessionState &state)
{
    if (m_action)
        m_action->onState(state);
    if (state.phase == SessionPhase::Ready && m_lost) {
        m_lost = false;
        output().note(u"Connected."_s);
        if (m_terminal)
            fetchNames();
        ask();
    } else if (state.phase == SessionPhase::Idle && !m_lost) {
        onFailed(state.failure.value_or(Failure{FailureKind::Unreachable,
                                                u"connection-ended"_s,
                                                u"The connection has ended."_s,
                                                {},
                                                0,
                                                {}}));
    } else if (state.isProgram && state.stream.phase == StreamState::Phase::Ended && !m_lost) {
        m_lost = true;
        // Whatever is under way fails by itself, and says how it ended.
        const std::optional<Failure> &why =
            state.stream.failure ? state.stream.failure : state.failure;
        output().note(why && !m_action
                          ? u"%1 connect starts it anew."_s.arg(lineForTerminal(why->sentence))
                          : u"The program has ended; connect starts it anew."_s);
        failedWith(NotReached);
    }
}

void Repl::onFailed(const Failure &failure)
{
    // One may try again, once it was there at all.
    if (!m_connected) {
        fail(failure);
        return;
    }
    m_lost = true;
    failedWith(exitCode(failure));
    m_action.reset();
    tell(failure);
    output().note(u"connect connects anew."_s);
    ask();
}

void Repl::onInterrupt(int signal)
{
    if (signal != SIGINT || (!m_terminal && !m_action)) {
        Client::onInterrupt(signal);
        return;
    }
    interruptTaken();
    if (m_action) {
        output().note(u"Interrupted."_s);
        session().cancelAll();
        m_action->interrupt();
    } else {
        m_lines->discard();
    }
}

void Repl::onFinish()
{
    m_lines->rest();
    m_action.reset();
}

void Repl::ask()
{
    if (isFinishing())
        return;
    if (m_held) {
        const QString line = *std::exchange(m_held, {});
        take(line);
    } else if (m_inputEnded) {
        finish(m_code);
    } else {
        m_lines->ask(m_action ? u"answer> "_s : u"sightglass> "_s);
    }
}

void Repl::take(const QString &line)
{
    const QStringList plain = line.simplified().split(u' ');
    if (const QString &name = plain.first();
        name == "answer"_L1 || name == "accept"_L1 || name == "decline"_L1 || name == "cancel"_L1) {
        answer(plain, line);
        return;
    }
    const Expected<QStringList> words = sessionWords(line);
    if (!words) {
        output().error(words.error());
        ended(WrongUse);
        return;
    }
    if (words->isEmpty()) {
        ask();
        return;
    }
    if (takeOwn(*words))
        return;
    if (m_action) {
        if (m_terminal) {
            wrong(u"The command before has not ended: the server waits for an answer."_s,
                  u"answer, accept, decline or cancel answers it; Ctrl+C ends the command."_s);
            return;
        }
        // Nobody answers: the line is for afterwards.
        m_held = line;
        answerer().declineAll();
        return;
    }
    start(*words);
}

void Repl::inputEnded()
{
    m_inputEnded = true;
    answerer().setPerson(false);
    answerer().declineAll();
    if (!m_action)
        finish(m_code);
}

bool Repl::takeOwn(const QStringList &words)
{
    const QString &name = words.first();
    if (name == "exit"_L1 || name == "quit"_L1) {
        finish(m_code);
    } else if (name == "help"_L1) {
        printHelp();
        ask();
    } else if (name == "asked"_L1) {
        printQuestions();
        ask();
    } else if (name == "roots"_L1) {
        setRoots(words.mid(1));
        ask();
    } else if (name == "exchanges"_L1) {
        printExchanges();
        ask();
    } else if (name == "connect"_L1) {
        if (m_action) {
            wrong(u"The command before has not ended."_s, u"Ctrl+C ends it."_s);
        } else {
            m_lost = true;
            m_lines->rest();
            connectNow();
        }
    } else {
        return false;
    }
    return true;
}

void Repl::start(const QStringList &given)
{
    QStringList words = given;
    const Command *command = commandNamed(words.first());
    // JSON that is no option's value is the arguments.
    if (command && command->heeds(u"args") && !words.contains(u"--args"_s)) {
        const auto json = std::find_if(words.cbegin() + 1, words.cend(), [](const QString &word) {
            return word.startsWith(u'{') || word.startsWith(u'[');
        });
        if (json != words.cend())
            words.insert(json - words.cbegin(), u"--args"_s);
    }
    Expected<Options> parsed = parseSessionCommand(words, options());
    if (!parsed) {
        output().error(parsed.error());
        ended(WrongUse);
        return;
    }
    if (m_lost || session().state().phase != SessionPhase::Ready) {
        wrong(u"There is no connection."_s, u"connect connects anew."_s);
        return;
    }
    for (const QString &warning : parsed->warnings)
        output().note(u"note: "_s + warning);
    m_current = std::make_unique<Options>(std::move(*parsed));
    m_action = commandNamed(m_current->command)->action(place(*m_current));
    connect(m_action.get(), &Action::finished, this, &Repl::actionEnded);
    connect(m_action.get(), &Action::failed, this, [this](const Failure &failure) {
        tell(failure);
        actionEnded(exitCode(failure));
    });
    if (!m_current->level.isEmpty())
        session().setLogLevel(m_current->level);
    m_action->begin();
}

void Repl::actionEnded(int code)
{
    // Its own slots are on the stack.
    if (m_action) {
        m_action->disconnect(this);
        m_action.release()->deleteLater();
    }
    for (const QString &uri : session().state().subscriptions)
        session().subscribe(uri, false);
    QMetaObject::invokeMethod(
        this, [this, code] { ended(code); }, Qt::QueuedConnection);
}

void Repl::failedWith(int code)
{
    // Of a script, what went wrong first; a person has seen it.
    if (m_code == Done && !m_terminal)
        m_code = code;
}

void Repl::ended(int code)
{
    failedWith(code);
    if (output().ended()) {
        finish(m_code);
        return;
    }
    ask();
}

void Repl::wrong(const QString &sentence, const QString &advice)
{
    output().error(Failure{FailureKind::Usage, u"usage"_s, sentence, advice, 0, {}});
    ended(WrongUse);
}

void Repl::heard(const Notice &notice)
{
    // The command that runs prints what it waits for.
    if (m_current && m_action
        && (m_current->command == "logs"_L1 || m_current->command == "subscribe"_L1
            || m_current->command == "listen"_L1))
        return;
    output().note(noticeText(notice));
}

void Repl::questionCame(int number)
{
    for (const Answerer::Question &question : answerer().questions()) {
        if (question.number == number)
            output().note(u"question %1: %2 [exchange %3]"_s.arg(
                QString::number(number), questionText(question),
                QString::number(question.exchange)));
    }
    if (m_terminal) {
        output().note(u"asked prints all of it; answer %1 JSON, accept %1 [JSON], decline %1 or "
                      "cancel %1 answers it."_s.arg(number));
    }
    if (m_inputEnded)
        answerer().declineAll();
    else if (m_action)
        ask();
}

void Repl::printQuestions()
{
    const QList<Answerer::Question> questions = answerer().questions();
    if (questions.isEmpty())
        output().note(u"The server asks nothing."_s);
    for (const Answerer::Question &question : questions) {
        output().line(
            output().bold(u"%1  %2"_s.arg(QString::number(question.number),
                                          lineForTerminal(QString::fromUtf8(question.method)))));
        const JsonText params = JsonText::parse(question.params);
        if (params.isValid())
            output().line(forTerminal(QString::fromUtf8(params.indented())));
    }
}

void Repl::answer(const QStringList &words, const QString &line)
{
    const QList<Answerer::Question> questions = answerer().questions();
    bool numbered = false;
    int number = words.value(1).toInt(&numbered);
    if (!numbered && questions.size() == 1)
        number = questions.first().number;
    // As it was typed: its quotes are those of JSON.
    const QString json =
        line.trimmed().section(u' ', numbered ? 2 : 1, -1, QString::SectionSkipEmpty);
    const auto question = std::find_if(questions.cbegin(), questions.cend(),
                                       [number](const auto &one) { return one.number == number; });
    if (question == questions.cend()) {
        wrong(questions.isEmpty() ? u"The server asks nothing."_s
                                  : u"It is not said which question is answered."_s,
              u"asked lists the questions."_s);
        return;
    }
    const bool elicitation = question->method == "elicitation/create";
    QByteArray typed = json.toUtf8();
    if (words.first() == "decline"_L1 || words.first() == "cancel"_L1) {
        typed = jsonQuoted(words.first());
    } else if (words.first() == "accept"_L1) {
        if (!elicitation) {
            wrong(u"Only an elicitation can be accepted."_s, u"Use answer."_s);
            return;
        }
        if (!typed.isEmpty() && !JsonText::parse(typed).isValid()) {
            wrong(u"The content is no JSON."_s, u"Write it as {\"name\": value}."_s);
            return;
        }
        typed = typed.isEmpty() ? "{\"action\":\"accept\"}"_ba
                                : "{\"action\":\"accept\",\"content\":" + typed + '}';
    }
    // A text for sampling needs no quotes.
    if (!elicitation && !typed.startsWith('{') && !JsonText::parse(typed).isValid())
        typed = jsonQuoted(QString::fromUtf8(typed));
    const Expected<ServerReply> reply = replyFrom(question->method, typed);
    if (!reply) {
        output().error(reply.error());
        ended(WrongUse);
        return;
    }
    answerer().reply(number, *reply);
    if (!m_action || !answerer().questions().isEmpty())
        ask();
}

void Repl::setRoots(const QStringList &uris)
{
    if (!uris.isEmpty()) {
        QList<Root> roots;
        for (const QString &uri : uris)
            roots.append(Root{uri, {}});
        answerer().setRoots(roots);
    }
    for (const Root &root : answerer().roots())
        output().line(root.name.isEmpty() ? root.uri : root.uri + u"  "_s + root.name);
    if (answerer().roots().isEmpty())
        output().note(u"There are no roots."_s);
}

void Repl::printExchanges()
{
    output().result(traceToText(trace(), redactor(), explained));
}

void Repl::printHelp()
{
    constexpr int Column = 57;
    for (const Command &command : commands()) {
        if (!command.action)
            continue;
        QString use = QString(command.use).remove(u" TARGET"_s);
        for (const QLatin1StringView option : command.options.tokenize(u' ')) {
            if (option == "args"_L1)
                use += u" [JSON]"_s;
        }
        output().line(u"  "_s + use.leftJustified(Column) + command.does);
    }
    for (const auto &[use, does] : sessionCommands())
        output().line(u"  "_s + use.leftJustified(Column) + does);
    output().line(
        u"Each command takes --json, and the options that it has on the command line; # begins a comment."_s);
}

int runRepl(const Options &given, Output &output)
{
    // Somebody is there to be asked.
    Options options = given;
    options.target.offer.roots = true;
    options.target.offer.sampling = true;
    options.target.offer.elicitation = true;
    return Repl(options, output).run();
}

} // namespace sightglass::cli
