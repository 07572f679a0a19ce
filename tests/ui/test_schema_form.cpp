// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/schema_form.h"

#include "ui/theme.h"
#include "ui/widgets/role_label.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

using namespace sightglass;

namespace {

const QByteArray allKinds = R"({
  "type": "object",
  "properties": {
    "name": {"type": "string", "description": "Whom to greet"},
    "day": {"type": "string", "format": "date"},
    "text": {"type": "string"},
    "a": {"type": "number", "description": "First number"},
    "count": {"type": "integer", "default": 3},
    "loud": {"type": "boolean"},
    "colour": {"type": "string", "enum": ["red", "green"], "enumNames": ["Red", "Green"]},
    "size": {"oneOf": [{"const": 1, "title": "Small"}, {"const": 2, "title": "Large"}]},
    "tags": {"type": "array", "items": {"type": "string"}},
    "place": {"type": "object", "properties": {"city": {"type": "string"}, "zip": {"type": "integer"}},
              "required": ["city"]},
    "filter": {"type": "object"}
  },
  "required": ["name", "a", "place"]
})";

template <typename Widget> Widget *named(QWidget *form, const char *name)
{
    for (Widget *widget : form->findChildren<Widget *>()) {
        if (widget->accessibleName() == QLatin1String(name))
            return widget;
    }
    return nullptr;
}

QStringList sentences(const SchemaForm &form)
{
    QStringList list;
    for (const FieldProblem &problem : form.problems())
        list.append(problem.sentence);
    return list;
}

QStringList byPlace(const SchemaForm &form)
{
    QStringList list;
    for (const FieldProblem &problem : form.problems())
        list.append(QString::fromUtf8(problem.pointer) + QLatin1Char(' ') + problem.sentence);
    return list;
}

/// What a person sees of the labels.
QStringList shownTexts(QWidget *form)
{
    QStringList list;
    for (const QLabel *label : form->findChildren<QLabel *>()) {
        if (label->isVisibleTo(form))
            list.append(label->text());
    }
    return list;
}

} // namespace

class TestSchemaForm : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void kindFollowsFromTheSchema_data();
    void kindFollowsFromTheSchema();
    void defaultsArePrefilled();
    void typingEditsOnlyItsMember();
    void numbersKeepTheirSpelling();
    void wrongValueIsSaidAndSentAllTheSame();
    void missingIsSaidAfterACallWasTried();
    void rawTextAndFormAreOne();
    void textThatIsNoJsonRestsTheFields();
    void booleanHasThreeStates();
    void choicesSendTheirValues();
    void arrayItemsComeAndGo();
    void nestedObjectIsMadeWhenNeeded();
    void otherValuesAreEditedAsJson();
    void lineEndsStay();
    void oddSchemasGiveAForm_data();
    void oddSchemasGiveAForm();
    void untrustedTextIsPlainAndVisible();
    void tabOrderFollowsTheSchema();
    void emptiedOptionalMemberGoes();
    void alternativesAreChosen();
    void aValueShowsItsAlternative();
    void alternativesOfTheWholeObject();
    void recursionIsOpenedOnDemand();
    void membersOfAnyNameComeAndGo();
    void firstItemsHaveTheirOwnFields();
    void nullIsSetAndSeen();
    void boundsAndFormatsAreToldAndJudged();
    void aProblemInsideJsonIsToldAtItsField();
    void theWholeObjectIsJudgedToo();
    void anotherDocumentIsSaidToBeUnchecked();
    void aWrongSchemaIsSaid();
    void twoPartsOfAllOfMakeOneForm();
    void endlessSchemasMeetDeepValues_data();
    void endlessSchemasMeetDeepValues();
};

void TestSchemaForm::kindFollowsFromTheSchema_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("words");
    const auto row = [](const QByteArray &schema, FieldKind kind, const char *words) {
        QTest::addRow("%s", schema.constData()) << schema << int(kind) << QString::fromUtf8(words);
    };
    row(R"({"type":"string"})", FieldKind::Line, "string");
    row(R"({"type":"string","format":"uri"})", FieldKind::Line, "string, uri");
    row(R"({"type":"string","maxLength":5000})", FieldKind::Text, "string");
    row(R"({"type":["integer","null"]})", FieldKind::Integer, "integer");
    row(R"({"type":["string","number"]})", FieldKind::Json, "string or number");
    row(R"({"anyOf":[{"type":"number"},{"type":"null"}]})", FieldKind::Number, "number");
    row(R"({"allOf":[{"type":"boolean"}]})", FieldKind::Boolean, "boolean");
    row(R"({"enum":[1,"x",null]})", FieldKind::Choice, "one of 3");
    row(R"({"const":5})", FieldKind::Choice, "one value");
    row(R"({"type":"array","items":{"type":"number"}})", FieldKind::Array, "array of number");
    row(R"({"type":"array"})", FieldKind::Json, "array");
    row(R"({"type":"array","prefixItems":[{}],"items":{}})", FieldKind::Array,
        "array, its first 1 by place");
    row(R"({"type":"object"})", FieldKind::Json, "object");
    row(R"({"properties":{"a":{}}})", FieldKind::Object, "object");
    row(R"({"oneOf":[{"type":"object"},{"type":"array"}]})", FieldKind::Variant, "one of 2 kinds");
    row(R"({"allOf":[{"type":"string"},{"$ref":"#/$defs/d"}]})", FieldKind::Line, "string");
    row(R"({"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]})", FieldKind::Object,
        "object");
    row(R"({"additionalProperties":{"type":"number"}})", FieldKind::Object, "object of number");
    row(R"({"properties":{"x":{"$ref":"#"}}})", FieldKind::Object, "object");
    row(R"({"$ref":"#"})", FieldKind::Closed, "object");
    row(R"({"$ref":"https://x.example/schema"})", FieldKind::Json, "JSON");
    row(R"({"$ref":"#/properties/v"})", FieldKind::Json, "JSON"); // itself
    row(R"({"$ref":"#/$defs/d"})", FieldKind::Integer, "integer");
    row(R"({"type":7})", FieldKind::Json, "JSON");
    row("true", FieldKind::Json, "JSON");
    row("{}", FieldKind::Json, "JSON");
}

void TestSchemaForm::kindFollowsFromTheSchema()
{
    QFETCH(QByteArray, schema);
    QFETCH(int, kind);
    QFETCH(QString, words);
    const JsonText json =
        JsonText::parse(R"({"$defs":{"d":{"type":"integer"}},"properties":{"v":)" + schema + "}}");
    QVERIFY(json.isValid());
    const FieldSpec spec = fieldSpec(json, json.root());
    QCOMPARE(spec.members.size(), 1);
    QCOMPARE(int(spec.members[0].kind), kind);
    QCOMPARE(spec.members[0].typeWords, words);
}

void TestSchemaForm::defaultsArePrefilled()
{
    SchemaForm form;
    form.setSchema(R"({"properties":{"z":{"type":"number","default":1.50},"a":{"type":"string"},
        "o":{"properties":{"x":{"default":[1]}}},"p":{"properties":{"y":{"default":null}}},
        "k":{"const":"fix"}},"required":["o","k"]})");
    QCOMPARE(JsonText::parse(form.arguments()).compact(), R"({"z":1.50,"o":{"x":[1]},"k":"fix"})");
    QCOMPARE(named<QLineEdit>(&form, "z")->text(), QStringLiteral("1.50"));
}

void TestSchemaForm::typingEditsOnlyItsMember()
{
    SchemaForm form;
    form.setSchema(allKinds);
    form.setArguments(R"({ "unknown" : 1.50,  "name": "x" , "unknown":[ ] })");
    QSignalSpy spy(&form, &SchemaForm::argumentsChanged);
    auto *name = named<QLineEdit>(&form, "name, required");
    QVERIFY(name);
    QCOMPARE(name->text(), QStringLiteral("x"));
    QTest::keyClicks(name, QStringLiteral("y\""));
    QCOMPARE(form.arguments(), R"({ "unknown" : 1.50,  "name": "xy\"" , "unknown":[ ] })");
    QCOMPARE(spy.size(), 2);
    QCOMPARE(spy.last().at(0).toByteArray(), form.arguments());
}

void TestSchemaForm::numbersKeepTheirSpelling()
{
    SchemaForm form;
    form.setSchema(allKinds);
    auto *a = named<QLineEdit>(&form, "a, required");
    for (const char *spelling : {"1e308", "9007199254740993", "-0.10", "1E+2"}) {
        a->clear();
        QTest::keyClicks(a, QString::fromLatin1(spelling));
        QCOMPARE(a->text(), QString::fromLatin1(spelling));
        const JsonText json = JsonText::parse(form.arguments());
        QCOMPARE(json.raw(json.find("/a")), spelling);
    }
}

void TestSchemaForm::wrongValueIsSaidAndSentAllTheSame()
{
    SchemaForm form;
    form.setSchema(allKinds);
    QTest::keyClicks(named<QLineEdit>(&form, "a, required"), QStringLiteral("x1"));
    const JsonText json = JsonText::parse(form.arguments());
    QCOMPARE(json.raw(json.find("/a")), "\"x1\"");
    QVERIFY(sentences(form).contains(QStringLiteral("It must be a number, and is a string.")));
    QVERIFY(shownTexts(&form).contains(QStringLiteral("! It must be a number, and is a string.")));
    form.setArguments(
        R"({"name":5,"a":1,"count":1.5,"loud":"no","colour":"blue","size":3,"tags":"x","place":[]})");
    QCOMPARE(byPlace(form),
             QStringList(
                 {QStringLiteral("/name It must be a string, and is the number 5."),
                  QStringLiteral("/count It must be an integer, and is the number 1.5."),
                  QStringLiteral("/loud It must be a boolean, and is a string."),
                  QStringLiteral("/colour It must be one of \"red\", \"green\", and is \"blue\"."),
                  QStringLiteral("/size It fits none of the 2 alternatives. Of the nearest: "
                                 "It must be 1, and is 3."),
                  QStringLiteral("/tags It must be an array, and is a string."),
                  QStringLiteral("/place It must be an object, and is an array.")}));
    form.setArguments(R"({"name":"","a":1,"count":2.0,"size":2,"place":{"city":""}})");
    QCOMPARE(sentences(form), QStringList());
}

void TestSchemaForm::missingIsSaidAfterACallWasTried()
{
    SchemaForm form;
    form.setSchema(allKinds);
    const QString missing = QStringLiteral("a is required, and missing.");
    QVERIFY(sentences(form).contains(missing));
    QVERIFY(!shownTexts(&form).contains(QStringLiteral("! ") + missing));
    form.showAllProblems();
    QVERIFY(shownTexts(&form).contains(QStringLiteral("! ") + missing));
    QTest::keyClicks(named<QLineEdit>(&form, "a, required"), QStringLiteral("1"));
    QVERIFY(!shownTexts(&form).contains(QStringLiteral("! ") + missing));
}

void TestSchemaForm::rawTextAndFormAreOne()
{
    SchemaForm form;
    form.setSchema(allKinds);
    QSignalSpy spy(&form, &SchemaForm::argumentsChanged);
    form.setArguments(R"({"name":"N","count":7,"loud":true,"colour":"green","size":2,
        "tags":["u","v"],"place":{"city":"C"},"filter":{"x":[1]},"text":"T"})");
    QCOMPARE(spy.size(), 0);
    QCOMPARE(named<QLineEdit>(&form, "name, required")->text(), QStringLiteral("N"));
    QCOMPARE(named<QLineEdit>(&form, "count")->text(), QStringLiteral("7"));
    QCOMPARE(named<QCheckBox>(&form, "loud")->checkState(), Qt::Checked);
    QCOMPARE(named<QComboBox>(&form, "colour")->currentText(), QStringLiteral("Green"));
    QCOMPARE(named<QComboBox>(&form, "size")->currentText(), QStringLiteral("Large"));
    QCOMPARE(named<QLineEdit>(&form, "tags, item 2")->text(), QStringLiteral("v"));
    QCOMPARE(named<QLineEdit>(&form, "city, required")->text(), QStringLiteral("C"));
    QCOMPARE(named<QPlainTextEdit>(&form, "filter")->toPlainText(), QStringLiteral("{\"x\":[1]}"));
    QCOMPARE(named<QPlainTextEdit>(&form, "text")->toPlainText(), QStringLiteral("T"));
    form.setArguments("{}");
    QCOMPARE(named<QLineEdit>(&form, "name, required")->text(), QString());
    QVERIFY(!named<QLineEdit>(&form, "tags, item 1")
            || !named<QLineEdit>(&form, "tags, item 1")->isVisibleTo(&form));
}

void TestSchemaForm::textThatIsNoJsonRestsTheFields()
{
    SchemaForm form;
    form.setSchema(allKinds);
    for (const QByteArray &text : {QByteArray("{\"a\":"), QByteArray(), QByteArray("[1]")}) {
        form.setArguments(text);
        QCOMPARE(form.arguments(), text);
        QVERIFY(!named<QLineEdit>(&form, "name, required")->isEnabled());
        QVERIFY(!form.problems().isEmpty());
    }
    form.setArguments("{\"a\":1}");
    QVERIFY(named<QLineEdit>(&form, "name, required")->isEnabled());
}

void TestSchemaForm::booleanHasThreeStates()
{
    SchemaForm form;
    form.setSchema(
        R"({"properties":{"o":{"type":"boolean"},"r":{"type":"boolean"}},"required":["r"]})");
    auto *optional = named<QCheckBox>(&form, "o");
    QCOMPARE(optional->text(), QStringLiteral("not set"));
    QByteArrayList seen;
    for (int i = 0; i < 3; ++i) {
        QTest::keyClick(optional, Qt::Key_Space);
        seen.append(JsonText::parse(form.arguments()).compact());
    }
    QCOMPARE(seen, QByteArrayList({R"({"o":true})", R"({"o":false})", "{}"}));
    auto *required = named<QCheckBox>(&form, "r, required");
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(required, Qt::Key_Space);
    QCOMPARE(JsonText::parse(form.arguments()).compact(), R"({"r":true})");
}

void TestSchemaForm::choicesSendTheirValues()
{
    SchemaForm form;
    form.setSchema(allKinds);
    form.setArguments("{}");
    auto *size = named<QComboBox>(&form, "size");
    QCOMPARE(size->currentText(), QStringLiteral("not set"));
    QTest::keyClick(size, Qt::Key_Down);
    QTest::keyClick(size, Qt::Key_Down);
    QCOMPARE(JsonText::parse(form.arguments()).compact(), R"({"size":2})");
    QTest::keyClick(size, Qt::Key_Home);
    QCOMPARE(JsonText::parse(form.arguments()).compact(), "{}");
    form.setArguments(R"({"size":77})");
    QCOMPARE(size->currentText(), QStringLiteral("77"));
    QCOMPARE(size->count(), 4);
    form.setArguments(R"({"size":1})");
    QCOMPARE(size->count(), 3);
}

void TestSchemaForm::arrayItemsComeAndGo()
{
    SchemaForm form;
    form.setSchema(allKinds);
    form.setArguments("{}");
    form.show();
    auto *add = named<QAbstractButton>(&form, "Add item to tags");
    QVERIFY(add);
    add->click();
    add->click();
    QTest::keyClicks(named<QLineEdit>(&form, "tags, item 1"), QStringLiteral("a"));
    QTest::keyClicks(named<QLineEdit>(&form, "tags, item 2"), QStringLiteral("b"));
    QCOMPARE(JsonText::parse(form.arguments()).compact(), R"({"tags":["a","b"]})");
    named<QAbstractButton>(&form, "Remove tags, item 1")->click();
    QCOMPARE(JsonText::parse(form.arguments()).compact(), R"({"tags":["b"]})");
    QCOMPARE(named<QLineEdit>(&form, "tags, item 1")->text(), QStringLiteral("b"));
    named<QAbstractButton>(&form, "Remove tags, item 1")->click();
    QCOMPARE(JsonText::parse(form.arguments()).compact(), R"({"tags":[]})");
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QVERIFY(!named<QLineEdit>(&form, "tags, item 1"));

    form.setArguments("{\"tags\":[" + QByteArray("\"x\",").repeated(5000) + "\"y\"]}");
    QVERIFY(shownTexts(&form).contains(QStringLiteral("4901 more items are in the JSON.")));
}

void TestSchemaForm::nestedObjectIsMadeWhenNeeded()
{
    SchemaForm form;
    form.setSchema(allKinds);
    form.setArguments("{}");
    QTest::keyClicks(named<QLineEdit>(&form, "zip"), QStringLiteral("07"));
    QCOMPARE(JsonText::parse(form.arguments()).compact(), R"({"place":{"zip":"07"}})");
    QVERIFY(sentences(form).contains(QStringLiteral("It must be an integer, and is a string.")));
}

void TestSchemaForm::otherValuesAreEditedAsJson()
{
    SchemaForm form;
    form.setSchema(allKinds);
    form.setArguments("{}");
    auto *filter = named<QPlainTextEdit>(&form, "filter");
    QTest::keyClicks(filter, QStringLiteral("{\"x\":"));
    QCOMPARE(form.arguments(), "{}");
    QVERIFY(sentences(form).constLast().startsWith(
        QStringLiteral("The text of filter is not JSON and is not sent.")));
    QTest::keyClicks(filter, QStringLiteral(" 1e5}"));
    QCOMPARE(filter->toPlainText(), QStringLiteral("{\"x\": 1e5}"));
    QCOMPARE(JsonText::parse(form.arguments()).compact(), R"({"filter":{"x":1e5}})");
    filter->clear();
    QCOMPARE(form.arguments(), "{}");
}

void TestSchemaForm::lineEndsStay()
{
    SchemaForm form;
    form.setSchema(allKinds);
    form.setArguments(R"({"name":"a\nb\u00a0c"})");
    auto *name = named<QPlainTextEdit>(&form, "name, required");
    QVERIFY(name);
    QTest::keyClick(name, Qt::Key_Right);
    QTest::keyClicks(name, QStringLiteral("x"));
    const JsonText json = JsonText::parse(form.arguments());
    QCOMPARE(json.string(json.find("/name")), QStringLiteral("ax\nb\u00a0c"));
}

void TestSchemaForm::oddSchemasGiveAForm_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<bool>("fields");
    const auto row = [](const char *name, const QByteArray &schema, bool fields) {
        QTest::addRow("%s", name) << schema << fields;
    };
    row("nothing", "", false);
    row("no JSON", "{", false);
    row("null", "null", false);
    row("a string", "\"object\"", false);
    row("array schema", R"({"type":"array"})", false);
    row("empty", "{}", false);
    row("properties is an array", R"({"type":"object","properties":[1,2]})", false);
    row("required without properties", R"({"type":"object","required":["x",5,"x"]})", true);
    row("members are no schemas", R"({"properties":{"a":5,"b":null,"c":[],"d":true}})", true);
    row("repeated member", R"({"properties":{"a":{},"a":{"type":"string"}}})", true);
    row("a schema that holds itself", R"({"properties":{"a":{"$ref":"#"},"b":{"type":"string"}}})",
        true);
    row("recursion over items",
        R"({"$defs":{"n":{"properties":{"k":{"type":"array","items":{"$ref":"#/$defs/n"}}}}},"properties":{"a":{"$ref":"#/$defs/n"}}})",
        true);
    row("deep",
        R"({"properties":{"a":)" + QByteArray(R"({"properties":{"a":)").repeated(20000) + "{}"
            + QByteArray("}}").repeated(20000) + "}}",
        true);
    QByteArray many = R"({"properties":{"m0":{})";
    for (int i = 1; i < 3000; ++i)
        many += ",\"m" + QByteArray::number(i) + "\":{\"type\":\"string\"}";
    row("many members", many + "}}", true);
    row("odd words",
        R"({"properties":{"a":{"type":"string","description":5,"title":[],"format":{},"default":{"x":1},"enum":{},"maxLength":"9"}},"required":"a"})",
        true);
}

void TestSchemaForm::oddSchemasGiveAForm()
{
    QFETCH(QByteArray, schema);
    QFETCH(bool, fields);
    SchemaForm form;
    form.setSchema(schema);
    QCOMPARE(form.hasFields(), fields);
    form.showAllProblems();
    form.setFocusToFirst();
    form.resize(400, 300);
    QVERIFY(!form.grab().isNull());
    QVERIFY(JsonText::parse(form.arguments()).isValid());
    if (!fields)
        QVERIFY(!shownTexts(&form).isEmpty());
}

void TestSchemaForm::untrustedTextIsPlainAndVisible()
{
    SchemaForm form;
    form.setSchema(
        R"({"properties":{"<b>n\u202e":{"type":"string","description":"<img src='x'> \u0007"}}})");
    for (const QLabel *label : form.findChildren<QLabel *>()) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(!label->text().contains(QChar(0x202e)));
        QVERIFY(!label->text().contains(QChar(7)));
        QVERIFY(!label->toolTip().contains(u'<'));
    }
    QVERIFY(shownTexts(&form).join(u' ').contains(QStringLiteral("<img src='x'>")));
}

void TestSchemaForm::tabOrderFollowsTheSchema()
{
    QWidget window;
    SchemaForm form(&window);
    QLineEdit after(&window);
    form.setSchema(
        R"({"properties":{"t":{"type":"array","items":{"type":"string"}},"z":{"type":"string"}}})");
    form.setArguments(R"({"t":["1","2"]})");
    window.show();
    QStringList order;
    QWidget *widget = named<QLineEdit>(&form, "t, item 1");
    QVERIFY(widget);
    do {
        if (widget->focusPolicy() & Qt::TabFocus && !widget->focusProxy())
            order.append(widget->accessibleName());
        widget = widget->nextInFocusChain();
    } while (widget != &after && order.size() < 20);
    QCOMPARE(order,
             QStringList({QStringLiteral("t, item 1"), QStringLiteral("Remove t, item 1"),
                          QStringLiteral("t, item 2"), QStringLiteral("Remove t, item 2"),
                          QStringLiteral("Add item to t"), QStringLiteral("z")}));
}

void TestSchemaForm::emptiedOptionalMemberGoes()
{
    SchemaForm form;
    form.setSchema(allKinds);
    form.setArguments(R"({"name":"n","day":"d","count":1})");
    named<QLineEdit>(&form, "day")->selectAll();
    QTest::keyClick(named<QLineEdit>(&form, "day"), Qt::Key_Backspace);
    named<QLineEdit>(&form, "count")->selectAll();
    QTest::keyClick(named<QLineEdit>(&form, "count"), Qt::Key_Backspace);
    QTest::keyClick(named<QLineEdit>(&form, "name, required"), Qt::Key_Backspace);
    QCOMPARE(form.arguments(), R"({"name":""})");
}

namespace {

const QByteArray shapes = R"({"properties":{"shape":{"oneOf":[
    {"title":"Circle","properties":{"kind":{"const":"circle"},"name":{"type":"string"},"radius":{"type":"number"}},
     "required":["kind","radius"]},
    {"title":"Box","properties":{"kind":{"const":"box"},"name":{"type":"string"},"width":{"type":"number"}},
     "required":["kind","width"]},
    {"type":"string"}]}}})";

void choose(QComboBox *box, const QString &entry)
{
    const int index = box->findText(entry);
    QVERIFY2(index >= 0, qPrintable(entry));
    box->setCurrentIndex(index);
    Q_EMIT box->activated(index);
}

QByteArray compact(const SchemaForm &form)
{
    return JsonText::parse(form.arguments()).compact();
}

} // namespace

void TestSchemaForm::alternativesAreChosen()
{
    SchemaForm form;
    form.setSchema(shapes);
    QCOMPARE(compact(form), "{}");
    auto *kind = named<QComboBox>(&form, "Kind of shape");
    QVERIFY(kind);
    QCOMPARE(kind->currentText(), QStringLiteral("not set"));
    choose(kind, QStringLiteral("Circle"));
    QCOMPARE(compact(form), R"({"shape":{"kind":"circle"}})");
    QTest::keyClicks(named<QLineEdit>(&form, "radius, required"), QStringLiteral("2.50"));
    QTest::keyClicks(named<QLineEdit>(&form, "name"), QStringLiteral("n"));
    QCOMPARE(compact(form), R"({"shape":{"kind":"circle","radius":2.50,"name":"n"}})");
    // What the new kind knows too stays, and what neither knows.
    form.setArguments(R"({"shape":{"kind":"circle","radius":2.50,"name":"n","other":[1.0]}})");
    choose(kind, QStringLiteral("Box"));
    QCOMPARE(compact(form), R"({"shape":{"kind":"box","name":"n","other":[1.0]}})");
    QVERIFY(named<QLineEdit>(&form, "width, required"));
    choose(kind, QStringLiteral("string"));
    QCOMPARE(compact(form), R"({"shape":""})");
    choose(kind, QStringLiteral("not set"));
    QCOMPARE(compact(form), "{}");
}

void TestSchemaForm::aValueShowsItsAlternative()
{
    SchemaForm form;
    form.setSchema(shapes);
    auto *kind = named<QComboBox>(&form, "Kind of shape");
    form.setArguments(R"({"shape":{"kind":"box","width":3}})");
    QCOMPARE(kind->currentText(), QStringLiteral("Box"));
    QCOMPARE(named<QLineEdit>(&form, "width, required")->text(), QStringLiteral("3"));
    // A wrong value typed there leaves the fields where they are, and is told there.
    QTest::keyClicks(named<QLineEdit>(&form, "width, required"), QStringLiteral("x"));
    QCOMPARE(kind->currentText(), QStringLiteral("Box"));
    QCOMPARE(compact(form), R"({"shape":{"kind":"box","width":"3x"}})");
    QVERIFY(shownTexts(&form).contains(QStringLiteral("! It must be a number, and is a string.")));
    form.setArguments(R"({"shape":"s"})");
    QCOMPARE(kind->currentText(), QStringLiteral("string"));
    form.setArguments(R"({"shape":[7]})");
    QCOMPARE(kind->currentText(), QStringLiteral("other JSON"));
    QCOMPARE(named<QPlainTextEdit>(&form, "shape")->toPlainText(), QStringLiteral("[7]"));
}

void TestSchemaForm::alternativesOfTheWholeObject()
{
    SchemaForm form;
    form.setSchema(R"({"type":"object","oneOf":[
        {"title":"By name","properties":{"name":{"type":"string"}},"required":["name"]},
        {"title":"By number","properties":{"number":{"type":"integer"}},"required":["number"]}]})");
    QVERIFY(form.hasFields());
    choose(named<QComboBox>(&form, "Kind of the object"), QStringLiteral("By number"));
    QTest::keyClicks(named<QLineEdit>(&form, "number, required"), QStringLiteral("7"));
    QCOMPARE(compact(form), R"({"number":7})");
    QCOMPARE(sentences(form), QStringList());
}

void TestSchemaForm::recursionIsOpenedOnDemand()
{
    SchemaForm form;
    form.setSchema(R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{
        "name":{"type":"string"},"next":{"$ref":"#/$defs/node"},
        "children":{"type":"array","items":{"$ref":"#/$defs/node"}}},"required":["name"]}}})");
    form.setArguments(R"({"name":"root"})");
    QVERIFY(!named<QLineEdit>(&form, "next, name"));
    named<QAbstractButton>(&form, "Open next")->click();
    QCOMPARE(form.findChildren<QLineEdit *>().size(), 2);
    QTest::keyClicks(form.findChildren<QLineEdit *>().at(1), QStringLiteral("n"));
    QCOMPARE(compact(form), R"({"name":"root","next":{"name":"n"}})");
    // With a value in it it opens by itself, down to a bound, below which it can be opened.
    QByteArray deep = "{\"name\":\"x\"}";
    for (int i = 0; i < 200; ++i)
        deep = "{\"name\":\"x\",\"next\":" + deep + '}';
    form.setArguments(deep);
    const qsizetype fields = form.findChildren<QLineEdit *>().size();
    QVERIFY2(fields > 5 && fields < 40, QByteArray::number(fields).constData());
    QCOMPARE(form.arguments(), deep);
    QCOMPARE(sentences(form), QStringList());
}

void TestSchemaForm::membersOfAnyNameComeAndGo()
{
    SchemaForm form;
    form.setSchema(R"({"properties":{"env":{"type":"object","properties":{"HOME":{"type":"string"}},
        "additionalProperties":{"type":"string"}}}})");
    form.setArguments(R"({"env":{"B":"2","HOME":"/","A":"1"}})");
    QCOMPARE(named<QLineEdit>(&form, "B")->text(), QStringLiteral("2"));
    QVERIFY(shownTexts(&form).contains(QStringLiteral("B")));
    QTest::keyClicks(named<QLineEdit>(&form, "A"), QStringLiteral("0"));
    QTest::keyClicks(named<QLineEdit>(&form, "Name of a new member of env"), QStringLiteral("C/d"));
    named<QAbstractButton>(&form, "Add member to env")->click();
    QTest::keyClicks(named<QLineEdit>(&form, "C/d"), QStringLiteral("3"));
    QCOMPARE(compact(form), R"({"env":{"B":"2","HOME":"/","A":"10","C/d":"3"}})");
    named<QAbstractButton>(&form, "Remove B")->click();
    QCOMPARE(compact(form), R"({"env":{"HOME":"/","A":"10","C/d":"3"}})");
    QTest::keyClicks(named<QLineEdit>(&form, "Name of a new member of env"),
                     QStringLiteral("HOME"));
    named<QAbstractButton>(&form, "Add member to env")->click();
    QCOMPARE(compact(form), R"({"env":{"HOME":"/","A":"10","C/d":"3"}})");
    QVERIFY(shownTexts(&form).contains(QStringLiteral("There is a member of that name already.")));
}

void TestSchemaForm::firstItemsHaveTheirOwnFields()
{
    SchemaForm form;
    form.setSchema(R"({"properties":{"point":{"type":"array","prefixItems":[
        {"type":"number","description":"east"},{"type":"number","description":"north"},{"enum":["m","km"]}],
        "items":false}}})");
    auto *add = named<QAbstractButton>(&form, "Add item to point");
    for (int i = 0; i < 3; ++i)
        add->click();
    QCOMPARE(compact(form), R"({"point":[0,0,"m"]})");
    QVERIFY(!add->isVisibleTo(&form));
    QVERIFY(shownTexts(&form).contains(QStringLiteral("number. north")));
    QVERIFY(named<QComboBox>(&form, "point, item 3"));
    form.setArguments(R"({"point":[1,2,"m",4]})");
    QCOMPARE(byPlace(form),
             QStringList({QStringLiteral("/point/3 The schema does not allow an item here.")}));
}

void TestSchemaForm::nullIsSetAndSeen()
{
    SchemaForm form;
    form.setSchema(R"({"properties":{"a":{"type":["string","null"]}}})");
    form.setArguments(R"({"a":"x"})");
    named<QAbstractButton>(&form, "Set a to null")->click();
    QCOMPARE(compact(form), R"({"a":null})");
    QCOMPARE(named<QLineEdit>(&form, "a")->placeholderText(), QStringLiteral("null"));
    QCOMPARE(sentences(form), QStringList());
}

void TestSchemaForm::boundsAndFormatsAreToldAndJudged()
{
    SchemaForm form;
    form.setSchema(R"({"properties":{"n":{"type":"integer","minimum":1,"maximum":9007199254740993},
        "d":{"type":"string","format":"date"},"p":{"type":"string","pattern":"^[a-z]+$","minLength":2},
        "m":{"type":"string","format":"email"}}})");
    QVERIFY(shownTexts(&form).contains(QStringLiteral("integer, 1 to 9007199254740993")));
    QVERIFY(shownTexts(&form).contains(QStringLiteral("string, date, such as 1999-12-31")));
    QVERIFY(shownTexts(&form).contains(
        QStringLiteral("string, at least 2 characters, matching ^[a-z]+$")));
    form.setArguments(R"({"n":9007199254740994,"d":"31.1.2026","p":"A1","m":"a@b.example"})");
    QCOMPARE(
        byPlace(form),
        QStringList(
            {QStringLiteral("/n It must be at most 9007199254740993, and is 9007199254740994."),
             QStringLiteral("/d It must be of the format date (such as 1999-12-31), and is "
                            "\"31.1.2026\"."),
             QStringLiteral("/p It must match the pattern ^[a-z]+$, and is \"A1\".")}));
    QVERIFY(shownTexts(&form).contains(
        QStringLiteral("! It must match the pattern ^[a-z]+$, and is \"A1\".")));
}

void TestSchemaForm::aProblemInsideJsonIsToldAtItsField()
{
    SchemaForm form;
    form.setSchema(R"({"properties":{"any":{"type":"object","maxProperties":1,
        "propertyNames":{"pattern":"^x"},"patternProperties":{"^x":{"type":"number"}}}}})");
    form.setArguments(R"({"any":{"x":"no"}})");
    QVERIFY(named<QPlainTextEdit>(&form, "any"));
    QVERIFY(shownTexts(&form).contains(QStringLiteral("! It must be a number, and is a string.")));
}

void TestSchemaForm::theWholeObjectIsJudgedToo()
{
    SchemaForm form;
    form.setSchema(R"({"properties":{"a":{},"b":{}},"minProperties":2})");
    form.setArguments(R"({"a":1})");
    QVERIFY(shownTexts(&form).contains(
        QStringLiteral("! It must have at least 2 members, and has 1.")));
    form.setArguments(R"({"a":1,"b":1})");
    QCOMPARE(sentences(form), QStringList());
}

void TestSchemaForm::anotherDocumentIsSaidToBeUnchecked()
{
    SchemaForm form;
    form.setSchema(R"({"properties":{"a":{"$ref":"https://x.example/s"}}})");
    QVERIFY(shownTexts(&form).join(u' ').contains(QStringLiteral("is not fetched")));
    form.setArguments(R"({"a":[1]})");
    QCOMPARE(named<QPlainTextEdit>(&form, "a")->toPlainText(), QStringLiteral("[1]"));
    QCOMPARE(sentences(form), QStringList());
}

void TestSchemaForm::aWrongSchemaIsSaid()
{
    SchemaForm form;
    form.setSchema(R"({"properties":{"a":{"type":"strnig"}}})");
    QVERIFY(shownTexts(&form).join(u' ').contains(
        QStringLiteral("/properties/a/type names a type that JSON does not have")));
    form.setArguments(R"({"a":1})");
    QCOMPARE(sentences(form), QStringList());
}

void TestSchemaForm::twoPartsOfAllOfMakeOneForm()
{
    SchemaForm form;
    form.setSchema(
        R"({"allOf":[{"$ref":"#/$defs/base"},{"properties":{"b":{"type":"integer"}},"required":["b"]}],
        "$defs":{"base":{"properties":{"a":{"type":"string"}},"required":["a"]}}})");
    QTest::keyClicks(named<QLineEdit>(&form, "a, required"), QStringLiteral("x"));
    QTest::keyClicks(named<QLineEdit>(&form, "b, required"), QStringLiteral("1"));
    QCOMPARE(compact(form), R"({"a":"x","b":1})");
    QCOMPARE(sentences(form), QStringList());
}

void TestSchemaForm::endlessSchemasMeetDeepValues_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::newRow("alternatives of alternatives")
        << QByteArray(R"({"anyOf":[{"$ref":"#"},{"$ref":"#"}]})");
    QTest::newRow("lists of alternatives")
        << QByteArray(R"({"anyOf":[{"items":{"$ref":"#/$defs/v"}},{"type":"string"}],
            "$defs":{"v":{"anyOf":[{"items":{"$ref":"#/$defs/v"}},{"type":"string"}]}}})");
    QTest::newRow("lists of lists") << QByteArray(R"({"items":{"$ref":"#/properties/a"}})");
    QTest::newRow("members of members")
        << QByteArray(R"({"additionalProperties":{"$ref":"#/properties/a"}})");
    QTest::newRow("parts of parts") << QByteArray(R"({"allOf":[{"$ref":"#/properties/a"},{}]})");
}

void TestSchemaForm::endlessSchemasMeetDeepValues()
{
    QFETCH(QByteArray, schema);
    SchemaForm form;
    form.setSchema("{\"properties\":{\"a\":" + schema + "}}");
    for (const int levels : {1, 10, 20'000}) {
        for (const auto &[open, close] : {std::pair("[", "]"), std::pair("{\"k\":", "}")}) {
            const QByteArray value = "{\"a\":" + QByteArray(open).repeated(levels) + "\"x\""
                + QByteArray(close).repeated(levels) + '}';
            form.setArguments(value);
            QCOMPARE(form.arguments(), value);
            QVERIFY(form.findChildren<QWidget *>().size() < 3000);
        }
    }
}

QTEST_MAIN(TestSchemaForm)
#include "test_schema_form.moc"
