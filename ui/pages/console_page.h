// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/message_check.h"
#include "core/mcp/method_params.h"
#include "core/mcp/session.h"
#include "ui/models/method_help.h"

#include <QWidget>

#include <map>

class QComboBox;
class QLineEdit;
class QPushButton;
class QStringListModel;
class QVBoxLayout;

namespace sightglass {

class ArgumentsEditor;
class CallLog;
class LinkButton;
class ParamList;
class RoleLabel;
class SessionController;

/// Any method by hand: as a request or as a notification, with params as they are typed; or several
/// messages as a batch. What the server answers stands below, and what was sent before comes back
/// with Up and Down.
class ConsolePage final : public QWidget {
    Q_OBJECT
public:
    /// Not owned.
    explicit ConsolePage(SessionController *session, QWidget *parent = nullptr);

    void focusMethod();

Q_SIGNALS:
    void showExchangeRequested(sightglass::ExchangeId id);
    void showTaskRequested(const QString &id);
    void statusMessage(const QString &text);

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    enum class Kind : quint8 { Request, Notification, Batch }; // in the order of m_kind
    struct Sent {
        QString method;
        QByteArray params; ///< of a batch: its messages
        Kind kind = Kind::Request;

        bool operator==(const Sent &) const = default;
    };

    QWidget *buildForm();
    QWidget *buildHelp();
    void send();
    void remember(const Sent &sent);
    void recall(int step); ///< -1: an older one
    void show(const Sent &sent);
    Sent typed() const;
    void methodEdited();
    void kindChosen();
    void showMethods();
    /// What the method takes by the schema of the revision; without a connection, of the newest
    /// that has it. Nothing where no schema knows it.
    std::optional<QList<MethodParam>> schemaParams(const QByteArray &method);
    void updateButtons();

    SessionController *m_session;
    QString m_revision; ///< whose methods are listed
    QList<MethodHelp> m_methods;
    std::map<QByteArray, MessageCheck> m_schemas; ///< read when they are asked, by revision
    QList<Sent> m_history; ///< oldest first
    qsizetype m_place = 0; ///< in the history; its size: what is being typed
    Sent m_draft;

    QStringListModel *m_names;
    QLineEdit *m_method;
    QComboBox *m_kind;
    RoleLabel *m_about;
    ArgumentsEditor *m_params;
    QPushButton *m_send;
    QPushButton *m_cancel;
    RoleLabel *m_problem;
    CallLog *m_log;
    RoleLabel *m_helpMethod;
    RoleLabel *m_helpLine;
    RoleLabel *m_helpNeeds;
    LinkButton *m_insert;
    ParamList *m_paramList;
    QVBoxLayout *m_list;
};

} // namespace sightglass
