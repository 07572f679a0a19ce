// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/schema/schema_validator.h"
#include "ui/widgets/schema_form_spec.h"

#include <QWidget>

#include <optional>

class QVBoxLayout;

namespace sightglass {

class FormField;
class RoleLabel;

/// A form for a JSON object, made from its schema: the arguments of a tool, the answer to an
/// elicitation. Any JSON Schema of 2020-12 or draft-07: what a form has no field for is edited as
/// JSON in place.
///
/// The arguments are JSON text all the time: each edit changes the member in question and leaves
/// the rest as it was written, so that a pane with the raw text beside the form is one with it
/// (connect argumentsChanged to the pane, and call setArguments as the pane is typed in). Numbers
/// keep their spelling. What is wrong by the schema (SchemaValidator, formats too) is said at the
/// field and in problems(), and never keeps one from sending it. Everything that the server wrote
/// is shown as plain text, with invisible characters as marks.
class SchemaForm final : public QWidget {
    Q_OBJECT
public:
    explicit SchemaForm(QWidget *parent = nullptr);
    ~SchemaForm() override;

    /// Any text: what is no schema of an object gives a form that says so. The arguments begin anew
    /// with the schema's defaults.
    void setSchema(const QByteArray &schema);
    /// Takes the text over as it is, also where it is no JSON; the fields rest until it is again.
    void setArguments(const QByteArray &json);
    QByteArray arguments() const { return m_arguments; }
    /// What is wrong with the arguments by the schema, and fields that hold no JSON. Of arguments
    /// beyond 1 MiB only whether they are JSON.
    QList<FieldProblem> problems() const;
    /// Shows missing required members at their fields too, which are not complained about before a
    /// call was tried.
    void showAllProblems();
    bool hasFields() const;
    void setFocusToFirst();

Q_SIGNALS:
    /// The person edited a field. Not emitted by setSchema() and setArguments().
    void argumentsChanged(const QByteArray &json);

private:
    void edit(const QByteArray &pointer, const QByteArray &value);
    void load();
    void update();

    void makeFields();

    FieldSpec m_spec;
    std::optional<SchemaValidator> m_validator; ///< none: the schema is wrong
    QByteArray m_arguments;
    bool m_showAll = false;
    QVBoxLayout *m_layout;
    RoleLabel *m_note;
    RoleLabel *m_unchecked; ///< what of the schema is not judged
    RoleLabel *m_problem; ///< of the object as a whole
    FormField *m_fields = nullptr;
};

} // namespace sightglass
