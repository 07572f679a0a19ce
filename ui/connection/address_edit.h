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
    const QString &address() const { return m_address; }
    void setAddress(const QString &address);
    void setRedactor(const std::shared_ptr<const Redactor> &redactor);

protected:
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void show(bool whole);

    QString m_address;
    std::shared_ptr<const Redactor> m_redactor;
    bool m_showing = false; ///< the text that changes is no other address
};

} // namespace sightglass
