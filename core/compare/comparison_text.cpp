// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/compare/comparison_text.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass {

using namespace Qt::StringLiterals;
using Kind = RecordingDifference::Kind;

namespace {

/// What stands in a line of a value.
constexpr qsizetype MostShown = 160;

/// JSON on one line, shortened.
QString shown(const QByteArray &json)
{
    const JsonText parsed = JsonText::parse(json);
    QString text = QString::fromUtf8(parsed.isValid() ? parsed.compact() : json);
    if (text.size() > MostShown) {
        qsizetype cut = MostShown;
        if (text[cut].isLowSurrogate())
            --cut;
        text = text.left(cut) + u'…';
    }
    return text;
}

/// A word that we made ourselves, without its quotes.
QString word(const QByteArray &json)
{
    return JsonText::parse(json).string(0);
}

QString timesWords(const QByteArray &count)
{
    return count == "1" ? u"once"_s : QString::fromLatin1(count) + u" times"_s;
}

QString values(const RecordingDifference &difference, QString (*words)(const QByteArray &))
{
    switch (difference.kind) {
    case Kind::Added:
        return words(difference.right);
    case Kind::Removed:
        return words(difference.left);
    case Kind::Changed:
        break;
    }
    if (difference.left.isEmpty() && difference.right.isEmpty())
        return u"differs"_s;
    return words(difference.left) + u" → "_s + words(difference.right);
}

} // namespace

QString differenceSign(Kind kind)
{
    switch (kind) {
    case Kind::Added:
        return u"+"_s;
    case Kind::Removed:
        return u"-"_s;
    case Kind::Changed:
        break;
    }
    return u"~"_s;
}

QString differenceWords(const RecordingDifference &difference)
{
    const QString where = difference.pointer.isEmpty()
        ? difference.subject
        : difference.subject + u' ' + QString::fromUtf8(difference.pointer);
    switch (difference.area) {
    case ComparedArea::Requests:
        if (difference.pointer.isEmpty())
            return where + u": "_s + values(difference, timesWords);
        break;
    case ComparedArea::Findings:
    case ComparedArea::Timing:
    case ComparedArea::Credentials:
        return where + u": "_s + values(difference, word);
    case ComparedArea::Tools:
    case ComparedArea::Resources:
    case ComparedArea::Templates:
    case ComparedArea::Prompts:
        // A whole one: its name says enough.
        if (difference.pointer.isEmpty() && difference.kind != Kind::Changed)
            return where;
        break;
    default:
        break;
    }
    return where + u": "_s + values(difference, shown);
}

QString differencePlace(const RecordingDifference &difference)
{
    const QString left = QString::number(difference.leftExchange);
    const QString right = QString::number(difference.rightExchange);
    if (difference.leftExchange > 0 && difference.rightExchange > 0)
        return u"exchange %1 of the first, %2 of the second"_s.arg(left, right);
    if (difference.leftExchange > 0)
        return u"exchange %1 of the first"_s.arg(left);
    return difference.rightExchange > 0 ? u"exchange %1 of the second"_s.arg(right) : QString();
}

QString comparisonSummary(const RecordingComparison &comparison)
{
    if (comparison.ended)
        return u"The comparison was ended before its end."_s;
    const qsizetype counted = comparison.counted();
    if (counted == 0 && comparison.untold > 0)
        return u"There is no difference in what could be read of both."_s;
    if (counted == 0)
        return u"The recordings do not differ."_s;
    return counted == 1 ? u"1 difference."_s : u"%1 differences."_s.arg(counted);
}

QByteArray comparisonToJson(const RecordingComparison &comparison)
{
    JsonWriter writer;
    writer.beginObject();
    writer.key(u"same").value(comparison.isSame());
    if (comparison.untold > 0)
        writer.key(u"untold").value(qint64(comparison.untold));
    writer.key(u"differences").beginArray();
    for (const RecordingDifference &each : comparison.differences) {
        writer.beginObject();
        writer.key(u"area").raw('"' + comparedAreaName(each.area) + '"');
        writer.key(u"change").value(each.kind == Kind::Added         ? "added"
                                        : each.kind == Kind::Removed ? "removed"
                                                                     : "changed");
        writer.key(u"subject").value(each.subject);
        writer.key(u"pointer").value(QString::fromUtf8(each.pointer));
        const auto value = [&writer](QStringView key, const QByteArray &json) {
            if (!json.isEmpty())
                writer.key(key).raw(json);
        };
        value(u"left", each.left);
        value(u"right", each.right);
        if (each.leftExchange > 0)
            writer.key(u"leftExchange").value(qint64(each.leftExchange));
        if (each.rightExchange > 0)
            writer.key(u"rightExchange").value(qint64(each.rightExchange));
        writer.key(u"counts").value(each.counts);
        writer.endObject();
    }
    writer.endArray();
    writer.key(u"remarks").beginArray();
    for (const QString &remark : comparison.remarks)
        writer.value(remark);
    writer.endArray();
    writer.endObject();
    return writer.text();
}

} // namespace sightglass
