// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/pages_line.h"

#include "ui/counted.h"
#include "ui/models/offer.h"
#include "ui/models/result_blocks.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostLinks = 6; ///< the first ones, and the last

} // namespace

PagesLine::PagesLine(QWidget *parent)
    : QWidget(parent)
    , m_words(new RoleLabel(Role::Muted, this))
    , m_more(new RoleLabel(Role::Muted, this))
    , m_links(new QWidget(this))
    , m_row(new QHBoxLayout(m_links))
{
    for (RoleLabel *label : {m_words, m_more}) {
        label->setFont(scaledFont(-0.75));
        label->setElide(Qt::ElideRight);
    }
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(4);
    auto *first = new QHBoxLayout;
    first->setSpacing(4);
    first->addWidget(m_words, 1);
    first->addWidget(m_links);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 0, 10, 0);
    layout->setSpacing(2);
    layout->addLayout(first);
    layout->addWidget(m_more);
    hide();
}

void PagesLine::setPages(ListKind kind, qint64 count, const QList<ListPage> &pages,
                         const QString &changes)
{
    while (QLayoutItem *item = m_row->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    setVisible(!pages.isEmpty());
    if (pages.isEmpty())
        return;
    m_words->setWholeText(pages.size() == 1
                              ? offerCount(kind, count)
                              : tr("%1 on %2")
                                    .arg(offerCount(kind, count),
                                         counted(pages.size(), tr("1 page"), tr("%1 pages"))));
    for (qsizetype i = 0; i < pages.size(); ++i) {
        const bool last = i == pages.size() - 1;
        if (i < mostLinks - 1 || last)
            addLink(pages.at(i), i + 1, pages.size());
        else if (i == mostLinks - 1)
            m_row->addWidget(new RoleLabel(u"…"_s, Role::Muted, m_links));
    }
    QStringList more;
    const ListPage &first = pages.constFirst();
    if (const QString cache = cacheWords(first.ttlMs, first.cacheScope); !cache.isEmpty())
        more.append(visibleText(cache));
    if (!changes.isEmpty())
        more.append(changes);
    m_more->setWholeText(more.join(u"; "_s));
    m_more->setVisible(!more.isEmpty());
}

void PagesLine::addLink(const ListPage &page, qsizetype number, qsizetype of)
{
    if (page.exchange <= 0)
        return;
    auto *link = new LinkButton(
        of == 1 ? tr("Exchange %1").arg(page.exchange) : QString::number(page.exchange), m_links);
    link->setFont(scaledFont(-0.75));
    const QString words = tr("Exchange %1: page %2 of %3, %4 entries")
                              .arg(page.exchange)
                              .arg(number)
                              .arg(of)
                              .arg(page.count);
    link->setAccessibleName(words);
    link->setToolTip(words);
    connect(link, &LinkButton::clicked, this,
            [this, id = page.exchange] { Q_EMIT showExchangeRequested(id); });
    m_row->addWidget(link);
}

void PagesLine::setLinksVisible(bool visible)
{
    m_links->setVisible(visible);
}

} // namespace sightglass
