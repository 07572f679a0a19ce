// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"

#include <QWidget>

#include <memory>

namespace sightglass {

/// JSON as a tree that folds, losslessly: order, duplicate keys and the
/// spelling of numbers stay as they were sent. Of text that is no JSON, or
/// breaks off, what stands before is a tree all the same, and the place at
/// which it goes wrong is told and shown. Never blocks: large text is parsed
/// beside the GUI's thread, says how far it is, and can be cancelled.
///
/// Keys: arrows and Enter fold, * unfolds all under a value, 1 to 9 so many
/// levels, 0 all; Ctrl+F, F3 and Shift+F3 search, Ctrl+Shift+C copies the path.
class JsonView : public QWidget {
    Q_OBJECT
public:
    explicit JsonView(QWidget *parent = nullptr);
    ~JsonView() override;

    void setJson(const QByteArray &text);
    /// The same, for text that has been parsed already.
    void setJson(const JsonText &json);
    /// The text is on its way: says how far. After half a second it can be cancelled().
    void showWaiting(const QString &words);
    void clear();
    QByteArray json() const;

    /// Whether the line with the path of the current value, and the search (Ctrl+F), are there.
    /// Both are at first.
    void setPathVisible(bool visible);
    void setSearchEnabled(bool enabled);
    void showSearch();
    /// As high as its lines are, up to so many pixels: for a page that scrolls as a whole. By
    /// default it takes the height that it is given.
    void setTallest(int tallest);
    void expandAll();
    void expandTo(int levels);
    void collapseAll();

    /// JSON pointer (RFC 6901) of the current value.
    QByteArray currentPointer() const;

Q_SIGNALS:
    void statusMessage(const QString &text);
    /// The person does not want to wait for it.
    void cancelled();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sightglass
