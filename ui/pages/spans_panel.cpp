// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/spans_panel.h"

#include "ui/widgets/role_label.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace sightglass {

SpansPanel::SpansPanel(QWidget *parent)
    : QFrame(parent)
    , m_url(new QLineEdit(this))
    , m_on(new QCheckBox(tr("Send"), this))
    , m_said(new RoleLabel(Role::Muted, this))
{
    m_url->setPlaceholderText(QStringLiteral("http://127.0.0.1:4318"));
    m_url->setAccessibleName(tr("Address of the OpenTelemetry collector"));
    m_url->setMinimumWidth(220);
    m_on->setToolTip(tr("Each call and each exchange goes out as a span when it is over: without "
                        "bodies, without secrets. The variable OTEL_EXPORTER_OTLP_HEADERS has "
                        "headers for the collector."));
    auto *close = new QPushButton(tr("Close"), this);
    m_said->setWordWrap(true);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(new QLabel(tr("Spans go to"), this));
    row->addWidget(m_url, 1);
    row->addWidget(m_on);
    row->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 4, 12, 8);
    layout->setSpacing(6);
    layout->addLayout(row);
    layout->addWidget(m_said);
    connect(m_url, &QLineEdit::editingFinished, this, [this] { apply(); });
    connect(m_on, &QCheckBox::toggled, this, [this] { apply(); });
    connect(close, &QPushButton::clicked, this, &QWidget::hide);
    tell({}, false);
    hide();
}

void SpansPanel::restore(const QString &url, bool on)
{
    m_url->setText(url);
    m_on->setChecked(on);
}

QString SpansPanel::url() const
{
    return m_url->text().trimmed();
}

bool SpansPanel::isOn() const
{
    return m_on->isChecked();
}

void SpansPanel::open()
{
    show();
    m_url->setFocus(Qt::OtherFocusReason);
    m_url->selectAll();
}

void SpansPanel::apply()
{
    std::optional<OtlpTarget> target;
    QString problem;
    if (isOn()) {
        const QString given = url().isEmpty() ? m_url->placeholderText() : url();
        const Expected<QUrl> endpoint = otlpEndpoint(given);
        const Expected<QList<Header>> headers = otlpHeaders(qgetenv("OTEL_EXPORTER_OTLP_HEADERS"));
        if (!endpoint)
            problem = endpoint.error().sentence + u' ' + endpoint.error().advice;
        else if (!headers)
            problem = headers.error().sentence + u' ' + headers.error().advice;
        else
            target = OtlpTarget{*endpoint, *headers, {}};
    }
    if (!problem.isEmpty())
        tell(problem, true);
    else if (!target)
        tell({}, false);
    if (target == m_target)
        return;
    m_target = target;
    if (target)
        tell(tr("Nothing was sent yet."), false);
    Q_EMIT changed(target);
}

void SpansPanel::setDelivery(const OtlpDelivery &delivery)
{
    if (m_target)
        tell(otlpDeliveryWords(delivery, m_target->url), !delivery.problem.isEmpty());
}

void SpansPanel::tell(const QString &text, bool isFailure)
{
    m_said->setRole(isFailure ? Role::Failure : Role::Muted);
    m_said->setText(text);
    m_said->setVisible(!text.isEmpty());
}

void SpansPanel::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        hide();
    else
        QFrame::keyPressEvent(event);
}

} // namespace sightglass
