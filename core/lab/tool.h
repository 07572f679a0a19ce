// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"

#include <QObject>
#include <QPointer>

#include <functional>

namespace sightglass {

class LabAnswer;
class LabSession;
class LabStream;

/// A tools/call that runs. It may outlive the connection that asked for it. Deletes itself when
/// it has ended.
class LabCall : public QObject {
    Q_OBJECT
public:
    LabCall(LabSession *session, LabAnswer *answer, QByteArray id, JsonText params);

    const QByteArray &id() const { return m_id; } ///< raw JSON
    LabSession *session() const { return m_session; }
    bool isFinished() const { return m_finished; }
    /// The stream of this call; null where it is answered by plain JSON.
    LabStream *stream() const;

    /// The arguments as sent; "{}" if there were none.
    QByteArray arguments() const;
    JsonText::Node argument(QStringView name) const;
    QString text(QStringView name, const QString &otherwise = {}) const;
    double number(QStringView name, double otherwise) const;
    /// Kept within the bounds.
    qint64 integer(QStringView name, qint64 otherwise, qint64 least, qint64 most) const;
    bool flag(QStringView name, bool otherwise) const;
    const JsonText &params() const { return m_params; }

    bool wantsProgress() const { return !m_progressToken.isEmpty(); }
    void progress(double progress, double total, const QString &message);
    /// A message of this call before its end.
    void notify(const QByteArray &message);

    // How it ends: once, by one of these.
    void succeed(const QByteArray &result);
    void sayText(const QString &text);
    /// The tool itself failed (isError).
    void sayError(const QString &text);
    /// A JSON-RPC error.
    void fail(qint64 code, const QString &message, const QByteArray &data = {});
    /// The client gave it up; no answer follows (cancellation, "Behavior Requirements").
    void cancel();

Q_SIGNALS:
    void ended();

private:
    void end(const QByteArray &message);

    LabSession *m_session;
    QPointer<LabAnswer> m_answer;
    QByteArray m_id;
    JsonText m_params;
    JsonText::Node m_arguments = -1;
    QByteArray m_progressToken; ///< raw JSON
    bool m_finished = false;
};

/// A tool as a row of a table.
struct LabTool {
    const char *name;
    const char *definition; ///< the entry of tools/list, as JSON
    bool streams; ///< answered on an event stream
    void (*run)(LabCall &call);
};

QList<LabTool> labFormTools();
QList<LabTool> labContentTools();
QList<LabTool> labStreamTools();
QList<LabTool> labTroubleTools();
/// All of them, in the order of the list.
const QList<LabTool> &labTools();
/// The definition of the n-th tool that "add-tool" added.
QByteArray labAddedTool(int number);

/// A content block of type text.
QByteArray labTextBlock(const QString &text);

} // namespace sightglass
