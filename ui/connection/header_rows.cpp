// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/header_rows.h"

#include "ui/theme.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/text_marks.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QToolButton>

namespace sightglass {

HeaderRows::HeaderRows(QWidget *parent)
    : HeaderRows({tr("Add header"), tr("Name"), tr("Value"), tr("Header name"), tr("Header value"),
                  tr("Remove this header"), tr("Shown and recorded as a fingerprint only")},
                 parent)
{
}

HeaderRows::HeaderRows(const HeaderRowsWords &words, QWidget *parent)
    : QWidget(parent)
    , m_words(words)
    , m_layout(new QVBoxLayout(this))
    , m_undo(new LinkButton(tr("Undo remove"), this))
{
    auto *add = new LinkButton(m_words.add, this);
    connect(add, &LinkButton::clicked, this, [this] {
        addRow({}).name->setFocus(Qt::OtherFocusReason);
        Q_EMIT changed();
    });
    connect(m_undo, &LinkButton::clicked, this, &HeaderRows::undo);
    m_undo->hide();
    auto *actions = new QHBoxLayout;
    actions->addWidget(add);
    actions->addWidget(m_undo);
    actions->addStretch(1);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(4);
    m_layout->addLayout(actions);
}

void HeaderRows::setHeaders(const QList<Header> &headers)
{
    for (const Row &row : std::as_const(m_rows))
        delete row.widget;
    m_rows.clear();
    m_removed.clear();
    m_undo->hide();
    for (const Header &header : headers)
        addRow(header);
}

Header HeaderRows::headerOf(const Row &row) const
{
    Header header;
    header.name = row.name->text().toUtf8();
    header.value = row.value->text().toUtf8();
    header.source = HeaderSource::User;
    header.secret = row.secret->isChecked();
    return header;
}

QList<Header> HeaderRows::headers() const
{
    QList<Header> result;
    for (const Row &row : m_rows) {
        const Header header = headerOf(row);
        if (!header.name.isEmpty() || !header.value.isEmpty())
            result.append(header);
    }
    return result;
}

void HeaderRows::append(const Header &header)
{
    addRow(header);
    Q_EMIT changed();
}

HeaderRows::Row HeaderRows::addRow(const Header &header, qsizetype at)
{
    if (at < 0 || at > m_rows.size())
        at = m_rows.size();
    Row row{};
    row.widget = new QWidget(this);
    row.name = new QLineEdit(QString::fromUtf8(header.name), row.widget);
    row.name->setPlaceholderText(m_words.name);
    row.name->setAccessibleName(m_words.spokenName);
    row.value = new QLineEdit(QString::fromUtf8(header.value), row.widget);
    row.value->setPlaceholderText(m_words.value);
    row.value->setAccessibleName(m_words.spokenValue);
    for (QLineEdit *edit : {row.name, row.value})
        edit->setCursorPosition(0); // its beginning is what one knows it by
    row.secret = new QCheckBox(tr("Secret"), row.widget);
    row.secret->setChecked(header.secret);
    row.secret->setToolTip(m_words.secret);
    row.secret->setVisible(!m_words.secret.isEmpty());
    row.problem = new RoleLabel(Role::Failure, row.widget);
    row.problem->setWordWrap(true);
    row.problem->hide();
    auto *remove = new QToolButton(row.widget);
    remove->setIcon(themedIcon(QStringLiteral("minus"), Role::Muted));
    remove->setAutoRaise(true);
    remove->setToolTip(m_words.remove);
    remove->setAccessibleName(m_words.remove);
    auto *grid = new QGridLayout(row.widget);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(0, m_words.longNames ? 3 : 2);
    grid->setColumnStretch(1, m_words.longNames ? 2 : 3);
    grid->addWidget(row.name, 0, 0);
    grid->addWidget(row.value, 0, 1);
    grid->addWidget(row.secret, 0, 2);
    grid->addWidget(remove, 0, 3);
    grid->addWidget(row.problem, 1, 0, 1, 4);
    m_layout->insertWidget(int(at), row.widget);
    m_rows.insert(at, row);

    connect(row.name, &QLineEdit::textChanged, this, &HeaderRows::changed);
    connect(row.value, &QLineEdit::textChanged, this, &HeaderRows::changed);
    connect(row.secret, &QCheckBox::toggled, this, [this] {
        updateEcho();
        Q_EMIT changed();
    });
    connect(remove, &QToolButton::clicked, this,
            [this, widget = row.widget] { removeRow(widget); });
    updateEcho();
    return row;
}

void HeaderRows::removeRow(QWidget *widget)
{
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (m_rows.at(i).widget != widget)
            continue;
        m_removed.append({i, headerOf(m_rows.at(i))});
        m_rows.removeAt(i);
        widget->hide();
        widget->deleteLater();
        m_undo->show();
        m_undo->setFocus(Qt::OtherFocusReason);
        Q_EMIT changed();
        return;
    }
}

void HeaderRows::undo()
{
    if (m_removed.isEmpty())
        return;
    const auto [at, header] = m_removed.takeLast();
    addRow(header, at).name->setFocus(Qt::OtherFocusReason);
    m_undo->setVisible(!m_removed.isEmpty());
    Q_EMIT changed();
}

void HeaderRows::setRevealed(bool revealed)
{
    m_revealed = revealed;
    updateEcho();
}

void HeaderRows::updateEcho()
{
    for (const Row &row : std::as_const(m_rows))
        row.value->setEchoMode(row.secret->isChecked() && !m_revealed ? QLineEdit::Password
                                                                      : QLineEdit::Normal);
}

void HeaderRows::clearProblems()
{
    for (const Row &row : std::as_const(m_rows)) {
        row.problem->hide();
        markText(row.name, 0, 0);
        markText(row.value, 0, 0);
    }
}

void HeaderRows::setProblem(qsizetype index, bool inName, qsizetype position,
                            const QString &sentence, bool fatal)
{
    qsizetype filled = 0;
    for (const Row &row : std::as_const(m_rows)) {
        if (row.name->text().isEmpty() && row.value->text().isEmpty())
            continue;
        if (filled++ != index)
            continue;
        QLineEdit *edit = inName ? row.name : row.value;
        const qsizetype start = QString::fromUtf8(edit->text().toUtf8().left(position)).size();
        markText(edit, start, 1);
        static_cast<RoleLabel *>(row.problem)->setRole(fatal ? Role::Failure : Role::Attention);
        row.problem->setText(sentence);
        row.problem->show();
        return;
    }
}

} // namespace sightglass
