// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/bodies_tab.h"

#include "ui/models/body_comparison.h"
#include "ui/widgets/body_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"

#include <QHBoxLayout>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace sightglass {

namespace {

QByteArray typeOf(const QList<Header> &headers)
{
    for (const Header &header : headers) {
        if (header.name.compare("content-type", Qt::CaseInsensitive) == 0)
            return header.value;
    }
    return {};
}

} // namespace

BodiesTab::BodiesTab(QWidget *parent)
    : QWidget(parent)
    , m_bar(new QWidget(this))
    , m_words(new RoleLabel(Role::Muted, m_bar))
    , m_toggle(new LinkButton(QString(), m_bar))
    , m_stack(new QStackedWidget(this))
    , m_request(new BodyView(tr("Request")))
    , m_response(new BodyView(tr("Answer")))
    , m_model(new BodyComparisonModel(this))
    , m_rows(new RowsView(this))
{
    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_request);
    splitter->addWidget(m_response);
    splitter->setSizes({500, 500});
    m_bodies = splitter;
    m_rows->setModel(m_model);
    m_rows->setColumns({{tr("+ only there"), 0, 0},
                        {QStringLiteral("/params/arguments"), 2, 0},
                        {QStringLiteral("0000000"), 3, 0},
                        {QStringLiteral("0000000"), 3, 0}});
    m_rows->setAccessibleName(tr("Differences of the bodies"));
    m_stack->addWidget(m_bodies);
    m_stack->addWidget(m_rows);
    m_words->setElide(Qt::ElideRight);
    auto *bar = new QHBoxLayout(m_bar);
    bar->setContentsMargins(12, 6, 12, 2);
    bar->setSpacing(12);
    bar->addWidget(m_words, 1);
    bar->addWidget(m_toggle);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_stack, 1);

    for (BodyView *body : {m_request, m_response})
        connect(body, &BodyView::statusMessage, this, &BodiesTab::statusMessage);
    connect(m_toggle, &LinkButton::clicked, this, [this] {
        m_differencesWanted = !m_differencesWanted;
        showParts();
    });
    connect(m_model, &BodyComparisonModel::progressed, this, [this](const QString &words) {
        m_words->setWholeText(words.isEmpty()
                                  ? tr("Exchange %1 compared with %2")
                                        .arg(QString::number(m_id), QString::number(m_other))
                                  : words);
    });
    showParts();
}

void BodiesTab::show(const ShownTrace &shown, ExchangeId id, ExchangeId other, bool wanted)
{
    // The same again, since it grew: as the person left it.
    if (shown.trace != m_shown.trace || id != m_id || other != m_other)
        m_differencesWanted = wanted;
    m_shown = shown;
    m_id = id;
    m_other = id > 0 ? other : 0;
    showBodies();
    showParts();
}

bool BodiesTab::isShowingDifferences() const
{
    return m_stack->currentWidget() == m_rows;
}

void BodiesTab::showParts()
{
    const bool compared = m_other > 0;
    const bool differences = compared && m_differencesWanted;
    m_bar->setVisible(compared);
    m_toggle->setText(differences ? tr("Show the bodies") : tr("Show the differences"));
    m_toggle->updateGeometry();
    m_words->setWholeText(compared ? tr("Exchange %1 compared with %2")
                                         .arg(QString::number(m_id), QString::number(m_other))
                                   : QString());
    m_stack->setCurrentWidget(differences ? static_cast<QWidget *>(m_rows) : m_bodies);
    // Only what is looked at is worked for.
    m_model->compare(m_shown, differences ? m_id : 0, differences ? m_other : 0);
}

void BodiesTab::showBodies()
{
    if (m_id == 0) {
        m_request->clear({});
        m_response->clear({});
        return;
    }
    const ExchangeSummary s = m_shown.trace->summary(m_id);
    const std::shared_ptr<const Redactor> redactor = m_shown.redacts() ? m_shown.redactor : nullptr;
    m_request->setBody(
        [from = m_shown, of = m_id](qint64 start, qint64 length) {
            return from.requestBody(of, start, length);
        },
        s.requestBytes, typeOf(m_shown.trace->request(m_id).headers),
        [trace = m_shown.trace, of = m_id](qint64 start, qint64 length) {
            return trace->requestBody(of).mid(start, length);
        },
        redactor);
    const auto response = m_shown.trace->response(m_id);
    if (s.responseBytes == 0 && !s.finished) {
        m_response->clear(tr("Nothing came yet"));
        return;
    }
    if (s.letGo > 0 && s.letGo >= s.responseBytes) {
        m_response->clear(tr("The body was let go of, to make room"));
        return;
    }
    m_response->setBody(
        [from = m_shown, of = m_id, gone = s.letGo](qint64 start, qint64 length) {
            return from.responseBody(of, gone + start, length);
        },
        s.responseBytes - s.letGo, response ? typeOf(response->headers) : QByteArray(),
        [trace = m_shown.trace, of = m_id, gone = s.letGo](qint64 start, qint64 length) {
            return trace->responseBody(of, gone + start, length);
        },
        redactor);
}

} // namespace sightglass
