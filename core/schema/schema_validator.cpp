// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

// The one file that knows the library. It reports by exceptions, which end here.

#include "core/schema/schema_validator.h"

#include "core/jsonrpc/json_edit.h"
#include "core/schema/breach_tree.h"
#include "core/schema/format_check.h"
#include "core/schema/json_adapter.h"
#include "core/schema/pattern.h"

#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validation_visitor.hpp>

#include <algorithm>
#include <regex>
#include <set>

namespace sightglass {

using namespace Qt::StringLiterals;
using namespace schema;

namespace {

constexpr qsizetype MostSchemaBytes = 4 * 1024 * 1024;
constexpr qsizetype MostValueBytes = 16 * 1024 * 1024;
constexpr int MostSchemaLevels = 256;
constexpr int MostValueLevels = 512;
constexpr qint64 MostStack = 3 * 1024 * 1024;
constexpr qint64 MostSteps = 20'000'000;
constexpr qint64 StepsOfPart = 50; ///< so that all of them take a second or two
constexpr size_t MostTold = 20'000; ///< sentences and marks of the library
constexpr qsizetype MostUneven = 20; ///< parts inside one another for unevaluated…

/// The judging cannot go on. Does not leave this file.
struct GivenUp {
    QString why;
};
struct Enough { };

const char *stackNow()
{
    return static_cast<const char *>(__builtin_frame_address(0));
}

void take(Budget *budget, qint64 steps)
{
    budget->steps -= steps;
    if (budget->steps < 0)
        throw GivenUp{u"it would take more than %1 million steps"_s.arg(MostSteps / 1'000'000)};
    if (std::abs(budget->stackAtStart - stackNow()) > MostStack)
        throw GivenUp{u"the schema goes deeper than can be followed, or without end"_s};
}

int levels(const JsonText &json)
{
    std::vector<int> depth(size_t(json.nodeCount()), 0);
    int most = 0;
    for (JsonText::Node node = 1; node < json.nodeCount(); ++node) {
        depth[size_t(node)] = depth[size_t(json.parent(node))] + 1;
        most = std::max(most, depth[size_t(node)]);
    }
    return most;
}

/// What valijson from 1.0.3 on wants to be told; patterns are judged by a rule of our own.
struct RegexEngine {
    explicit RegexEngine(const std::string &pattern)
        : regex(pattern)
    {
    }
    static bool search(const std::string &text, const RegexEngine &engine)
    {
        return std::regex_search(text, engine.regex);
    }
    std::regex regex;
};

/// valijson 1.0 takes the document alone, later releases the engine too.
template <template <typename...> class Either, typename = void> struct VisitorOf {
    using Engine = RegexEngine;
    using Type = Either<JsonAdapter, Engine>;
};
template <template <typename...> class Either>
struct VisitorOf<Either, std::void_t<Either<JsonAdapter>>> {
    using Engine = std::regex;
    using Type = Either<JsonAdapter>;
};

using Visitor = VisitorOf<valijson::ValidationVisitor>::Type;
using VisitorEngine = VisitorOf<valijson::ValidationVisitor>::Engine;
using Results = valijson::ValidationResults;
using Context = std::vector<std::string>;

} // namespace

struct SchemaValidator::Compiled {
    JsonText schema;
    SchemaParts parts;
    Options options;
    std::unique_ptr<JsonDocument> document; ///< of the text for the library
    std::unique_ptr<Budget> limits; ///< while it is compiled
    std::unique_ptr<valijson::Schema> library;
    std::vector<const valijson::Subschema *> subschemas; ///< by part

    const SchemaPart &part(PartId id) const { return parts.parts.at(size_t(id)); }
    bool judge(PartId id, const JsonAdapter &target, Results *results) const
    {
        std::unordered_map<std::string, VisitorEngine> unused;
        Visitor visitor(target, {}, true, results, unused);
        return visitor.validateSchema(*subschemas.at(size_t(id)));
    }
};

namespace {

using Compiled = SchemaValidator::Compiled;

/// Stands before all else in a part.
class BeginRule final : public valijson::constraints::PolyConstraint {
public:
    explicit BeginRule(PartId part)
        : m_part(part)
    {
    }
    bool validate(const valijson::adapters::Adapter &target, const Context &context,
                  Results *results) const override
    {
        const auto &value = static_cast<const JsonAdapter &>(target);
        take(value.document().budget, StepsOfPart);
        if (results) {
            if (results->numErrors() > MostTold)
                throw Enough{};
            results->pushError(context, beginMark(m_part, value.node()));
        }
        return true;
    }

private:
    valijson::constraints::Constraint *cloneInto(void *place) const override
    {
        return new (place) BeginRule(*this);
    }
    size_t sizeOf() const override { return sizeof(BeginRule); }

    PartId m_part;
};

/// What of an object or array has been judged by a part (2020-12 core, section 11).
struct Evaluated {
    bool all = false;
    std::set<size_t> places; ///< indexes of members or items
};

/// Stands behind all else in a part: the rules that are ours.
class RestRule final : public valijson::constraints::PolyConstraint {
public:
    RestRule(const Compiled *compiled, PartId part)
        : m_compiled(compiled)
        , m_part(part)
    {
    }
    bool validate(const valijson::adapters::Adapter &target, const Context &,
                  Results *results) const override
    {
        const auto &value = static_cast<const JsonAdapter &>(target);
        const SchemaPart &part = m_compiled->part(m_part);
        bool valid = true;
        if (value.isNumber())
            valid = numbers(part, value, results);
        else if (value.isString())
            valid = text(part, value, results);
        else if (value.isObject())
            valid = members(part, value, results);
        else if (value.isArray())
            valid = items(part, value, results);
        if (results)
            results->pushError({}, endMark());
        return valid;
    }

private:
    valijson::constraints::Constraint *cloneInto(void *place) const override
    {
        return new (place) RestRule(*this);
    }
    size_t sizeOf() const override { return sizeof(RestRule); }

    static bool holds(bool is, const char *keyword, Results *results, const QString &detail = {})
    {
        if (!is && results)
            results->pushError({}, breachMark(keyword, detail));
        return is;
    }
    /// Judges and lets what is said stand: of a value inside.
    bool judge(PartId id, const JsonAdapter &value, Results *results) const
    {
        return m_compiled->judge(id, value, results);
    }

    bool numbers(const SchemaPart &part, const JsonAdapter &value, Results *results) const
    {
        if (!part.minimum && !part.maximum && !part.exclusiveMinimum && !part.exclusiveMaximum
            && !part.multipleOf)
            return true;
        const Decimal is = decimal(value.document().json.raw(value.node()));
        bool valid = true;
        if (part.minimum)
            valid &= holds(compare(is, *part.minimum) >= 0, "minimum", results);
        if (part.maximum)
            valid &= holds(compare(is, *part.maximum) <= 0, "maximum", results);
        if (part.exclusiveMinimum)
            valid &= holds(compare(is, *part.exclusiveMinimum) > 0, "exclusiveMinimum", results);
        if (part.exclusiveMaximum)
            valid &= holds(compare(is, *part.exclusiveMaximum) < 0, "exclusiveMaximum", results);
        if (part.multipleOf)
            valid &= holds(isMultiple(is, *part.multipleOf).value_or(true), "multipleOf", results);
        return valid;
    }
    bool text(const SchemaPart &part, const JsonAdapter &value, Results *results) const
    {
        const bool formats = m_compiled->options.formats && !part.format.isEmpty();
        if (!part.pattern && !formats)
            return true;
        const QString is = value.document().json.string(value.node());
        bool valid = true;
        if (part.pattern)
            valid &= holds(found(*part.pattern, is, value), "pattern", results);
        if (formats)
            valid &= holds(hasFormat(part.format, is).value_or(true), "format", results);
        return valid;
    }
    static bool found(const QRegularExpression &pattern, const QString &text,
                      const JsonAdapter &value)
    {
        take(value.document().budget, 10 + text.size() / 100);
        const std::optional<bool> is = isFound(pattern, text);
        if (!is) {
            take(value.document().budget, MostSteps / 100);
            throw GivenUp{u"a pattern takes too long on a text"_s};
        }
        return *is;
    }

    bool members(const SchemaPart &part, const JsonAdapter &value, Results *results) const
    {
        const JsonDocument::Object &object = value.document().object(value.node());
        bool valid = true;
        const auto goesOn = [&] { return valid || results; };
        if (part.propertyNames >= 0) {
            for (size_t i = 0; i < object.members.size() && goesOn(); ++i) {
                const QString name = QString::fromStdString(object.members[i].first);
                JsonDocument document(JsonText::parse(jsonQuoted(name)), value.document().budget);
                valid &= holds(judge(part.propertyNames, JsonAdapter(document), nullptr),
                               "propertyNames", results, name);
            }
        }
        if (part.membersAreOurs()) {
            const auto byName = propertiesByName(part);
            for (size_t i = 0; i < object.members.size() && goesOn(); ++i) {
                const JsonAdapter member(&value.document(), object.members[i].second);
                for (const PartId id : partsOfMember(part, byName, object.members[i].first, member))
                    valid &= judge(id, member, results);
            }
        }
        if (part.dependentAreOurs) {
            for (const auto &[name, id] : part.dependent) {
                if (goesOn() && object.index.contains(name))
                    valid &= judge(id, value, results);
            }
        }
        if (part.unevaluatedProperties >= 0 && goesOn()) {
            const Evaluated seen = evaluated(part, value, 0, false);
            for (size_t i = 0; i < object.members.size() && !seen.all && goesOn(); ++i) {
                if (!seen.places.contains(i))
                    valid &=
                        judge(part.unevaluatedProperties,
                              JsonAdapter(&value.document(), object.members[i].second), results);
            }
        }
        return valid;
    }
    using ByName = std::unordered_map<std::string, PartId>;
    static ByName propertiesByName(const SchemaPart &part)
    {
        return {part.properties.begin(), part.properties.end()};
    }
    static std::vector<PartId> partsOfMember(const SchemaPart &part, const ByName &byName,
                                             const std::string &name, const JsonAdapter &value)
    {
        std::vector<PartId> ids;
        const auto known = byName.find(name);
        if (known != byName.end())
            ids.push_back(known->second);
        for (const auto &[pattern, id] : part.patterns) {
            if (found(pattern, QString::fromStdString(name), value))
                ids.push_back(id);
        }
        if (ids.empty() && part.additional >= 0)
            ids.push_back(part.additional);
        return ids;
    }

    bool items(const SchemaPart &part, const JsonAdapter &value, Results *results) const
    {
        const JsonDocument &document = value.document();
        const std::vector<JsonText::Node> &all = document.array(value.node());
        bool valid = true;
        if (part.uniqueItems) {
            const QString same = twoTheSame(document, all);
            valid &= holds(same.isEmpty(), "uniqueItems", results, same);
        }
        if (part.containsIsOurs() && (valid || results)) {
            qint64 count = 0;
            for (const JsonText::Node node : all)
                count += judge(part.contains, JsonAdapter(&document, node), nullptr);
            const QString is = QString::number(count);
            valid &= holds(count >= part.minContains,
                           part.minContains == 1 ? "contains" : "minContains", results, is);
            valid &= holds(part.maxContains < 0 || count <= part.maxContains, "maxContains",
                           results, is);
        }
        if (part.unevaluatedItems >= 0 && (valid || results)) {
            const Evaluated seen = evaluated(part, value, 0, true);
            for (size_t i = 0; i < all.size() && !seen.all && (valid || results); ++i) {
                if (!seen.places.contains(i))
                    valid &= judge(part.unevaluatedItems, JsonAdapter(&document, all[i]), results);
            }
        }
        return valid;
    }
    static QString twoTheSame(const JsonDocument &document,
                              const std::vector<JsonText::Node> &items)
    {
        std::unordered_multimap<size_t, size_t> byHash;
        for (size_t i = 0; i < items.size(); ++i) {
            take(document.budget, 1);
            const size_t hash = hashOfValue(document.json, items[i]);
            const auto [first, last] = byHash.equal_range(hash);
            for (auto it = first; it != last; ++it) {
                if (equalValues(document.json, items[it->second], document.json, items[i],
                                document.budget))
                    return u"%1 and %2"_s.arg(it->second + 1).arg(i + 1);
            }
            byHash.emplace(hash, i);
        }
        return {};
    }

    /// What the part, and the parts that it applies to the same value, judged; without its own
    /// unevaluated….
    Evaluated evaluated(const SchemaPart &part, const JsonAdapter &value, int level,
                        bool ofArray) const
    {
        take(value.document().budget, 1);
        Evaluated seen;
        if (level > MostUneven)
            throw GivenUp{u"the schema goes deeper than can be followed, or without end"_s};
        const auto join = [&](PartId id) {
            if (id < 0 || seen.all || !judge(id, value, nullptr))
                return false;
            const SchemaPart &inside = m_compiled->part(id);
            const Evaluated its = evaluated(inside, value, level + 1, ofArray);
            seen.all |=
                its.all || (ofArray ? inside.unevaluatedItems : inside.unevaluatedProperties) >= 0;
            seen.places.insert(its.places.begin(), its.places.end());
            return true;
        };
        join(part.ref);
        for (const std::vector<PartId> *list : {&part.allOf, &part.anyOf, &part.oneOf}) {
            for (const PartId id : *list)
                join(id);
        }
        if (part.ifPart >= 0) {
            const bool is = judge(part.ifPart, value, nullptr);
            if (is)
                join(part.ifPart);
            join(is ? part.thenPart : part.elsePart);
        }
        if (ofArray)
            ownItems(part, value, &seen);
        else
            ownMembers(part, value, &seen, join);
        return seen;
    }
    template <typename Join>
    static void ownMembers(const SchemaPart &part, const JsonAdapter &value, Evaluated *seen,
                           const Join &join)
    {
        const JsonDocument::Object &object = value.document().object(value.node());
        for (const auto &[name, id] : part.dependent) {
            if (object.index.contains(name))
                join(id);
        }
        seen->all |= part.additional >= 0;
        const ByName byName = propertiesByName(part);
        for (size_t i = 0; i < object.members.size() && !seen->all; ++i) {
            if (!partsOfMember(part, byName, object.members[i].first, value).empty())
                seen->places.insert(i);
        }
    }
    void ownItems(const SchemaPart &part, const JsonAdapter &value, Evaluated *seen) const
    {
        const JsonDocument &document = value.document();
        const std::vector<JsonText::Node> &all = document.array(value.node());
        seen->all |= part.items >= 0;
        for (size_t i = 0; i < all.size() && !seen->all; ++i) {
            if (i < part.prefix.size()
                || (part.contains >= 0
                    && judge(part.contains, JsonAdapter(&document, all[i]), nullptr)))
                seen->places.insert(i);
        }
    }

    const Compiled *m_compiled;
    PartId m_part;
};

class BeginBuilder final : public valijson::ConstraintBuilder {
public:
    explicit BeginBuilder(Budget *limits)
        : m_limits(limits)
    {
    }
    valijson::constraints::Constraint *make(const valijson::adapters::Adapter &part) const override
    {
        take(m_limits, 1);
        return new BeginRule(PartId(part.getInteger()));
    }

private:
    Budget *m_limits;
};

class RestBuilder final : public valijson::ConstraintBuilder {
public:
    explicit RestBuilder(const Compiled *compiled)
        : m_compiled(compiled)
    {
    }
    valijson::constraints::Constraint *make(const valijson::adapters::Adapter &part) const override
    {
        return new RestRule(m_compiled, PartId(part.getInteger()));
    }

private:
    const Compiled *m_compiled;
};

void populate(Compiled *compiled)
{
    const JsonText text = JsonText::parse(compiled->parts.text);
    compiled->limits = std::make_unique<Budget>(Budget{MostSteps, stackNow()});
    compiled->document = std::make_unique<JsonDocument>(text);
    compiled->library = std::make_unique<valijson::Schema>();
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.addConstraintBuilder(BeginKeyword, new BeginBuilder(compiled->limits.get()));
    parser.addConstraintBuilder(RestKeyword, new RestBuilder(compiled));
    parser.populateSchema(JsonAdapter(*compiled->document), *compiled->library);

    // The root is one allOf of all parts: so their subschemas are had.
    valijson::Subschema::ApplyFunction each =
        [compiled](const valijson::constraints::Constraint &constraint) {
            if (const auto *all =
                    dynamic_cast<const valijson::constraints::AllOfConstraint *>(&constraint)) {
                all->applyToSubschemas([compiled](unsigned, const valijson::Subschema *one) {
                    compiled->subschemas.push_back(one);
                    return true;
                });
            }
            return true;
        };
    compiled->library->apply(each);
    if (compiled->subschemas.size() != compiled->parts.parts.size())
        throw GivenUp{u"the library read another schema"_s};
}

Failure failure(const QString &why)
{
    return Failure{FailureKind::Protocol,
                   u"schema"_s,
                   u"The schema cannot be used: %1."_s.arg(why),
                   u"The fault is in the schema; nothing is checked against it."_s,
                   0,
                   {}};
}

SchemaProblem unjudged(const QString &sentence)
{
    SchemaProblem problem;
    problem.sentence = sentence;
    problem.unjudged = true;
    return problem;
}

} // namespace

Expected<SchemaValidator> SchemaValidator::compile(QByteArrayView schemaText, Options options)
{
    return compileAt(schemaText, {}, options);
}

Expected<SchemaValidator> SchemaValidator::compileAt(QByteArrayView schemaText,
                                                     QByteArrayView pointer, Options options)
{
    if (schemaText.size() > MostSchemaBytes)
        return failure(u"it is larger than %1 MiB"_s.arg(MostSchemaBytes / 1024 / 1024));
    auto compiled = std::make_shared<Compiled>();
    compiled->options = options;
    compiled->schema = JsonText::parse(schemaText.toByteArray());
    if (const std::optional<JsonError> &error = compiled->schema.error())
        return failure(u"it is no JSON (byte %1: %2)"_s.arg(error->offset).arg(error->sentence));
    if (levels(compiled->schema) > MostSchemaLevels)
        return failure(u"it is nested deeper than %1 levels"_s.arg(MostSchemaLevels));
    const JsonText::Node root = compiled->schema.find(pointer);
    if (root < 0)
        return failure(u"there is nothing at %1 in it"_s.arg(QString::fromUtf8(pointer)));
    Expected<SchemaParts> parts = schemaParts(compiled->schema, root);
    if (!parts)
        return parts.error();
    compiled->parts = *parts;
    try {
        populate(compiled.get());
    } catch (const GivenUp &givenUp) {
        return failure(givenUp.why);
    } catch (const std::exception &error) {
        return failure(QString::fromUtf8(error.what()));
    }
    return SchemaValidator(std::move(compiled));
}

QList<SchemaProblem> SchemaValidator::validate(QByteArrayView instanceText) const
{
    if (instanceText.size() > MostValueBytes)
        return {unjudged(u"The value is larger than %1 MiB, and is not checked."_s.arg(
            MostValueBytes / 1024 / 1024))};
    return validate(JsonText::parse(instanceText.toByteArray()));
}

QList<SchemaProblem> SchemaValidator::validate(const JsonText &instance) const
{
    if (const std::optional<JsonError> &error = instance.error()) {
        SchemaProblem problem;
        problem.sentence = u"It is no JSON (byte %1: %2)"_s.arg(error->offset).arg(error->sentence);
        return {problem};
    }
    if (instance.text().size() > MostValueBytes)
        return {unjudged(u"The value is larger than %1 MiB, and is not checked."_s.arg(
            MostValueBytes / 1024 / 1024))};
    if (levels(instance) > MostValueLevels)
        return {unjudged(u"The value is nested deeper than %1 levels, and is not checked."_s.arg(
            MostValueLevels))};
    Budget budget{MostSteps, stackNow()};
    const JsonDocument document(instance, &budget);
    const JsonAdapter value(document);
    Results results;
    QString why;
    try {
        // Mostly a value fits, and nothing need be told.
        if (m_compiled->judge(0, value, nullptr) && budget.steps >= 0)
            return {};
        take(&budget, 0);
        m_compiled->judge(0, value, &results);
        take(&budget, 0);
    } catch (const GivenUp &givenUp) {
        why = givenUp.why;
    } catch (const Enough &) {
        // What was told is enough.
    } catch (const std::exception &error) {
        why = QString::fromUtf8(error.what());
    }
    BreachTree tree(m_compiled->schema, m_compiled->parts, instance);
    for (const Results::Error &error : results)
        tree.add(error.description);
    QList<SchemaProblem> problems = tree.problems();
    if (!why.isEmpty())
        problems.append(unjudged(u"The value is not checked to the end: %1."_s.arg(why)));
    else if (problems.isEmpty())
        problems.append(SchemaProblem{{}, {}, {}, u"It does not fit the schema."_s});
    return problems;
}

const QStringList &SchemaValidator::unchecked() const
{
    return m_compiled->parts.unchecked;
}

QString problemLine(const SchemaProblem &problem)
{
    const QString place =
        problem.place.isEmpty() ? u"the value itself"_s : QString::fromUtf8(problem.place);
    if (problem.keyword.isEmpty())
        return problem.place.isEmpty() ? problem.sentence
                                       : u"%1: %2"_s.arg(place, problem.sentence);
    return u"%1: %2 (rule %3)"_s.arg(place, problem.sentence, QString::fromUtf8(problem.rule));
}

} // namespace sightglass
