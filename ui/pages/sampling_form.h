// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/pages/answer_form.h"

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QBoxLayout;

namespace sightglass {

class ArgumentsEditor;

/// Sampling: what the server wants a model to say. The person is the model: writes its text, or the
/// result as JSON; each is the other.
class SamplingForm final : public AnswerForm {
    Q_OBJECT
public:
    SamplingForm(const ServerRequest &request, QWidget *parent);

protected:
    void answer() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void buildRequest(const ServerRequest &request);
    void buildAnswer();
    void setMember(const QByteArray &pointer, const QString &value);
    void loadFields();

    QBoxLayout *m_sides = nullptr;
    QPlainTextEdit *m_text = nullptr;
    QComboBox *m_role = nullptr;
    QLineEdit *m_model = nullptr;
    QComboBox *m_stopReason = nullptr;
    QLineEdit *m_refusal = nullptr;
    ArgumentsEditor *m_result = nullptr;
    bool m_loading = false;
};

} // namespace sightglass
