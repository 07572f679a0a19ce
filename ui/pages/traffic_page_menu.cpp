// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// What the menu of an exchange offers, and does.
#include "core/filter/trace_filter.h"
#include "core/trace/trace_text.h"
#include "ui/models/header_lines.h"
#include "ui/models/sequence_model.h"
#include "ui/pages/copy_menu.h"
#include "ui/pages/export_panel.h"
#include "ui/pages/traffic_page_private.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/rows_view.h"
#include "ui/widgets/sequence_view.h"
#include "ui/widgets/waterfall_axis.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QToolButton>

namespace sightglass {

namespace {

/// How far away the same request is looked for.
constexpr ExchangeId kNear = 2000;

QString quoted(const QString &text)
{
    QString plain = text;
    plain.remove(u'"');
    return plain.contains(u' ') ? u'"' + plain + u'"' : plain;
}

} // namespace

void TrafficPage::Private::copyAsCurl(ExchangeId id, bool withSecrets)
{
    const ShownTrace view = shown();
    if (!view.trace || id <= 0 || id > view.trace->exchangeCount())
        return;
    const Redactor *hides = view.redacts() && !withSecrets ? view.redactor.get() : nullptr;
    QApplication::clipboard()->setText(QString::fromUtf8(exchangeToCurl(*view.trace, id, hides)));
    if (view.trace->redacted())
        Q_EMIT q->statusMessage(
            TrafficPage::tr("Exchange %1 copied as cURL; its secrets were never recorded").arg(id));
    else if (withSecrets)
        Q_EMIT q->statusMessage(
            TrafficPage::tr("Exchange %1 copied as cURL, its secrets included").arg(id));
    else
        Q_EMIT q->statusMessage(
            TrafficPage::tr("Exchange %1 copied as cURL; secrets are left out").arg(id));
}

void TrafficPage::Private::addExportMenu(QMenu *popup, ExchangeId id)
{
    // Of all that is selected, if this one is.
    QList<ExchangeId> ids = selected();
    if (!ids.contains(id))
        ids = {id};
    addCopyMenu(popup, *follower.trace(), redactor, ids,
                [this](const QString &said) { Q_EMIT q->statusMessage(said); });
    popup->addAction(TrafficPage::tr("Export…"), q, [this] { exporting->open(); });
}

void TrafficPage::Private::addCompareMenu(QMenu *popup, ExchangeId id)
{
    const TraceReader &trace = *follower.trace();
    const RequestRecord &request = trace.request(id);
    QMenu *menu = popup->addMenu(TrafficPage::tr("Compare with"));
    QList<ExchangeId> offered;
    const auto offer = [&](ExchangeId other, const QString &title) {
        if (other <= 0 || other == id || offered.contains(other))
            return;
        offered.append(other);
        menu->addAction(title.arg(other), q, [this, id, other] {
            select(id);
            pane->compareWith(other);
        });
    };
    offer(comparableExchange(shown(), id, model->glance(id)),
          TrafficPage::tr("the nearest that was accepted, exchange %1"));
    const auto same = [&](ExchangeId other) {
        const RequestRecord &them = trace.request(other);
        return them.method == request.method && them.what == request.what;
    };
    const auto find = [&](int step) -> ExchangeId {
        ExchangeId other = id + step;
        for (ExchangeId looked = 0; looked < kNear; ++looked, other += step) {
            if (other < 1 || other > trace.exchangeCount())
                return 0;
            if (same(other))
                return other;
        }
        return 0;
    };
    offer(find(-1), TrafficPage::tr("the same request before, exchange %1"));
    offer(find(1), TrafficPage::tr("the same request after, exchange %1"));
    offer(id > 1 ? id - 1 : 0, TrafficPage::tr("the one before, exchange %1"));
    if (id < trace.exchangeCount())
        offer(id + 1, TrafficPage::tr("the one after, exchange %1"));
    menu->addSeparator();
    // Said where one looks for it: any two can be had by selecting both.
    menu->addAction(TrafficPage::tr("Any other: select both rows (Ctrl+click)"))->setEnabled(false);
    if (q->comparedWith() > 0 && id == current && pane->isComparingByHand())
        popup->addAction(TrafficPage::tr("Stop comparing"), q, [this] { pane->compareWith(0); });
}

void TrafficPage::Private::addTerm(const QString &term)
{
    q->setFilterText(filterWithTerm(filter->text(), term));
}

void TrafficPage::Private::menu(const QPoint &at)
{
    auto *menu = new QMenu(q);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QMenu &popup = *menu;
    RowsView *view = rowsInView();
    QModelIndex index = view->indexAt(at);
    if (!index.isValid())
        index = view->currentIndex(); // asked for by key
    const ExchangeId id =
        showsSequence() ? sequence->exchangeAt(index.row()) : model->idAt(index.row());
    const TraceReader *trace = follower.trace();
    if (id > 0 && trace) {
        const RequestRecord &request = trace->request(id);
        const ExchangeSummary summary = trace->summary(id);
        if (isHttp(request.kind))
            popup.addAction(TrafficPage::tr("Copy as cURL, without secrets"), q,
                            [this, id] { copyAsCurl(id, false); });
        if (isHttp(request.kind) && !trace->redacted())
            popup.addAction(TrafficPage::tr("Copy as cURL, with secrets"), q,
                            [this, id] { copyAsCurl(id, true); });
        const QString value = index.data().toString();
        if (!value.isEmpty())
            popup.addAction(TrafficPage::tr("Copy value"), q, [this, value] {
                QApplication::clipboard()->setText(value);
                Q_EMIT q->statusMessage(TrafficPage::tr("Value copied"));
            });
        popup.addAction(TrafficPage::tr("Copy row"), q, [this, view] {
            QApplication::clipboard()->setText(view->selectedText());
            Q_EMIT q->statusMessage(TrafficPage::tr("Row copied"));
        });
        addExportMenu(&popup, id);
        popup.addSeparator();
        QStringList terms;
        if (summary.status > 0)
            terms << QStringLiteral("status:%1").arg(summary.status);
        terms << QStringLiteral("method:%1").arg(QString::fromLatin1(request.method));
        terms << QStringLiteral("kind:%1").arg(QString::fromLatin1(exchangeKindName(request.kind)));
        if (const QString server = serverOf(*trace, id); !server.isEmpty())
            terms << QStringLiteral("server:%1").arg(quoted(server));
        const QString name = model->index(model->rowOf(id), ExchangeModel::What)
                                 .data(ExchangeModel::NameRole)
                                 .toString();
        if (!name.isEmpty() && request.what.startsWith(QLatin1String("tools/call ")))
            terms << QStringLiteral("tool:%1").arg(quoted(name));
        QMenu *filters = popup.addMenu(TrafficPage::tr("Filter to"));
        for (const QString &term : std::as_const(terms))
            filters->addAction(term, q, [this, term] { addTerm(term); });
        addCompareMenu(&popup, id);
        popup.addSeparator();
        marks->addTo(&popup, {id, -1});
        popup.addSeparator();
        if (canSendAgain && isHttp(request.kind)) {
            popup.addAction(TrafficPage::tr("Send again"), q,
                            [this, id] { Q_EMIT q->sendAgainRequested(id); });
            QAction *edit = popup.addAction(TrafficPage::tr("Edit and send"), q, [this, id] {
                q->showExchange(id);
                pane->editAndSend();
            });
            edit->setShortcut(QKeySequence(QStringLiteral("Ctrl+E")));
            edit->setShortcutContext(Qt::WidgetShortcut); // shown here, heard by the page
        }
        if (request.cause > 0)
            popup.addAction(TrafficPage::tr("Show its cause, exchange %1").arg(request.cause), q,
                            [this, cause = request.cause] { q->showExchange(cause); });
        for (ExchangeId next = id + 1; next <= std::min(trace->exchangeCount(), id + 200); ++next) {
            if (trace->request(next).cause == id) {
                popup.addAction(TrafficPage::tr("Show what followed, exchange %1").arg(next), q,
                                [this, next] { q->showExchange(next); });
                break;
            }
        }
        popup.addSeparator();
    }
    if (showsSequence()) {
        popup
            .addAction(TrafficPage::tr("Show what it is joined to (Return)"), q,
                       [this] { sequence->showJoined(); })
            ->setEnabled(index.isValid() && sequence->sequence()->row(index.row()).peer >= 0);
    } else {
        sorting->addMenu(&popup);
        axis->addMenu(&popup);
        QAction *wider = popup.addAction(TrafficPage::tr("Wide waterfall"), q, [this](bool on) {
            setWide(on);
            QSettings().setValue(QLatin1String(WideKey), on);
        });
        wider->setCheckable(true);
        wider->setChecked(wide);
    }
    QAction *lanes =
        popup.addAction(TrafficPage::tr("Sequence"), sequenceButton, &QAbstractButton::click);
    lanes->setCheckable(true);
    lanes->setChecked(showsSequence());
    lanes->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+L")));
    lanes->setShortcutContext(Qt::WidgetShortcut); // shown here, heard by the page
    QAction *beside =
        popup.addAction(TrafficPage::tr("Details beside the table"), q, [this](bool on) {
            setBeside(on);
            QSettings().setValue(QLatin1String(BesideKey), on);
        });
    beside->setCheckable(true);
    beside->setChecked(splitter->orientation() == Qt::Horizontal);
    popup.popup(view->viewport()->mapToGlobal(at));
}

} // namespace sightglass
