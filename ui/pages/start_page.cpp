// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/start_page.h"

#include "ui/theme.h"
#include "ui/widgets/choice_card.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/recent_row.h"
#include "ui/widgets/role_label.h"

#include <QGridLayout>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>

namespace sightglass {

namespace {

/// "today 20:02", "yesterday", "Friday", then the date.
QString whenWords(const QDateTime &when, const QDateTime &now)
{
    const QDateTime local = when.toLocalTime();
    const qint64 days = local.date().daysTo(now.date());
    if (days == 0)
        return StartPage::tr("today %1")
            .arg(QLocale().toString(local.time(), QLocale::ShortFormat));
    if (days == 1)
        return StartPage::tr("yesterday");
    if (days > 1 && days < 7)
        return QLocale().dayName(local.date().dayOfWeek());
    return QLocale().toString(local.date(), QLocale::ShortFormat);
}

} // namespace

StartPage::StartPage(int faultCount, QWidget *parent)
    : QWidget(parent)
    , m_recent(new QWidget)
    , m_recentTitle(new QLabel(tr("Recent"), this))
{
    auto *title = new QLabel(tr("See what really flows"), this);
    title->setFont(scaledFont(8, true));
    auto *subtitle =
        new RoleLabel(tr("Connect to an MCP server and look at every request, header and event."),
                      Role::Muted, this);
    subtitle->setFont(scaledFont(0.75));
    subtitle->setWordWrap(true);

    auto *url =
        new ChoiceCard(QStringLiteral("traffic"), tr("Connect to a URL"),
                       tr("Streamable HTTP; paste it above and press Enter"), tr("Ctrl+L"), this);
    auto *command = new ChoiceCard(QStringLiteral("terminal"), tr("Run a command"),
                                   tr("A server on its standard streams: output, errors and exit"),
                                   tr("Ctrl+R"), this);
    auto *recording =
        new ChoiceCard(QStringLiteral("resources"), tr("Open a recording"),
                       tr("A trace file, also by dropping it here"), tr("Ctrl+O"), this);
    auto *practice = new ChoiceCard(
        QStringLiteral("lab"), tr("Practise"),
        faultCount > 0 ? tr("A built-in server that plays %1 real failures").arg(faultCount)
                       : tr("A built-in server to try everything on"),
        tr("Ctrl+P"), this);
    connect(url, &ChoiceCard::clicked, this, &StartPage::urlRequested);
    connect(command, &ChoiceCard::clicked, this, &StartPage::commandRequested);
    connect(recording, &ChoiceCard::clicked, this, &StartPage::recordingRequested);
    connect(practice, &ChoiceCard::clicked, this, &StartPage::practiceRequested);
    auto *cards = new QGridLayout;
    cards->setSpacing(12);
    cards->addWidget(url, 0, 0);
    cards->addWidget(command, 0, 1);
    cards->addWidget(recording, 1, 0);
    cards->addWidget(practice, 1, 1);

    QFont bold = m_recentTitle->font();
    bold.setBold(true);
    m_recentTitle->setFont(bold);
    auto *rows = new QVBoxLayout(m_recent);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);

    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(64, 48, 64, 24);
    layout->setSpacing(0);
    layout->addWidget(title);
    layout->addSpacing(6);
    layout->addWidget(subtitle);
    layout->addSpacing(24);
    layout->addLayout(cards);
    layout->addSpacing(28);
    layout->addWidget(m_recentTitle);
    layout->addSpacing(6);
    layout->addWidget(m_recent);
    layout->addStretch(1);

    auto *scroll = pageScroll(content, this);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    setRecent({}, QDateTime());
}

void StartPage::setRecent(const QList<RecentServer> &servers, const QDateTime &now)
{
    while (QLayoutItem *item = m_recent->layout()->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const RecentServer &server : servers) {
        QStringList notes;
        if (server.command)
            notes.append(tr("command"));
        if (!server.revision.isEmpty())
            notes.append(server.revision);
        if (server.tools >= 0)
            notes.append(server.tools == 1 ? tr("1 tool") : tr("%1 tools").arg(server.tools));
        const QString address = server.address();
        const QString name = !server.name.isEmpty() ? server.name
            : server.command                        ? server.command->program
                                                    : server.url.host();
        auto *row = new RecentRow(name, address, notes.join(QStringLiteral(", ")),
                                  whenWords(server.when, now), m_recent);
        m_recent->layout()->addWidget(row);
        connect(row, &RecentRow::clicked, this,
                [this, address] { Q_EMIT serverRequested(address); });
        connect(row, &RecentRow::forgetRequested, this,
                [this, address] { Q_EMIT forgetRequested(address); });
    }
    m_recentTitle->setVisible(!servers.isEmpty());
    m_recent->setVisible(!servers.isEmpty());
}

void StartPage::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), roleColor(Role::Base, palette()));
}

} // namespace sightglass
