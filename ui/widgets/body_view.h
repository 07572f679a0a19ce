// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"

#include <QWidget>

#include <functional>
#include <memory>

namespace sightglass {

/// One body: as a tree of JSON, as text, as bytes, as an image, whichever fits, and any other that
/// is asked for. Reads of a large body only what it shows.
class BodyView : public QWidget {
    Q_OBJECT
public:
    enum class Form : quint8 { Tree, Text, Hex, Image };
    using Source = std::function<QByteArray(qint64 start, qint64 length)>;

    explicit BodyView(const QString &title, QWidget *parent = nullptr);
    ~BodyView() override;

    /// `contentType` as the header says it. `source` gives any part of the body as it may be shown.
    /// Where all of it is wanted, it is taken from `raw` and secrets are replaced aside by
    /// `redactor` (none: they need not be).
    void setBody(Source source, qint64 size, const QByteArray &contentType, Source raw,
                 std::shared_ptr<const Redactor> redactor);
    void clear(const QString &why);
    /// Ends saving that is under way: the source is about to go.
    void cancelSaves();
    Form form() const;
    void setForm(Form form);
    qint64 size() const;

Q_SIGNALS:
    void statusMessage(const QString &text);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
