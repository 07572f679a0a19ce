// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace sightglass {

/// The values whose key or own text holds a text, in the order of the JSON, each once. ASCII
/// letters match in either case; keys and strings are compared as they are spelled.
struct JsonMatches {
    QList<JsonText::Node> nodes;
    bool all = true; ///< false: there are more than kMost, and these are the first

    static constexpr qsizetype kMost = 1'000'000;

    /// What a search tells meanwhile, and how another thread ends it.
    struct Progress {
        JsonText::Node from = -1; ///< the first match from here on is told in `first`
        std::atomic<JsonText::Node> first = -1;
        std::atomic<qint64> read = 0; ///< bytes
        std::atomic<bool> stop = false;
    };
    static JsonMatches find(const JsonText &json, const QByteArray &needle,
                            Progress *progress = nullptr);
    /// The match behind `from` (-1: the first), or before it, around the end; -1: there is none.
    static JsonText::Node next(const JsonMatches &matches, JsonText::Node from, bool backwards);
    /// Which of them it is, from 1 on; 0: none.
    qsizetype number(JsonText::Node node) const;
};

/// A search in JSON beside the GUI's thread, that can be ended at any time.
class JsonSearch : public QObject {
    Q_OBJECT
public:
    explicit JsonSearch(QObject *parent = nullptr);
    ~JsonSearch() override;

    /// `from` is the value at which the person is: the first match from there on is told as soon as
    /// it is known. What was under way before is dropped.
    void start(const JsonText &json, const QByteArray &needle, JsonText::Node from);
    void cancel();
    bool isBusy() const { return m_progress != nullptr; }
    /// Of what is under way, 0 to 100.
    int percent() const;
    /// Empty while it is under way.
    const JsonMatches &matches() const { return m_matches; }

Q_SIGNALS:
    void found(sightglass::JsonText::Node node); ///< -1: nothing was
    void progressed();
    void ended(); ///< all matches are known

private:
    void look();
    void take(const JsonMatches &matches);

    std::shared_ptr<JsonMatches::Progress> m_progress; ///< of what is under way
    JsonMatches m_matches;
    JsonText::Node m_from = -1;
    qint64 m_size = 0;
    bool m_told = false; ///< the first one
    QTimer m_timer;
};

} // namespace sightglass
