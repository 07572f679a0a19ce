// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/server_logs.h"

#include "ui/counted.h"
#include "ui/models/log_model.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/filter_line.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QSplitter>

namespace sightglass {

using namespace Qt::StringLiterals;

ServerLogs::ServerLogs(SessionController *session, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_model(new LogModel(
          [session](const QByteArray &json) { return session->withoutSecretsIn(json); }, this))
    , m_filtered(new QSortFilterProxyModel(this))
    , m_level(new QComboBox(this))
    , m_filter(new FilterLine(this))
    , m_note(new RoleLabel(Role::Muted, this))
    , m_clear(new LinkButton(tr("Clear"), this))
    , m_rows(new RowsView(this))
    , m_detail(new QWidget(this))
    , m_detailWords(new RoleLabel(Role::Muted, m_detail))
    , m_exchange(new LinkButton({}, m_detail))
    , m_data(new JsonView(m_detail))
{
    m_level->setAccessibleName(tr("Level from which on the server is to log"));
    m_level->addItem(tr("As the server likes"), QString());
    for (const QString &level : LogModel::levels())
        m_level->addItem(tr("%1 and worse").arg(level), level);
    m_filter->setPlaceholderText(tr("Filter the log"));
    m_filter->lineEdit()->setAccessibleName(tr("Filter the log"));
    m_filtered->setSourceModel(m_model);
    m_filtered->setFilterKeyColumn(-1);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_rows->setAccessibleName(tr("Log of the server"));
    m_rows->setModel(m_filtered);
    m_rows->setItemDelegate(new RowsDelegate(m_rows));
    m_rows->setColumns({{u"00:00:00.000"_s, 0, 0},
                        {u"emergency"_s, 0, 0},
                        {u"a logger of theirs"_s, 0, 560},
                        {u"some text"_s, 1, 0},
                        {u"exchange"_s, 0, 400}});
    m_rows->setCanFollow(true);
    m_rows->setFollowing(true);
    m_rows->setFrameShape(QFrame::NoFrame);
    m_data->setPathVisible(false);
    m_detail->hide();

    auto *head = new QHBoxLayout;
    head->setContentsMargins(20, 12, 20, 8);
    head->setSpacing(12);
    head->addWidget(m_level);
    head->addWidget(m_filter, 1);
    head->addWidget(m_note);
    head->addWidget(m_clear);
    auto *line = new QHBoxLayout;
    line->addWidget(m_detailWords, 1);
    line->addWidget(m_exchange);
    auto *detail = new QVBoxLayout(m_detail);
    detail->setContentsMargins(20, 8, 20, 12);
    detail->addLayout(line);
    detail->addWidget(m_data, 1);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(m_rows);
    splitter->addWidget(m_detail);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(splitter, 1);

    connect(m_level, &QComboBox::activated, this,
            [this] { m_session->setLogLevel(m_level->currentData().toString().toLatin1()); });
    connect(m_filter, &FilterLine::textChanged, m_filtered,
            &QSortFilterProxyModel::setFilterFixedString);
    connect(m_clear, &LinkButton::clicked, this, [this] {
        m_model->clear();
        m_detail->hide();
        showState();
    });
    connect(m_rows, &RowsView::currentRowChanged, this, &ServerLogs::showLine);
    connect(m_rows, &RowsView::activated, this, [this] {
        if (m_exchangeId > 0)
            Q_EMIT showExchangeRequested(m_exchangeId);
    });
    connect(m_exchange, &LinkButton::clicked, this,
            [this] { Q_EMIT showExchangeRequested(m_exchangeId); });
    connect(m_data, &JsonView::statusMessage, this, &ServerLogs::statusMessage);
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_model, signal, this, [this] { showState(); });
    connect(m_session, &SessionController::logged, m_model, &LogModel::add);
    connect(m_session, &SessionController::traceCleared, this, [this] {
        m_model->clear();
        m_detail->hide();
        showState();
    });
    connect(m_session, &SessionController::stateChanged, this, &ServerLogs::showState);
    showState();
}

void ServerLogs::focusFilter()
{
    m_filter->setFocus();
    m_filter->lineEdit()->setFocus(Qt::ShortcutFocusReason);
    m_filter->lineEdit()->selectAll();
}

void ServerLogs::showState()
{
    const SessionState &state = m_session->state();
    m_level->setEnabled(state.phase == SessionPhase::Ready);
    const int level = m_level->findData(QString::fromLatin1(state.logLevel));
    if (!m_level->view()->isVisible())
        m_level->setCurrentIndex(std::max(0, level));
    const int count = m_model->rowCount();
    const QString lines = count == 0
        ? state.phase == SessionPhase::Ready ? tr("nothing was logged yet") : tr("not connected")
        : counted(count, tr("%1 message"), tr("%1 messages"));
    m_note->setText(m_model->dropped() > 0 ? tr("the last %1").arg(lines) : lines);
    m_clear->setVisible(count > 0);
    Q_EMIT countChanged(count);
}

void ServerLogs::showLine()
{
    const QModelIndex index = m_filtered->mapToSource(m_rows->currentIndex());
    m_detail->setVisible(index.isValid());
    if (!index.isValid())
        return;
    const LogLine &line = m_model->lineAt(index.row());
    m_exchangeId = line.exchange;
    QStringList words{line.at.toString(u"hh:mm:ss.zzz"_s),
                      index.siblingAtColumn(LogModel::Level).data().toString(),
                      visibleText(line.logger)};
    words.removeAll(QString());
    m_detailWords->setText(words.join(u", "_s));
    m_exchange->setText(tr("Exchange %1").arg(m_exchangeId));
    m_exchange->setVisible(m_exchangeId > 0);
    m_exchange->updateGeometry();
    m_data->setJson(line.data);
}

} // namespace sightglass
