// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/export/json_out.h"

#include <cmath>

namespace sightglass {

JsonOut::JsonOut(ByteOut &out)
    : m_out(out)
{
}

void JsonOut::comma()
{
    if (m_needsComma)
        m_out.write(",");
    m_needsComma = true;
}

JsonOut &JsonOut::beginObject()
{
    comma();
    m_out.write("{");
    m_needsComma = false;
    return *this;
}

JsonOut &JsonOut::endObject()
{
    m_out.write("}");
    m_needsComma = true;
    return *this;
}

JsonOut &JsonOut::beginArray()
{
    comma();
    m_out.write("[");
    m_needsComma = false;
    return *this;
}

JsonOut &JsonOut::endArray()
{
    m_out.write("]");
    m_needsComma = true;
    return *this;
}

JsonOut &JsonOut::key(QByteArrayView name)
{
    comma();
    m_out.write("\"");
    m_out.write(name);
    m_out.write("\":");
    m_needsComma = false;
    return *this;
}

JsonOut &JsonOut::text(QByteArrayView utf8)
{
    comma();
    m_out.write("\"");
    escaped(utf8);
    m_out.write("\"");
    return *this;
}

JsonOut &JsonOut::number(qint64 number)
{
    return raw(QByteArray::number(number));
}

JsonOut &JsonOut::number(double number)
{
    // What JSON has no form for.
    return std::isfinite(number) ? raw(QByteArray::number(number, 'g', 15)) : null();
}

JsonOut &JsonOut::flag(bool flag)
{
    return flag ? raw("true") : raw("false");
}

JsonOut &JsonOut::null()
{
    return raw("null");
}

JsonOut &JsonOut::raw(QByteArrayView json)
{
    comma();
    m_out.write(json);
    return *this;
}

void JsonOut::beginText()
{
    comma();
    m_out.write("\"");
}

void JsonOut::textPart(QByteArrayView utf8)
{
    escaped(m_parts.feed(utf8));
}

void JsonOut::endText()
{
    escaped(m_parts.finish());
    m_out.write("\"");
}

void JsonOut::beginBase64()
{
    comma();
    m_out.write("\"");
}

void JsonOut::base64Part(QByteArrayView bytes)
{
    m_base64Rest += bytes;
    const qsizetype whole = m_base64Rest.size() / 3 * 3;
    m_out.write(m_base64Rest.first(whole).toBase64());
    m_base64Rest = m_base64Rest.sliced(whole);
}

void JsonOut::endBase64()
{
    m_out.write(m_base64Rest.toBase64());
    m_base64Rest.clear();
    m_out.write("\"");
}

void JsonOut::endLine()
{
    m_out.write("\n");
    m_needsComma = false;
}

void JsonOut::escaped(QByteArrayView utf8)
{
    const char *run = utf8.begin();
    const char *p = run;
    const char *end = utf8.end();
    const auto flushRun = [&] { m_out.write(QByteArrayView(run, p)); };
    while (p < end) {
        const auto byte = static_cast<unsigned char>(*p);
        if (byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\') {
            ++p;
            continue;
        }
        const int length = utf8Sequence(p, end);
        if (byte >= 0x80 && length > 0) {
            p += length;
            continue;
        }
        flushRun();
        switch (byte) {
        case '"':
            m_out.write("\\\"");
            break;
        case '\\':
            m_out.write("\\\\");
            break;
        case '\n':
            m_out.write("\\n");
            break;
        case '\r':
            m_out.write("\\r");
            break;
        case '\t':
            m_out.write("\\t");
            break;
        default:
            if (byte < 0x20)
                m_out.write("\\u00" + QByteArray(1, byte < 0x10 ? '0' : '1')
                            + QByteArray::number(byte & 0xf, 16));
            else
                m_out.write("\xef\xbf\xbd");
        }
        run = ++p;
    }
    flushRun();
}

} // namespace sightglass
