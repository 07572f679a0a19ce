// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/schema_form_fields.h"

#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/schema_form_groups.h"
#include "ui/widgets/schema_form_variants.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QTextDocument>
#include <QVBoxLayout>
#include <QWheelEvent>

namespace sightglass {

namespace {

constexpr int FieldHeight = 30;

QVBoxLayout *bareLayout(QWidget *widget)
{
    auto *layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    return layout;
}

QPlainTextEdit *textEdit(QWidget *parent, int lines)
{
    auto *edit = new QPlainTextEdit(parent);
    edit->setTabChangesFocus(true);
    edit->document()->setDocumentMargin(6);
    edit->setFixedHeight(edit->fontMetrics().lineSpacing() * lines + 16);
    return edit;
}

/// The text of the editor; toPlainText() would turn non-breaking spaces into plain ones.
QString textOf(const QPlainTextEdit *edit)
{
    QString text = edit->document()->toRawText();
    text.replace(QChar::ParagraphSeparator, u'\n');
    text.replace(QChar::LineSeparator, u'\n');
    return text;
}

/// What a line editor would lose.
bool needsLines(const QString &text)
{
    for (const QChar c : text) {
        if (c.unicode() < 0x20 || c == QChar::LineSeparator || c == QChar::ParagraphSeparator)
            return true;
    }
    return false;
}

} // namespace

FormField::FormField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent)
    : QWidget(parent)
    , m_spec(spec)
    , m_pointer(pointer)
    , m_isItem(isItem)
{
}

FormField *FormField::create(const FieldSpec &spec, const QByteArray &pointer, bool isItem,
                             QWidget *parent)
{
    switch (spec.kind) {
    case FieldKind::Line:
    case FieldKind::Text:
    case FieldKind::Number:
    case FieldKind::Integer:
        return new TextField(spec, pointer, isItem, parent);
    case FieldKind::Boolean:
        return new BooleanField(spec, pointer, isItem, parent);
    case FieldKind::Choice:
        return new ChoiceField(spec, pointer, isItem, parent);
    case FieldKind::Array:
        return new ArrayField(spec, pointer, isItem, parent);
    case FieldKind::Object:
        return new ObjectField(spec, pointer, parent);
    case FieldKind::Variant:
        return new VariantField(spec, pointer, isItem, parent);
    case FieldKind::Closed:
        return new ClosedField(spec, pointer, isItem, parent);
    case FieldKind::Json:
        break;
    }
    return new JsonField(spec, pointer, isItem, parent);
}

void FormField::showProblems(const QHash<QByteArray, FieldProblem> &, bool) { }

void FormField::collectProblems(QList<FieldProblem> *) const { }

// Strings and numbers

TextField::TextField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent)
    : FormField(spec, pointer, isItem, parent)
{
    bareLayout(this);
    if (spec.kind == FieldKind::Text) {
        setMultiLine();
        return;
    }
    m_line = new QLineEdit(this);
    m_line->setMaxLength(INT_MAX);
    m_line->setMinimumHeight(FieldHeight);
    layout()->addWidget(m_line);
    setFocusProxy(m_line);
    connect(m_line, &QLineEdit::textEdited, this, &TextField::typed);
}

bool TextField::isNumeric() const
{
    return spec().kind == FieldKind::Number || spec().kind == FieldKind::Integer;
}

void TextField::setMultiLine()
{
    if (m_text)
        return;
    const bool focused = m_line && m_line->hasFocus();
    delete m_line;
    m_line = nullptr;
    m_text = textEdit(this, 4);
    layout()->addWidget(m_text);
    setFocusProxy(m_text);
    setAccessible(m_accessible[0], m_accessible[1]);
    if (focused)
        m_text->setFocus(Qt::OtherFocusReason);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this]() {
        const QString text = textOf(m_text);
        if (text != m_shown)
            typed(text);
    });
}

void TextField::typed(const QString &text)
{
    m_shown = text;
    if (!isNumeric()) {
        // An emptied field of an optional member takes the member away.
        const bool unset = text.isEmpty() && mayBeUnset() && !spec().required;
        Q_EMIT edited(pointer(), unset ? QByteArray() : jsonQuoted(text));
        return;
    }
    const QByteArray raw = text.trimmed().toUtf8();
    if (raw.isEmpty()) {
        Q_EMIT edited(pointer(), mayBeUnset() ? QByteArray() : QByteArrayLiteral("null"));
        return;
    }
    // What is no number is sent as the text that it is, if it has to be.
    const JsonText json = JsonText::parse(raw);
    Q_EMIT edited(pointer(), json.isNumber(json.root()) ? raw : jsonQuoted(text));
}

void TextField::load(const JsonText &json, JsonText::Node node)
{
    QString text;
    QString hint = spec().required ? QString() : tr("not set");
    if (json.isString(node)) {
        text = json.string(node);
        hint = tr("empty text");
    } else if (node >= 0 && json.type(node) == JsonType::Null) {
        hint = tr("null");
    } else if (node >= 0) {
        text = QString::fromUtf8(isNumeric() || json.isNumber(node) ? json.raw(node).toByteArray()
                                                                    : json.compact(node));
    }
    if (isNumeric() && json.isNumber(node) && m_shown.trimmed() == text)
        text = m_shown; // the same with a margin that was typed
    if (!m_text && needsLines(text))
        setMultiLine();
    setHint(hint);
    showText(text);
}

void TextField::setHint(const QString &hint)
{
    if (m_line)
        m_line->setPlaceholderText(hint);
    else
        m_text->setPlaceholderText(hint);
}

void TextField::showText(const QString &text)
{
    m_shown = text;
    if (m_line && m_line->text() != text)
        m_line->setText(text);
    if (m_text && textOf(m_text) != text) {
        const QSignalBlocker blocker(m_text);
        m_text->setPlainText(text);
        m_shown = textOf(m_text);
    }
}

void TextField::collectFocus(QList<QWidget *> *chain) const
{
    chain->append(m_line ? static_cast<QWidget *>(m_line) : m_text);
}

void TextField::setAccessible(const QString &name, const QString &description)
{
    m_accessible[0] = name;
    m_accessible[1] = description;
    QWidget *editor = m_line ? static_cast<QWidget *>(m_line) : m_text;
    editor->setAccessibleName(name);
    editor->setAccessibleDescription(description);
}

// True or false

TriStateBox::TriStateBox(bool mayBeUnset, QWidget *parent)
    : QCheckBox(parent)
    , m_mayBeUnset(mayBeUnset)
{
    setTristate(true);
    setState(Qt::PartiallyChecked);
}

void TriStateBox::setState(Qt::CheckState state)
{
    setCheckState(state);
    setText(state == Qt::Checked         ? tr("true")
                : state == Qt::Unchecked ? tr("false")
                                         : tr("not set"));
}

void TriStateBox::nextCheckState()
{
    if (checkState() == Qt::PartiallyChecked)
        setState(Qt::Checked);
    else if (checkState() == Qt::Checked)
        setState(Qt::Unchecked);
    else
        setState(m_mayBeUnset ? Qt::PartiallyChecked : Qt::Checked);
}

BooleanField::BooleanField(const FieldSpec &spec, const QByteArray &pointer, bool isItem,
                           QWidget *parent)
    : FormField(spec, pointer, isItem, parent)
    , m_box(new TriStateBox(!isItem && !spec.required, this))
{
    bareLayout(this)->addWidget(m_box);
    m_box->setMinimumHeight(FieldHeight);
    setFocusProxy(m_box);
    connect(m_box, &QCheckBox::clicked, this, [this]() {
        const Qt::CheckState state = m_box->checkState();
        Q_EMIT edited(this->pointer(),
                      state == Qt::Checked         ? QByteArrayLiteral("true")
                          : state == Qt::Unchecked ? QByteArrayLiteral("false")
                                                   : QByteArray());
    });
}

void BooleanField::load(const JsonText &json, JsonText::Node node)
{
    m_box->setState(!json.isBool(node)       ? Qt::PartiallyChecked
                        : json.boolean(node) ? Qt::Checked
                                             : Qt::Unchecked);
    if (node >= 0 && !json.isBool(node))
        m_box->setText(visibleText(QString::fromUtf8(json.compact(node)).left(60)));
}

void BooleanField::collectFocus(QList<QWidget *> *chain) const
{
    chain->append(m_box);
}

void BooleanField::setAccessible(const QString &name, const QString &description)
{
    m_box->setAccessibleName(name);
    m_box->setAccessibleDescription(description);
}

// One of given values

CalmComboBox::CalmComboBox(QWidget *parent)
    : QComboBox(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(8);
    setMinimumHeight(FieldHeight);
}

void CalmComboBox::wheelEvent(QWheelEvent *event)
{
    if (hasFocus())
        QComboBox::wheelEvent(event);
    else
        event->ignore();
}

ChoiceField::ChoiceField(const FieldSpec &spec, const QByteArray &pointer, bool isItem,
                         QWidget *parent)
    : FormField(spec, pointer, isItem, parent)
    , m_box(new CalmComboBox(this))
{
    bareLayout(this)->addWidget(m_box);
    setFocusProxy(m_box);
    if (mayBeUnset())
        m_box->addItem(spec.required ? tr("choose") : tr("not set"), QByteArray());
    if (spec.nullable)
        m_box->addItem(tr("null"), QByteArrayLiteral("null"));
    for (const FieldSpec::Choice &choice : spec.choices)
        m_box->addItem(visibleText(choice.title.left(200)), choice.value);
    connect(m_box, &QComboBox::activated, this, [this](int index) {
        Q_EMIT edited(this->pointer(), m_box->itemData(index).toByteArray());
    });
}

void ChoiceField::load(const JsonText &json, JsonText::Node node)
{
    if (m_foreign >= 0)
        m_box->removeItem(m_foreign);
    m_foreign = -1;
    if (node < 0) {
        m_box->setCurrentIndex(mayBeUnset() ? 0 : -1);
        return;
    }
    const QByteArray value = json.compact(node);
    for (int i = 0; i < m_box->count(); ++i) {
        const QByteArray entry = m_box->itemData(i).toByteArray();
        const bool same = entry == value
            || (json.isString(node) && entry.startsWith('"')
                && jsonUnquoted(entry) == json.string(node))
            || (!entry.isEmpty() && JsonText::parse(entry).compact() == value);
        if (same) {
            m_box->setCurrentIndex(i);
            return;
        }
    }
    m_foreign = m_box->count();
    m_box->addItem(visibleText(QString::fromUtf8(value).left(200)), value);
    m_box->setCurrentIndex(m_foreign);
}

void ChoiceField::collectFocus(QList<QWidget *> *chain) const
{
    chain->append(m_box);
}

void ChoiceField::setAccessible(const QString &name, const QString &description)
{
    m_box->setAccessibleName(name);
    m_box->setAccessibleDescription(description);
}

// Anything

JsonField::JsonField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent)
    : FormField(spec, pointer, isItem, parent)
    , m_text(textEdit(this, 3))
{
    bareLayout(this)->addWidget(m_text);
    m_text->setFont(wireFont());
    m_text->setPlaceholderText(spec.required ? tr("JSON") : tr("JSON, not set"));
    setFocusProxy(m_text);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this]() {
        if (!m_loading)
            typed();
    });
}

void JsonField::typed()
{
    const QByteArray text = textOf(m_text).toUtf8();
    m_problem.clear();
    if (text.trimmed().isEmpty() && mayBeUnset()) {
        m_value.clear();
    } else {
        const JsonText json = JsonText::parse(text);
        if (json.isValid())
            m_value = json.raw(json.root()).toByteArray();
        else
            m_problem = json.error()->sentence;
    }
    // What is no JSON cannot go into the arguments: they keep the last value that was. The form is
    // told all the same, so that it shows the problem.
    Q_EMIT edited(pointer(), m_value);
}

void JsonField::load(const JsonText &json, JsonText::Node node)
{
    const QByteArray value = json.raw(node).toByteArray();
    if (value == m_value)
        return;
    m_value = value;
    m_problem.clear();
    m_loading = true;
    m_text->setPlainText(QString::fromUtf8(value));
    m_loading = false;
}

void JsonField::collectProblems(QList<FieldProblem> *problems) const
{
    if (!m_problem.isEmpty())
        problems->append(
            {pointer(),
             tr("The text of %1 is not JSON and is not sent. %2")
                 .arg(spec().name.isEmpty() ? tr("this item") : spec().name, m_problem),
             false});
}

void JsonField::collectFocus(QList<QWidget *> *chain) const
{
    chain->append(m_text);
}

void JsonField::setAccessible(const QString &name, const QString &description)
{
    m_text->setAccessibleName(name);
    m_text->setAccessibleDescription(description);
}

} // namespace sightglass
