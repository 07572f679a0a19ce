// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/server_roots.h"

#include "ui/connection/header_rows.h"
#include "ui/session_controller.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"

#include <QDir>
#include <QFileDialog>
#include <QPushButton>
#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr int settleMs = 400;

HeaderRowsWords words()
{
    return {ServerRoots::tr("Add root"),
            ServerRoots::tr("file:///…"),
            ServerRoots::tr("Name, if it is to have one"),
            ServerRoots::tr("URI of the root"),
            ServerRoots::tr("Name of the root"),
            ServerRoots::tr("Remove this root"),
            {},
            true};
}

} // namespace

ServerRoots::ServerRoots(SessionController *session, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_told(new RoleLabel(Role::Muted, this))
    , m_rows(new HeaderRows(words(), this))
{
    auto *title = new SectionTitle(tr("Roots"), this);
    auto *folder = new QPushButton(tr("Add folder…"), this);
    folder->setAutoDefault(false);
    title->addAction(folder);
    m_told->setWordWrap(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 12, 20, 20);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_told);
    layout->addSpacing(4);
    layout->addWidget(m_rows);
    layout->addStretch(1);
    m_settle.setSingleShot(true);
    m_settle.setInterval(settleMs);
    connect(&m_settle, &QTimer::timeout, this, [this] { m_session->setRoots(roots()); });
    connect(folder, &QPushButton::clicked, this, &ServerRoots::chooseFolder);
    connect(m_rows, &HeaderRows::changed, this, [this] {
        check();
        m_settle.start();
        Q_EMIT changed();
    });
    connect(m_session, &SessionController::stateChanged, this, &ServerRoots::showState);
    showState();
}

QList<Root> ServerRoots::roots() const
{
    QList<Root> all;
    const QList<Header> rows = m_rows->headers();
    for (const Header &row : rows) {
        if (!row.name.trimmed().isEmpty())
            all.append({QString::fromUtf8(row.name.trimmed()), QString::fromUtf8(row.value)});
    }
    return all;
}

void ServerRoots::setRoots(const QList<Root> &roots)
{
    QList<Header> rows;
    for (const Root &root : roots) {
        Header row;
        row.name = root.uri.toUtf8();
        row.value = root.name.toUtf8();
        rows.append(row);
    }
    m_rows->setHeaders(rows);
    check();
    m_settle.stop();
    m_session->setRoots(roots);
}

void ServerRoots::addFolder(const QString &path)
{
    const QString clean = QDir::cleanPath(path);
    Header row;
    row.name = QUrl::fromLocalFile(clean).toEncoded();
    row.value = QDir(clean).dirName().toUtf8();
    m_rows->append(row);
}

void ServerRoots::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Add a folder to the roots"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &ServerRoots::addFolder);
    dialog->open();
}

void ServerRoots::check()
{
    m_rows->clearProblems();
    const QList<Header> rows = m_rows->headers();
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const QByteArray uri = rows.at(i).name.trimmed();
        if (uri.isEmpty())
            m_rows->setProblem(i, true, 0, tr("A root needs a URI; it is not told."), true);
        else if (!uri.startsWith("file://"))
            m_rows->setProblem(
                i, true, 0,
                tr("Roots have to be file:// URIs in every revision. It is told all the same."),
                false);
    }
}

void ServerRoots::showState()
{
    const SessionState &state = m_session->state();
    const bool ready = state.phase == SessionPhase::Ready;
    const bool offered = m_session->target().offer.roots;
    m_told->setText(
        ready && !offered
            ? tr("This server was not offered roots, so it may not ask for them. They are "
                 "switched on under Revision, above, for the next connection.")
            : tr("Servers that ask for roots are given these at once. Sightglass opens none of "
                 "them, and a server is not kept from others by it."));
}

} // namespace sightglass
