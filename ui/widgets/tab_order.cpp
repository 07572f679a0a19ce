// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/tab_order.h"

#include <QLayout>
#include <QScrollArea>

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

} // namespace

QList<QWidget *> tabStops(const QWidget *part)
{
    QList<QWidget *> stops;
    if (part->layout())
        collect(part->layout(), &stops);
    return stops;
}

} // namespace sightglass
