// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/tool.h"
#include "core/trace/redaction.h"
#include "ui/models/result_blocks.h"

#include <QWidget>

#include <functional>
#include <memory>

class QVBoxLayout;

namespace sightglass {

class LinkButton;

/// How a call ended: the parts of its result one below the other, or the
/// error. Everything in it is untrusted and plain text; nothing is fetched.
/// Large results are read beside the GUI thread, and shown in part until one
/// asks for all.
class ResultView final : public QWidget {
    Q_OBJECT
public:
    explicit ResultView(QWidget *parent = nullptr);

    /// With a tool's output schema, what its structured content breaks of it is told there. Of what
    /// `redactor` knows the fingerprint is shown: a server may repeat what it was sent.
    void setResult(const CallResult &result, ResultShape shape = ResultShape::Tool,
                   const QByteArray &outputSchema = {},
                   std::shared_ptr<const Redactor> redactor = {});
    /// A sentence in place of a result.
    void setMessage(const QString &text);
    void clear();

Q_SIGNALS:
    void statusMessage(const QString &text);

private:
    void showBlocks(const ResultBlocks &blocks);
    void showFailure(const CallResult &result, const Redactor *redactor);
    void addBlock(const ResultBlock &block);
    void addText(const QString &text, bool wire);
    void addContents(const ResultBlock &block);
    void addJson(const QByteArray &json);
    void addImage(const QImage &image);
    void addProblem(const QString &text);
    void addFaults(const QStringList &faults);
    void addTitle(const ResultBlock &block);
    /// The content is made when it is asked for.
    LinkButton *saveLink(const std::function<QByteArray()> &content, const QString &mimeType);
    void emptyLayout();

    QVBoxLayout *m_layout;
    quint64 m_reading = 0; ///< number of the newest, to know a late one by
};

} // namespace sightglass
