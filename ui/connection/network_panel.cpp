// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/network_panel.h"

#include "ui/theme.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QToolButton>
#include <QUrl>

namespace sightglass {

using namespace Qt::StringLiterals;

NetworkPanel::NetworkPanel(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
    , m_http2(new QCheckBox(tr("Offer HTTP/2 (over TLS)"), this))
    , m_pinned(new RoleLabel(Role::Text, this))
    , m_unpin(new LinkButton(tr("Remove"), this))
    , m_proxy(new QComboBox(this))
    , m_problem(new RoleLabel(Role::Failure, this))
{
    m_grid->setContentsMargins(16, 0, 16, 8);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnMinimumWidth(1, 340);
    m_grid->setColumnStretch(1, 1);

    addTitle(tr("HTTP"));
    addRow({}, m_http2);
    m_answer = addSeconds(tr("Wait for the head of an answer"));
    m_request = addSeconds(tr("Wait for the result of a call"));

    addTitle(tr("TLS"));
    m_caFile = addFile(tr("Own CA file (PEM)"), tr("Certificates to trust besides the system's"));
    m_certificate = addFile(tr("Client certificate (PEM)"), tr("Client certificate"));
    m_key = addFile(tr("Client key (PEM)"), tr("Key of the client certificate"));
    m_keyPassword = addLine(tr("Password of the key"), true);
    auto *pin = new QWidget(this);
    auto *pinLayout = new QHBoxLayout(pin);
    pinLayout->setContentsMargins(0, 0, 0, 0);
    m_pinned->setElide(Qt::ElideMiddle);
    pinLayout->addWidget(m_pinned, 1);
    pinLayout->addWidget(m_unpin);
    addRow(tr("Accepted certificate"), pin);

    addTitle(tr("Proxy"));
    m_proxy->addItem(tr("As the system says"), int(NetworkSettings::Proxy::System));
    m_proxy->addItem(tr("None"), int(NetworkSettings::Proxy::None));
    m_proxy->addItem(tr("This one"), int(NetworkSettings::Proxy::Given));
    addRow(tr("Use"), m_proxy);
    m_proxyUrl = addLine(tr("Address"));
    m_proxyUrl->setPlaceholderText(u"http://host:port"_s);
    m_proxyUser = addLine(tr("User"));
    m_proxyPassword = addLine(tr("Password"), true);
    m_problem->setWordWrap(true);
    m_problem->hide();
    addRow({}, m_problem);

    connect(m_http2, &QCheckBox::toggled, this, &NetworkPanel::edited);
    connect(m_proxy, &QComboBox::currentIndexChanged, this, &NetworkPanel::edited);
    connect(m_unpin, &LinkButton::clicked, this, [this] {
        m_pinnedSha256.clear();
        m_pinnedOrigin.clear();
        edited();
    });
    setSettings({}, 60000);
}

void NetworkPanel::addTitle(const QString &title)
{
    auto *label = new QLabel(title, this);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    const int row = m_grid->rowCount();
    if (row > 1)
        m_grid->setRowMinimumHeight(row, 30);
    m_grid->addWidget(label, row, 0, 1, 2, Qt::AlignBottom);
}

void NetworkPanel::addRow(const QString &label, QWidget *field)
{
    const int row = m_grid->rowCount();
    if (!label.isEmpty()) {
        auto *words = new QLabel(label, this);
        words->setBuddy(field);
        m_grid->addWidget(words, row, 0);
        if (field->accessibleName().isEmpty())
            field->setAccessibleName(label);
    }
    m_grid->addWidget(field, row, 1);
}

QLineEdit *NetworkPanel::addLine(const QString &label, bool secret)
{
    auto *edit = new QLineEdit(this);
    if (secret)
        edit->setEchoMode(QLineEdit::Password);
    addRow(label, edit);
    connect(edit, &QLineEdit::textChanged, this, &NetworkPanel::edited);
    return edit;
}

QLineEdit *NetworkPanel::addFile(const QString &label, const QString &caption)
{
    QLineEdit *edit = addLine(label);
    QAction *choose =
        edit->addAction(themedIcon(u"folder"_s, Role::Muted), QLineEdit::TrailingPosition);
    choose->setText(caption);
    choose->setToolTip(tr("Choose a file"));
    connect(choose, &QAction::triggered, this, [this, edit, caption] {
        auto *dialog = new QFileDialog(this, caption, QFileInfo(edit->text()).path(),
                                       tr("PEM files (*.pem *.crt *.cer *.key);;All files (*)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
        dialog->open();
    });
    return edit;
}

QSpinBox *NetworkPanel::addSeconds(const QString &label)
{
    auto *spin = new QSpinBox(this);
    spin->setRange(0, 24 * 3600);
    spin->setSuffix(tr(" s"));
    spin->setSpecialValueText(tr("for ever"));
    addRow(label, spin);
    connect(spin, &QSpinBox::valueChanged, this, &NetworkPanel::edited);
    return spin;
}

void NetworkPanel::setSettings(const NetworkSettings &settings, int requestTimeoutMs)
{
    m_loading = true;
    m_http2->setChecked(settings.http2);
    m_answer->setValue((settings.answerTimeoutMs + 999) / 1000);
    m_request->setValue((requestTimeoutMs + 999) / 1000);
    m_caFile->setText(settings.caFile);
    m_certificate->setText(settings.clientCertificateFile);
    m_key->setText(settings.clientKeyFile);
    m_keyPassword->setText(settings.clientKeyPassword);
    m_proxy->setCurrentIndex(m_proxy->findData(int(settings.proxy)));
    m_proxyUrl->setText(settings.proxyUrl);
    m_proxyUser->setText(settings.proxyUser);
    m_proxyPassword->setText(settings.proxyPassword);
    m_pinnedSha256 = settings.pinnedSha256;
    m_pinnedOrigin = settings.pinnedOrigin;
    m_loading = false;
    updateState();
}

NetworkSettings NetworkPanel::settings() const
{
    NetworkSettings settings;
    settings.http2 = m_http2->isChecked();
    settings.answerTimeoutMs = m_answer->value() * 1000;
    settings.caFile = m_caFile->text().trimmed();
    settings.clientCertificateFile = m_certificate->text().trimmed();
    settings.clientKeyFile = m_key->text().trimmed();
    settings.clientKeyPassword = m_keyPassword->text();
    settings.proxy = NetworkSettings::Proxy(m_proxy->currentData().toInt());
    settings.proxyUrl = m_proxyUrl->text().trimmed();
    settings.proxyUser = m_proxyUser->text();
    settings.proxyPassword = m_proxyPassword->text();
    // A password within the address would be shown and kept with it.
    QUrl proxy(settings.proxyUrl, QUrl::StrictMode);
    if (!proxy.userInfo().isEmpty()) {
        if (settings.proxyUser.isEmpty()) {
            settings.proxyUser = proxy.userName(QUrl::FullyDecoded);
            settings.proxyPassword = proxy.password(QUrl::FullyDecoded);
        }
        proxy.setUserInfo(QString());
        settings.proxyUrl = proxy.toString(QUrl::FullyEncoded);
    }
    settings.pinnedSha256 = m_pinnedSha256;
    settings.pinnedOrigin = m_pinnedOrigin;
    return settings;
}

int NetworkPanel::requestTimeoutMs() const
{
    return m_request->value() * 1000;
}

void NetworkPanel::edited()
{
    if (m_loading)
        return;
    updateState();
    Q_EMIT changed();
}

void NetworkPanel::updateState()
{
    const bool given = m_proxy->currentData().toInt() == int(NetworkSettings::Proxy::Given);
    for (QLineEdit *edit : {m_proxyUrl, m_proxyUser, m_proxyPassword})
        edit->setEnabled(given);
    m_unpin->setVisible(!m_pinnedSha256.isEmpty());
    if (m_pinnedSha256.isEmpty()) {
        m_pinned->setRole(Role::Muted);
        m_pinned->setFont(font());
        m_pinned->setWholeText(tr("none: the system's rules decide"));
    } else {
        m_pinned->setRole(Role::Text);
        m_pinned->setFont(wireFont());
        m_pinned->setWholeText(u"SHA-256 "_s + QString::fromLatin1(m_pinnedSha256.toHex(':')));
    }

    QString problem;
    for (const QLineEdit *edit : {m_caFile, m_certificate, m_key}) {
        const QString path = edit->text().trimmed();
        if (!path.isEmpty() && !QFileInfo(path).isReadable())
            problem = tr("%1: the file is not there or cannot be read.").arg(path);
    }
    const QUrl url(m_proxyUrl->text().trimmed(), QUrl::StrictMode);
    const bool known = url.scheme() == "http"_L1 || url.scheme() == "socks5"_L1;
    if (given && (!known || url.host().isEmpty()))
        problem = tr("The proxy's address is http://host:port or socks5://host:port.");
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

} // namespace sightglass
