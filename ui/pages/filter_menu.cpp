// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/filter_menu.h"

#include "core/filter/filter_syntax.h"
#include "ui/visible_text.h"
#include "ui/widgets/ask_line.h"

#include <QMenu>
#include <QUndoStack>

namespace sightglass {

namespace {

constexpr qsizetype kShownFilter = 60;

/// For a menu: no mnemonics from what somebody typed.
QString menuText(const QString &text)
{
    QString shown = visibleText(text);
    if (shown.size() > kShownFilter)
        shown = shown.left(kShownFilter - 1) + u'…';
    return shown.replace(u'&', QStringLiteral("&&"));
}

class FilterBookCommand final : public QUndoCommand {
public:
    FilterBookCommand(const QString &title, std::function<void()> redo, std::function<void()> undo)
        : QUndoCommand(title)
        , m_redo(std::move(redo))
        , m_undo(std::move(undo))
    {
    }

    void redo() override { m_redo(); }
    void undo() override { m_undo(); }

private:
    std::function<void()> m_redo;
    std::function<void()> m_undo;
};

QPixmap swatch(Role role, const QPalette &palette)
{
    QPixmap pixmap(12, 12);
    pixmap.fill(roleColor(role, palette));
    return pixmap;
}

} // namespace

FilterMenu::FilterMenu(FilterBook *book, AskLine *line, QUndoStack *undo, QWidget *parent)
    : QToolButton(parent)
    , m_menu(new QMenu(this))
    , m_book(book)
    , m_line(line)
    , m_undo(undo)
    , m_redactor(std::make_shared<Redactor>(QByteArrayLiteral("0")))
{
    setIcon(themedIcon(QStringLiteral("menu"), Role::Muted));
    setToolTip(tr("Saved filters, and colours of rows"));
    setAccessibleName(tr("Saved filters and colours"));
    setAccessibleDescription(tr("Opens a menu"));
    setAutoRaise(true);
    setFocusPolicy(Qt::StrongFocus);
    connect(this, &QToolButton::clicked, this, &FilterMenu::open);
}

QMenu *FilterMenu::filledMenu()
{
    fill(m_menu);
    return m_menu;
}

void FilterMenu::open()
{
    filledMenu()->popup(mapToGlobal(QPoint(0, height())));
}

void FilterMenu::fill(QMenu *menu)
{
    menu->clear();
    for (const SavedFilter &one : m_book->filters()) {
        QAction *action = menu->addAction(menuText(one.name), this,
                                          [this, text = one.text] { Q_EMIT filterChosen(text); });
        action->setToolTip(visibleText(one.text));
        action->setStatusTip(visibleText(one.text));
    }
    menu->setToolTipsVisible(true);
    if (!m_book->filters().isEmpty())
        menu->addSeparator();
    menu->addAction(tr("Bookmarked rows"), this,
                    [this] { Q_EMIT filterChosen(QStringLiteral("is:marked")); });
    menu->addAction(tr("Rows with notes"), this,
                    [this] { Q_EMIT filterChosen(QStringLiteral("note:/./")); });
    menu->addSeparator();
    const bool any = !m_text.trimmed().isEmpty();
    menu->addAction(tr("Save this filter…"), this, &FilterMenu::askName)->setEnabled(any);
    menu->addAction(tr("Save what it finds to a file…"), this,
                    [this] {
                        const QList<FilterProblem> problems = parseFilter(m_text).problems;
                        if (problems.isEmpty())
                            Q_EMIT partWanted(m_text);
                        else
                            Q_EMIT statusMessage(problems.constFirst().sentence);
                    })
        ->setEnabled(any);
    QMenu *colours = menu->addMenu(tr("Colour the rows it finds"));
    colours->setEnabled(any);
    for (const Role role : FilterBook::colours())
        colours->addAction(swatch(role, palette()), FilterBook::colourName(role), this,
                           [this, role] { colour(role); });
    if (!m_book->filters().isEmpty()) {
        QMenu *remove = menu->addMenu(tr("Remove a saved filter"));
        for (const SavedFilter &one : m_book->filters())
            remove->addAction(menuText(one.name), this, [this, one] {
                QList<SavedFilter> rest = m_book->filters();
                rest.removeOne(one);
                setFilters(rest, tr("removed filter “%1”").arg(one.name));
            });
    }
    if (!m_book->rules().isEmpty()) {
        QMenu *remove = menu->addMenu(tr("Take a colour away"));
        for (const ColourRule &rule : m_book->rules())
            remove->addAction(
                swatch(rule.role, palette()),
                tr("%1: %2").arg(FilterBook::colourName(rule.role), menuText(rule.text)), this,
                [this, rule] {
                    QList<ColourRule> rest = m_book->rules();
                    rest.removeOne(rule);
                    setRules(rest, tr("colour of “%1” taken away").arg(rule.text));
                });
    }
}

void FilterMenu::askName()
{
    const QString problem = FilterBook::problem(m_text, *m_redactor);
    if (!problem.isEmpty()) {
        Q_EMIT statusMessage(problem);
        return;
    }
    m_line->ask(tr("Name of this filter:"), m_text.left(40), tr("What it finds"),
                [this](const QString &name) { return save(name); });
}

QString FilterMenu::save(const QString &name)
{
    if (name.isEmpty())
        return tr("A saved filter wants a name.");
    // Names are kept as well.
    QString problem = FilterBook::problem(m_text, *m_redactor);
    if (problem.isEmpty() && m_redactor->text(name) != name)
        problem = tr("The name has a secret in it.");
    if (!problem.isEmpty())
        return problem;
    QList<SavedFilter> filters = m_book->filters();
    filters.removeIf([&](const SavedFilter &one) { return one.name == name; });
    filters.append({name, m_text.trimmed()});
    setFilters(filters, tr("filter saved as “%1”").arg(name));
    return m_book->filters().contains(SavedFilter{name, m_text.trimmed()})
        ? QString()
        : tr("It can't be kept under this name.");
}

void FilterMenu::colour(Role role)
{
    const QString text = m_text.trimmed();
    const QString problem = FilterBook::problem(text, *m_redactor);
    if (!problem.isEmpty()) {
        Q_EMIT statusMessage(problem);
        return;
    }
    QList<ColourRule> rules = m_book->rules();
    rules.removeIf([&](const ColourRule &rule) { return rule.text == text; });
    // The newest counts first.
    rules.prepend({text, role});
    setRules(rules, tr("%1 for “%2”").arg(FilterBook::colourName(role), text));
}

void FilterMenu::push(const QString &title, const std::function<void()> &redo,
                      const std::function<void()> &undo)
{
    m_undo->push(new FilterBookCommand(title, redo, undo));
    Q_EMIT statusMessage(tr("Done: %1; Ctrl+Z takes it back").arg(title));
}

void FilterMenu::setFilters(const QList<SavedFilter> &filters, const QString &title)
{
    push(
        title, [this, filters] { m_book->setFilters(filters, *m_redactor); },
        [this, before = m_book->filters()] { m_book->setFilters(before, *m_redactor); });
}

void FilterMenu::setRules(const QList<ColourRule> &rules, const QString &title)
{
    push(
        title, [this, rules] { m_book->setRules(rules, *m_redactor); },
        [this, before = m_book->rules()] { m_book->setRules(before, *m_redactor); });
}

} // namespace sightglass
