// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/schema/schema_rewrite.h"

#include "core/jsonrpc/json_edit.h"
#include "core/schema/pattern.h"
#include "core/schema/schema_index.h"

namespace sightglass::schema {

namespace {

using namespace Qt::StringLiterals;
using Node = JsonText::Node;

constexpr qsizetype MostParts = 50'000;

bool isOldDraft(const QString &dialect)
{
    return dialect.contains(u"draft-07"_s) || dialect.contains(u"draft-06"_s)
        || dialect.contains(u"draft-04"_s);
}

class Rewriter {
public:
    explicit Rewriter(const JsonText &schema)
        : m_schema(schema)
        , m_draft7(isOldDraft(schema.string(schema.member(schema.root(), u"$schema"))))
        , m_index(schema, m_draft7)
    {
    }

    Expected<SchemaParts> rewrite(Node root)
    {
        partOf(root);
        QByteArray definitions;
        for (size_t next = 0; next < m_result.parts.size(); ++next) {
            SchemaPart part;
            part.node = m_result.parts.at(next).node;
            const QByteArray text = write(PartId(next), part);
            if (!m_problem.isEmpty())
                return failure();
            if (next > 0)
                definitions += ',';
            definitions += jsonQuoted(QString::number(next)) + ':' + text;
            m_result.parts[next] = std::move(part);
            if (m_result.parts.size() > size_t(MostParts)) {
                m_problem = u"it has more than %1 subschemas"_s.arg(MostParts);
                return failure();
            }
        }
        JsonWriter all;
        all.beginObject().key(u"allOf").beginArray();
        for (size_t i = 0; i < m_result.parts.size(); ++i)
            all.raw(reference(PartId(i)));
        all.endArray().key(u"definitions").raw('{' + definitions + '}').endObject();
        m_result.text = all.text();
        return std::move(m_result);
    }

private:
    Failure failure() const
    {
        return Failure{FailureKind::Protocol,
                       u"schema"_s,
                       u"The schema cannot be used: %1."_s.arg(m_problem),
                       u"The fault is in the schema; nothing is checked against it."_s,
                       0,
                       {}};
    }
    void wrong(Node node, const QString &what)
    {
        if (!m_problem.isEmpty())
            return;
        const QString place = QString::fromUtf8(m_schema.pointer(node));
        m_problem = u"%1 %2"_s.arg(place.isEmpty() ? u"its whole text"_s : place.left(200), what);
    }
    void unchecked(const QString &sentence)
    {
        if (m_result.unchecked.size() < 20 && !m_result.unchecked.contains(sentence))
            m_result.unchecked.append(sentence);
    }

    static QByteArray reference(PartId part)
    {
        return "{\"$ref\":\"#/definitions/" + QByteArray::number(part) + "\"}";
    }
    PartId partOf(Node node)
    {
        const auto found = m_ids.constFind(node);
        if (found != m_ids.constEnd())
            return *found;
        const PartId id = PartId(m_result.parts.size());
        m_ids.insert(node, id);
        m_result.parts.emplace_back().node = node;
        return id;
    }
    Node member(Node node, QStringView name) const { return m_schema.member(node, name); }
    PartId child(Node node, QStringView name)
    {
        const Node value = member(node, name);
        return value < 0 ? -1 : partOf(value);
    }
    /// The members of an object of schemas, each name once (its last).
    std::vector<std::pair<QString, Node>> members(Node node, QStringView name)
    {
        std::vector<std::pair<QString, Node>> all;
        const Node object = member(node, name);
        if (object < 0)
            return all;
        if (!m_schema.isObject(object)) {
            wrong(object, u"is not an object"_s);
            return all;
        }
        QHash<QString, size_t> known;
        for (Node one = m_schema.firstChild(object); one >= 0; one = m_schema.nextSibling(one)) {
            const QString key = m_schema.key(one);
            const auto before = known.constFind(key);
            if (before != known.constEnd()) {
                all[*before].second = one;
            } else {
                known.insert(key, all.size());
                all.emplace_back(key, one);
            }
        }
        return all;
    }
    std::vector<PartId> list(Node node, QStringView name)
    {
        std::vector<PartId> all;
        const Node array = member(node, name);
        if (array < 0)
            return all;
        if (!m_schema.isArray(array)) {
            wrong(array, u"is not a list of schemas"_s);
            return all;
        }
        for (Node one = m_schema.firstChild(array); one >= 0; one = m_schema.nextSibling(one))
            all.push_back(partOf(one));
        return all;
    }
    std::optional<Decimal> number(Node node, QStringView name)
    {
        const Node value = member(node, name);
        if (value < 0 || (m_draft7 && m_schema.isBool(value)))
            return {};
        if (!m_schema.isNumber(value)) {
            wrong(value, u"is not a number"_s);
            return {};
        }
        return decimal(m_schema.raw(value));
    }
    std::optional<qint64> count(Node node, QStringView name)
    {
        const std::optional<Decimal> value = number(node, name);
        if (!value)
            return {};
        if (!value->isInteger() || value->negative) {
            wrong(member(node, name), u"is not a count"_s);
            return {};
        }
        if (value->digits.size() + value->exponent > 17)
            return 100'000'000'000'000'000;
        qint64 whole = value->digits.toLongLong();
        for (qint64 i = 0; i < value->exponent && whole > 0; ++i)
            whole *= 10;
        return whole;
    }

    QByteArray write(PartId id, SchemaPart &part)
    {
        const Node node = part.node;
        JsonWriter out;
        out.beginObject().key(u"allOf").beginArray();
        out.beginObject().key(QString::fromLatin1(BeginKeyword)).value(id).endObject();
        if (m_schema.isObject(node)) {
            if (!refer(node, part, out)) {
                applicators(node, part, out);
                objects(node, part, out);
                arrays(node, part, out);
                values(node, part, out);
            }
        } else if (m_schema.isBool(node)) {
            out.endArray();
            if (!m_schema.boolean(node))
                out.key(u"not").raw("{}");
        } else {
            wrong(node, u"is no schema (an object, true or false)"_s);
        }
        out.key(QString::fromLatin1(RestKeyword)).value(id).endObject();
        return out.text();
    }
    /// True if the reference is all there is (draft-07). Closes allOf then.
    bool refer(Node node, SchemaPart &part, JsonWriter &out)
    {
        for (const QStringView keyword : {u"$ref", u"$dynamicRef", u"$recursiveRef"}) {
            const Node reference = member(node, keyword);
            if (!m_schema.isString(reference))
                continue;
            if (keyword != QStringView(u"$ref") && m_draft7)
                continue;
            const QString text = m_schema.string(reference);
            const Node target = m_index.target(node, text);
            if (target < 0) {
                unchecked(
                    text.startsWith(u'#')
                        ? u"\"%1\" leads nowhere in the schema: what it stands for is not checked."_s
                              .arg(text.left(200))
                        : u"\"%1\" is another document, and is not fetched: what it stands for is not checked."_s
                              .arg(text.left(200)));
            } else if (part.ref < 0) {
                part.ref = partOf(target);
                out.raw(Rewriter::reference(part.ref));
            } else {
                part.allOf.push_back(partOf(target));
                out.raw(Rewriter::reference(part.allOf.back()));
            }
            if (m_draft7) {
                out.endArray();
                return true;
            }
        }
        return false;
    }
    /// Inside allOf, where it stays behind the mark that begins the part: valijson from 1.0.3 on
    /// judges a part's own type before everything else.
    void type(Node node, JsonWriter &out)
    {
        const Node type = member(node, u"type");
        if (type < 0)
            return;
        bool known = m_schema.isString(type) ? isType(type) : m_schema.childCount(type) > 0;
        for (Node one = m_schema.firstChild(type); one >= 0; one = m_schema.nextSibling(one))
            known &= isType(one);
        if (known)
            out.beginObject().key(u"type").raw(m_schema.compact(type)).endObject();
        else
            wrong(type, u"names a type that JSON does not have"_s);
    }
    void applicators(Node node, SchemaPart &part, JsonWriter &out)
    {
        type(node, out);
        const std::vector<PartId> all = list(node, u"allOf");
        for (const PartId one : all)
            out.raw(reference(one));
        out.endArray();
        part.allOf.insert(part.allOf.end(), all.begin(), all.end());
        const auto alternatives = [&](QStringView name) {
            const std::vector<PartId> ids = list(node, name);
            if (!ids.empty()) {
                out.key(name).beginArray();
                for (const PartId one : ids)
                    out.raw(reference(one));
                out.endArray();
            }
            return ids;
        };
        part.anyOf = alternatives(u"anyOf");
        part.oneOf = alternatives(u"oneOf");
        const auto single = [&](QStringView name) {
            const PartId one = child(node, name);
            if (one >= 0)
                out.key(name).raw(reference(one));
            return one;
        };
        single(u"not");
        part.ifPart = single(u"if");
        if (part.ifPart >= 0) {
            part.thenPart = single(u"then");
            part.elsePart = single(u"else");
        }
    }
    void objects(Node node, SchemaPart &part, JsonWriter &out)
    {
        for (const auto &[name, value] : members(node, u"patternProperties")) {
            const PartId one = partOf(value);
            if (const std::optional<QRegularExpression> pattern = patternOf(name))
                part.patterns.emplace_back(*pattern, one);
            else
                unreadable(name);
        }
        for (const auto &[name, value] : members(node, u"properties"))
            part.properties.emplace_back(libraryText(name), partOf(value));
        part.additional = child(node, u"additionalProperties");
        part.unevaluatedProperties = child(node, u"unevaluatedProperties");
        part.propertyNames = child(node, u"propertyNames");
        if (!part.membersAreOurs()) {
            if (!part.properties.empty()) {
                out.key(u"properties").beginObject();
                for (const auto &[name, one] : part.properties)
                    out.key(QString::fromStdString(name)).raw(reference(one));
                out.endObject();
            }
            if (part.additional >= 0)
                out.key(u"additionalProperties").raw(reference(part.additional));
        }
        dependencies(node, part, out);
        if (const Node required = member(node, u"required");
            required >= 0 && !(m_draft7 && m_schema.isBool(required)))
            names(required, u"required", out);
        for (const QStringView name : {u"minProperties", u"maxProperties"}) {
            if (const std::optional<qint64> bound = count(node, name))
                out.key(name).value(*bound);
        }
    }
    void names(Node array, QStringView keyword, JsonWriter &out)
    {
        if (!m_schema.isArray(array)) {
            wrong(array, u"is not a list of names"_s);
            return;
        }
        if (!keyword.isEmpty())
            out.key(keyword);
        out.beginArray();
        QSet<QString> known;
        for (Node one = m_schema.firstChild(array); one >= 0; one = m_schema.nextSibling(one)) {
            if (!m_schema.isString(one)) {
                wrong(one, u"is not a name"_s);
                break;
            }
            const QString name = m_schema.string(one);
            if (!known.contains(name))
                out.value(QString::fromStdString(libraryText(name)));
            known.insert(name);
        }
        out.endArray();
    }
    void dependencies(Node node, SchemaPart &part, JsonWriter &out)
    {
        std::vector<std::pair<QString, Node>> lists = members(node, u"dependentRequired");
        std::vector<std::pair<QString, Node>> schemas = members(node, u"dependentSchemas");
        for (const auto &one : members(node, u"dependencies"))
            (m_schema.isArray(one.second) ? lists : schemas).push_back(one);
        if (lists.empty() && schemas.empty())
            return;
        // The library has one object for both kinds: a name that is in both gets its own part of
        // allOf, which is closed by now, so its list goes into the object and its schema is ours.
        out.key(u"dependencies").beginObject();
        QSet<QString> taken;
        for (const auto &[name, value] : lists) {
            if (taken.contains(name))
                continue;
            taken.insert(name);
            out.key(QString::fromStdString(libraryText(name)));
            names(value, {}, out);
        }
        for (const auto &[name, value] : schemas) {
            part.dependent.emplace_back(libraryText(name), partOf(value));
            if (!taken.contains(name))
                out.key(QString::fromStdString(libraryText(name)))
                    .raw(reference(part.dependent.back().second));
            else
                part.dependentAreOurs = true;
            taken.insert(name);
        }
        out.endObject();
    }
    void arrays(Node node, SchemaPart &part, JsonWriter &out)
    {
        const Node items = member(node, u"items");
        const bool listed = m_schema.isArray(items);
        if (listed) {
            part.prefix = list(node, u"items");
            part.items = child(node, u"additionalItems");
        } else {
            if (!m_draft7)
                part.prefix = list(node, u"prefixItems");
            part.items = items < 0 ? -1 : partOf(items);
        }
        if (!part.prefix.empty()) {
            out.key(u"items").beginArray();
            for (const PartId one : part.prefix)
                out.raw(reference(one));
            out.endArray();
            if (part.items >= 0)
                out.key(u"additionalItems").raw(reference(part.items));
        } else if (part.items >= 0 && !listed) {
            out.key(u"items").raw(reference(part.items));
        }
        part.contains = child(node, u"contains");
        if (!m_draft7 && part.contains >= 0) {
            part.minContains = count(node, u"minContains").value_or(1);
            part.maxContains = count(node, u"maxContains").value_or(-1);
        }
        if (part.contains >= 0 && !part.containsIsOurs())
            out.key(u"contains").raw(reference(part.contains));
        part.unevaluatedItems = child(node, u"unevaluatedItems");
        for (const QStringView name : {u"minItems", u"maxItems"}) {
            if (const std::optional<qint64> bound = count(node, name))
                out.key(name).value(*bound);
        }
        part.uniqueItems = m_schema.boolean(member(node, u"uniqueItems"));
    }
    void values(Node node, SchemaPart &part, JsonWriter &out)
    {
        if (const Node constant = member(node, u"const"); constant >= 0)
            out.key(u"const").raw(m_schema.raw(constant));
        if (const Node list = member(node, u"enum"); list >= 0) {
            if (m_schema.isArray(list))
                out.key(u"enum").raw(m_schema.raw(list));
            else
                wrong(list, u"is not a list"_s);
        }
        for (const QStringView name : {u"minLength", u"maxLength"}) {
            if (const std::optional<qint64> bound = count(node, name))
                out.key(name).value(*bound);
        }
        part.minimum = number(node, u"minimum");
        part.maximum = number(node, u"maximum");
        part.exclusiveMinimum = number(node, u"exclusiveMinimum");
        part.exclusiveMaximum = number(node, u"exclusiveMaximum");
        // Draft-04 has them as flags.
        if (m_draft7 && m_schema.boolean(member(node, u"exclusiveMinimum")))
            std::swap(part.minimum, part.exclusiveMinimum);
        if (m_draft7 && m_schema.boolean(member(node, u"exclusiveMaximum")))
            std::swap(part.maximum, part.exclusiveMaximum);
        part.multipleOf = number(node, u"multipleOf");
        if (part.multipleOf && (part.multipleOf->isZero() || part.multipleOf->negative))
            wrong(member(node, u"multipleOf"), u"is not greater than 0"_s);
        if (const Node pattern = member(node, u"pattern"); pattern >= 0) {
            part.pattern = patternOf(m_schema.string(pattern));
            if (!m_schema.isString(pattern))
                wrong(pattern, u"is not a text"_s);
            else if (!part.pattern)
                unreadable(m_schema.string(pattern));
        }
        part.format = m_schema.string(member(node, u"format"));
    }
    bool isType(Node node) const
    {
        static const QStringList words{u"null"_s,   u"boolean"_s, u"object"_s, u"array"_s,
                                       u"number"_s, u"integer"_s, u"string"_s};
        return m_schema.isString(node) && words.contains(m_schema.string(node));
    }
    void unreadable(const QString &pattern)
    {
        unchecked(
            u"The pattern \"%1\" cannot be read: it is not checked."_s.arg(pattern.left(200)));
    }

    const JsonText &m_schema;
    bool m_draft7;
    SchemaIndex m_index;
    SchemaParts m_result;
    QHash<Node, PartId> m_ids;
    QString m_problem;
};

} // namespace

std::string libraryText(const QString &text)
{
    std::string utf8 = text.toStdString();
    for (size_t at = utf8.find('\0'); at != std::string::npos; at = utf8.find('\0', at))
        utf8.replace(at, 1, "\xF4\x8F\xBF\xBF");
    return utf8;
}

Expected<SchemaParts> schemaParts(const JsonText &schema, JsonText::Node root)
{
    return Rewriter(schema).rewrite(root);
}

} // namespace sightglass::schema
