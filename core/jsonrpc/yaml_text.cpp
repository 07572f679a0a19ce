// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/jsonrpc/yaml_text.h"

#include <QSet>
#include <QStringList>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr int MostDepth = 100;

qsizetype indentOf(const QString &line)
{
    qsizetype indent = 0;
    while (indent < line.size() && line.at(indent) == u' ')
        ++indent;
    return indent;
}

bool isBlankOrComment(const QString &line, qsizetype from = 0)
{
    while (from < line.size() && line.at(from).isSpace())
        ++from;
    return from == line.size() || line.at(from) == u'#';
}

bool endsWord(const QString &line, qsizetype at)
{
    return at >= line.size() || line.at(at) == u' ' || line.at(at) == u'\t';
}

bool isItem(const QString &line, qsizetype at)
{
    return at < line.size() && line.at(at) == u'-' && endsWord(line, at + 1);
}

/// What a character after a backslash stands for; null where it needs more than a look.
QChar escaped(QChar letter)
{
    switch (letter.unicode()) {
    case u'n':
        return u'\n';
    case u't':
        return u'\t';
    case u'r':
        return u'\r';
    case u'b':
        return u'\b';
    case u'f':
        return u'\f';
    case u'a':
        return u'\a';
    case u'v':
        return u'\v';
    case u'e':
        return QChar(0x1b);
    case u'_':
        return QChar(0xa0);
    case u'N':
        return QChar(0x85);
    case u'"':
    case u'/':
    case u'\\':
    case u' ':
        return letter;
    default:
        return {};
    }
}

class Reader {
public:
    explicit Reader(const QString &text)
        : m_lines(text.split(u'\n'))
    {
        for (QString &line : m_lines) {
            if (line.endsWith(u'\r'))
                line.chop(1);
        }
    }

    YamlDocument read()
    {
        YamlDocument document;
        document.value = block(0);
        skipBlank();
        if (m_problem.isEmpty() && !atEnd())
            fail(u"the text goes on after its value"_s);
        document.problem = m_problem;
        document.line = m_problemLine;
        return document;
    }

private:
    bool failed() const { return !m_problem.isEmpty(); }
    /// Also once it has failed: then nothing more is read.
    bool atEnd() const { return failed() || m_line >= m_lines.size(); }
    const QString &line() const { return m_lines.at(m_line); }

    void fail(const QString &problem)
    {
        if (failed())
            return;
        m_problem = problem;
        m_problemLine = int(std::min(m_line, m_lines.size() - 1)) + 1;
    }

    void skipBlank()
    {
        while (!atEnd() && isBlankOrComment(line()))
            ++m_line;
        if (!atEnd() && line().at(indentOf(line())) == u'\t')
            fail(u"a tab stands where only spaces may"_s);
    }

    YamlValue block(qsizetype least)
    {
        YamlValue nothing;
        nothing.isPlain = true;
        skipBlank();
        if (atEnd() || indentOf(line()) < least)
            return nothing;
        if (++m_depth > MostDepth) {
            fail(u"it is nested too deeply"_s);
            return nothing;
        }
        const qsizetype indent = indentOf(line());
        YamlValue value;
        if (isItem(line(), indent))
            value = sequence(indent);
        else if (keyEnd(indent) >= 0 || line().mid(indent, 2) == "? "_L1)
            value = mapping(indent);
        else
            value = inlineValue(indent, least - 1);
        --m_depth;
        return value;
    }

    YamlValue sequence(qsizetype indent)
    {
        YamlValue value;
        value.kind = YamlValue::Kind::Sequence;
        for (skipBlank(); !atEnd() && indentOf(line()) == indent && isItem(line(), indent);
             skipBlank()) {
            // What follows the dash stands as if it began a line of its own.
            m_lines[m_line][indent] = u' ';
            if (isBlankOrComment(line()))
                ++m_line;
            value.children.append(block(indent + 1));
        }
        if (!atEnd() && indentOf(line()) > indent)
            fail(u"an entry is indented further than the one before it"_s);
        return value;
    }

    YamlValue mapping(qsizetype indent)
    {
        YamlValue value;
        value.kind = YamlValue::Kind::Mapping;
        QSet<QString> known;
        for (skipBlank(); !atEnd() && indentOf(line()) == indent; skipBlank()) {
            const qsizetype colon = keyEnd(indent);
            if (colon < 0) {
                fail(line().mid(indent, 2) == "? "_L1 ? u"keys with “?” are not read here"_s
                                                      : u"a key with a colon is missing"_s);
                break;
            }
            QString key;
            m_column = indent;
            const QChar first = line().at(indent);
            if (first == u'"' || first == u'\'')
                key = quoted();
            else
                key = line().mid(indent, colon - indent).trimmed();
            if (known.contains(key))
                fail(u"the key “%1” stands twice"_s.arg(key.left(60)));
            if (failed())
                break;
            known.insert(key);
            value.keys.append(key);
            value.children.append(member(colon + 1, indent));
        }
        if (!atEnd() && indentOf(line()) > indent)
            fail(u"a line is indented further than its neighbours"_s);
        return value;
    }

    /// The value of a key that ends before `from` on this line.
    YamlValue member(qsizetype from, qsizetype indent)
    {
        if (!isBlankOrComment(line(), from)) {
            while (line().at(from).isSpace())
                ++from;
            return inlineValue(from, indent);
        }
        ++m_line;
        skipBlank();
        if (!atEnd() && indentOf(line()) == indent && isItem(line(), indent)) {
            // The dashes of a list may stand right below its key.
            return sequence(indent);
        }
        return block(indent + 1);
    }

    /// Where the colon of a key is that begins at `from`; -1: no key begins there.
    qsizetype keyEnd(qsizetype from)
    {
        const QString &text = line();
        qsizetype at = from;
        const QChar first = text.at(from);
        if (first == u'"' || first == u'\'') {
            for (++at; at < text.size() && text.at(at) != first; ++at) {
                if (first == u'"' && text.at(at) == u'\\')
                    ++at;
            }
            for (++at; at < text.size() && text.at(at) == u' ';)
                ++at;
            const bool isKey = at < text.size() && text.at(at) == u':' && endsWord(text, at + 1);
            return isKey ? at : -1;
        }
        if (u"[]{}#&*!|>%@`,"_s.contains(first) || (first == u'?' && endsWord(text, from + 1)))
            return -1;
        for (; at < text.size(); ++at) {
            if (text.at(at) == u':' && endsWord(text, at + 1))
                return at;
            if (text.at(at) == u'#' && at > from && text.at(at - 1).isSpace())
                return -1;
        }
        return -1;
    }

    /// A value that begins on this line at `from`; what continues it is indented further than
    /// `parent`.
    YamlValue inlineValue(qsizetype from, qsizetype parent)
    {
        m_column = from;
        YamlValue value;
        switch (line().at(from).unicode()) {
        case u'|':
        case u'>':
            return blockScalar(parent);
        case u'"':
        case u'\'':
            value.text = quoted();
            endLine();
            return value;
        case u'[':
        case u'{':
            value = flow();
            endLine();
            return value;
        case u'&':
        case u'*':
            fail(u"anchors and aliases are not read here"_s);
            return value;
        case u'!':
            fail(u"tags are not read here"_s);
            return value;
        case u'%':
        case u'@':
        case u'`':
            fail(u"a value begins with a character that may not begin one"_s);
            return value;
        default:
            return plain(parent);
        }
    }

    void endLine()
    {
        if (failed())
            return;
        if (!isBlankOrComment(line(), m_column))
            fail(u"something follows a value on its line"_s);
        else
            ++m_line;
    }

    static QString withoutComment(const QString &text)
    {
        for (qsizetype at = 1; at < text.size(); ++at) {
            if (text.at(at) == u'#' && text.at(at - 1).isSpace())
                return text.left(at).trimmed();
        }
        return text.trimmed();
    }

    YamlValue plain(qsizetype parent)
    {
        YamlValue value;
        value.isPlain = true;
        int breaks = 0;
        for (bool first = true; !atEnd(); first = false) {
            const QString text = first ? line().mid(m_column) : line();
            if (!first && text.trimmed().isEmpty()) {
                ++breaks;
                ++m_line;
                continue;
            }
            if (!first && (indentOf(text) <= parent || isBlankOrComment(text)))
                break;
            const QString words = withoutComment(text);
            if (words.contains(": "_L1) || words.endsWith(u':')) {
                fail(u"a value with a colon in it needs quotes"_s);
                break;
            }
            if (!first)
                value.text += breaks > 0 ? QString(breaks, u'\n') : u" "_s;
            value.text += words;
            breaks = 0;
            const bool commented = words.size() < text.trimmed().size();
            ++m_line;
            if (commented)
                break;
        }
        return value;
    }

    YamlValue blockScalar(qsizetype parent)
    {
        YamlValue value;
        const bool folds = line().at(m_column) == u'>';
        QChar chomp;
        qsizetype indent = -1;
        qsizetype at = m_column + 1;
        for (; at < line().size() && !line().at(at).isSpace(); ++at) {
            const QChar mark = line().at(at);
            if (mark == u'+' || mark == u'-')
                chomp = mark;
            else if (mark >= u'1' && mark <= u'9')
                indent = std::max<qsizetype>(parent, 0) + mark.digitValue();
            else
                fail(u"the head of a block of text cannot be read"_s);
        }
        if (!failed() && !isBlankOrComment(line(), at))
            fail(u"the head of a block of text cannot be read"_s);
        if (failed())
            return value;
        QStringList text;
        for (++m_line; !atEnd(); ++m_line) {
            const bool isEmpty = line().trimmed().isEmpty();
            if (indent < 0 && !isEmpty)
                indent = indentOf(line());
            if (!isEmpty && (indentOf(line()) < indent || indentOf(line()) <= parent))
                break;
            text.append(indent < 0 ? QString() : line().mid(indent));
        }
        qsizetype last = text.size();
        while (last > 0 && text.at(last - 1).trimmed().isEmpty())
            --last;
        const qsizetype trailing = text.size() - last;
        text.resize(last);
        value.text = folds ? folded(text) : text.join(u'\n');
        if (chomp != u'-' && !text.isEmpty())
            value.text += u'\n';
        if (chomp == u'+')
            value.text += QString(trailing, u'\n');
        return value;
    }

    static QString folded(const QStringList &lines)
    {
        QString text;
        qsizetype empty = 0;
        bool wasIndented = true; // before the first line nothing is folded
        for (const QString &line : lines) {
            if (line.isEmpty()) {
                ++empty;
                continue;
            }
            const bool isIndented = line.at(0).isSpace();
            const bool keeps = isIndented || wasIndented;
            if (text.isEmpty())
                text += QString(empty, u'\n');
            else if (empty > 0)
                text += QString(empty + (keeps ? 1 : 0), u'\n');
            else
                text += keeps ? u'\n' : u' ';
            text += line;
            empty = 0;
            wasIndented = isIndented;
        }
        return text;
    }

    /// A line break within quotes or a flow: a space, or as many breaks as lines are empty.
    QString foldBreak()
    {
        int breaks = 0;
        for (++m_line; !atEnd() && line().trimmed().isEmpty(); ++m_line)
            ++breaks;
        m_column = atEnd() ? 0 : indentOf(line());
        while (!atEnd() && m_column < line().size() && line().at(m_column).isSpace())
            ++m_column;
        return breaks > 0 ? QString(breaks, u'\n') : u" "_s;
    }

    static void trimEnd(QString *text)
    {
        while (text->endsWith(u' ') || text->endsWith(u'\t'))
            text->chop(1);
    }

    QString quoted()
    {
        const QChar quote = line().at(m_column);
        QString text;
        ++m_column;
        while (!failed()) {
            if (m_column >= line().size()) {
                trimEnd(&text);
                text += foldBreak();
                if (atEnd())
                    fail(u"a quote is not closed"_s);
                continue;
            }
            const QChar letter = line().at(m_column++);
            if (letter == quote) {
                if (quote != u'\'' || m_column >= line().size() || line().at(m_column) != u'\'')
                    return text;
                ++m_column;
                text += quote;
            } else if (letter == u'\\' && quote == u'"') {
                escape(&text);
            } else {
                text += letter;
            }
        }
        return text;
    }

    void escape(QString *text)
    {
        if (m_column >= line().size()) {
            foldBreak();
            if (atEnd())
                fail(u"a quote is not closed"_s);
            return;
        }
        const QChar letter = line().at(m_column++);
        const int digits = letter == u'x' ? 2 : letter == u'u' ? 4 : letter == u'U' ? 8 : 0;
        if (digits > 0) {
            bool isHex = false;
            const QString hex = line().mid(m_column, digits);
            const uint code = hex.toUInt(&isHex, 16);
            if (!isHex || hex.size() < digits || code > 0x10ffff)
                fail(u"an escape cannot be read"_s);
            else
                *text += QString::fromUcs4(reinterpret_cast<const char32_t *>(&code), 1);
            m_column += digits;
            return;
        }
        if (letter == u'0') {
            *text += QChar(0);
            return;
        }
        const QChar meant = escaped(letter);
        if (meant.isNull())
            fail(u"an escape cannot be read"_s);
        else
            *text += meant;
    }

    void skipFlowSpace()
    {
        while (!atEnd()
               && (m_column >= line().size() || line().at(m_column).isSpace()
                   || (line().at(m_column) == u'#'
                       && (m_column == 0 || line().at(m_column - 1).isSpace())))) {
            if (m_column < line().size() && line().at(m_column) != u'#') {
                ++m_column;
            } else {
                ++m_line;
                m_column = 0;
            }
        }
        if (atEnd())
            fail(u"a list or a map is not closed"_s);
    }

    YamlValue flow()
    {
        YamlValue value;
        if (++m_depth > MostDepth)
            fail(u"it is nested too deeply"_s);
        const bool isMap = !failed() && line().at(m_column) == u'{';
        value.kind = isMap ? YamlValue::Kind::Mapping : YamlValue::Kind::Sequence;
        ++m_column;
        QSet<QString> known;
        for (skipFlowSpace(); !failed(); skipFlowSpace()) {
            if (line().at(m_column) == (isMap ? u'}' : u']')) {
                ++m_column;
                break;
            }
            YamlValue entry = flowValue(isMap);
            if (isMap) {
                if (known.contains(entry.text))
                    fail(u"the key “%1” stands twice"_s.arg(entry.text.left(60)));
                if (failed())
                    break;
                known.insert(entry.text);
                value.keys.append(entry.text);
                entry = YamlValue();
                entry.isPlain = true;
                skipFlowSpace();
                if (!failed() && line().at(m_column) == u':') {
                    ++m_column;
                    skipFlowSpace();
                    if (!failed() && line().at(m_column) != u',' && line().at(m_column) != u'}')
                        entry = flowValue(false);
                }
            }
            value.children.append(entry);
            skipFlowSpace();
            if (failed())
                break;
            if (line().at(m_column) == u',')
                ++m_column;
            else if (line().at(m_column) != (isMap ? u'}' : u']'))
                fail(u"a comma is missing in a list or a map"_s);
        }
        --m_depth;
        return value;
    }

    YamlValue flowValue(bool isKey)
    {
        YamlValue value;
        const QChar first = line().at(m_column);
        if (first == u'"' || first == u'\'') {
            value.text = quoted();
            return value;
        }
        if (!isKey && (first == u'[' || first == u'{'))
            return flow();
        if (u"[]{},&*!|>%@`"_s.contains(first)) {
            fail(u"a list or a map holds something that is not read here"_s);
            return value;
        }
        value.isPlain = true;
        while (!failed()) {
            const QString &text = line();
            for (; m_column < text.size(); ++m_column) {
                const QChar letter = text.at(m_column);
                const bool isColon = letter == u':'
                    && (endsWord(text, m_column + 1) || u",[]{}"_s.contains(text.at(m_column + 1)));
                const bool isComment =
                    letter == u'#' && m_column > 0 && text.at(m_column - 1).isSpace();
                if (isColon || isComment || u",[]{}"_s.contains(letter)) {
                    trimEnd(&value.text);
                    return value;
                }
                value.text += letter;
            }
            trimEnd(&value.text);
            value.text += foldBreak();
            if (atEnd())
                fail(u"a list or a map is not closed"_s);
        }
        return value;
    }

    QStringList m_lines;
    qsizetype m_line = 0;
    qsizetype m_column = 0;
    int m_depth = 0;
    QString m_problem;
    int m_problemLine = 0;
};

} // namespace

YamlDocument readYaml(const QString &text)
{
    return Reader(text).read();
}

} // namespace sightglass
