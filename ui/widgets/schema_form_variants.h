// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/widgets/schema_form_fields.h"

class QVBoxLayout;

namespace sightglass {

class FieldFrame;
class LinkButton;
class RoleLabel;

/// A value of one of several schemas: a choice, and under it the fields of the one that was chosen.
/// Which one a value is, is told by its type and its constants; what a person chose stays as long
/// as it may be that. Members that the new kind has too stay with a change of the choice, as do
/// those that neither names.
class VariantField final : public FormField {
    Q_OBJECT
public:
    VariantField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent);
    void load(const JsonText &json, JsonText::Node node) override;
    void showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all) override;
    bool standsForAll() const override { return !m_inside; }
    void collectProblems(QList<FieldProblem> *problems) const override;
    void collectFocus(QList<QWidget *> *chain) const override;
    void setAccessible(const QString &name, const QString &description) override;

private:
    void choose(int variant);
    void show(int variant);
    QByteArray valueFor(int variant) const;

    CalmComboBox *m_box;
    QVBoxLayout *m_layout;
    FieldFrame *m_inside = nullptr;
    int m_shown = -1; ///< the variant whose fields are there; AnyJson: a field for JSON
    bool m_editing = false; ///< by the fields inside, which must not go away under one's hands
    QByteArray m_value; ///< as last loaded
    QString m_name;
};

/// A schema that is read when one opens it: it holds itself, or stands deep. With a value in it, it
/// opens by itself, down to a bound.
class ClosedField final : public FormField {
    Q_OBJECT
public:
    ClosedField(const FieldSpec &spec, const QByteArray &pointer, bool isItem, QWidget *parent);
    void load(const JsonText &json, JsonText::Node node) override;
    void showProblems(const QHash<QByteArray, FieldProblem> &byPlace, bool all) override;
    bool standsForAll() const override { return !m_inside; }
    void collectProblems(QList<FieldProblem> *problems) const override;
    void collectFocus(QList<QWidget *> *chain) const override;
    void setAccessible(const QString &name, const QString &description) override;

private:
    void open();

    QVBoxLayout *m_layout;
    LinkButton *m_open;
    FieldFrame *m_inside = nullptr;
    bool m_isItem;
    QByteArray m_value; ///< as last loaded; empty: not there
    QString m_name;
};

} // namespace sightglass
