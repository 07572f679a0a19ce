// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/uri_template.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// RFC 6570, appendix A.
struct Operator {
    char16_t sign;
    const char *first;
    const char *separator;
    bool named;
    const char *ifEmpty;
    bool reserved; ///< reserved characters stay
};

constexpr Operator Operators[] = {
    {0, "", ",", false, "", false},     {u'+', "", ",", false, "", true},
    {u'#', "#", ",", false, "", true},  {u'.', ".", ".", false, "", false},
    {u'/', "/", "/", false, "", false}, {u';', ";", ";", true, "", false},
    {u'?', "?", "&", true, "=", false}, {u'&', "&", "&", true, "=", false},
};

const Operator *operatorOf(QChar sign)
{
    for (const Operator &one : Operators) {
        if (sign == QChar(one.sign))
            return &one;
    }
    return nullptr;
}

bool isLetterOrDigit(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
}

bool isHex(QChar c)
{
    return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
}

/// varname of RFC 6570, section 2.3.
bool isName(const QString &name)
{
    bool afterDot = true; // no dot at the beginning
    for (qsizetype i = 0; i < name.size(); ++i) {
        const QChar c = name.at(i);
        if (c == u'.') {
            if (afterDot)
                return false;
            afterDot = true;
            continue;
        }
        afterDot = false;
        if (c == u'%' && i + 2 < name.size() && isHex(name.at(i + 1)) && isHex(name.at(i + 2)))
            i += 2;
        else if (!isLetterOrDigit(c) && c != u'_')
            return false;
    }
    return !afterDot;
}

/// Percent-encodes what may not stand in a URI; escapes that are there stay if `reserved`.
QString encoded(const QString &text, bool reserved)
{
    const QByteArray keep = reserved ? ":/?#[]@!$&'()*+,;="_ba : QByteArray();
    if (!reserved)
        return QString::fromLatin1(text.toUtf8().toPercentEncoding(keep));
    QString out;
    qsizetype from = 0;
    for (qsizetype i = 0; i + 2 < text.size(); ++i) {
        if (text.at(i) != u'%' || !isHex(text.at(i + 1)) || !isHex(text.at(i + 2)))
            continue;
        out += QString::fromLatin1(text.mid(from, i - from).toUtf8().toPercentEncoding(keep));
        out += text.mid(i, 3);
        i += 2;
        from = i + 1;
    }
    return out + QString::fromLatin1(text.mid(from).toUtf8().toPercentEncoding(keep));
}

QString firstCharacters(const QString &text, int count)
{
    if (count == 0)
        return text;
    const QList<uint> points = text.toUcs4();
    if (points.size() <= count)
        return text;
    QString out;
    for (int i = 0; i < count; ++i) {
        const char32_t point = points.at(i);
        out += QString::fromUcs4(&point, 1);
    }
    return out;
}

} // namespace

bool UriTemplate::parseExpression(const QString &inner, Part *part)
{
    QString list = inner;
    if (!list.isEmpty() && !isLetterOrDigit(list.at(0)) && list.at(0) != u'_'
        && list.at(0) != u'%') {
        part->op = list.at(0);
        if (!operatorOf(part->op)) {
            m_problem = u"“{%1}” has an operator that RFC 6570 does not know."_s.arg(inner);
            return false;
        }
        list.remove(0, 1);
    }
    const QStringList specs = list.split(u',');
    for (const QString &spec : specs) {
        Variable variable{spec, 0};
        const qsizetype colon = spec.indexOf(u':');
        if (spec.endsWith(u'*')) {
            variable.name.chop(1);
        } else if (colon >= 0) {
            bool ok = false;
            variable.name = spec.left(colon);
            variable.prefix = spec.mid(colon + 1).toInt(&ok);
            if (!ok || variable.prefix < 1 || variable.prefix > 9999) {
                m_problem = u"“{%1}” has a prefix that is no number from 1 to 9999."_s.arg(inner);
                return false;
            }
        }
        if (!isName(variable.name)) {
            m_problem = u"“{%1}” names no variable."_s.arg(inner);
            return false;
        }
        part->variables.append(variable);
    }
    return true;
}

UriTemplate UriTemplate::parse(const QString &text)
{
    UriTemplate parsed;
    QString literal;
    auto endLiteral = [&] {
        if (!literal.isEmpty())
            parsed.m_parts.append({literal, {}, {}});
        literal.clear();
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == u'}')
            parsed.m_problem = u"A closing brace has no opening one."_s;
        if (c != u'{') {
            literal += c;
            continue;
        }
        const qsizetype end = text.indexOf(u'}', i);
        if (end < 0) {
            parsed.m_problem = u"An opening brace has no closing one."_s;
            literal += text.mid(i);
            break;
        }
        Part part;
        if (parsed.parseExpression(text.mid(i + 1, end - i - 1), &part)) {
            endLiteral();
            for (const Variable &variable : std::as_const(part.variables)) {
                if (!parsed.m_variables.contains(variable.name))
                    parsed.m_variables.append(variable.name);
            }
            parsed.m_parts.append(part);
        } else {
            literal += text.mid(i, end - i + 1);
        }
        i = end;
    }
    endLiteral();
    return parsed;
}

QString UriTemplate::expand(const QHash<QString, QString> &values) const
{
    QString uri;
    for (const Part &part : m_parts) {
        if (part.variables.isEmpty()) {
            uri += encoded(part.literal, true);
            continue;
        }
        const Operator &op = *operatorOf(part.op);
        bool first = true;
        for (const Variable &variable : part.variables) {
            const auto value = values.constFind(variable.name);
            if (value == values.constEnd())
                continue;
            uri += QLatin1String(first ? op.first : op.separator);
            first = false;
            if (op.named) {
                uri += variable.name;
                uri += value->isEmpty() ? QLatin1String(op.ifEmpty) : "="_L1;
            }
            uri += encoded(firstCharacters(*value, variable.prefix), op.reserved);
        }
    }
    return uri;
}

} // namespace sightglass
