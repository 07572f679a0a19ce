// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/json_search.h"

#include <QWidget>

#include <functional>

class QLineEdit;

namespace sightglass {

class LinkButton;
class RoleLabel;

/// The line above a JSON tree in which one looks for something: what is typed, which of how many
/// it is, back and forth around the end. Never blocks; what takes long says how far it is, and can
/// be cancelled.
class JsonSearchBar final : public QWidget {
    Q_OBJECT
public:
    /// `current` tells at which value the person is.
    explicit JsonSearchBar(std::function<JsonText::Node()> current, QWidget *parent = nullptr);

    /// Another text: what was found in the last one is forgotten, what is typed stays.
    void setJson(const JsonText &json);
    void open();
    void find(bool backwards);
    QString resultText() const;

Q_SIGNALS:
    void found(sightglass::JsonText::Node node);
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void begin();
    void leave();
    void showResult(bool around = false);

    std::function<JsonText::Node()> m_current;
    JsonText m_json;
    JsonSearch *m_search;
    QString m_searched; ///< what the matches are of
    QLineEdit *m_line;
    RoleLabel *m_result;
    LinkButton *m_cancel;
};

} // namespace sightglass
