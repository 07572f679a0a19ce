// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/filter_docs.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// "body/…", with what follows the name.
QString keyText(const FilterKey &key)
{
    switch (key.argument) {
    case FilterKey::Argument::None:
        return key.name;
    case FilterKey::Argument::Header:
        return key.name + u"NAME"_s;
    case FilterKey::Argument::Pointer:
        return key.name + u"POINTER"_s;
    }
    return key.name;
}

/// Words behind `head`, in lines of at most 80 columns that begin behind `indent` columns.
QString hanging(const QString &head, const QString &text, qsizetype indent)
{
    constexpr qsizetype Columns = 80;
    QString lines;
    QString line = head.leftJustified(indent);
    if (head.size() >= indent) {
        lines = head + u'\n';
        line = QString(indent, u' ');
    }
    bool first = true;
    for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
        if (!first && line.size() + word.size() + 1 > Columns) {
            lines += line + u'\n';
            line = QString(indent, u' ');
            first = true;
        }
        line += first ? word : u' ' + word;
        first = false;
    }
    return lines + line + u'\n';
}

/// Plain text for man(7).
QString manText(QString text)
{
    text.replace(u'\\', "\\e"_L1);
    text.replace(u'-', "\\-"_L1);
    text.replace(u'…', "..."_L1);
    text.replace(u'“', "\\(lq"_L1);
    text.replace(u'”', "\\(rq"_L1);
    if (text.startsWith(u'.') || text.startsWith(u'\''))
        text.prepend("\\&"_L1);
    return text;
}

/// An argument of a macro of man(7).
QString manArgument(const QString &text)
{
    return u'"' + manText(text).replace(u'"', "\\(dq"_L1) + u'"';
}

/// Within a table a bar ends a cell, also between backticks.
QString codeCell(QString text)
{
    return u'`' + text.replace(u'|', "\\|"_L1) + u'`';
}

/// Words of a cell: nothing in them is Markdown.
QString cell(QString text)
{
    text.replace(u'\\', "\\\\"_L1).replace(u'*', "\\*"_L1).replace(u'<', "\\<"_L1);
    return text.replace(u'|', "\\|"_L1);
}

} // namespace

QString filterHelpText()
{
    QString text = u"Filters\n"_s;
    for (const FilterRule &rule : filterRules())
        text += hanging(u"  "_s + rule.writing, rule.meaning, 22);
    text += u"\nKeys of filters\n"_s;
    for (const FilterKey &key : filterKeys())
        text += hanging(u"  "_s + keyText(key),
                        u"%1 (%2): %3"_s.arg(key.description, key.values, key.example), 22);
    return text;
}

QString filterManText()
{
    QString text;
    for (const FilterRule &rule : filterRules())
        text += u".TP\n.B %1\n%2.\n"_s.arg(manArgument(rule.writing), manText(rule.meaning));
    text += u".PP\nThe keys:\n"_s;
    for (const FilterKey &key : filterKeys()) {
        text += u".TP\n.B %1\n%2: %3.\n.br\n.I %4\n"_s.arg(
            manArgument(keyText(key)), manText(key.description), manText(key.values),
            manArgument(key.example));
    }
    return text;
}

QString filterMarkdown()
{
    QString text = u"| one writes | it means |\n|---|---|\n"_s;
    for (const FilterRule &rule : filterRules())
        text += u"| %1 | %2 |\n"_s.arg(codeCell(rule.writing), cell(rule.meaning));
    text += u"\n| key | what it is | values | for example |\n|---|---|---|---|\n"_s;
    for (const FilterKey &key : filterKeys()) {
        text += u"| %1 | %2 | %3 | %4 |\n"_s.arg(codeCell(keyText(key)), cell(key.description),
                                                 cell(key.values), codeCell(key.example));
    }
    return text;
}

} // namespace sightglass
