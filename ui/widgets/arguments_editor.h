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
    /// True if it is a JSON object, or an array where one is wanted: only then can it be sent.
    bool isSendable() const { return m_sendable; }
    void focusEditor();
    /// It holds an array in place of an object.
    void setArrayWanted(bool wanted);
    /// What it holds, where that is not the arguments of a call: the name that is read out, and the
    /// sentence for what is JSON of another kind.
    void setWords(const QString &accessibleName, const QString &otherKind);
    /// Nothing at all can be sent, too: a request without parameters.
    void setEmptyAllowed(bool allowed);

Q_SIGNALS:
    /// The person, or setArguments().
    void argumentsChanged();

private:
    void check();

    QPlainTextEdit *m_edit;
    RoleLabel *m_problem;
    QString m_otherKind;
    bool m_arrayWanted = false;
    bool m_emptyAllowed = false;
    bool m_sendable = true;
};

} // namespace sightglass
