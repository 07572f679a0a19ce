// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/suggesting_line.h"

#include "ui/visible_text.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QStringListModel>

namespace sightglass {

/// What is shown is another text than what is taken.
class SuggestionModel final : public QStringListModel {
public:
    using QStringListModel::QStringListModel;

    QVariant data(const QModelIndex &index, int role) const override
    {
        const QVariant value = QStringListModel::data(index, role);
        return role == Qt::DisplayRole ? visibleText(value.toString().left(200)) : value;
    }
};

SuggestingLine::SuggestingLine(QWidget *parent)
    : QLineEdit(parent)
    , m_model(new SuggestionModel(this))
    , m_completer(new QCompleter(m_model, this))
{
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(10);
    m_completer->setWidget(this);
    m_completer->popup()->setAccessibleName(tr("Suggestions of the server"));
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this,
            [this](const QString &value) {
                setText(value);
                Q_EMIT textEdited(value);
                m_completer->popup()->hide();
            });
    connect(this, &QLineEdit::textEdited, this, &SuggestingLine::suggestionsWanted);
}

void SuggestingLine::setSuggestions(const QStringList &values)
{
    m_model->setStringList(values);
    // One that stands there already is no suggestion.
    if (values.isEmpty() || (values.size() == 1 && values.first() == text()) || !hasFocus())
        m_completer->popup()->hide();
    else
        m_completer->complete();
}

QStringList SuggestingLine::suggestions() const
{
    return m_model->stringList();
}

void SuggestingLine::keyPressEvent(QKeyEvent *event)
{
    const bool open = m_completer->popup()->isVisible();
    if (open && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        && event->modifiers() == Qt::NoModifier) {
        event->ignore(); // the list takes it
        return;
    }
    const bool wanted = event->key() == Qt::Key_Down
        || (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier);
    if (wanted && !open) {
        Q_EMIT suggestionsWanted();
        event->accept();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void SuggestingLine::focusOutEvent(QFocusEvent *event)
{
    if (event->reason() != Qt::PopupFocusReason)
        m_completer->popup()->hide();
    QLineEdit::focusOutEvent(event);
}

} // namespace sightglass
