// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/tab_order.h"

#include <QApplication>
#include <QLayout>
#include <QScrollArea>
#include <QSplitter>

namespace sightglass {

namespace {

void collect(const QLayout *layout, QList<QWidget *> *stops);

void collect(QWidget *widget, QList<QWidget *> *stops)
{
    if (widget->focusPolicy() & Qt::TabFocus) {
        if (!widget->focusProxy())
            stops->append(widget);
        return;
    }
    if (const auto *scroll = qobject_cast<const QScrollArea *>(widget)) {
        if (scroll->widget())
            collect(scroll->widget(), stops);
    } else if (const auto *splitter = qobject_cast<const QSplitter *>(widget)) {
        for (int i = 0; i < splitter->count(); ++i)
            collect(splitter->widget(i), stops);
    } else if (widget->layout()) {
        collect(widget->layout(), stops);
    }
}

void collect(const QLayout *layout, QList<QWidget *> *stops)
{
    for (int i = 0; i < layout->count(); ++i) {
        const QLayoutItem *item = layout->itemAt(i);
        if (QWidget *widget = item->widget())
            collect(widget, stops);
        else if (const QLayout *inner = const_cast<QLayoutItem *>(item)->layout())
            collect(inner, stops);
    }
}

bool canStopAt(const QWidget *widget)
{
    return (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus && !widget->focusProxy()
        && widget->isVisible() && widget->isEnabled();
}

/// What stands in no layout (a button that lies over a view) is reached all the same: behind what
/// it lies on, or at the end.
void addOthers(const QWidget *page, QList<QWidget *> *stops)
{
    const QList<QWidget *> all = page->findChildren<QWidget *>();
    for (QWidget *widget : all) {
        if (!canStopAt(widget) || stops->contains(widget) || widget->window() != page->window())
            continue;
        const auto below = std::find_if(stops->cbegin(), stops->cend(), [widget](QWidget *stop) {
            return stop->isAncestorOf(widget);
        });
        stops->insert(below == stops->cend() ? stops->size() : below - stops->cbegin() + 1, widget);
    }
}

void goTo(QWidget *stop, bool next)
{
    stop->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    for (QWidget *up = stop->parentWidget(); up; up = up->parentWidget()) {
        if (auto *scroll = qobject_cast<QScrollArea *>(up))
            scroll->ensureWidgetVisible(stop);
    }
}

} // namespace

QList<QWidget *> tabStops(const QWidget *part)
{
    QList<QWidget *> stops;
    if (part->layout())
        collect(part->layout(), &stops);
    return stops;
}

bool tabThrough(QWidget *page, const OrderedPage &order, bool next)
{
    QWidget *focus = QApplication::focusWidget();
    if (!focus)
        focus = page;
    QList<QWidget *> stops = order.tabOrder();
    stops.removeIf([](const QWidget *stop) { return !canStopAt(stop); });
    addOthers(page, &stops);
    QWidget *from = focus;
    if (page->isAncestorOf(focus)) {
        auto at = std::find(stops.cbegin(), stops.cend(), focus);
        if (at == stops.cend())
            at = std::find_if(stops.cbegin(), stops.cend(),
                              [focus](const QWidget *stop) { return stop->isAncestorOf(focus); });
        const qsizetype to = at == stops.cend() ? (next ? 0 : stops.size() - 1)
                                                : at - stops.cbegin() + (next ? 1 : -1);
        if (to >= 0 && to < stops.size()) {
            goTo(stops.at(to), next);
            return true;
        }
        from = page;
    }
    // The page stands in the chain where it was made, whenever its parts were.
    for (QWidget *step = next ? from->nextInFocusChain() : from->previousInFocusChain();
         step != from; step = next ? step->nextInFocusChain() : step->previousInFocusChain()) {
        if (step == page && !stops.isEmpty()) {
            goTo(next ? stops.constFirst() : stops.constLast(), next);
            return true;
        }
        if (!page->isAncestorOf(step) && step->window() == page->window() && canStopAt(step)) {
            goTo(step, next);
            return true;
        }
    }
    return false;
}

} // namespace sightglass
