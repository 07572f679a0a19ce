// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include <optional>

class QPlainTextEdit;

namespace sightglass {

class RoleLabel;

/// The arguments of a call as JSON text, exactly as they will be sent; what is wrong with it is
/// said under it, with the place marked.
class ArgumentsEditor final : public QWidget {
    Q_OBJECT
public:
    explicit ArgumentsEditor(QWidget *parent = nullptr);

    /// As an edit, which Ctrl+Z takes back.
    void setArguments(const QByteArray &json);
    /// Begins anew: there is nothing to take back.
    void startWith(const QByteArray &json);
    /// The text as it stands.
    QByteArray arguments() const;
    /// True if it is a JSON object: only then can it be sent inside a request.
    bool isSendable() const { return m_sendable; }
    void focusEditor();

Q_SIGNALS:
    /// The person, or setArguments().
    void argumentsChanged();

private:
    void check();

    QPlainTextEdit *m_edit;
    RoleLabel *m_problem;
    bool m_sendable = true;
};

} // namespace sightglass
