// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/pages/answer_form.h"

namespace sightglass {

/// Elicitation in URL mode. To accept tells the server that the person agreed; it is not told what
/// happened in the browser.
class ElicitationUrl final : public AnswerForm {
    Q_OBJECT
public:
    ElicitationUrl(const ServerRequest &request, QWidget *parent);

protected:
    void answer() override;
};

} // namespace sightglass
