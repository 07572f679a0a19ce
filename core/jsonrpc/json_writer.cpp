// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_text.h"

#include <charconv>
#include <cmath>

namespace sightglass {

void JsonWriter::comma()
{
    if (m_needsComma)
        m_text.append(',');
    m_needsComma = true;
}

JsonWriter &JsonWriter::beginObject()
{
    comma();
    m_text.append('{');
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::endObject()
{
    m_text.append('}');
    m_needsComma = true;
    return *this;
}

JsonWriter &JsonWriter::beginArray()
{
    comma();
    m_text.append('[');
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::endArray()
{
    m_text.append(']');
    m_needsComma = true;
    return *this;
}

JsonWriter &JsonWriter::key(QStringView name)
{
    comma();
    m_text.append(jsonQuoted(name)).append(':');
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::value(QStringView text)
{
    return raw(jsonQuoted(text));
}

JsonWriter &JsonWriter::value(const char *utf8)
{
    return value(QString::fromUtf8(utf8));
}

JsonWriter &JsonWriter::value(QLatin1String text)
{
    return raw(jsonQuoted(QString(text)));
}

JsonWriter &JsonWriter::value(qint64 number)
{
    return raw(QByteArray::number(number));
}

JsonWriter &JsonWriter::value(double number)
{
    if (!std::isfinite(number))
        return null();
    char digits[32];
    const auto [end, problem] = std::to_chars(digits, digits + sizeof digits, number);
    return raw(QByteArrayView(digits, end - digits));
}

JsonWriter &JsonWriter::null()
{
    return raw("null");
}

JsonWriter &JsonWriter::raw(QByteArrayView json)
{
    comma();
    m_text.append(json);
    return *this;
}

} // namespace sightglass
