// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/widgets/schema_form_spec.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHash>
#include <QWidget>

class QLineEdit;
class QPlainTextEdit;
class QStackedLayout;

namespace sightglass {

/// One field of a schema form. Private to the form: it knows its place in the arguments, shows what
/// stands there, and says what the person made of it.
class FormField : public QWidget {
    Q_OBJECT
public:
    /// A field that fits the kind. An item of an array cannot be unset.
    static FormField *create(const FieldSpec &spec, const QByteArray &pointer, bool isItem,
                             QWidget *parent);

    const FieldSpec &spec() const { return m_spec; }
    const QByteArray &pointer() const { return m_pointer; }

    /// Shows the value (-1: not set). Leaves what says the same already as it is, the cursor too.
    virtual void load(const JsonText &json, JsonText::Node node) = 0;
    virtual void showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all);
    /// The field has none of its own for what is inside the value: problems there are told at it.
    virtual bool standsForAll() const { return false; }
    /// Adds what the field holds but the arguments cannot.
    virtual void collectProblems(QList<FieldProblem> *problems) const;
    /// Appends the widgets that take the focus, in order.
    virtual void collectFocus(QList<QWidget *> *chain) const = 0;
    virtual void setAccessible(const QString &name, const QString &description) = 0;

Q_SIGNALS:
    /// The value is to be this JSON text; empty: not there.
    void edited(const QByteArray &pointer, const QByteArray &value);

protected:
    FormField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent);
    bool mayBeUnset() const { return !m_isItem; }

private:
    FieldSpec m_spec;
    QByteArray m_pointer;
    bool m_isItem;
};

/// Strings and numbers. A string with line ends gets more than a line, so that they stay.
class TextField final : public FormField {
    Q_OBJECT
public:
    TextField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent);
    void load(const JsonText &json, JsonText::Node node) override;
    void collectFocus(QList<QWidget *> *chain) const override;
    void setAccessible(const QString &name, const QString &description) override;

private:
    void typed(const QString &text);
    void showText(const QString &text);
    void setMultiLine();
    void setHint(const QString &hint);
    bool isNumeric() const;

    QLineEdit *m_line = nullptr;
    QPlainTextEdit *m_text = nullptr;
    QString m_shown;
    QString m_accessible[2];
};

/// A check box with a third state, "not set", and its state in a word.
class TriStateBox final : public QCheckBox {
    Q_OBJECT
public:
    explicit TriStateBox(bool mayBeUnset, QWidget *parent = nullptr);
    void setState(Qt::CheckState state);

protected:
    void nextCheckState() override;

private:
    bool m_mayBeUnset;
};

class BooleanField final : public FormField {
    Q_OBJECT
public:
    BooleanField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent);
    void load(const JsonText &json, JsonText::Node node) override;
    void collectFocus(QList<QWidget *> *chain) const override;
    void setAccessible(const QString &name, const QString &description) override;

private:
    TriStateBox *m_box;
};

/// A combo box that the wheel changes only while it has the focus, so that a page can be scrolled
/// over it.
class CalmComboBox final : public QComboBox {
    Q_OBJECT
public:
    explicit CalmComboBox(QWidget *parent = nullptr);

protected:
    void wheelEvent(QWheelEvent *event) override;
};

class ChoiceField final : public FormField {
    Q_OBJECT
public:
    ChoiceField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent);
    void load(const JsonText &json, JsonText::Node node) override;
    void collectFocus(QList<QWidget *> *chain) const override;
    void setAccessible(const QString &name, const QString &description) override;

private:
    CalmComboBox *m_box;
    int m_foreign = -1; ///< the entry of a value that the schema does not list
};

/// Any value, as JSON text. Text that is no JSON stays in the field and is complained about.
class JsonField final : public FormField {
    Q_OBJECT
public:
    JsonField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent);
    void load(const JsonText &json, JsonText::Node node) override;
    bool standsForAll() const override { return true; }
    void collectProblems(QList<FieldProblem> *problems) const override;
    void collectFocus(QList<QWidget *> *chain) const override;
    void setAccessible(const QString &name, const QString &description) override;

private:
    void typed();

    QPlainTextEdit *m_text;
    QByteArray m_value; ///< as last loaded or told
    QString m_problem;
    bool m_loading = false;
};

} // namespace sightglass
