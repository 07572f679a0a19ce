// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/filter_line.h"

#include "ui/theme.h"
#include "ui/widgets/filter_suggestions.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/text_marks.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QLineEdit>
#include <QVBoxLayout>

namespace sightglass {

FilterLine::FilterLine(QWidget *parent)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_problem(new RoleLabel(Role::Failure, this))
{
    m_edit->addAction(themedIcon(QStringLiteral("search"), Role::Muted),
                      QLineEdit::LeadingPosition);
    m_edit->setClearButtonEnabled(true);
    m_edit->setAccessibleName(tr("Filter"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_edit);
    layout->addWidget(m_problem);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &FilterLine::textChanged);
}

QString FilterLine::text() const
{
    return m_edit->text();
}

void FilterLine::setText(const QString &text)
{
    m_edit->setText(text);
}

void FilterLine::setPlaceholderText(const QString &text)
{
    m_edit->setPlaceholderText(text);
}

void FilterLine::setProblem(const QString &sentence, qsizetype start, qsizetype length)
{
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
    m_edit->setAccessibleDescription(sentence);
    markText(m_edit, start, sentence.isEmpty() ? 0 : length);
}

void FilterLine::setSuggest(Suggest suggest)
{
    m_suggest = std::move(suggest);
    if (m_completer)
        return;
    m_model = new FilterSuggestionModel(this);
    m_completer = new QCompleter(m_model, this);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    m_completer->setWidget(m_edit);
    m_completer->popup()->setItemDelegate(new FilterSuggestionDelegate(m_completer->popup()));
    m_completer->popup()->setAccessibleName(tr("What may stand in the filter"));
    m_completer->popup()->installEventFilter(this);
    m_edit->installEventFilter(this);
    connect(m_completer, qOverload<const QModelIndex &>(&QCompleter::activated), this,
            [this](const QModelIndex &index) { take(index.row()); });
    connect(m_edit, &QLineEdit::textEdited, this, [this] { this->suggest(false); });
}

QList<FilterSuggestion> FilterLine::suggestions() const
{
    return m_model ? m_model->suggestions() : QList<FilterSuggestion>();
}

QWidget *FilterLine::suggestionList() const
{
    return m_completer ? m_completer->popup() : nullptr;
}

void FilterLine::suggest(bool asked)
{
    if (!m_suggest)
        return;
    m_model->setSuggestions(m_suggest(m_edit->text(), m_edit->cursorPosition(), asked));
    if (m_model->rowCount() == 0 || !m_edit->hasFocus())
        m_completer->popup()->hide();
    else
        m_completer->complete();
}

void FilterLine::take(int row)
{
    if (row < 0 || row >= m_model->rowCount())
        return;
    const FilterSuggestion one = m_model->suggestions().at(row);
    m_completer->popup()->hide();
    // As if typed: one can undo it.
    m_edit->setSelection(int(one.start), int(one.length));
    m_edit->insert(one.insert);
    // A key leads to its values.
    if (one.goesOn && !one.insert.isEmpty())
        suggest(false);
}

bool FilterLine::eventFilter(QObject *object, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && m_completer) {
        const auto *key = static_cast<QKeyEvent *>(event);
        QAbstractItemView *list = m_completer->popup();
        if (object == list && key->key() == Qt::Key_Tab && key->modifiers() == Qt::NoModifier) {
            take(std::max(0, list->currentIndex().row()));
            return true;
        }
        if (object == m_edit && key->key() == Qt::Key_Space
            && key->modifiers() == Qt::ControlModifier) {
            suggest(true);
            return true;
        }
    }
    if (object == m_edit && event->type() == QEvent::FocusOut && m_completer
        && static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason)
        m_completer->popup()->hide();
    return QWidget::eventFilter(object, event);
}

void FilterLine::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !m_edit->text().isEmpty()) {
        m_edit->clear();
        event->accept();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace sightglass
