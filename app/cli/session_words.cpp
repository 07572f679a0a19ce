// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/session_words.h"

#include "app/cli/commands.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

bool isSpace(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\r' || c == u'\n';
}

/// Where the JSON value that begins at `from` ends: behind its last bracket, or with the line.
qsizetype jsonEnd(const QString &line, qsizetype from)
{
    int depth = 0;
    bool inString = false;
    for (qsizetype i = from; i < line.size(); ++i) {
        const QChar c = line.at(i);
        if (inString) {
            if (c == u'\\')
                ++i;
            else if (c == u'"')
                inString = false;
        } else if (c == u'"') {
            inString = true;
        } else if (c == u'{' || c == u'[') {
            ++depth;
        } else if ((c == u'}' || c == u']') && --depth == 0) {
            return i + 1;
        }
    }
    return line.size();
}

/// Names that the server chose and that would do more in a terminal than be read.
bool isPlain(const QString &word)
{
    return !word.isEmpty() && lineForTerminal(word) == word;
}

const QStringList &methods()
{
    static const QStringList names{u"completion/complete"_s,
                                   u"logging/setLevel"_s,
                                   u"notifications/cancelled"_s,
                                   u"notifications/roots/list_changed"_s,
                                   u"ping"_s,
                                   u"prompts/get"_s,
                                   u"prompts/list"_s,
                                   u"resources/list"_s,
                                   u"resources/read"_s,
                                   u"resources/subscribe"_s,
                                   u"resources/templates/list"_s,
                                   u"resources/unsubscribe"_s,
                                   u"server/discover"_s,
                                   u"tasks/cancel"_s,
                                   u"tasks/get"_s,
                                   u"tasks/list"_s,
                                   u"tasks/result"_s,
                                   u"tools/call"_s,
                                   u"tools/list"_s};
    return names;
}

QStringList commandNames()
{
    QStringList names;
    for (const Command &command : commands()) {
        if (command.action)
            names << command.name;
    }
    for (const auto &[use, does] : sessionCommands())
        names << use.section(u' ', 0, 0);
    return names;
}

/// What may stand at this place, unquoted.
QStringList wordsFor(const QStringList &before, const QString &partial, const SessionNames &names)
{
    if (before.isEmpty())
        return commandNames();
    const QString &name = before.first();
    if (before.last() == "--level"_L1)
        return {u"debug"_s, u"info"_s,     u"notice"_s, u"warning"_s,
                u"error"_s, u"critical"_s, u"alert"_s,  u"emergency"_s};
    const Command *command = commandNamed(name);
    if (command && command->action && partial.startsWith(u'-')) {
        QStringList options{u"--json"_s};
        for (const QLatin1StringView option : command->options.tokenize(u' '))
            options << u"--"_s + option;
        return options;
    }
    const qsizetype place = before.size();
    if (name == "subscribe"_L1)
        return names.resources;
    if (place == 2 && name == "tasks"_L1)
        return {};
    if (place != 1)
        return {};
    if (name == "call"_L1)
        return names.tools;
    if (name == "read"_L1)
        return names.resources;
    if (name == "prompt"_L1)
        return names.prompts;
    if (name == "complete"_L1) {
        QStringList words = names.templates;
        for (const QString &prompt : names.prompts)
            words << u"prompt:"_s + prompt;
        return words;
    }
    if (name == "tasks"_L1)
        return {u"list"_s, u"get"_s, u"result"_s, u"cancel"_s};
    if (name == "raw"_L1)
        return methods();
    return {};
}

} // namespace

Expected<QStringList> sessionWords(const QString &line)
{
    QStringList words;
    qsizetype i = 0;
    while (true) {
        while (i < line.size() && isSpace(line.at(i)))
            ++i;
        if (i >= line.size() || (words.isEmpty() && line.at(i) == u'#'))
            return words;
        if (line.at(i) == u'{' || line.at(i) == u'[') {
            const qsizetype end = jsonEnd(line, i);
            words << line.mid(i, end - i);
            i = end;
            continue;
        }
        QString word;
        QChar quote;
        for (; i < line.size() && (!quote.isNull() || !isSpace(line.at(i))); ++i) {
            const QChar c = line.at(i);
            if (!quote.isNull() && c == quote)
                quote = {};
            else if (quote.isNull() && (c == u'"' || c == u'\''))
                quote = c;
            else if (c == u'\\' && quote != u'\'' && i + 1 < line.size()
                     && (quote.isNull() || line.at(i + 1) == u'"' || line.at(i + 1) == u'\\'))
                word += line.at(++i);
            else
                word += c;
        }
        if (!quote.isNull()) {
            return Failure{FailureKind::Usage,
                           u"open-quote"_s,
                           u"A quote (%1) is not closed."_s.arg(quote),
                           u"Close it, or write a backslash before it."_s,
                           0,
                           {}};
        }
        words << word;
    }
}

QString quotedWord(const QString &word)
{
    const bool special = std::any_of(word.begin(), word.end(), [](QChar c) {
        return isSpace(c) || c == u'"' || c == u'\'' || c == u'\\';
    });
    const bool leading =
        word.startsWith(u'{') || word.startsWith(u'[') || word.startsWith(u'#') || word.isEmpty();
    if (!special && !leading)
        return word;
    return u'\'' + QString(word).replace(u'\'', u"'\\''"_s) + u'\'';
}

Proposal propose(const QString &before, const SessionNames &names)
{
    Proposal proposal;
    proposal.from = before.size();
    while (proposal.from > 0 && !isSpace(before.at(proposal.from - 1)))
        --proposal.from;
    const QString partial = before.mid(proposal.from);
    const Expected<QStringList> words = sessionWords(before.first(proposal.from));
    // Within quotes the word begins further to the left: it is typed to its end.
    if (!words)
        return proposal;
    for (const QString &word : wordsFor(*words, partial, names)) {
        const QString typed = quotedWord(word);
        if (isPlain(word) && (typed.startsWith(partial) || word.startsWith(partial)))
            proposal.words << typed;
    }
    proposal.words.sort();
    proposal.words.removeDuplicates();
    return proposal;
}

QList<std::pair<QString, QString>> sessionCommands()
{
    return {
        {u"asked"_s, u"what the server asks, and nobody answered yet"_s},
        {u"answer N JSON"_s, u"answer question N with this result"_s},
        {u"accept N [JSON]"_s, u"accept an elicitation, with this content"_s},
        {u"decline N"_s, u"decline it"_s},
        {u"cancel N"_s, u"cancel it"_s},
        {u"roots [URI...]"_s, u"the folders that servers are told of, or new ones"_s},
        {u"connect"_s, u"connect anew"_s},
        {u"exchanges"_s, u"all exchanges of the session so far"_s},
        {u"help"_s, u"this"_s},
        {u"exit"_s, u"end the session, as the end of the input does"_s},
    };
}

} // namespace sightglass::cli
