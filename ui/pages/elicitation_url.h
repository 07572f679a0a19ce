// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/pages/answer_form.h"

#include <QUrl>

class QLabel;

namespace sightglass {

/// Elicitation in URL mode: the URL as it is, its host by itself, opened only by a deliberate act
/// and only if it is http or https. To accept tells the server that the person agreed; it is not
/// told what happened in the browser.
class ElicitationUrl final : public AnswerForm {
    Q_OBJECT
public:
    ElicitationUrl(const ServerRequest &request, QWidget *parent);

    /// Why a URL is not opened; empty: it may be.
    static QString problemOf(const QString &url);

protected:
    void answer() override;

private:
    void open();

    QString m_url;
    QLabel *m_said;
};

} // namespace sightglass
