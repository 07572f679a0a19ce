// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/redaction.h"

#include <QWidget>

#include <functional>
#include <memory>

namespace sightglass {

/// One body: as a tree of JSON, as text, as bytes, as an image (widgets/bodies has a file for
/// each), whichever fits, and any other that is asked for. What the person chose is remembered for
/// each kind of body. Reads of a large body only what it shows.
///
/// Keys: F6 and Shift+F6 go on to the next way to show it, and back.
class BodyView : public QWidget {
    Q_OBJECT
public:
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
    /// How it is shown: "json", "text", "hex", "picture"; empty: there is no body.
    QByteArray form() const;
    /// Does nothing where the body cannot be shown so.
    void setForm(const QByteArray &id);
    qint64 size() const;

Q_SIGNALS:
    void statusMessage(const QString &text);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
