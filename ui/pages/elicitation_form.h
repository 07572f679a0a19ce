// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/pages/answer_form.h"

class QBoxLayout;

namespace sightglass {

class ArgumentsEditor;
class SchemaForm;

/// Elicitation in form mode: the form of requestedSchema with its defaults, and its JSON beside it.
class ElicitationForm final : public AnswerForm {
    Q_OBJECT
public:
    ElicitationForm(const ServerRequest &request, QWidget *parent);

protected:
    void answer() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QBoxLayout *m_sides;
    SchemaForm *m_form;
    ArgumentsEditor *m_content;
    bool m_loading = false;
};

} // namespace sightglass
