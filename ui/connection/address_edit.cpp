// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/address_edit.h"

#include <QFocusEvent>
#include <QUrl>

#include <utility>

namespace sightglass {

AddressEdit::AddressEdit(QWidget *parent)
    : QLineEdit(parent)
{
    connect(this, &QLineEdit::textChanged, this, [this] {
        if (!m_showing)
            m_hides = false;
    });
}

QString AddressEdit::address() const
{
    return m_hides ? m_hidden : text();
}

void AddressEdit::setAddress(const QString &address)
{
    m_hides = false;
    setText(address);
    if (!hasFocus())
        hideSecrets();
}

void AddressEdit::setRedactor(const std::shared_ptr<const Redactor> &redactor)
{
    m_redactor = redactor;
    if (hasFocus())
        return;
    showSecrets();
    hideSecrets();
}

void AddressEdit::focusInEvent(QFocusEvent *event)
{
    showSecrets();
    QLineEdit::focusInEvent(event);
}

void AddressEdit::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    // The list of servers belongs to the line.
    if (event->reason() != Qt::PopupFocusReason)
        hideSecrets();
}

void AddressEdit::hideSecrets()
{
    const QUrl url(text().trimmed(), QUrl::StrictMode);
    if (m_hides || !m_redactor || !url.isValid() || url.host().isEmpty())
        return;
    const QUrl redacted = m_redactor->url(url);
    if (redacted == url)
        return;
    m_hidden = text();
    m_hides = true;
    put(redacted.toString(QUrl::FullyEncoded));
}

void AddressEdit::showSecrets()
{
    if (!std::exchange(m_hides, false))
        return;
    put(m_hidden);
    m_hidden.clear();
}

void AddressEdit::put(const QString &text)
{
    m_showing = true;
    setText(text);
    m_showing = false;
}

} // namespace sightglass
