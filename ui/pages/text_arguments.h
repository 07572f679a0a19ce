// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/calls.h"

#include <QHash>
#include <QWidget>

class QFormLayout;

namespace sightglass {

class CompletionAsker;
class RoleLabel;
class SuggestingLine;

/// An argument that is a text: of a prompt, or a variable of a resource template. Untrusted.
struct TextArgument {
    QString name;
    QString description;
    bool required = false;

    bool operator==(const TextArgument &) const = default;
};

/// A field for each of some text arguments, which the server completes as one types. A required
/// one that is empty is marked, and never keeps one from sending.
class TextArguments final : public QWidget {
    Q_OBJECT
public:
    static constexpr qsizetype MostFields = 200;

    /// Not owned.
    explicit TextArguments(CompletionAsker *completions, QWidget *parent = nullptr);

    /// For what the values are completed: its prompt or its uriTemplate.
    void setArguments(const QList<TextArgument> &arguments, const CompletionFor &completedFor);
    /// Those that are not empty, as a JSON object of strings in the order of the fields.
    QByteArray json() const;
    /// Takes over the strings of a JSON object; other fields become empty.
    void setJson(const QByteArray &object);
    /// Those that are not empty.
    QHash<QString, QString> values() const;
    /// Required ones that are empty are complained about from now on.
    void showMissing();
    bool hasFields() const { return !m_fields.isEmpty(); }

Q_SIGNALS:
    /// The person, or setJson().
    void changed();

private:
    struct Field {
        TextArgument argument;
        SuggestingLine *line = nullptr;
        RoleLabel *hint = nullptr;
    };
    void addField(const TextArgument &argument);
    void ask(qsizetype field);
    void answered(quint64 question, const Completion &completion);
    void showHint(const Field &field, const QString &remark = {}) const;

    CompletionAsker *m_completions;
    CompletionFor m_completedFor;
    QFormLayout *m_layout;
    QList<Field> m_fields;
    quint64 m_question = 0;
    qsizetype m_asking = -1; ///< field that the question is about
    bool m_showMissing = false;
};

} // namespace sightglass
