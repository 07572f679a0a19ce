// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/traffic_page.h"

#include "ui/trace_follower.h"

#include <QLabel>
#include <QVBoxLayout>

namespace sightglass {

struct TrafficPage::Private {
    TraceFollower follower;
    QLabel *summary = nullptr;
    ExchangeId current = 0;
    QString filter;
};

TrafficPage::TrafficPage(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->summary = new QLabel(tr("Nothing was recorded yet."), this);
    d->summary->setAlignment(Qt::AlignCenter);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(d->summary);
    connect(&d->follower, &TraceFollower::grown, this, [this] {
        d->summary->setText(
            tr("%n exchange(s)", nullptr, int(d->follower.trace()->exchangeCount())));
    });
}

TrafficPage::~TrafficPage() = default;
void TrafficPage::setTrace(const TraceReader *trace, TraceClock)
{
    d->follower.setTrace(trace);
}
void TrafficPage::setRedactor(std::shared_ptr<const Redactor>) { }
void TrafficPage::setCanSendAgain(bool) { }
ExchangeId TrafficPage::currentExchange() const
{
    return d->current;
}
QString TrafficPage::filterText() const
{
    return d->filter;
}
void TrafficPage::showTab(DetailTab) { }
void TrafficPage::setFilterText(const QString &text)
{
    d->filter = text;
}
void TrafficPage::focusFilter()
{
    setFocus();
}

void TrafficPage::showExchange(ExchangeId id)
{
    d->current = id;
    Q_EMIT exchangeShown(id);
}

} // namespace sightglass
