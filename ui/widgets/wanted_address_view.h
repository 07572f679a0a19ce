// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QLabel;

namespace sightglass {

/// An address that a server wants opened: what it says to that, the host by itself, the URL as it
/// is, what to beware of. It is opened only by a deliberate act, and only if it is http or https.
/// All of it is untrusted and plain text.
class WantedAddressView final : public QWidget {
    Q_OBJECT
public:
    WantedAddressView(const QString &url, const QString &message, QWidget *parent);

    /// Why a URL is not opened; empty: it may be.
    static QString problemOf(const QString &url);

private:
    void open();

    QString m_url;
    QLabel *m_said;
};

} // namespace sightglass
