// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/headers_view.h"

#include "core/trace/trace_text.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/wire_table.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QMenu>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

using Run = WireTable::Run;
using Cell = WireTable::Cell;

HeadersView::HeadersView(QWidget *parent)
    : QWidget(parent)
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_request(new WireTable(this))
    , m_response(new WireTable(this))
    , m_redactedNote(new RoleLabel(Role::Muted, this))
    , m_reveal(new LinkButton(tr("Reveal secrets"), this))
{
    m_splitter->setObjectName(QStringLiteral("headersSplitter"));
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_request->setAccessibleName(tr("Request head"));
    m_response->setAccessibleName(tr("Head of the answer"));

    auto *left = new QWidget(this);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(12, 2, 12, 6);
    foot->addWidget(m_reveal);
    foot->addWidget(m_redactedNote);
    foot->addStretch(1);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->setSpacing(0);
    leftLayout->addWidget(m_request, 1);
    leftLayout->addLayout(foot);
    m_splitter->addWidget(left);
    m_splitter->addWidget(m_response);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setSizes({650, 460});

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);

    connect(m_reveal, &LinkButton::clicked, this,
            [this] { Q_EMIT revealRequested(!m_shown.reveal); });
    connect(m_request, &WireTable::linkActivated, this,
            [this](const QString &link) { Q_EMIT exchangeRequested(link.toLongLong()); });
    connect(m_request, &WireTable::menuRequested, this, [this](QMenu *menu, int row) {
        addCopyActions(menu, m_requestLines, row - 1);
        if (row >= 1 && row <= m_requestLines.size()) {
            const HeaderLine &line = m_requestLines[row - 1];
            const QString name = QString::fromLatin1(line.name).toLower();
            const bool lacks =
                line.kind == HeaderLine::Kind::Missing || line.kind == HeaderLine::Kind::Withheld;
            const QString filter =
                (lacks ? QStringLiteral("missing:%1") : QStringLiteral("carried:%1")).arg(name);
            menu->addAction(tr("Filter to %1").arg(filter), this,
                            [this, filter] { Q_EMIT filterRequested(filter); });
        }
    });
    connect(m_response, &WireTable::menuRequested, this,
            [this](QMenu *menu, int row) { addCopyActions(menu, m_responseLines, row - 1); });
}

void HeadersView::addCopyActions(QMenu *menu, const QList<HeaderLine> &lines, int row)
{
    if (row < 0 || row >= lines.size())
        return;
    const HeaderLine line = lines[row];
    const auto copy = [this, menu](const QString &title, const QString &text, const QString &said) {
        menu->addAction(title, this, [this, text, said] {
            QApplication::clipboard()->setText(text);
            Q_EMIT statusMessage(said);
        });
    };
    const QString name = QString::fromLatin1(line.name);
    copy(tr("Copy value"), line.value, tr("Value of %1 copied").arg(name));
    copy(tr("Copy line"), QStringLiteral("%1: %2").arg(name, line.value),
         tr("Line of %1 copied").arg(name));
}

void HeadersView::setExchange(const ShownTrace &shown, ExchangeId id, ExchangeId compared)
{
    m_shown = shown;
    m_id = shown.trace ? id : 0;
    m_compared = m_id > 0 ? compared : 0;
    m_requestLines.clear();
    m_responseLines.clear();
    if (m_id == 0) {
        m_request->setRows({}, 0);
        m_response->setRows({}, 0);
        m_reveal->hide();
        m_redactedNote->clear();
        return;
    }
    showRequest();
    showResponse();
    const auto secret = [](const HeaderLine &line) { return line.secret; };
    const bool any = std::any_of(m_requestLines.cbegin(), m_requestLines.cend(), secret)
        || std::any_of(m_responseLines.cbegin(), m_responseLines.cend(), secret);
    const bool recorded = shown.trace->redacted();
    m_reveal->setVisible(!recorded && (any || shown.reveal));
    m_reveal->setText(shown.reveal ? tr("Hide secrets") : tr("Reveal secrets"));
    m_redactedNote->setText(recorded && any
                                ? tr("Secrets were replaced by fingerprints when this was recorded")
                                : QString());
}

void HeadersView::showRequest()
{
    const RequestRecord &request = m_shown.trace->request(m_id);
    m_requestLines = requestLines(m_shown, m_id, m_compared);
    QList<WireTable::Row> rows;
    QString target = QString::fromUtf8(request.target);
    if (m_shown.redacts())
        target = m_shown.url(QUrl(target)).toString();
    rows.append({Cell{{Run{visibleText(QStringLiteral("%1 %2").arg(
                               QString::fromLatin1(request.method), target)),
                           Role::Text,
                           true,
                           false,
                           {},
                           false}}},
                 Cell{{Run{tr("who put it there"), Role::Muted, false, false, {}, false}}, true}});
    for (const HeaderLine &line : std::as_const(m_requestLines)) {
        const QString name = visibleText(QString::fromLatin1(line.name));
        Cell value;
        Role tone = Role::Text;
        switch (line.kind) {
        case HeaderLine::Kind::Sent:
            value.runs = {Run{line.value, Role::Text, false, true, {}, false}};
            break;
        case HeaderLine::Kind::Different:
            tone = Role::Attention;
            value.runs = {Run{line.value, Role::Attention, false, true, {}, true},
                          Run{tr("  exchange %1 carried %2")
                                  .arg(QString::number(m_compared),
                                       visibleText(QString::fromUtf8(line.otherValue))),
                              Role::Muted,
                              false,
                              true,
                              {},
                              false}};
            break;
        case HeaderLine::Kind::Missing:
            tone = Role::Failure;
            value.runs = {Run{line.value, Role::Failure, false, true, {}, false}};
            break;
        case HeaderLine::Kind::Withheld:
            tone = Role::Muted;
            value.runs = {Run{line.value, Role::Muted, false, true, {}, false}};
            break;
        }
        const bool bad = tone == Role::Failure || tone == Role::Attention;
        rows.append({Cell{{Run{name, bad ? tone : Role::Muted, false, true, {}, false}}}, value,
                     Cell{{Run{line.who,
                               tone == Role::Failure ? tone : Role::Muted,
                               false,
                               false,
                               {},
                               false}},
                          true}});
    }
    if (!request.acting.isEmpty())
        rows.append({Cell{{Run{tr("acting like a client with %1").arg(request.acting),
                               Role::Attention,
                               false,
                               false,
                               {},
                               false}}},
                     Cell{}});
    m_request->setRows(rows, 1);
}

void HeadersView::showResponse()
{
    const ResponseRecord *response = m_shown.trace->response(m_id);
    const ExchangeSummary summary = m_shown.trace->summary(m_id);
    m_responseLines = responseLines(m_shown, m_id);
    QList<WireTable::Row> rows;
    if (!response) {
        const QString title = summary.finished ? tr("No answer") : tr("No answer yet");
        rows.append(
            {Cell{{Run{
                 title, summary.failed ? Role::Failure : Role::Muted, true, false, {}, false}}},
             Cell{}});
        m_response->setRows(rows, 0);
        return;
    }
    QString meta = QString::fromLatin1(response->http);
    if (summary.times.head >= 0)
        meta = tr("%1, %2").arg(meta, humanDuration(summary.times.head - summary.times.begun));
    const QString status = QStringLiteral("%1 %2")
                               .arg(response->status)
                               .arg(visibleText(QString::fromLatin1(response->reason)))
                               .trimmed();
    // One cell, so that values may wrap over the whole width.
    rows.append({Cell{
        {Run{status, response->status >= 400 ? Role::Failure : Role::Text, true, false, {}, false},
         Run{u"   "_s + meta, Role::Muted, false, false, {}, false}}}});
    for (const HeaderLine &line : std::as_const(m_responseLines))
        rows.append({Cell{{Run{visibleText(QString::fromLatin1(line.name)),
                               Role::Muted,
                               false,
                               true,
                               {},
                               false}}},
                     Cell{{Run{line.value, Role::Text, false, true, {}, false}}}});
    m_response->setRows(rows, 1);
    // Wire fact: the library hands repeated names over as one, HTTP/2 has no capitals.
    m_response->setToolTip(response->http == "HTTP/2"
                               ? tr("As received: HTTP/2 writes names in lower case; headers that "
                                    "came more than once are joined")
                               : tr("As received: headers that came more than once are joined"));
}

} // namespace sightglass
