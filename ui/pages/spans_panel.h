// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/otlp_exporter.h"

#include <QFrame>

#include <optional>

class QCheckBox;
class QLineEdit;

namespace sightglass {

class RoleLabel;

/// Where spans of what happens go: the address of an OpenTelemetry collector, whether they are
/// sent, and what became of them. Lies in the page.
class SpansPanel final : public QFrame {
    Q_OBJECT
public:
    explicit SpansPanel(QWidget *parent = nullptr);

    /// As it was the last time; `changed` follows where it is on.
    void restore(const QString &url, bool on);
    QString url() const;
    bool isOn() const;
    void open();
    void setDelivery(const OtlpDelivery &delivery);

Q_SIGNALS:
    /// Nothing: none are to be sent.
    void changed(const std::optional<sightglass::OtlpTarget> &target);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void apply();
    void tell(const QString &text, bool isFailure);

    QLineEdit *m_url;
    QCheckBox *m_on;
    RoleLabel *m_said;
    std::optional<OtlpTarget> m_target;
};

} // namespace sightglass
