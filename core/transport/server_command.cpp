// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/transport/server_command.h"

#include "core/trace/secret_names.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

#include <utility>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

Failure usage(const QString &code, const QString &sentence, const QString &advice)
{
    return Failure{FailureKind::Usage, code, sentence, advice, 0, {}};
}

QString quoted(const QString &word)
{
    const auto isPlain = [](QChar c) {
        return c.isLetterOrNumber() || u"-_./:=@%+,~"_s.contains(c);
    };
    if (!word.isEmpty() && std::all_of(word.cbegin(), word.cend(), isPlain))
        return word;
    QString text = word;
    text.replace(u'\'', u"'\\''"_s);
    return u'\'' + text + u'\'';
}

/// "--api-key" of "--api-key=x" and of "--api-key", without the hyphens; empty: it is no option.
QString optionName(const QString &argument)
{
    qsizetype start = 0;
    while (start < argument.size() && argument.at(start) == u'-')
        ++start;
    return start > 0 ? argument.mid(start).section(u'=', 0, 0) : QString();
}

bool isSecretSetting(const QString &name)
{
    return isSecretSettingName(name.toUtf8());
}

/// What in a word by itself is a secret: of "TOKEN=x", "X-Api-Key: x", "scheme://user:x@host".
void takeSecretsOfWord(const QString &word, qsizetype argument, QList<CommandSecret> *secrets)
{
    const auto add = [&](qsizetype from, const QString &value) {
        if (!value.isEmpty())
            secrets->append({argument, word.left(from), value});
    };
    static const QRegularExpression password(u"://[^/?#@:\\s]*:([^/?#@\\s]+)@"_s);
    const QRegularExpressionMatch inUrl = password.match(word);
    if (inUrl.hasMatch())
        add(inUrl.capturedStart(1), inUrl.captured(1));
    static const QRegularExpression setting(u"^-*([A-Za-z0-9_.-]+)=(.*)$"_s,
                                            QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch set = setting.match(word);
    if (set.hasMatch() && isSecretSetting(set.captured(1)))
        add(set.capturedStart(2), set.captured(2));
    static const QRegularExpression header(u"^([A-Za-z0-9_-]+):\\s*(\\S.*)$"_s);
    const QRegularExpressionMatch line = header.match(word.section(u'=', -1));
    if (line.hasMatch() && isSecretHeaderName(line.captured(1).toUtf8())) {
        // A scheme before it is none of the secret.
        const QByteArray value = line.captured(2).toUtf8();
        const QString bare = QString::fromUtf8(value.mid(schemeLength(value)));
        add(word.size() - bare.size(), bare);
    }
}

} // namespace

QList<CommandSecret> secretsOf(const ServerCommand &command)
{
    QList<CommandSecret> secrets;
    for (const ServerCommand::Variable &variable : command.environment) {
        if (variable.value.isEmpty())
            continue;
        if (variable.secret || isSecretSetting(variable.name))
            secrets.append({-1, variable.name + u'=', variable.value});
        else
            takeSecretsOfWord(variable.value, -1, &secrets);
    }
    QString option; // the argument before, where its value is to follow
    for (qsizetype i = 0; i < command.arguments.size(); ++i) {
        const QString &argument = command.arguments.at(i);
        const QString before = std::exchange(option, QString());
        const QString name = optionName(argument);
        // A value may begin with a hyphen; "--token --verbose" is an option that wants none.
        if (!before.isEmpty() && !argument.isEmpty() && !argument.startsWith("--"_L1)
            && !isSecretSetting(name)) {
            secrets.append({i, before + u' ', argument});
            continue;
        }
        if (!name.isEmpty() && !argument.contains(u'=') && isSecretSetting(name))
            option = argument;
        else
            takeSecretsOfWord(argument, i, &secrets);
    }
    return secrets;
}

QString commandLine(const ServerCommand &command)
{
    QString line = quoted(command.program);
    for (const QString &argument : command.arguments)
        line += u' ' + quoted(argument);
    return line;
}

Expected<ServerCommand> parseCommandLine(const QString &line)
{
    QStringList words;
    QString word;
    bool inWord = false;
    QChar quote;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar c = line.at(i);
        if (!quote.isNull()) {
            if (c == quote) {
                quote = {};
            } else if (quote == u'"' && c == u'\\' && i + 1 < line.size()
                       && u"\\\"$`"_s.contains(line.at(i + 1))) {
                word += line.at(++i);
            } else {
                word += c;
            }
        } else if (c.isSpace()) {
            if (inWord)
                words.append(std::exchange(word, {}));
            inWord = false;
        } else {
            inWord = true;
            if (c == u'\'' || c == u'"')
                quote = c;
            else if (c == u'\\' && i + 1 < line.size())
                word += line.at(++i);
            else
                word += c;
        }
    }
    if (!quote.isNull()) {
        return usage(u"open-quote"_s,
                     u"The command has a quote %1 that is not closed."_s.arg(quote),
                     u"Close it, or put a backslash before it."_s);
    }
    if (inWord)
        words.append(word);
    if (words.isEmpty() || words.first().isEmpty()) {
        return usage(u"no-command"_s, u"No program was given."_s,
                     u"Give a program and its arguments, such as npx server-name."_s);
    }
    ServerCommand command;
    command.program = words.takeFirst();
    command.arguments = words;
    return command;
}

Expected<QString> findProgram(const ServerCommand &command)
{
    const QString shown = command.program.left(200);
    if (!command.workingFolder.isEmpty() && !QFileInfo(command.workingFolder).isDir()) {
        return usage(u"no-folder"_s,
                     u"The working folder %1 does not exist."_s.arg(command.workingFolder),
                     u"Correct the folder."_s);
    }
    if (!command.program.contains(u'/')) {
        const QString found = QStandardPaths::findExecutable(command.program);
        if (found.isEmpty()) {
            return usage(u"program-not-found"_s,
                         u"The program %1 was not found in any folder of PATH."_s.arg(shown),
                         u"Install it, or give its path."_s);
        }
        return found;
    }
    const QDir folder(command.workingFolder.isEmpty() ? QDir::currentPath()
                                                      : command.workingFolder);
    const QFileInfo file(folder.absoluteFilePath(command.program));
    if (!file.exists()) {
        return usage(u"program-not-found"_s, u"There is no file %1."_s.arg(shown),
                     u"Correct the path of the program."_s);
    }
    if (file.isDir()) {
        return usage(u"program-not-executable"_s, u"%1 is a folder, no program."_s.arg(shown),
                     u"Give the program's own path."_s);
    }
    if (!file.isExecutable()) {
        return usage(
            u"program-not-executable"_s, u"The file %1 is not allowed to be executed."_s.arg(shown),
            u"Make it executable (chmod +x), or start it by its interpreter, such as node or python3."_s);
    }
    return file.absoluteFilePath();
}

} // namespace sightglass
