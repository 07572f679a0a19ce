// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/byte_out.h"
#include "core/export/utf8_parts.h"

#include <concepts>

namespace sightglass {

/// Writes JSON text to a device in the order in which it is told, without white space. As
/// JsonWriter, but nothing is held, and a string may come in parts.
class JsonOut {
public:
    explicit JsonOut(ByteOut &out);

    JsonOut &beginObject();
    JsonOut &endObject();
    JsonOut &beginArray();
    JsonOut &endArray();
    JsonOut &key(QByteArrayView name); ///< of ours: needs no escapes
    /// As UTF-8; malformed bytes become U+FFFD.
    JsonOut &text(QByteArrayView utf8);
    /// Of a template, so that bytes are no candidates for it.
    template <std::same_as<QString> Text> JsonOut &text(const Text &text)
    {
        return this->text(QByteArrayView(text.toUtf8()));
    }
    JsonOut &number(qint64 number);
    JsonOut &number(double number); ///< null where it is not finite
    JsonOut &flag(bool flag);
    JsonOut &null();
    JsonOut &raw(QByteArrayView json); ///< a value that is JSON text already

    // A string in parts; between these calls only them.
    void beginText();
    void textPart(QByteArrayView utf8);
    void endText();
    // The same as base64 (RFC 4648, 4).
    void beginBase64();
    void base64Part(QByteArrayView bytes);
    void endBase64();

    /// A line feed between values at the top (JSON lines).
    void endLine();

private:
    void comma();
    void escaped(QByteArrayView utf8);

    ByteOut &m_out;
    Utf8Parts m_parts;
    QByteArray m_base64Rest;
    bool m_needsComma = false;
};

} // namespace sightglass
