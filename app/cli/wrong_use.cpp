// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/wrong_use.h"

#include "app/cli/similar_words.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

Failure usage(const QString &sentence, const QString &advice)
{
    return Failure{FailureKind::Usage, u"usage"_s, sentence, advice, 0, {}};
}

Failure wrongOption(const QCommandLineParser &parser, const QStringList &known,
                    const QString &advice)
{
    QString problem = parser.errorText();
    while (problem.endsWith(u'.'))
        problem.chop(1);
    QStringList meant;
    if (const QStringList unknown = parser.unknownOptionNames(); !unknown.isEmpty())
        meant = similarWords(unknown.first(), known);
    for (QString &option : meant)
        option.prepend(u"--"_s);
    return usage(problem + u'.', askWhetherMeant(meant) + advice);
}

Failure noCommand(const QString &word)
{
    QStringList known;
    for (const Command &command : commands())
        known << command.name;
    return usage(u"“%1” is no command."_s.arg(word),
                 askWhetherMeant(similarWords(word, known)) + u"See sightglass-cli --help."_s);
}

Failure wrongWords(const Command &command, const QStringList &arguments, QString use,
                   const QString &advice)
{
    if (command.heeds(u"args"))
        use += u" [--args JSON|@FILE|-]"_s;
    if (!use.endsWith(u'.'))
        use += u'.';
    const QString used = u"The command is used as: %1"_s.arg(use);
    if (arguments.size() <= command.most)
        return usage(used, advice);
    const QString extra = arguments.at(command.most);
    const bool json = extra.startsWith(u'{') || extra.startsWith(u'[');
    QString sentence = u"“%1” is one word too many. "_s.arg(extra.left(60));
    if (json && command.heeds(u"args"))
        sentence += u"JSON goes behind --args. "_s;
    return usage(sentence + used, advice);
}

} // namespace sightglass::cli
