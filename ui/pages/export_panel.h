// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/export_job.h"

#include <QFrame>
#include <QTimer>

#include <functional>

class QCheckBox;
class QComboBox;
class QProgressBar;
class QPushButton;

namespace sightglass {

class RoleLabel;

/// What of the table can be exported.
struct ExportChoices {
    std::shared_ptr<const TraceReader> trace;
    std::shared_ptr<const Redactor> redactor;
    QList<ExchangeId> selected;
    QString filter; ///< as it was typed; empty: none
    qint64 filtered = 0; ///< how many it lets through
    QString source; ///< the file that is shown; empty: none
    QString name; ///< of the recording, for the file's; may be empty
};

/// Exports exchanges to a file: which ones, in which form, whether with secrets. Lies in the page;
/// how far it is, a Cancel, what went wrong and what was left out are told there.
class ExportPanel final : public QFrame {
    Q_OBJECT
public:
    explicit ExportPanel(QWidget *parent = nullptr);

    /// Asked whenever it opens and when it begins.
    void setChoices(std::function<ExportChoices()> choices);
    /// Shows it, with what is chosen now; the keyboard goes to it.
    void open();
    /// To this file, as it is chosen.
    void exportTo(const QString &path);
    bool isRunning() const { return m_job.isRunning(); }

Q_SIGNALS:
    void closed();
    void statusMessage(const QString &text);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    enum class Which : quint8 { Selected, Filtered, All };

    void chooseFile();
    void refresh();
    void close();
    void showRunning(bool running);
    void tell(const QString &text, bool isFailure);
    ExportFormat format() const;

    std::function<ExportChoices()> m_choices;
    ExportJob m_job;
    QTimer m_late; ///< until the progress is shown
    QString m_path;
    QComboBox *m_which;
    QComboBox *m_format;
    QCheckBox *m_secrets;
    QPushButton *m_export;
    QPushButton *m_close;
    RoleLabel *m_warning;
    QProgressBar *m_progress;
    QPushButton *m_cancel;
    RoleLabel *m_said;
};

} // namespace sightglass
