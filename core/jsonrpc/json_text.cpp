// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_text.h"

#include "core/jsonrpc/json_scan.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace sightglass {

namespace {

bool isContainer(JsonType type)
{
    return type == JsonType::Array || type == JsonType::Object;
}

/// Compares a key as it stands with a name, decoding only where it has escapes.
bool keyIs(QByteArrayView rawKey, QByteArrayView utf8, QStringView name)
{
    const QByteArrayView inner = rawKey.sliced(1, rawKey.size() - 2);
    if (!inner.contains('\\'))
        return inner == utf8;
    return jsonUnquoted(rawKey) == name;
}

} // namespace

struct JsonText::Builder {
    JsonText &json;
    const char *begin;
    JsonProgress *progress = nullptr;
    Node parent = -1;

    /// Says how far it is; false: it is to end.
    bool goesOn(const char *at)
    {
        progress->read = at - begin;
        if (!progress->stop)
            return true;
        json.m_error = JsonError{at - begin, QStringLiteral("Reading was ended before the end.")};
        return false;
    }
    bool add(JsonType type, const char *at, quint32 rest)
    {
        if (json.m_nodes.size() >= qsizetype(MaxLength)) {
            json.m_error = JsonError{at - begin,
                                     QStringLiteral("The text has more than 500 million values, "
                                                    "which is more than can be shown.")};
            return false;
        }
        constexpr qsizetype Every = 4096; // values
        if (progress && json.m_nodes.size() % Every == 0 && !goesOn(at))
            return false;
        if (parent >= 0)
            ++json.m_containers[qsizetype(json.m_nodes.at(parent).info >> 3)].children;
        json.m_nodes.append({quint32(at - begin), parent, quint32(type) | rest << 3});
        return true;
    }
    bool open(bool object, const char *at)
    {
        if (!add(object ? JsonType::Object : JsonType::Array, at,
                 quint32(json.m_containers.size())))
            return false;
        parent = Node(json.m_nodes.size() - 1);
        json.m_containers.append({0, 0, 0});
        return true;
    }
    void close(const char *behind)
    {
        const Entry &entry = json.m_nodes.at(parent);
        Container &container = json.m_containers[qsizetype(entry.info >> 3)];
        container.end = quint32(behind - begin);
        container.next = Node(json.m_nodes.size());
        parent = entry.parent;
    }
    void key(const char *, const char *) { }
    bool scalar(JsonType type, const char *at, const char *behind)
    {
        return add(type, at, quint32(std::min<qint64>(behind - at, MaxLength)));
    }
};

JsonText JsonText::parse(const QByteArray &text)
{
    JsonText json = parseAsFar(text);
    if (json.m_error) {
        json.m_nodes.clear();
        json.m_containers.clear();
    }
    return json;
}

JsonText JsonText::parseAsFar(const QByteArray &text, JsonProgress *progress)
{
    JsonText json;
    json.m_text = text;
    if (text.size() >= qint64(std::numeric_limits<quint32>::max())) {
        json.m_error = JsonError{
            0, QStringLiteral("The text is larger than 4 GiB, which is more than can be shown.")};
        return json;
    }
    const char *begin = text.constData();
    Builder builder{json, begin, progress};
    json::ScanError error;
    if (!json::scan(begin, begin + text.size(), builder, error) && !json.m_error)
        json.m_error = JsonError{error.at - begin, error.sentence};
    if (progress && progress->stop) {
        json.m_nodes.clear();
        json.m_containers.clear();
    } else if (json.m_error) {
        const char *fault = begin + json.m_error->offset;
        while (builder.parent >= 0)
            builder.close(fault);
    }
    // They grew by doubling: of a long text that is much.
    constexpr qsizetype Many = 100'000;
    if (json.m_nodes.size() > Many) {
        json.m_nodes.squeeze();
        json.m_containers.squeeze();
    }
    return json;
}

JsonType JsonText::type(Node node) const
{
    return node < 0 ? JsonType::Null : JsonType(m_nodes.at(node).info & 7);
}

const JsonText::Container *JsonText::container(Node node) const
{
    if (node < 0 || !isContainer(type(node)))
        return nullptr;
    return &m_containers.at(qsizetype(m_nodes.at(node).info >> 3));
}

bool JsonText::isBool(Node node) const
{
    return node >= 0 && (type(node) == JsonType::True || type(node) == JsonType::False);
}

QByteArrayView JsonText::raw(Node node) const
{
    if (node < 0)
        return {};
    return QByteArrayView(m_text.constData() + start(node), end(node) - start(node));
}

qint64 JsonText::start(Node node) const
{
    return node < 0 ? 0 : m_nodes.at(node).start;
}

qint64 JsonText::end(Node node) const
{
    if (node < 0)
        return 0;
    if (const Container *box = container(node))
        return box->end;
    const Entry &entry = m_nodes.at(node);
    const quint32 length = entry.info >> 3;
    if (length < MaxLength)
        return qint64(entry.start) + length;
    json::ScanError error;
    const char *begin = m_text.constData();
    const char *textEnd = begin + m_text.size();
    const char *at = begin + entry.start;
    const char *behind = type(node) == JsonType::String ? json::scanString(at, textEnd, error)
                                                        : json::scanNumber(at, textEnd, error);
    return behind - begin;
}

QString JsonText::key(Node node) const
{
    const QByteArrayView quoted = rawKey(node);
    return quoted.isEmpty() ? QString() : jsonUnquoted(quoted);
}

QByteArrayView JsonText::rawKey(Node node) const
{
    if (node < 0 || !isObject(parent(node)))
        return {};
    // The name is not indexed: it ends before the colon before the value, and it begins at the
    // first quote to the left that is not escaped.
    const char *begin = m_text.constData();
    qint64 pos = start(node) - 1;
    while (begin[pos] != ':')
        --pos;
    do {
        --pos;
    } while (begin[pos] != '"');
    const qint64 behind = pos + 1;
    for (;;) {
        do {
            --pos;
        } while (begin[pos] != '"');
        qint64 slash = pos;
        while (begin[slash - 1] == '\\')
            --slash;
        if ((pos - slash) % 2 == 0)
            return QByteArrayView(begin + pos, behind - pos);
        pos = slash;
    }
}

JsonText::Node JsonText::parent(Node node) const
{
    return node < 0 ? -1 : m_nodes.at(node).parent;
}

JsonText::Node JsonText::firstChild(Node node) const
{
    const Container *box = container(node);
    return box && box->children > 0 ? node + 1 : -1;
}

JsonText::Node JsonText::nextSibling(Node node) const
{
    if (node < 0)
        return -1;
    const Container *box = container(node);
    const Node next = box ? box->next : node + 1;
    return next < m_nodes.size() && m_nodes.at(next).parent == m_nodes.at(node).parent ? next : -1;
}

qint32 JsonText::childCount(Node node) const
{
    const Container *box = container(node);
    return box ? box->children : 0;
}

QList<JsonText::Node> JsonText::children(Node node) const
{
    QList<Node> list;
    list.reserve(childCount(node));
    for (Node child = firstChild(node); child >= 0; child = nextSibling(child))
        list.append(child);
    return list;
}

JsonText::Node JsonText::member(Node object, QStringView name) const
{
    if (!isObject(object))
        return -1;
    const QByteArray utf8 = name.toUtf8();
    Node last = -1;
    for (Node child = firstChild(object); child >= 0; child = nextSibling(child)) {
        if (keyIs(rawKey(child), utf8, name))
            last = child;
    }
    return last;
}

JsonText::Node JsonText::at(Node array, qint32 index) const
{
    if (!isArray(array) || index < 0 || index >= childCount(array))
        return -1;
    const Container *box = container(array);
    if (box->next - array - 1 == box->children)
        return array + 1 + index;
    Node child = firstChild(array);
    while (index-- > 0)
        child = nextSibling(child);
    return child;
}

JsonText::Node JsonText::find(QByteArrayView pointer) const
{
    Node node = root();
    while (node >= 0 && !pointer.isEmpty()) {
        if (pointer.front() != '/')
            return -1;
        pointer = pointer.sliced(1);
        const qsizetype slash = pointer.indexOf('/');
        const QByteArrayView token = slash < 0 ? pointer : pointer.first(slash);
        pointer = slash < 0 ? QByteArrayView() : pointer.sliced(slash);
        if (isArray(node)) {
            qint32 index = -1;
            const auto [rest, problem] =
                std::from_chars(token.data(), token.data() + token.size(), index);
            const bool whole = problem == std::errc() && rest == token.data() + token.size();
            // RFC 6901, 4: digits without a leading zero.
            if (!whole || !json::isDigit(token.front()) || (token.size() > 1 && token[0] == '0'))
                return -1;
            node = at(node, index);
        } else {
            QByteArray name = token.toByteArray();
            name.replace("~1", "/").replace("~0", "~");
            node = member(node, utf8Text(name));
        }
    }
    return node;
}

JsonText::Node JsonText::nodeAt(qint64 offset) const
{
    // Nodes are in the order of their starts; a member's name stands before its value, so the node
    // after the last one that begins at or before the offset may hold it as well.
    const auto behind = std::upper_bound(
        m_nodes.cbegin(), m_nodes.cend(), offset,
        [](qint64 place, const Entry &entry) { return place < qint64(entry.start); });
    if (behind != m_nodes.cend()) {
        const Node next = Node(behind - m_nodes.cbegin());
        const QByteArrayView name = rawKey(next);
        if (!name.isEmpty() && name.data() - m_text.constData() <= offset)
            return next;
    }
    Node node = Node(behind - m_nodes.cbegin()) - 1;
    while (node >= 0 && end(node) <= offset)
        node = parent(node);
    return node;
}

QString JsonText::string(Node node) const
{
    return isString(node) ? jsonUnquoted(raw(node)) : QString();
}

std::optional<double> JsonText::number(Node node) const
{
    if (!isNumber(node))
        return {};
    const QByteArrayView text = raw(node);
    double value = 0;
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem == std::errc::result_out_of_range)
        return text.toByteArray().toDouble();
    return value;
}

std::optional<qint64> JsonText::integer(Node node) const
{
    if (!isNumber(node))
        return {};
    const QByteArrayView text = raw(node);
    qint64 value = 0;
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || rest != text.data() + text.size())
        return {};
    return value;
}

bool JsonText::boolean(Node node, bool otherwise) const
{
    return isBool(node) ? type(node) == JsonType::True : otherwise;
}

QByteArray JsonText::pointer(Node node) const
{
    QList<QByteArray> tokens;
    qsizetype size = 0;
    for (; node > 0; node = parent(node)) {
        const Node above = parent(node);
        QByteArray token;
        if (isObject(above)) {
            token = key(node).toUtf8();
            token.replace("~", "~0").replace("/", "~1");
        } else {
            qint32 index = 0;
            const Container *box = container(above);
            if (box->next - above - 1 == box->children)
                index = node - above - 1;
            else
                for (Node child = firstChild(above); child != node; child = nextSibling(child))
                    ++index;
            token = QByteArray::number(index);
        }
        size += token.size() + 1;
        tokens.append(token);
    }
    QByteArray text;
    text.reserve(size);
    for (auto token = tokens.crbegin(); token != tokens.crend(); ++token)
        text.append('/').append(*token);
    return text;
}

} // namespace sightglass
