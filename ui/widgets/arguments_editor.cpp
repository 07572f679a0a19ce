// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/arguments_editor.h"

#include "core/jsonrpc/json_text.h"
#include "ui/theme.h"
#include "ui/widgets/role_label.h"

#include <QPlainTextEdit>
#include <QTextBlock>
#include <QVBoxLayout>

namespace sightglass {

ArgumentsEditor::ArgumentsEditor(QWidget *parent)
    : QWidget(parent)
    , m_edit(new QPlainTextEdit(this))
    , m_problem(new RoleLabel(Role::Failure, this))
    , m_otherKind(tr("Arguments are a JSON object: { … }"))
{
    m_edit->setAccessibleName(tr("Arguments as JSON"));
    m_edit->setFont(wireFont());
    m_edit->setProperty("quiet", true);
    m_edit->setTabChangesFocus(true);
    m_edit->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_edit->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_edit->document()->setDocumentMargin(8);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_problem);
    setFocusProxy(m_edit);
    connect(m_edit->document(), &QTextDocument::contentsChanged, this, [this] {
        check();
        Q_EMIT argumentsChanged();
    });
}

void ArgumentsEditor::setArguments(const QByteArray &json)
{
    if (json != arguments()) {
        QTextCursor all(m_edit->document());
        all.beginEditBlock();
        all.select(QTextCursor::Document);
        all.insertText(QString::fromUtf8(json));
        all.endEditBlock();
    }
    check();
}

void ArgumentsEditor::startWith(const QByteArray &json)
{
    m_edit->setPlainText(QString::fromUtf8(json));
    check();
}

QByteArray ArgumentsEditor::arguments() const
{
    return m_edit->toPlainText().toUtf8();
}

void ArgumentsEditor::focusEditor()
{
    m_edit->setFocus(Qt::OtherFocusReason);
}

void ArgumentsEditor::setWords(const QString &accessibleName, const QString &otherKind)
{
    m_edit->setAccessibleName(accessibleName);
    m_otherKind = otherKind;
    check();
}

void ArgumentsEditor::setEmptyAllowed(bool allowed)
{
    m_emptyAllowed = allowed;
    check();
}

void ArgumentsEditor::setArrayWanted(bool wanted)
{
    m_arrayWanted = wanted;
    check();
}

void ArgumentsEditor::check()
{
    const QByteArray text = arguments();
    const JsonText json = JsonText::parse(text);
    QString problem;
    QList<QTextEdit::ExtraSelection> marks;
    if (m_emptyAllowed && text.trimmed().isEmpty()) {
        problem.clear();
    } else if (const auto &error = json.error()) {
        const QString before = QString::fromUtf8(text.left(error->offset));
        const qsizetype line = before.count(QLatin1Char('\n')) + 1;
        problem = tr("Line %1: %2").arg(line).arg(error->sentence);
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(m_edit->document());
        const int last = std::max(0, m_edit->document()->characterCount() - 1);
        const int at = std::min(int(before.size()), last);
        mark.cursor.setPosition(std::max(0, at == last ? at - 1 : at));
        mark.cursor.setPosition(std::min(at + (at == last ? 0 : 1), last), QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(roleColor(Role::Failure, palette()));
        marks.append(mark);
    } else if (m_arrayWanted ? !json.isArray(json.root()) : !json.isObject(json.root())) {
        problem = m_otherKind;
    }
    m_edit->setExtraSelections(marks);
    m_sendable = problem.isEmpty();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

} // namespace sightglass
