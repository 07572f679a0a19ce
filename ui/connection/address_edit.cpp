// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/connection/address_edit.h"

#include <QFocusEvent>
#include <QUrl>

namespace sightglass {

AddressEdit::AddressEdit(QWidget *parent)
    : QLineEdit(parent)
{
    connect(this, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (!m_showing)
            m_address = text;
    });
}

void AddressEdit::setAddress(const QString &address)
{
    m_address = address;
    show(hasFocus());
}

void AddressEdit::setRedactor(const std::shared_ptr<const Redactor> &redactor)
{
    m_redactor = redactor;
    show(hasFocus());
}

void AddressEdit::focusInEvent(QFocusEvent *event)
{
    show(true);
    QLineEdit::focusInEvent(event);
}

void AddressEdit::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    // The list of servers belongs to the line.
    if (event->reason() != Qt::PopupFocusReason)
        show(false);
}

void AddressEdit::show(bool whole)
{
    QString shown = m_address;
    const QUrl url(m_address.trimmed(), QUrl::StrictMode);
    if (!whole && m_redactor && url.isValid() && !url.host().isEmpty()) {
        const QUrl redacted = m_redactor->url(url);
        if (redacted != url)
            shown = redacted.toString(QUrl::FullyEncoded);
    }
    if (shown == text())
        return;
    m_showing = true;
    setText(shown);
    m_showing = false;
}

} // namespace sightglass
