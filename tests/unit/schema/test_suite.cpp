// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/schema/schema_validator.h"

#include <QDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;

namespace {

struct Known {
    const char *group; ///< "FILE: description"
    const char *why;
};

constexpr const char *Remote = "refers to another document, which is never fetched";
constexpr const char *Dynamic = "$dynamicRef goes where $ref would";
constexpr const char *Vocabulary = "vocabularies are not told apart";

const QList<Known> &knownOfDraft7()
{
    static const QList<Known> groups{
        {"definitions: invalid definition", Remote},
        {"ref: remote ref, containing refs itself", Remote},
        {"refRemote: base URI change", Remote},
        {"refRemote: base URI change - change folder", Remote},
        {"refRemote: base URI change - change folder in subschema", Remote},
        {"refRemote: fragment within remote ref", Remote},
        {"refRemote: ref within remote ref", Remote},
        {"refRemote: remote ref", Remote},
        {"refRemote: root ref in remote ref", Remote},
    };
    return groups;
}

const QList<Known> &knownOf202012()
{
    static const QList<Known> groups{
        {"defs: validate definition against metaschema", Remote},
        {"dynamicRef: $ref and $dynamicAnchor are independent of order - $defs first", Dynamic},
        {"dynamicRef: $ref and $dynamicAnchor are independent of order - $ref first", Dynamic},
        {"dynamicRef: $ref to $dynamicRef finds detached $dynamicAnchor", Dynamic},
        {"dynamicRef: A $dynamicRef resolves to the first $dynamicAnchor still in scope that is "
         "encountered when the schema is evaluated",
         Dynamic},
        {"dynamicRef: A $dynamicRef that initially resolves to a schema with a matching "
         "$dynamicAnchor resolves to the first $dynamicAnchor in the dynamic scope",
         Dynamic},
        {"dynamicRef: A $dynamicRef with intermediate scopes that don't include a matching "
         "$dynamicAnchor does not affect dynamic scope resolution",
         Dynamic},
        {"dynamicRef: after leaving a dynamic scope, it is not used by a $dynamicRef", Dynamic},
        {"dynamicRef: multiple dynamic paths to the $dynamicRef keyword", Dynamic},
        {"dynamicRef: strict-tree schema, guards against misspelled properties", Dynamic},
        {"dynamicRef: tests for implementation dynamic anchor and reference link", Dynamic},
        {"ref: remote ref, containing refs itself", Remote},
        {"refRemote: $ref to $ref finds detached $anchor", Remote},
        {"refRemote: Location-independent identifier in remote ref", Remote},
        {"refRemote: anchor within remote ref", Remote},
        {"refRemote: base URI change", Remote},
        {"refRemote: base URI change - change folder", Remote},
        {"refRemote: base URI change - change folder in subschema", Remote},
        {"refRemote: fragment within remote ref", Remote},
        {"refRemote: ref within remote ref", Remote},
        {"refRemote: remote HTTP ref with different $id", Remote},
        {"refRemote: remote HTTP ref with different URN $id", Remote},
        {"refRemote: remote HTTP ref with nested absolute ref", Remote},
        {"refRemote: remote ref", Remote},
        {"refRemote: remote ref with ref to defs", Remote},
        {"refRemote: retrieved nested refs resolve relative to their URI not $id", Remote},
        {"refRemote: root ref in remote ref", Remote},
        {"unevaluatedItems: unevaluatedItems with $dynamicRef", Dynamic},
        {"unevaluatedProperties: unevaluatedProperties with $dynamicRef", Dynamic},
        {"vocabulary: schema that uses custom metaschema with with no validation vocabulary",
         Vocabulary},
    };
    return groups;
}

struct Figure {
    int groups = 0, groupsPassed = 0, tests = 0, testsPassed = 0;
    QSet<QString> failed;
};

Figure runSuite(const QString &folder, const QByteArray &dialect)
{
    Figure figure;
    const QStringList files = QDir(folder).entryList({u"*.json"_s}, QDir::Files, QDir::Name);
    for (const QString &name : files) {
        QFile file(folder + u'/' + name);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const JsonText all = JsonText::parse(file.readAll());
        for (const JsonText::Node group : all.children(all.root())) {
            const QString title =
                name.chopped(5) + u": "_s + all.string(all.member(group, u"description"));
            const JsonText::Node schema = all.member(group, u"schema");
            QByteArray text = all.raw(schema).toByteArray();
            // The suite of draft-07 does not say which draft it is.
            if (all.isObject(schema) && all.member(schema, u"$schema") < 0)
                text = "{\"$schema\":\"" + dialect + '"' + (all.childCount(schema) > 0 ? "," : "")
                    + text.trimmed().mid(1);
            const Expected<SchemaValidator> validator = SchemaValidator::compile(text);
            bool passed = true;
            for (const JsonText::Node test : all.children(all.member(group, u"tests"))) {
                const bool right = validator
                    && validator->validate(all.raw(all.member(test, u"data"))).isEmpty()
                        == all.boolean(all.member(test, u"valid"));
                ++figure.tests;
                figure.testsPassed += right;
                passed &= right;
            }
            ++figure.groups;
            figure.groupsPassed += passed;
            if (!passed)
                figure.failed.insert(title);
        }
    }
    return figure;
}

} // namespace

/// The official suite of JSON Schema, required part. A group that fails and is not in the table
/// fails the test, and one that is and passes does too: the figure is what it says.
class Suite : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void judgesAsTheSuiteSays_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QByteArray>("dialect");
        QTest::addColumn<QList<Known>>("known");
        QTest::addColumn<int>("tests");
        QTest::newRow("draft-07") << u"/usr/share/json-schema-test-suite/tests/draft7"_s
                                  << "http://json-schema.org/draft-07/schema#"_ba << knownOfDraft7()
                                  << 423;
        QTest::newRow("2020-12") << QStringLiteral(
            SIGHTGLASS_SOURCE_DIR "/tests/data/json-schema-test-suite/draft2020-12")
                                 << "https://json-schema.org/draft/2020-12/schema"_ba
                                 << knownOf202012() << 1000;
    }
    void judgesAsTheSuiteSays()
    {
        QFETCH(QString, folder);
        QFETCH(QByteArray, dialect);
        QFETCH(QList<Known>, known);
        QFETCH(int, tests);
        const Figure figure = runSuite(folder, dialect);
        qInfo().noquote() << u"%1: %2 of %3 tests, %4 of %5 groups"_s
                                 .arg(QString::fromUtf8(QTest::currentDataTag()))
                                 .arg(figure.testsPassed)
                                 .arg(figure.tests)
                                 .arg(figure.groupsPassed)
                                 .arg(figure.groups);
        QVERIFY2(figure.tests >= tests, "the suite is not there: install json-schema-test-suite");
        QSet<QString> expected;
        for (const Known &one : known)
            expected.insert(QString::fromUtf8(one.group));
        QStringList fails = QStringList((figure.failed - expected).values());
        fails.sort();
        for (const QString &one : std::as_const(fails))
            qWarning().noquote() << "fails:" << one;
        QVERIFY2(fails.isEmpty(), "groups fail that are not in the table");
        const QStringList passes = QStringList((expected - figure.failed).values());
        for (const QString &one : passes)
            qWarning().noquote() << "passes:" << one;
        QVERIFY2(passes.isEmpty(), "groups pass that the table says fail");
    }
};

QTEST_GUILESS_MAIN(Suite)
#include "test_suite.moc"
