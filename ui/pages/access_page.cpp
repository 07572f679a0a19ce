// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/access_page.h"

#include "ui/trace_follower.h"

#include <QLabel>
#include <QVBoxLayout>

namespace sightglass {

struct AccessPage::Private {
    TraceFollower follower;
    QLabel *summary = nullptr;
};

AccessPage::AccessPage(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->summary = new QLabel(tr("No request was sent yet."), this);
    d->summary->setAlignment(Qt::AlignCenter);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(d->summary);
}

AccessPage::~AccessPage() = default;
void AccessPage::setTrace(const TraceReader *trace)
{
    d->follower.setTrace(trace);
}
void AccessPage::setRedactor(std::shared_ptr<const Redactor>) { }
int AccessPage::problemCount() const
{
    return 0;
}

} // namespace sightglass
