// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/jsonrpc/yaml_text.h"

#include <yaml.h>

#include <memory>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr int MostLevels = 100;

QString decoded(const yaml_char_t *text, size_t length)
{
    return QString::fromUtf8(reinterpret_cast<const char *>(text), qsizetype(length));
}

/// Builds the value from libyaml's events, which come one by one and are bounded by the text.
class Reader {
public:
    explicit Reader(const QByteArray &utf8)
    {
        m_isReady = yaml_parser_initialize(&m_parser) != 0;
        if (!m_isReady)
            return;
        yaml_parser_set_encoding(&m_parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&m_parser,
                                     reinterpret_cast<const unsigned char *>(utf8.constData()),
                                     size_t(utf8.size()));
    }
    ~Reader()
    {
        if (m_isReady)
            yaml_parser_delete(&m_parser);
    }
    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;

    YamlDocument document()
    {
        YamlDocument document;
        document.value.isPlain = true; // nothing at all is null
        if (!m_isReady)
            fail(u"there is not enough memory to read it"_s);
        if (next(YAML_STREAM_START_EVENT) && next() && m_event->type == YAML_DOCUMENT_START_EVENT) {
            if (next() && value(document.value, 0) && next(YAML_DOCUMENT_END_EVENT) && next()
                && m_event->type != YAML_STREAM_END_EVENT)
                fail(u"it is more than one document"_s);
        }
        if (!m_problem.isEmpty())
            return {{}, m_problem, m_line};
        return document;
    }

private:
    using Event = std::unique_ptr<yaml_event_t, void (*)(yaml_event_t *)>;

    bool next()
    {
        m_event.reset();
        m_storage = {};
        if (!m_problem.isEmpty())
            return false;
        if (yaml_parser_parse(&m_parser, &m_storage)) {
            m_event.reset(&m_storage);
            return true;
        }
        m_problem = QString::fromUtf8(m_parser.problem ? m_parser.problem : "it is no YAML");
        m_line = int(m_parser.problem_mark.line) + 1;
        return false;
    }
    bool next(yaml_event_type_t type) { return next() && m_event->type == type; }

    bool fail(const QString &problem)
    {
        m_problem = problem;
        m_line = m_event ? int(m_event->start_mark.line) + 1 : 0;
        return false;
    }

    /// The value that begins with the event at hand.
    bool value(YamlValue &into, int level)
    {
        if (level > MostLevels)
            return fail(u"it is nested too deeply (more than %1 levels)"_s.arg(MostLevels));
        switch (m_event->type) {
        case YAML_SCALAR_EVENT: {
            const auto &scalar = m_event->data.scalar;
            if (scalar.anchor)
                return failAlias();
            if (scalar.tag)
                return fail(u"tags are not read"_s);
            into.text = decoded(scalar.value, scalar.length);
            into.isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
            return true;
        }
        case YAML_SEQUENCE_START_EVENT:
            into.kind = YamlValue::Kind::Sequence;
            into.isPlain = false;
            if (m_event->data.sequence_start.anchor)
                return failAlias();
            if (m_event->data.sequence_start.tag)
                return fail(u"tags are not read"_s);
            while (next() && m_event->type != YAML_SEQUENCE_END_EVENT) {
                if (!value(into.children.emplaceBack(), level + 1))
                    return false;
            }
            return m_problem.isEmpty();
        case YAML_MAPPING_START_EVENT:
            into.kind = YamlValue::Kind::Mapping;
            into.isPlain = false;
            if (m_event->data.mapping_start.anchor)
                return failAlias();
            if (m_event->data.mapping_start.tag)
                return fail(u"tags are not read"_s);
            while (next() && m_event->type != YAML_MAPPING_END_EVENT) {
                YamlValue key;
                if (m_event->type != YAML_SCALAR_EVENT)
                    return fail(u"a key is no text"_s);
                if (!value(key, level + 1))
                    return false;
                if (into.keys.contains(key.text))
                    return fail(u"the key “%1” stands twice"_s.arg(key.text.left(60)));
                into.keys.append(key.text);
                if (!next() || !value(into.children.emplaceBack(), level + 1))
                    return false;
            }
            return m_problem.isEmpty();
        case YAML_ALIAS_EVENT:
            return failAlias();
        default:
            return fail(u"it is no YAML"_s);
        }
    }
    /// A few lines of them can stand for gigabytes.
    bool failAlias() { return fail(u"anchors and aliases are not followed"_s); }

    yaml_parser_t m_parser = {};
    bool m_isReady = false;
    yaml_event_t m_storage = {};
    Event m_event{nullptr, yaml_event_delete};
    QString m_problem;
    int m_line = 0;
};

} // namespace

YamlDocument readYaml(const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    return Reader(utf8).document();
}

} // namespace sightglass
