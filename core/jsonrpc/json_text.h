// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace sightglass {

/// Where and why a text is not JSON (RFC 8259).
struct JsonError {
    qint64 offset = 0; ///< byte at which it went wrong
    QString sentence;

    bool operator==(const JsonError &) const = default;
};

enum class JsonType : quint8 { Null, False, True, Number, String, Array, Object };

/// JSON as text with an index over it: order, duplicate keys, number spelling
/// and white space stay as they were. Cheap to copy (shared). Nothing is
/// decoded before it is asked for; nesting depth is bounded by memory alone
/// (no recursion).
class JsonText {
public:
    using Node = qint32; ///< index of a value; the root is 0; -1: no such value

    JsonText() = default;
    /// Parses all of `text`; invalid UTF-8 in strings is an error, as are lone garbage and control
    /// characters.
    static JsonText parse(const QByteArray &text);

    bool isValid() const { return !m_error && !m_nodes.isEmpty(); }
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
    Node at(Node array, qint32 index) const;

    QString string(Node node) const; ///< decoded; empty if it is no string
    std::optional<double> number(Node node) const;
    std::optional<qint64>
    integer(Node node) const; ///< only where the spelling is an integer that fits
    bool boolean(Node node, bool otherwise = false) const;
    QByteArray pointer(Node node) const; ///< RFC 6901

    /// `raw` with line breaks and two spaces a level; number and string spelling stay.
    QByteArray indented(Node node = 0) const;
    /// Without white space between tokens.
    QByteArray compact(Node node = 0) const;

private:
    struct Entry {
        qint64 start;
        qint64 end;
        qint64 keyStart; ///< -1: none
        qint64 keyEnd;
        qint32 parent;
        qint32 next;
        qint32 children;
        JsonType type;
    };
    QByteArray m_text;
    QList<Entry> m_nodes;
    std::optional<JsonError> m_error;
};

/// A string as a JSON string with its quotes (only what must be is escaped).
QByteArray jsonQuoted(QStringView text);
/// A decoded JSON string; `raw` has its quotes. Lone surrogates become U+FFFD.
QString jsonUnquoted(QByteArrayView raw);

/// Writes JSON text in the order in which it is told.
class JsonWriter {
public:
    JsonWriter &beginObject();
    JsonWriter &endObject();
    JsonWriter &beginArray();
    JsonWriter &endArray();
    JsonWriter &key(QStringView name);
    JsonWriter &value(QStringView text);
    JsonWriter &value(const char *ascii);
    JsonWriter &value(qint64 number);
    JsonWriter &
    value(double number); ///< shortest spelling that reads back the same; null if not finite
    JsonWriter &value(bool flag);
    JsonWriter &null();
    JsonWriter &raw(QByteArrayView json); ///< a value that is JSON text already
    const QByteArray &text() const { return m_text; }

private:
    void comma();
    QByteArray m_text;
    bool m_needsComma = false;
};

} // namespace sightglass
