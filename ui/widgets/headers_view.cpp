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
#include <QSettings>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

using Run = WireTable::Run;
using Cell = WireTable::Cell;

namespace {

const char kSideBySideKey[] = "traffic/sideBySide";

Run wire(const QString &text, Role role, bool marked = false)
{
    return Run{text, role, false, true, {}, marked};
}

Run words(const QString &text, Role role, bool bold = false)
{
    return Run{text, role, bold, false, {}, false};
}

} // namespace

HeadersView::HeadersView(QWidget *parent)
    : QWidget(parent)
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_request(new WireTable(this))
    , m_response(new WireTable(this))
    , m_redactedNote(new RoleLabel(Role::Muted, this))
    , m_reveal(new LinkButton(tr("Reveal secrets"), this))
    , m_beside(new LinkButton(QString(), this))
{
    m_sideBySide = QSettings().value(QLatin1String(kSideBySideKey), true).toBool();
    m_splitter->setObjectName(QStringLiteral("headersSplitter"));
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_request->setAccessibleName(tr("Request head"));
    m_response->setAccessibleName(tr("Head of the answer"));

    auto *left = new QWidget(this);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(12, 2, 12, 6);
    foot->setSpacing(8);
    foot->addWidget(m_reveal);
    foot->addWidget(m_beside);
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
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] { m_splitterMoved = true; });
    connect(m_beside, &LinkButton::clicked, this, [this] {
        m_sideBySide = !m_sideBySide;
        QSettings().setValue(QLatin1String(kSideBySideKey), m_sideBySide);
        showBoth();
    });
    connect(m_request, &WireTable::menuRequested, this, [this](QMenu *menu, int row) {
        const int line = row - 1; // the first row is the heading
        if (isSideBySide() && line >= 0 && line < m_comparedLines.size()) {
            const ComparedLine &both = m_comparedLines.at(line);
            HeaderLine one;
            one.name = both.name;
            one.value = both.inLeft ? both.left : both.right;
            addCopyActions(menu, one);
            if (both.inLeft && both.inRight && both.left != both.right) {
                const QString title = tr("Copy value of exchange %1").arg(m_compared);
                menu->addAction(title, this, [this, value = both.right] {
                    QApplication::clipboard()->setText(value);
                    Q_EMIT statusMessage(tr("Value copied"));
                });
            }
            addFilterAction(menu, both.name, !both.inLeft);
        } else if (!isSideBySide() && line >= 0 && line < m_requestLines.size()) {
            const HeaderLine &one = m_requestLines.at(line);
            addCopyActions(menu, one);
            addFilterAction(menu, one.name,
                            one.kind == HeaderLine::Kind::Missing
                                || one.kind == HeaderLine::Kind::Withheld);
        }
    });
    connect(m_response, &WireTable::menuRequested, this, [this](QMenu *menu, int row) {
        if (row >= 1 && row <= m_responseLines.size())
            addCopyActions(menu, m_responseLines.at(row - 1));
    });
}

void HeadersView::addCopyActions(QMenu *menu, const HeaderLine &line)
{
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

void HeadersView::addFilterAction(QMenu *menu, const QByteArray &name, bool lacks)
{
    const QString filter = (lacks ? QStringLiteral("missing:%1") : QStringLiteral("carried:%1"))
                               .arg(QString::fromLatin1(name).toLower());
    menu->addAction(tr("Filter to %1").arg(filter), this,
                    [this, filter] { Q_EMIT filterRequested(filter); });
}

void HeadersView::setExchange(const ShownTrace &shown, ExchangeId id, ExchangeId compared)
{
    m_shown = shown;
    m_id = shown.trace ? id : 0;
    m_compared = m_id > 0 && compared != m_id ? compared : 0;
    showBoth();
}

void HeadersView::showBoth()
{
    m_requestLines.clear();
    m_responseLines.clear();
    m_comparedLines.clear();
    m_beside->setVisible(m_compared > 0);
    if (m_id == 0) {
        m_request->setRows({}, 0);
        m_response->setRows({}, 0);
        m_reveal->hide();
        m_redactedNote->clear();
        return;
    }
    if (!m_splitterMoved)
        m_splitter->setSizes(isSideBySide() ? QList<int>{700, 300} : QList<int>{585, 415});
    m_beside->setText(m_sideBySide ? tr("Show alone") : tr("Side by side with %1").arg(m_compared));
    m_requestLines = requestLines(m_shown, m_id, m_compared);
    m_responseLines = responseLines(m_shown, m_id);
    if (isSideBySide())
        showRequests();
    else
        showRequest();
    showResponse();
    const auto secret = [](const auto &line) { return line.secret; };
    const bool any = std::any_of(m_requestLines.cbegin(), m_requestLines.cend(), secret)
        || std::any_of(m_comparedLines.cbegin(), m_comparedLines.cend(), secret)
        || std::any_of(m_responseLines.cbegin(), m_responseLines.cend(), secret);
    const bool recorded = m_shown.trace->redacted();
    m_reveal->setVisible(!recorded && (any || m_shown.reveal));
    m_reveal->setText(m_shown.reveal ? tr("Hide secrets") : tr("Reveal secrets"));
    m_redactedNote->setText(recorded && any
                                ? tr("Secrets were replaced by fingerprints when this was recorded")
                                : QString());
}

QString HeadersView::headOf(ExchangeId id) const
{
    const RequestRecord &request = m_shown.trace->request(id);
    QString target = QString::fromUtf8(request.target);
    if (m_shown.redacts())
        target = m_shown.url(QUrl(target)).toString();
    return visibleText(QStringLiteral("%1 %2").arg(QString::fromLatin1(request.method), target));
}

void HeadersView::showRequests()
{
    m_comparedLines = comparedRequests(m_shown, m_id, m_compared);
    const auto heading = [this](ExchangeId id) {
        const int status = m_shown.trace->summary(id).status;
        Cell cell{{words(headOf(id), Role::Text, true),
                   words(tr("   exchange %1").arg(id), Role::Muted)}};
        if (status > 0)
            cell.runs.append(words(QStringLiteral(", %1").arg(status),
                                   status >= 400 ? Role::Failure : Role::Muted));
        return cell;
    };
    QList<WireTable::Row> rows{{Cell{}, heading(m_id), heading(m_compared)}};
    int marked = -1;
    for (const ComparedLine &line : std::as_const(m_comparedLines)) {
        using Kind = ComparedLine::Kind;
        const bool tells = line.kind == Kind::Telling || line.kind == Kind::Lacking;
        const Role tone = line.kind == Kind::Lacking ? Role::Failure
            : tells                                  ? Role::Attention
            : line.kind == Kind::Same                ? Role::Muted
                                                     : Role::Text;
        const auto cell = [&](const QString &value, bool in, bool otherIn) {
            if (!in && otherIn && value.isEmpty())
                return Cell{{wire(tr("not sent"), tells ? tone : Role::Muted, tells)}};
            return Cell{{wire(value, in || tells ? tone : Role::Muted, tells)}};
        };
        if (tells && marked < 0)
            marked = int(rows.size());
        const Cell name{
            {wire(visibleText(QString::fromLatin1(line.name)), tells ? tone : Role::Muted)}};
        if (line.kind == Kind::Same)
            rows.append({name, Cell{{wire(line.left, tone)}}, Cell{{wire(line.left, tone)}}});
        else
            rows.append({name, cell(line.left, line.inLeft, line.inRight),
                         cell(line.right, line.inRight, line.inLeft)});
    }
    m_request->setRows(rows, 1, 32, 2);
    m_request->showRow(marked);
}

void HeadersView::showRequest()
{
    const RequestRecord &request = m_shown.trace->request(m_id);
    QList<WireTable::Row> rows;
    int marked = -1;
    rows.append(
        {Cell{{words(headOf(m_id), Role::Text, true)}},
         Cell{{words(m_requestLines.isEmpty() ? QString() : tr("who put it there"), Role::Muted)},
              true}});
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
        if (bad && marked < 0)
            marked = int(rows.size());
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
    m_request->showRow(marked);
}

QList<WireTable::Row> HeadersView::answerRows(ExchangeId id, const QList<HeaderLine> &lines,
                                              const QList<QByteArray> &same) const
{
    const std::optional<ResponseRecord> response = m_shown.trace->response(id);
    const ExchangeSummary summary = m_shown.trace->summary(id);
    if (!response)
        return {{Cell{{words(summary.finished ? tr("No answer") : tr("No answer yet"),
                             summary.failed ? Role::Failure : Role::Muted, true)}}}};
    QString meta = QString::fromLatin1(response->http);
    if (summary.times.head >= 0)
        meta = tr("%1, %2").arg(meta, humanDuration(summary.times.head - summary.times.begun));
    if (m_compared > 0 && isSideBySide())
        meta += tr(", exchange %1").arg(id);
    QString status = QStringLiteral("%1 %2")
                         .arg(response->status)
                         .arg(visibleText(QString::fromLatin1(response->reason)))
                         .trimmed();
    // Over standard streams there is no status.
    if (const ExchangeKind kind = m_shown.trace->summary(id).kind; !isHttp(kind)) {
        status = kind == ExchangeKind::Input ? tr("Answered")
            : summary.finished               ? tr("Ended")
                                             : tr("Running");
    }
    // The heading is one cell, so that it may wrap over the whole width.
    QList<WireTable::Row> rows{
        {Cell{{words(status, response->status >= 400 ? Role::Failure : Role::Text, true),
               words(u"   "_s + meta, Role::Muted)}}}};
    for (const HeaderLine &line : lines) {
        const Role role = same.contains(line.name.toLower()) ? Role::Muted : Role::Text;
        rows.append({Cell{{wire(visibleText(QString::fromLatin1(line.name)), Role::Muted)}},
                     Cell{{wire(line.value, role)}}});
    }
    return rows;
}

void HeadersView::showResponse()
{
    QList<QByteArray> same;
    QList<WireTable::Row> rows;
    if (isSideBySide()) {
        for (const ComparedLine &line : comparedResponses(m_shown, m_id, m_compared)) {
            if (line.kind == ComparedLine::Kind::Same)
                same.append(line.name.toLower());
        }
        rows = answerRows(m_id, m_responseLines, same);
        rows.append({Cell{{words(QString(), Role::Muted)}}});
        rows += answerRows(m_compared, responseLines(m_shown, m_compared), same);
    } else {
        rows = answerRows(m_id, m_responseLines, {});
    }
    const bool any = std::any_of(rows.cbegin(), rows.cend(),
                                 [](const WireTable::Row &row) { return row.size() > 1; });
    m_response->setRows(rows, any ? 1 : 0);
    // Wire fact: the library hands repeated names over as one, HTTP/2 has no capitals.
    const std::optional<ResponseRecord> response = m_shown.trace->response(m_id);
    m_response->setToolTip(!response ? QString()
                               : response->http == "HTTP/2"
                               ? tr("As received: HTTP/2 writes names in lower case; headers that "
                                    "came more than once are joined")
                               : tr("As received: headers that came more than once are joined"));
}

} // namespace sightglass
