// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <atomic>
#include <concepts>
#include <optional>

namespace sightglass {

/// Where and why a text is not JSON (RFC 8259).
struct JsonError {
    qint64 offset = 0; ///< byte at which it went wrong
    QString sentence;

    bool operator==(const JsonError &) const = default;
};

/// How far a parse is, and how another thread ends it. Shared by both; looked at every few thousand
/// values.
struct JsonProgress {
    std::atomic<qint64> read = 0; ///< bytes
    std::atomic<bool> stop = false;
};

enum class JsonType : quint8 { Null, False, True, Number, String, Array, Object };

/// JSON as text with an index over it: order, duplicate keys, number spelling
/// and white space stay as they were. Cheap to copy (shared). Nothing is
/// decoded before it is asked for; nesting depth is bounded by memory alone
/// (no recursion).
///
/// Nodes are numbered in the order of the text, so the nodes below one follow it without a gap. The
/// index takes 12 bytes a value and 12 more for each array and object. Texts of 4 GiB and more, or
/// of more than 500 million values, are refused with an error.
class JsonText {
public:
    using Node = qint32; ///< index of a value; the root is 0; -1: no such value

    JsonText() = default;
    /// Parses all of `text`; invalid UTF-8 in strings is an error, as are lone garbage and control
    /// characters.
    static JsonText parse(const QByteArray &text);
    /// The same, but what stands before an error is kept: error() tells where it is, and arrays and
    /// objects that were open there end there. After `progress->stop` there are no values, and the
    /// error says that reading was ended.
    static JsonText parseAsFar(const QByteArray &text, JsonProgress *progress = nullptr);

    bool isValid() const { return !m_error && !m_nodes.isEmpty(); }
    /// There are values to show: all of them, or (parseAsFar()) those before an error.
    bool hasValues() const { return !m_nodes.isEmpty(); }
    const std::optional<JsonError> &error() const { return m_error; }
    const QByteArray &text() const { return m_text; }
    qsizetype nodeCount() const { return m_nodes.size(); }

    // Every query takes -1 and answers it with nothing, so that look-ups chain.
    Node root() const { return m_nodes.isEmpty() ? -1 : 0; }
    JsonType type(Node node) const; ///< Null for -1
    bool isObject(Node node) const { return node >= 0 && type(node) == JsonType::Object; }
    bool isArray(Node node) const { return node >= 0 && type(node) == JsonType::Array; }
    bool isString(Node node) const { return node >= 0 && type(node) == JsonType::String; }
    bool isNumber(Node node) const { return node >= 0 && type(node) == JsonType::Number; }
    bool isBool(Node node) const;
    QByteArrayView raw(Node node) const; ///< the value's text, exactly
    qint64 start(Node node) const; ///< offset of raw() in text()
    qint64 end(Node node) const;
    QString key(Node node) const; ///< decoded; empty for array members and the root
    QByteArrayView rawKey(Node node) const; ///< with its quotes; empty where there is none
    Node parent(Node node) const;
    Node firstChild(Node node) const;
    Node nextSibling(Node node) const;
    qint32 childCount(Node node) const;
    QList<Node> children(Node node) const;
    Node member(Node object, QStringView name) const; ///< the last of that name, as most readers do
    Node at(Node array, qint32 index) const; ///< at once if the array holds no containers
    /// The value at an RFC 6901 pointer ("" is the root, "/a/0/b~1c"); -1: there is none.
    Node find(QByteArrayView pointer) const;
    /// The innermost value whose text (or, for a member, name) holds the byte at `offset`; -1:
    /// none.
    Node nodeAt(qint64 offset) const;

    QString string(Node node) const; ///< decoded; empty if it is no string
    std::optional<double> number(Node node) const;
    std::optional<qint64>
    integer(Node node) const; ///< only where the spelling is an integer that fits
    bool boolean(Node node, bool otherwise = false) const;
    QByteArray pointer(Node node) const; ///< RFC 6901

    /// `raw` with line breaks and two spaces a level (from level 100 on no more, so that the length
    /// stays in proportion); number and string spelling stay.
    QByteArray indented(Node node = 0) const;
    /// Without white space between tokens.
    QByteArray compact(Node node = 0) const;

private:
    struct Entry {
        quint32 start;
        qint32 parent;
        /// Type in the lowest 3 bits; above them the length of a scalar (MaxLength: look it up), or
        /// the index of a container in m_containers.
        quint32 info;
    };
    struct Container {
        quint32 end;
        qint32 next; ///< the first node behind the container
        qint32 children;
    };
    struct Builder;
    static constexpr quint32 MaxLength = (1U << 29) - 1;

    const Container *container(Node node) const;
    QByteArray m_text;
    QList<Entry> m_nodes;
    QList<Container> m_containers;
    std::optional<JsonError> m_error;
};

/// A string as a JSON string with its quotes (only what must be is escaped; lone surrogates are).
QByteArray jsonQuoted(QStringView text);
/// UTF-8 as text of which every character stays: QString::fromUtf8() takes a U+FEFF at the start
/// for a mark of the byte order, and takes it away.
QString utf8Text(QByteArrayView bytes);
/// A decoded JSON string; `raw` has its quotes. Lone surrogates become U+FFFD.
QString jsonUnquoted(QByteArrayView raw);

/// Writes JSON text in the order in which it is told, without white space.
class JsonWriter {
public:
    JsonWriter &beginObject();
    JsonWriter &endObject();
    JsonWriter &beginArray();
    JsonWriter &endArray();
    JsonWriter &key(QStringView name);
    JsonWriter &value(QStringView text);
    JsonWriter &value(const char *utf8);
    JsonWriter &value(QLatin1String text);
    JsonWriter &value(int number) { return value(qint64(number)); }
    JsonWriter &value(qint64 number);
    JsonWriter &
    value(double number); ///< shortest spelling that reads back the same; null if not finite
    /// Only a bool: a pointer that would turn into one is text.
    template <std::same_as<bool> Bool> JsonWriter &value(Bool flag)
    {
        return raw(flag ? QByteArrayView("true", 4) : QByteArrayView("false", 5));
    }
    JsonWriter &null();
    JsonWriter &raw(QByteArrayView json); ///< a value that is JSON text already
    const QByteArray &text() const { return m_text; }

private:
    void comma();
    QByteArray m_text;
    bool m_needsComma = false;
};

} // namespace sightglass
