// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/copy_menu.h"

#include "core/export/trace_export.h"
#include "core/trace/trace_text.h"
#include "ui/counted.h"

#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>
#include <QMenu>

namespace sightglass {

namespace {

constexpr qint64 kMostCopied = 4'000'000;

QString copyWords(const char *words)
{
    return QCoreApplication::translate("CopyMenu", words);
}

} // namespace

void addCopyMenu(QMenu *menu, const TraceReader &trace,
                 const std::shared_ptr<const Redactor> &redactor, const QList<ExchangeId> &ids,
                 const std::function<void(const QString &)> &tell)
{
    const auto copy = [&trace, redactor, ids, tell](ExportFormat format) {
        qint64 bytes = 0;
        for (const ExchangeId id : ids) {
            const ExchangeSummary summary = trace.summary(id);
            bytes += summary.responseBytes + summary.requestBytes;
        }
        if (bytes > kMostCopied) {
            tell(copyWords("%1 is too much for the clipboard: export it to a file")
                     .arg(humanSize(bytes)));
            return;
        }
        QApplication::clipboard()->setText(QString::fromUtf8(
            exportedText(trace, {.format = format, .exchanges = ids, .redactor = redactor.get()})));
        tell(counted(ids.size(), copyWords("1 exchange copied as %2, without secrets"),
                     copyWords("%1 exchanges copied as %2, without secrets"))
                 .arg(QString(exportFormatName(format).words)));
    };
    QMenu *forms = menu->addMenu(copyWords("Copy as, without secrets"));
    for (const ExportFormat format :
         {ExportFormat::Text, ExportFormat::Markdown, ExportFormat::Har, ExportFormat::JsonLines})
        forms->addAction(QString(exportFormatName(format).words), [copy, format] { copy(format); });
}

} // namespace sightglass
