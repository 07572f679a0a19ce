// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/widgets/schema_form_fields.h"

class QLineEdit;
class QVBoxLayout;

namespace sightglass {

class LinkButton;
class RoleLabel;

/// A field with what is said about it under it: type and description, and the problem.
class FieldFrame final : public QWidget {
    Q_OBJECT
public:
    FieldFrame(FormField *field, const QString &description, QWidget *parent);

    FormField *field() const { return m_field; }
    void showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all);

private:
    FormField *m_field;
    RoleLabel *m_problem;
};

/// "integer, 1 to 10. How many"
QString describeField(const FieldSpec &spec);
/// Its fields stand under its name, not beside it.
bool isFieldGroup(const FieldSpec &spec);

/// The members of an object, one under the other: names at the left, fields at the right; groups of
/// fields under their name, indented. Where the schema says what members of other names are, those
/// follow, each with a button that takes it away, and a line that adds one.
class ObjectField final : public FormField {
    Q_OBJECT
public:
    ObjectField(const FieldSpec &spec, const QByteArray &pointer, QWidget *parent);
    void load(const JsonText &json, JsonText::Node node) override;
    void showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all) override;
    void collectProblems(QList<FieldProblem> *problems) const override;
    void collectFocus(QList<QWidget *> *chain) const override;
    void setAccessible(const QString &name, const QString &description) override;

private:
    struct Extra {
        QString name;
        QWidget *widget;
        FieldFrame *frame;
        QWidget *remove;
    };
    void buildExtras(QVBoxLayout *layout);
    void loadExtras(const JsonText &json, JsonText::Node node);
    void addExtra(const QString &name);
    void addMember();

    QList<FieldFrame *> m_frames;
    QList<Extra> m_extras; ///< in the order of the text
    QVBoxLayout *m_extraList = nullptr;
    QLineEdit *m_newName = nullptr;
    LinkButton *m_add = nullptr;
    RoleLabel *m_more = nullptr;
    QString m_name;
};

/// The items of an array, each with a button that takes it away, and one that adds an item.
class ArrayField final : public FormField {
    Q_OBJECT
public:
    ArrayField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent);
    void load(const JsonText &json, JsonText::Node node) override;
    void showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all) override;
    void collectProblems(QList<FieldProblem> *problems) const override;
    void collectFocus(QList<QWidget *> *chain) const override;
    void setAccessible(const QString &name, const QString &description) override;

private:
    struct Row {
        QWidget *widget;
        FieldFrame *frame;
        QWidget *remove;
    };
    void addRow();
    QString itemName(qsizetype index) const;

    QList<Row> m_rows;
    qint32 m_count = 0; ///< of items in the arguments, or -1: there is no array
    QString m_name;
    QVBoxLayout *m_list;
    RoleLabel *m_more;
    LinkButton *m_add;
};

} // namespace sightglass
