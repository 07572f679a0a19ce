// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/request_editor.h"

#include "core/jsonrpc/json_text.h"
#include "ui/connection/header_rows.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/text_marks.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QSplitter>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// A text field is no place for more.
constexpr qsizetype MostBody = 1024 * 1024;

} // namespace

RequestEditor::RequestEditor(QWidget *parent)
    : QWidget(parent)
{
    QWidget *const head = buildHead(); // first, for the order of Tab
    auto *content = new QWidget(this);
    m_headers = new HeaderRows({tr("Add header"), tr("Name"), tr("Value"), tr("Header name"),
                                tr("Header value"), tr("Take this header away"), QString()},
                               content);
    auto *headersTitle = new RoleLabel(tr("Headers of the request"), Role::Muted, content);
    m_added = new RoleLabel(Role::Muted, content);
    m_added->setWordWrap(true);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(12, 4, 12, 8);
    column->setSpacing(6);
    column->addWidget(headersTitle);
    column->addWidget(m_headers);
    column->addWidget(m_added);
    column->addStretch(1);
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(pageScroll(content, this));
    splitter->addWidget(buildBody());
    splitter->setSizes({500, 500});

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(head);
    layout->addWidget(splitter, 1);

    for (const char *keys : {"Ctrl+Return", "Ctrl+Enter"}) {
        auto *send = new QShortcut(QKeySequence(QLatin1String(keys)), this);
        send->setContext(Qt::WidgetWithChildrenShortcut);
        connect(send, &QShortcut::activated, this, &RequestEditor::send);
    }
    auto *leave = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    leave->setContext(Qt::WidgetWithChildrenShortcut);
    connect(leave, &QShortcut::activated, this, &RequestEditor::closed);
    connect(m_headers, &HeaderRows::changed, this, [this] {
        m_headers->clearProblems();
        m_problem->hide();
    });
}

QWidget *RequestEditor::buildHead()
{
    auto *head = new QWidget(this);
    m_method = new QComboBox(head);
    m_method->setEditable(true);
    m_method->setInsertPolicy(QComboBox::NoInsert);
    m_method->addItems({u"POST"_s, u"GET"_s, u"DELETE"_s, u"PUT"_s, u"OPTIONS"_s});
    m_method->setAccessibleName(tr("HTTP method"));
    m_url = new QLineEdit(head);
    m_url->setAccessibleName(tr("URL of the request"));
    m_url->setFont(wireFont());
    auto *key = new RoleLabel(tr("Ctrl+Enter"), Role::Muted, head);
    key->setFont(scaledFont(-0.75));
    auto *cancel = new QPushButton(tr("Cancel"), head);
    cancel->setToolTip(tr("Esc; what was typed is kept"));
    cancel->setAutoDefault(false);
    m_send = new QPushButton(tr("Send"), head);
    m_send->setProperty("primary", true);
    m_send->setAutoDefault(false);
    m_anew = new LinkButton(tr("Begin anew"), head);
    m_anew->setToolTip(tr("As it was recorded"));
    m_problem = new RoleLabel(Role::Failure, head);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_method);
    line->addWidget(m_url, 1);
    line->addWidget(m_anew);
    line->addWidget(key);
    line->addWidget(cancel);
    line->addWidget(m_send);
    auto *layout = new QVBoxLayout(head);
    layout->setContentsMargins(12, 8, 12, 4);
    layout->setSpacing(4);
    layout->addLayout(line);
    layout->addWidget(m_problem);
    connect(cancel, &QPushButton::clicked, this, &RequestEditor::closed);
    connect(m_send, &QPushButton::clicked, this, &RequestEditor::send);
    connect(m_anew, &LinkButton::clicked, this, [this] {
        fill();
        m_url->setFocus(Qt::OtherFocusReason);
    });
    connect(m_url, &QLineEdit::textChanged, this, [this] {
        markText(m_url, 0, 0);
        m_problem->hide();
    });
    connect(m_method, &QComboBox::editTextChanged, this, [this] { m_problem->hide(); });
    return head;
}

QWidget *RequestEditor::buildBody()
{
    auto *widget = new QWidget(this);
    m_bodyNote = new RoleLabel(Role::Muted, widget);
    m_bodyNote->setWordWrap(true);
    m_reveal = new LinkButton(tr("Reveal to edit"), widget);
    m_body = new QPlainTextEdit(widget);
    m_body->setAccessibleName(tr("Body of the request"));
    m_body->setFont(wireFont());
    m_body->setProperty("quiet", true);
    m_body->setTabChangesFocus(true);
    m_body->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_body->document()->setDocumentMargin(8);
    auto *caption = new QHBoxLayout;
    caption->addWidget(m_bodyNote, 1);
    caption->addWidget(m_reveal, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(widget);
    layout->setContentsMargins(12, 4, 12, 8);
    layout->setSpacing(6);
    layout->addLayout(caption);
    layout->addWidget(m_body, 1);
    connect(m_reveal, &LinkButton::clicked, this, [this] {
        m_shown.reveal = true;
        showBody();
        m_body->setFocus(Qt::OtherFocusReason);
    });
    connect(m_body, &QPlainTextEdit::textChanged, this, [this] {
        if (m_bodyKept)
            return;
        const QByteArray text = m_body->toPlainText().toUtf8();
        const std::optional<JsonError> wrong =
            text.isEmpty() ? std::nullopt : JsonText::parse(text).error();
        m_bodyNote->setRole(wrong ? Role::Attention : Role::Muted);
        m_bodyNote->setText(
            wrong ? tr("Body: no JSON (byte %1), sent as it stands all the same").arg(wrong->offset)
                  : tr("Body, sent as it stands here"));
    });
    return widget;
}

void RequestEditor::edit(const ShownTrace &shown, ExchangeId id)
{
    const bool same = m_shown.trace == shown.trace && m_start.from == id;
    m_shown = shown;
    if (!same) {
        m_start = uneditedRequest(*m_shown.trace, id);
        if (!m_server.isEmpty())
            m_start.url = urlAtServer(m_shown.trace->request(id), m_server);
        fill();
    }
    if (m_body->isReadOnly() || m_start.body.isEmpty()) {
        m_url->setFocus(Qt::OtherFocusReason);
        m_url->selectAll();
    } else {
        m_body->setFocus(Qt::OtherFocusReason);
    }
}

void RequestEditor::clear()
{
    m_shown = {};
    m_start = {};
    m_headers->setHeaders({});
    m_body->setPlainText({});
    m_url->clear();
}

void RequestEditor::fill()
{
    m_method->setEditText(QString::fromLatin1(m_start.method));
    m_urlShown = m_shown.url(m_start.url).toString();
    m_url->setText(m_urlShown);
    m_url->setCursorPosition(0);
    QList<Header> headers = m_start.headers;
    for (Header &header : headers)
        header.secret = Redactor::isSecret(header);
    m_headers->setHeaders(headers);
    showBody();
    showAdded();
    m_problem->hide();
}

void RequestEditor::showBody()
{
    const QByteArray shown = m_shown.requestBody(m_start.from);
    const QString text = QString::fromUtf8(shown);
    const bool hidden = shown != m_start.body;
    const bool large = m_start.body.size() > MostBody;
    const bool bytes = !hidden && text.toUtf8() != m_start.body;
    m_bodyKept = hidden || large || bytes;
    m_reveal->setVisible(hidden && !large);
    m_body->setReadOnly(m_bodyKept);
    m_body->setPlainText(large ? QString() : text);
    m_body->document()->setModified(false);
    if (!m_bodyKept)
        return;
    m_bodyNote->setRole(Role::Muted);
    m_bodyNote->setText(large ? tr("The body is too large to be edited here: it goes as it was")
                            : hidden ? tr("Body, with its secrets hidden: it goes as it was")
                                     : tr("The body is no text: it goes as it was"));
}

void RequestEditor::showAdded()
{
    QStringList names;
    for (const Header &header : m_shown.trace->request(m_start.from).headers) {
        const QString name = visibleText(QString::fromLatin1(header.name));
        if (header.source == HeaderSource::Credential)
            names << name + u' ' + visibleText(QString::fromUtf8(m_shown.headerValue(header)));
        else if (header.source == HeaderSource::Library)
            names << name;
    }
    m_added->setText(names.isEmpty()
                         ? QString()
                         : tr("Added to it: %1. A header of the same name here goes instead.")
                               .arg(names.join(u", "_s)));
}

void RequestEditor::setCanSend(bool can)
{
    m_canSend = can;
    m_send->setEnabled(can);
    m_send->setToolTip(can ? QString() : tr("Not connected"));
}

EditedRequest RequestEditor::request() const
{
    EditedRequest edited = m_start;
    edited.method = m_method->currentText().trimmed().toLatin1();
    if (m_url->text() != m_urlShown)
        edited.url = QUrl(m_url->text().trimmed());
    edited.headers.clear();
    for (Header header : m_headers->headers()) {
        header.name = header.name.trimmed();
        edited.headers.append(header);
    }
    if (!m_bodyKept && m_body->document()->isModified())
        edited.body = m_body->toPlainText().toUtf8();
    return edited;
}

bool RequestEditor::check()
{
    const EditedRequest edited = request();
    const auto refuse = [this](const QString &why) {
        m_problem->setText(why);
        m_problem->show();
        return false;
    };
    const auto isLetter = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (edited.method.isEmpty()
        || !std::all_of(edited.method.cbegin(), edited.method.cend(), isLetter)) {
        m_method->setFocus(Qt::OtherFocusReason);
        return refuse(tr("Not sent: the method is a word of capital letters, such as POST."));
    }
    const QString scheme = edited.url.scheme();
    if (!edited.url.isValid() || edited.url.host().isEmpty()
        || (scheme != "http"_L1 && scheme != "https"_L1)) {
        markText(m_url, 0, m_url->text().size());
        m_url->setFocus(Qt::OtherFocusReason);
        return refuse(tr("Not sent: the URL begins with http:// or https:// and names a host."));
    }
    m_headers->clearProblems();
    bool fine = true;
    for (qsizetype i = 0; i < edited.headers.size(); ++i) {
        const auto problem =
            HeaderList::check(edited.headers.at(i).name, edited.headers.at(i).value);
        if (!problem)
            continue;
        m_headers->setProblem(i, problem->inName, problem->position, problem->sentence,
                              problem->fatal);
        fine = fine && !problem->fatal;
    }
    return fine || refuse(tr("Not sent: a header cannot be sent as it stands."));
}

void RequestEditor::send()
{
    if (!m_canSend || m_start.from == 0 || !check())
        return;
    Q_EMIT sendRequested(request());
    // The next time it begins with what was recorded.
    m_start = {};
}

} // namespace sightglass
