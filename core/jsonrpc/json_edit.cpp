// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_edit.h"

#include "core/jsonrpc/json_scan.h"

namespace sightglass {

namespace {

using Node = JsonText::Node;

struct Step {
    QByteArrayView parent; ///< pointer without its last token
    QByteArray token; ///< the last token, decoded
};

Step lastStep(QByteArrayView pointer)
{
    const qsizetype slash = pointer.lastIndexOf('/');
    QByteArray token = pointer.sliced(slash + 1).toByteArray();
    token.replace("~1", "/").replace("~0", "~");
    return {pointer.first(slash), token};
}

JsonEdit failed(const QByteArray &json, qint64 offset, const QString &sentence)
{
    return {json, JsonError{offset, sentence}};
}

QByteArray replaced(const QByteArray &json, qint64 start, qint64 end, const QByteArray &by)
{
    QByteArray out;
    out.reserve(json.size() - (end - start) + by.size());
    out.append(json.constData(), start).append(by);
    return out.append(json.constData() + end, json.size() - end);
}

/// Where a member of an object (or an element) begins: at its name, or at its value.
qint64 memberStart(const JsonText &json, Node node)
{
    const QByteArrayView key = json.rawKey(node);
    return key.isEmpty() ? json.start(node) : key.data() - json.text().constData();
}

qint64 spaceStart(const QByteArray &text, qint64 end)
{
    while (end > 0 && json::isSpace(text[end - 1]))
        --end;
    return end;
}

QByteArray textBetween(const QByteArray &text, qint64 start, qint64 end)
{
    return text.mid(start, end - start);
}

/// White space of the line on which `offset` stands, up to the first other character.
QByteArray lineIndent(const QByteArray &text, qint64 offset)
{
    const qsizetype lineStart = offset > 0 ? text.lastIndexOf('\n', offset - 1) + 1 : 0;
    qsizetype end = lineStart;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t'))
        ++end;
    return textBetween(text, lineStart, end);
}

/// Adds `item` (an element, or a name with its value) at the end of a container.
QByteArray appended(const JsonText &json, Node container, QByteArrayView name,
                    const QByteArray &value)
{
    const QByteArray &text = json.text();
    const QList<Node> children = json.children(container);
    const qint64 open = json.start(container);
    const qint64 close = json.end(container) - 1;
    QByteArray item;
    if (children.isEmpty()) {
        if (!name.isEmpty())
            item.append(name).append(": ");
        item.append(value);
        // An empty container on a line of its own brackets stays one; one that was opened over
        // lines, or the empty root, gets a line for its member.
        const QByteArray inside = textBetween(text, open + 1, close);
        if (inside.contains('\n') || container == json.root()) {
            const QByteArray indent = lineIndent(text, open);
            item = '\n' + indent + "  " + item + '\n' + indent;
        }
        return replaced(text, open + 1, close, item);
    }
    const Node last = children.constLast();
    const qint64 lastStart = memberStart(json, last);
    const qint64 lastEnd = json.end(last);
    const QByteArray before = textBetween(text, spaceStart(text, lastStart), lastStart);
    // A single member says little of how its neighbours are set apart.
    const QByteArray space =
        children.size() > 1 || before.contains('\n') ? before : QByteArray(" ");
    if (!name.isEmpty()) {
        const qint64 keyEnd = lastStart + json.rawKey(last).size();
        item.append(name).append(textBetween(text, keyEnd, json.start(last)));
    }
    item.append(value);
    return replaced(text, lastEnd, lastEnd, ',' + space + item);
}

bool isIndex(const QByteArray &token, qint32 index)
{
    return token == "-" || token == QByteArray::number(index);
}

} // namespace

JsonEdit jsonWithMember(const QByteArray &json, QByteArrayView pointer, const QByteArray &value)
{
    const JsonText document = JsonText::parse(json);
    if (!document.isValid())
        return {json, document.error()};
    const JsonText checked = JsonText::parse(value);
    if (!checked.isValid())
        return {json, checked.error()};
    if (!pointer.isEmpty() && pointer.front() != '/')
        return failed(json, 0, QStringLiteral("A JSON pointer begins with '/'."));

    QByteArray fresh = checked.raw(checked.root()).toByteArray();
    for (;;) {
        const Node existing = document.find(pointer);
        if (existing >= 0) {
            return {replaced(json, document.start(existing), document.end(existing), fresh), {}};
        }
        // Not there: it goes into its parent, or a parent with it alone goes there.
        const Step step = lastStep(pointer);
        const Node parent = document.find(step.parent);
        const QByteArray name = jsonQuoted(utf8Text(step.token));
        if (document.isObject(parent))
            return {appended(document, parent, name, fresh), {}};
        if (document.isArray(parent)) {
            if (!isIndex(step.token, document.childCount(parent)))
                return failed(json, document.start(parent),
                              QStringLiteral("The array here has no element %1.")
                                  .arg(QString::fromUtf8(step.token)));
            return {appended(document, parent, {}, fresh), {}};
        }
        if (parent >= 0 && document.type(parent) != JsonType::Null)
            return failed(json, document.start(parent),
                          QStringLiteral("The value here is neither an object nor an array, so it "
                                         "has no member %1.")
                              .arg(QString::fromUtf8(step.token)));
        fresh = '{' + name + ": " + fresh + '}';
        pointer = step.parent;
    }
}

JsonEdit jsonWithoutMember(const QByteArray &json, QByteArrayView pointer)
{
    JsonEdit edit{json, {}};
    for (;;) {
        const JsonText document = JsonText::parse(edit.text);
        if (!document.isValid())
            return {json, document.error()};
        const Node node = document.find(pointer);
        if (node < 0)
            return edit;
        if (node == document.root())
            return failed(json, 0, QStringLiteral("The whole text cannot be taken away."));
        const Node parent = document.parent(node);
        const qint64 start = memberStart(document, node);
        const Node next = document.nextSibling(node);
        if (document.childCount(parent) == 1) {
            edit.text =
                replaced(edit.text, document.start(parent) + 1, document.end(parent) - 1, {});
        } else if (next >= 0) {
            edit.text = replaced(edit.text, start, memberStart(document, next), {});
        } else {
            // The last one: what stands behind the one before it goes, the comma first.
            Node before = document.firstChild(parent);
            while (document.nextSibling(before) != node)
                before = document.nextSibling(before);
            edit.text = replaced(edit.text, document.end(before), document.end(node), {});
        }
        if (document.isArray(parent))
            return edit;
    }
}

QByteArray jsonPointer(const QByteArray &pointer, QStringView token)
{
    QByteArray name = token.toUtf8();
    name.replace("~", "~0").replace("/", "~1");
    return pointer + '/' + name;
}

QByteArray jsonPointer(const QByteArray &pointer, qsizetype index)
{
    return pointer + '/' + QByteArray::number(index);
}

} // namespace sightglass
