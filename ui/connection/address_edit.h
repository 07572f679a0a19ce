// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"

#include <QLineEdit>

#include <memory>

namespace sightglass {

/// The URL or the command of a server. While nobody types in it, secret parameters and user info of
/// a URL are shown as they are everywhere else: by their fingerprints.
class AddressEdit final : public QLineEdit {
    Q_OBJECT
public:
    explicit AddressEdit(QWidget *parent = nullptr);

    /// As it was typed or set; text() is what is shown.
    QString address() const;
    void setAddress(const QString &address);
    void setRedactor(const std::shared_ptr<const Redactor> &redactor);

protected:
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void hideSecrets();
    void showSecrets();
    void put(const QString &text);

    std::shared_ptr<const Redactor> m_redactor;
    QString m_hidden; ///< the address while m_hides
    bool m_hides = false; ///< what is shown is not the address
    bool m_showing = false; ///< the text that changes is no other address
};

} // namespace sightglass
