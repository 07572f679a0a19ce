// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/console_page.h"

#include "core/jsonrpc/json_text.h"
#include "ui/pages/call_log.h"
#include "ui/session_controller.h"
#include "ui/theme.h"
#include "ui/widgets/arguments_editor.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/param_list.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QStringListModel>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostSent = 100;

} // namespace

ConsolePage::ConsolePage(SessionController *session, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_names(new QStringListModel(this))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildForm(), 1);
    layout->addWidget(buildHelp());
    for (const char *keys : {"Ctrl+Return", "Ctrl+Enter"}) {
        auto *send = new QShortcut(QKeySequence(QLatin1String(keys)), this);
        send->setContext(Qt::WidgetWithChildrenShortcut);
        connect(send, &QShortcut::activated, this, &ConsolePage::send);
    }
    connect(m_session, &SessionController::stateChanged, this, [this] {
        showMethods();
        updateButtons();
    });
    connect(m_session, &SessionController::traceChanged, this, &ConsolePage::updateButtons);
    showMethods();
    methodEdited();
    updateButtons();
}

QWidget *ConsolePage::buildForm()
{
    auto *content = new QWidget(this);
    m_method = new QLineEdit(content);
    m_method->setAccessibleName(tr("Method"));
    m_method->setPlaceholderText(tr("Method, such as tools/list"));
    m_method->setFont(wireFont());
    m_method->installEventFilter(this);
    auto *completer = new QCompleter(m_names, this);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_method->setCompleter(completer);
    m_kind = new QComboBox(content);
    m_kind->setAccessibleName(tr("Request, notification or batch"));
    m_kind->addItems({tr("Request"), tr("Notification"), tr("Batch")});
    m_kind->setItemData(int(Kind::Batch), tr("Several messages sent as one (2025-03-26)"),
                        Qt::ToolTipRole);
    m_send = new QPushButton(tr("Send"), content);
    m_send->setProperty("primary", true);
    m_send->setAutoDefault(false);
    m_cancel = new QPushButton(tr("Cancel"), content);
    m_cancel->hide();
    auto *key = new RoleLabel(tr("Ctrl+Enter"), Role::Muted, content);
    key->setFont(scaledFont(-0.75));
    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_method, 1);
    line->addWidget(m_kind);
    line->addWidget(key);
    line->addWidget(m_cancel);
    line->addWidget(m_send);
    m_params = new ArgumentsEditor(content);
    m_params->setEmptyAllowed(true);
    m_params->setMinimumHeight(160);
    m_problem = new RoleLabel(Role::Failure, content);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_log = new CallLog(ResultShape::Any, m_session, content);
    m_log->showOf(u"console"_s);

    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(20, 12, 20, 20);
    layout->setSpacing(12);
    layout->addLayout(line);
    m_about = new RoleLabel(Role::Muted, content);
    layout->addWidget(m_about);
    layout->addWidget(m_params);
    layout->addWidget(m_problem);
    layout->addWidget(m_log);
    layout->addStretch(1);
    auto *scroll = pageScroll(content, this);

    connect(m_method, &QLineEdit::textChanged, this, &ConsolePage::methodEdited);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &ConsolePage::kindChosen);
    connect(m_params, &ArgumentsEditor::argumentsChanged, this, [this] {
        m_problem->hide();
        updateButtons();
    });
    connect(m_send, &QPushButton::clicked, this, &ConsolePage::send);
    connect(m_cancel, &QPushButton::clicked, m_log, &CallLog::cancel);
    connect(m_log, &CallLog::changed, this, &ConsolePage::updateButtons);
    connect(m_log, &CallLog::showExchangeRequested, this, &ConsolePage::showExchangeRequested);
    connect(m_log, &CallLog::showTaskRequested, this, &ConsolePage::showTaskRequested);
    connect(m_log, &CallLog::statusMessage, this, &ConsolePage::statusMessage);
    connect(m_log, &CallLog::argumentsWanted, this, [this](const QByteArray &call) {
        const qsizetype end = call.indexOf('\n');
        const QByteArray method = call.left(end);
        show({QString::fromUtf8(method), call.mid(end + 1),
              method.isEmpty() ? Kind::Batch : Kind::Request});
    });
    kindChosen();
    return scroll;
}

QWidget *ConsolePage::buildHelp()
{
    auto *content = new QWidget(this);
    content->setBackgroundRole(QPalette::Window);
    m_helpMethod = new RoleLabel(Role::Text, content);
    m_helpMethod->setFont(scaledFont(0, true));
    m_helpMethod->setElide(Qt::ElideRight);
    m_helpLine = new RoleLabel(Role::Muted, content);
    m_helpLine->setWordWrap(true);
    m_helpNeeds = new RoleLabel(Role::Muted, content);
    m_helpNeeds->setWordWrap(true);
    m_insert = new LinkButton(tr("Begin with what is required"), content);
    m_paramList = new ParamList(content);
    auto *methods = new SectionTitle(tr("Methods"), content);
    m_list = new QVBoxLayout;
    m_list->setSpacing(2);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(6);
    layout->addWidget(m_helpMethod);
    layout->addWidget(m_helpLine);
    layout->addWidget(m_helpNeeds);
    layout->addWidget(m_insert, 0, Qt::AlignLeft);
    layout->addWidget(m_paramList);
    layout->addSpacing(12);
    layout->addWidget(methods);
    layout->addLayout(m_list);
    layout->addStretch(1);
    auto *scroll = pageScroll(content, this);
    content->setAutoFillBackground(true);
    scroll->setFixedWidth(fontMetrics().averageCharWidth() * 40);
    connect(m_insert, &LinkButton::clicked, this, [this] {
        const MethodHelp *help = findMethod(m_methods, m_method->text().trimmed().toUtf8());
        if (!help)
            return;
        m_params->setArguments(JsonText::parse(help->skeleton).indented());
        m_params->focusEditor();
    });
    return scroll;
}

void ConsolePage::focusMethod()
{
    m_method->setFocus(Qt::ShortcutFocusReason);
    m_method->selectAll();
}

void ConsolePage::showMethods()
{
    const SessionState &state = m_session->state();
    const QString revision = state.phase == SessionPhase::Ready ? state.revision : QString();
    if (revision == m_revision && !m_methods.isEmpty())
        return;
    m_revision = revision;
    m_methods = methodsOf(revision.isEmpty() ? nullptr : revisionNamed(revision.toLatin1()));
    QStringList names;
    while (QLayoutItem *item = m_list->takeAt(0)) {
        if (QWidget *widget = item->widget())
            widget->deleteLater();
        delete item;
    }
    for (const MethodHelp &help : std::as_const(m_methods)) {
        const QString name = QString::fromLatin1(help.method);
        names.append(name);
        auto *link = new LinkButton(name, this);
        link->setToolTip(help.line.toHtmlEscaped());
        link->setAccessibleDescription(help.line);
        connect(link, &LinkButton::clicked, this, [this, name] {
            m_method->setText(name);
            m_method->setFocus(Qt::OtherFocusReason);
        });
        m_list->addWidget(link, 0, Qt::AlignLeft);
    }
    m_names->setStringList(names);
    methodEdited();
}

void ConsolePage::methodEdited()
{
    const QString method = m_method->text().trimmed();
    const MethodHelp *help = findMethod(m_methods, method.toUtf8());
    if (help || method.startsWith("notifications/"_L1)) {
        const bool notifies = !help || help->notification;
        m_kind->setCurrentIndex(int(notifies ? Kind::Notification : Kind::Request));
    }
    m_helpMethod->setWholeText(method.isEmpty() ? tr("Help") : method);
    m_helpLine->setText(
        help                   ? help->line
            : method.isEmpty() ? tr("Type a method or choose one below.")
            : m_revision.isEmpty()
            ? tr("No revision has this method. It can be sent all the same.")
            : tr("%1 does not have this method. It can be sent all the same.").arg(m_revision));
    const std::optional<QList<MethodParam>> params = schemaParams(method.toUtf8());
    QStringList required = help && !params ? help->required() : QStringList();
    for (const MethodParam &param : params.value_or(QList<MethodParam>())) {
        if (param.required && param.name != "_meta"_L1) // which every request gets by itself
            required.append(param.name);
    }
    m_paramList->setParams(params.value_or(QList<MethodParam>()));
    m_paramList->setVisible(params && !params->isEmpty());
    m_helpNeeds->setVisible(help || params);
    m_helpNeeds->setText(required.isEmpty() ? tr("It needs no params.")
                                            : tr("Required: %1").arg(required.join(u", "_s)));
    m_insert->setVisible(help && !required.isEmpty());
    updateButtons();
}

void ConsolePage::kindChosen()
{
    const bool batch = m_kind->currentIndex() == int(Kind::Batch);
    m_method->setEnabled(!batch);
    m_about->setText(batch ? tr("Messages, sent as one: [{\"method\": …, \"params\": …}, …]. "
                                "Each gets its jsonrpc and id.")
                           : tr("params, sent as they stand here"));
    m_params->setArrayWanted(batch);
    m_params->setEmptyAllowed(!batch);
    m_params->setWords(batch ? tr("Messages as JSON") : tr("Params as JSON"),
                       batch ? tr("A batch is a JSON array: [ … ]")
                             : tr("Params are a JSON object: { … }, or nothing at all"));
    updateButtons();
}

std::optional<QList<MethodParam>> ConsolePage::schemaParams(const QByteArray &method)
{
    if (method.isEmpty())
        return {};
    const QStringList names = m_revision.isEmpty() ? revisionNames() : QStringList(m_revision);
    for (const QString &revision : names) {
        const QByteArray name = revision.toLatin1();
        const auto schema = m_schemas.try_emplace(name, name).first;
        if (const auto params = methodParams(schema->second, method))
            return params;
    }
    return {};
}

ConsolePage::Sent ConsolePage::typed() const
{
    const auto kind = Kind(m_kind->currentIndex());
    return {kind == Kind::Batch ? QString() : m_method->text().trimmed(), m_params->arguments(),
            kind};
}

void ConsolePage::send()
{
    if (!m_send->isEnabled()) {
        if (!m_params->isSendable()) {
            m_problem->setText(m_kind->currentIndex() == int(Kind::Batch)
                                   ? tr("Not sent: a batch is a JSON array.")
                                   : tr("Not sent: params are no JSON object."));
            m_problem->show();
        }
        return;
    }
    const Sent sent = typed();
    const QByteArray params = sent.params.trimmed();
    remember(sent);
    if (sent.kind == Kind::Notification) {
        m_session->notify(RpcCall{sent.method.toUtf8(), params});
        Q_EMIT statusMessage(tr("%1 was sent; a notification has no answer").arg(sent.method));
        return;
    }
    const bool batch = sent.kind == Kind::Batch;
    const Ticket ticket = batch ? m_session->requestBatch(params)
                                : m_session->request(RpcCall{sent.method.toUtf8(), params});
    const QByteArray shown = params.size() > 2000 ? params.left(2000)
        : params.isEmpty()                        ? QByteArray()
                                                  : JsonText::parse(params).compact();
    m_log->begin(ticket, sent.method.toUtf8() + '\n' + sent.params,
                 QStringList{batch ? tr("Batch") : sent.method, QString::fromUtf8(shown)}
                     .join(u' ')
                     .trimmed());
}

void ConsolePage::remember(const Sent &sent)
{
    m_history.removeAll(sent);
    m_history.append(sent);
    while (m_history.size() > mostSent)
        m_history.removeFirst();
    m_place = m_history.size();
}

void ConsolePage::recall(int step)
{
    if (m_place == m_history.size())
        m_draft = typed();
    const qsizetype place = std::clamp<qsizetype>(m_place + step, 0, m_history.size());
    if (place == m_place)
        return;
    m_place = place;
    show(place == m_history.size() ? m_draft : m_history.at(place));
}

void ConsolePage::show(const Sent &sent)
{
    m_method->setText(sent.method);
    m_params->setArguments(sent.params);
    m_kind->setCurrentIndex(int(sent.kind));
    updateButtons();
}

bool ConsolePage::eventFilter(QObject *object, QEvent *event)
{
    if (object == m_method && event->type() == QEvent::KeyPress
        && !m_method->completer()->popup()->isVisible()) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            recall(key == Qt::Key_Up ? -1 : 1);
            return true;
        }
    }
    return QWidget::eventFilter(object, event);
}

void ConsolePage::updateButtons()
{
    if (!m_log)
        return;
    const bool ready =
        m_session->state().phase == SessionPhase::Ready && !m_session->isRecordingShown();
    const bool running = m_log->isRunning();
    const bool named =
        m_kind->currentIndex() == int(Kind::Batch) || !m_method->text().trimmed().isEmpty();
    m_send->setEnabled(ready && !running && named && m_params->isSendable());
    m_send->setToolTip(ready ? QString() : tr("Not connected"));
    m_cancel->setVisible(running);
}

} // namespace sightglass
