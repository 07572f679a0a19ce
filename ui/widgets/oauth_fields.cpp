// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/oauth_fields.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>

namespace sightglass {

using namespace Qt::StringLiterals;

ResourceField::ResourceField(QWidget *parent)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_without(new QCheckBox(tr("without"), this))
{
    m_edit->setAccessibleName(tr("Resource to ask for"));
    m_edit->setPlaceholderText(tr("Empty: the server's own"));
    m_without->setAccessibleName(tr("Ask without a resource"));
    m_without->setToolTip(
        tr("Sends no resource, which MCP demands: to see what the server makes of that (AF-44)"));
    auto *line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_edit, 1);
    line->addWidget(m_without);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &ResourceField::changed);
    connect(m_without, &QCheckBox::toggled, this, [this](bool on) {
        m_edit->setEnabled(!on);
        Q_EMIT changed();
    });
}

void ResourceField::setResource(const std::optional<QString> &resource)
{
    m_without->setChecked(resource && resource->isEmpty());
    m_edit->setText(resource.value_or(QString()));
}

std::optional<QString> ResourceField::resource() const
{
    if (m_without->isChecked())
        return QString();
    const QString resource = m_edit->text().trimmed();
    return resource.isEmpty() ? std::nullopt : std::optional(resource);
}

RedirectField::RedirectField(QWidget *parent)
    : QWidget(parent)
    , m_host(new QComboBox(this))
    , m_port(new QSpinBox(this))
{
    m_host->setAccessibleName(tr("Host that the browser comes back to"));
    m_host->addItems({u"127.0.0.1"_s, u"localhost"_s, u"[::1]"_s});
    m_port->setAccessibleName(tr("Port that the browser comes back to"));
    m_port->setRange(0, 65535);
    m_port->setSpecialValueText(tr("any port"));
    auto *line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_host);
    line->addWidget(m_port);
    line->addStretch(1);
    setFocusProxy(m_host);
    connect(m_host, &QComboBox::currentIndexChanged, this, &RedirectField::changed);
    connect(m_port, &QSpinBox::valueChanged, this, &RedirectField::changed);
}

void RedirectField::setRedirect(const QString &host, quint16 port)
{
    m_host->setCurrentIndex(std::max(0, m_host->findText(host)));
    m_port->setValue(port);
}

QString RedirectField::host() const
{
    return m_host->currentText();
}

quint16 RedirectField::port() const
{
    return quint16(m_port->value());
}

} // namespace sightglass
