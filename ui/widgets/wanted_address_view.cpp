// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/wanted_address_view.h"

#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/text_block.h"

#include <QDesktopServices>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

QString WantedAddressView::problemOf(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return tr("It is no URL that can be opened.");
    if (url.scheme() != "http"_L1 && url.scheme() != "https"_L1)
        return tr("It is not opened: its scheme is %1, not http or https.")
            .arg(visibleText(url.scheme()));
    return {};
}

WantedAddressView::WantedAddressView(const QString &wanted, const QString &message, QWidget *parent)
    : QWidget(parent)
    , m_url(wanted)
    , m_said(new RoleLabel(Role::Muted, this))
{
    auto *parts = new QVBoxLayout(this);
    parts->setContentsMargins(0, 0, 0, 0);
    parts->setSpacing(8);
    const QUrl url(m_url, QUrl::StrictMode);
    const QString problem = problemOf(m_url);

    auto *words = new TextBlock(160, this);
    words->setAccessibleName(tr("What the server says"));
    words->setUntrustedText(message);
    parts->addWidget(words);
    auto *asks =
        new RoleLabel(tr("It asks to open this address in the browser:"), Role::Muted, this);
    asks->setWordWrap(true);
    parts->addWidget(asks);
    auto *host = new RoleLabel(visibleText(url.host(QUrl::FullyEncoded)),
                               problem.isEmpty() ? Role::Text : Role::Failure, this);
    host->setAccessibleName(tr("Host %1").arg(host->text()));
    host->setFont(scaledFont(3, true));
    host->setTextInteractionFlags(Qt::TextSelectableByMouse);
    host->setWordWrap(true);
    host->setVisible(!url.host().isEmpty());
    parts->addWidget(host);
    auto *whole = new TextBlock(120, this);
    whole->setAccessibleName(tr("The whole URL"));
    whole->setFont(wireFont());
    whole->setUntrustedText(m_url);
    parts->addWidget(whole);
    auto add = [this, parts](const QString &text, Role role) {
        auto *label = new RoleLabel(text, role, this);
        label->setWordWrap(true);
        parts->addWidget(label);
    };
    if (!problem.isEmpty())
        add(problem, Role::Failure);
    else if (url.scheme() == "http"_L1)
        add(tr("It is http: what is typed there can be read on the way."), Role::Attention);
    if (!url.userInfo().isEmpty())
        add(tr("What stands before the @ is a user name, not the host."), Role::Attention);
    if (url.host(QUrl::FullyEncoded).contains("xn--"_L1))
        add(tr("The host is spelled in letters of another script, which can look like others."),
            Role::Attention);
    auto *open = new QPushButton(u' ' + tr("Open in the browser"), this); // off the glyph
    open->setIcon(themedIcon(u"link"_s, Role::Muted));
    open->setEnabled(problem.isEmpty());
    open->setAutoDefault(false);
    connect(open, &QPushButton::clicked, this, &WantedAddressView::open);
    parts->addWidget(open, 0, Qt::AlignLeft);
    parts->addWidget(m_said);
    m_said->hide();
}

void WantedAddressView::open()
{
    if (!problemOf(m_url).isEmpty())
        return;
    const bool opened = QDesktopServices::openUrl(QUrl(m_url, QUrl::StrictMode));
    m_said->setText(opened ? tr("The browser was asked to open it.")
                           : tr("No browser could be started. Copy the address."));
    m_said->show();
}

} // namespace sightglass
