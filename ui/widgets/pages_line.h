// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/listing.h"

#include <QWidget>

class QHBoxLayout;

namespace sightglass {

class RoleLabel;

/// How a list came: "12 resources on 3 pages", with the exchange of each page as a link, how long
/// the server says that it may be kept, and what is another since the list before.
class PagesLine final : public QWidget {
    Q_OBJECT
public:
    explicit PagesLine(QWidget *parent = nullptr);

    /// `changes` in words; may be empty. Without pages there is nothing to be seen.
    void setPages(ListKind kind, qint64 count, const QList<ListPage> &pages,
                  const QString &changes);
    /// The numbers of a recording's exchanges mean others: no links.
    void setLinksVisible(bool visible);

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);

private:
    void addLink(const ListPage &page, qsizetype number, qsizetype of);

    RoleLabel *m_words;
    RoleLabel *m_more;
    QWidget *m_links;
    QHBoxLayout *m_row;
};

} // namespace sightglass
