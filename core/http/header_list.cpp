// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/header_list.h"

#include <algorithm>
#include <cstring>

namespace sightglass {

namespace {

bool isTokenCharacter(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return c != '\0' && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr;
}

QString shown(char c)
{
    switch (c) {
    case '\r':
        return QStringLiteral("a carriage return (CR)");
    case '\n':
        return QStringLiteral("a line feed (LF)");
    case '\0':
        return QStringLiteral("a NUL byte");
    case ' ':
        return QStringLiteral("a space");
    default:
        break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f)
        return QStringLiteral("'%1'").arg(QLatin1Char(c));
    return QStringLiteral("the byte 0x%1").arg(byte, 2, 16, QLatin1Char('0'));
}

QByteArrayView trimmed(QByteArrayView text)
{
    while (!text.isEmpty() && (text.front() == ' ' || text.front() == '\t'))
        text = text.sliced(1);
    while (!text.isEmpty() && (text.back() == ' ' || text.back() == '\t'))
        text.chop(1);
    return text;
}

Failure usage(const char *code, const QString &sentence)
{
    Failure failure;
    failure.kind = FailureKind::Usage;
    failure.code = QLatin1String(code);
    failure.sentence = sentence;
    failure.advice = QStringLiteral("Write the header as Name: value, on one line.");
    return failure;
}

} // namespace

HeaderList::HeaderList(QList<Header> lines)
    : m_lines(std::move(lines))
{
}

std::optional<HeaderProblem> HeaderList::check(QByteArrayView name, QByteArrayView value)
{
    if (name.isEmpty())
        return HeaderProblem{0, true, true, QStringLiteral("The header has no name.")};
    for (qsizetype i = 0; i < name.size(); ++i) {
        if (!isTokenCharacter(name[i])) {
            return HeaderProblem{
                i, true, true,
                QStringLiteral("A header name cannot contain %1 (character %2 of the name).")
                    .arg(shown(name[i]), QString::number(i + 1))};
        }
    }
    const QString header = QString::fromLatin1(name);
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (value[i] == '\r' || value[i] == '\n' || value[i] == '\0') {
            return HeaderProblem{
                i, false, true,
                QStringLiteral("The value of %1 contains %2 at character %3: it would end the "
                               "header there and cannot be sent.")
                    .arg(header, shown(value[i]), QString::number(i + 1))};
        }
    }
    for (qsizetype i = 0; i < value.size(); ++i) {
        const auto byte = static_cast<unsigned char>(value[i]);
        if (byte >= 0x7f || (byte < 0x20 && byte != '\t')) {
            return HeaderProblem{
                i, false, false,
                QStringLiteral("The value of %1 contains %2 at character %3, which is not ASCII "
                               "text: many servers refuse or garble it.")
                    .arg(header, shown(value[i]), QString::number(i + 1))};
        }
    }
    return {};
}

Expected<Header> HeaderList::parse(QByteArrayView line, HeaderSource source)
{
    const qsizetype colon = line.indexOf(':');
    if (colon < 0) {
        return usage("header-without-colon",
                     QStringLiteral("The header has no colon between name and value."));
    }
    Header header;
    header.name = trimmed(line.first(colon)).toByteArray();
    header.value = trimmed(line.sliced(colon + 1)).toByteArray();
    header.source = source;
    if (const auto problem = check(header.name, header.value); problem && problem->fatal)
        return usage("header-malformed", problem->sentence);
    return header;
}

void HeaderList::add(Header header)
{
    m_lines.append(std::move(header));
}

void HeaderList::add(QByteArrayView name, QByteArrayView value, HeaderSource source, bool secret)
{
    add(Header{name.toByteArray(), value.toByteArray(), source, secret});
}

void HeaderList::set(QByteArrayView name, QByteArrayView value, HeaderSource source, bool secret)
{
    Header header{name.toByteArray(), value.toByteArray(), source, secret};
    const auto same = [&header](const Header &line) {
        return sameHeaderName(line.name, header.name);
    };
    const auto first = std::find_if(m_lines.begin(), m_lines.end(), same);
    if (first == m_lines.end()) {
        m_lines.append(std::move(header));
        return;
    }
    const qsizetype place = std::distance(m_lines.begin(), first);
    m_lines.removeIf(same);
    m_lines.insert(place, std::move(header));
}

void HeaderList::remove(QByteArrayView name)
{
    m_lines.removeIf([name](const Header &line) { return sameHeaderName(line.name, name); });
}

bool HeaderList::contains(QByteArrayView name) const
{
    return std::any_of(m_lines.cbegin(), m_lines.cend(),
                       [name](const Header &line) { return sameHeaderName(line.name, name); });
}

QByteArray HeaderList::value(QByteArrayView name) const
{
    for (const Header &line : m_lines) {
        if (sameHeaderName(line.name, name))
            return line.value;
    }
    return {};
}

bool sameHeaderName(QByteArrayView a, QByteArrayView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

} // namespace sightglass
