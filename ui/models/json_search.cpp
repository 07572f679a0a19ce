// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/json_search.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <algorithm>

namespace sightglass {

namespace {

/// Text up to here is searched at once.
constexpr qsizetype kSearchAtOnce = 512 * 1024;
constexpr qsizetype kLookEvery = 1024 * 1024;

char lowerCase(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c;
}

char upperCase(char c)
{
    return c >= 'a' && c <= 'z' ? char(c & ~0x20) : c;
}

bool matchesAt(const char *text, const QByteArray &needle)
{
    for (qsizetype i = 1; i < needle.size(); ++i) {
        if (lowerCase(text[i]) != needle[i])
            return false;
    }
    return true;
}

/// The value whose key or own text holds the byte; -1: it belongs to none.
JsonText::Node nodeOfOffset(const JsonText &json, qint64 offset)
{
    JsonText::Node low = 0;
    JsonText::Node high = JsonText::Node(json.nodeCount());
    while (low < high) {
        const JsonText::Node middle = low + (high - low) / 2;
        if (json.start(middle) <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    // A key stands before its value: then the node behind the place is meant.
    if (low < json.nodeCount()) {
        const QByteArrayView key = json.rawKey(low);
        const char *place = json.text().constData() + offset;
        if (!key.isEmpty() && place >= key.data() && place < key.data() + key.size())
            return low;
    }
    const JsonText::Node node = low - 1;
    const bool ownText =
        node >= 0 && !json.isObject(node) && !json.isArray(node) && offset < json.end(node);
    return ownText ? node : -1;
}

} // namespace

JsonMatches JsonMatches::find(const JsonText &json, const QByteArray &needle, Progress *progress)
{
    JsonMatches matches;
    if (!json.hasValues() || needle.isEmpty() || needle.size() > json.text().size())
        return matches;
    QByteArray wanted = needle;
    std::transform(wanted.begin(), wanted.end(), wanted.begin(), lowerCase);
    const char low = wanted[0];
    const char up = upperCase(low);
    const char *const begin = json.text().constData();
    const char *const last = begin + json.text().size() - wanted.size() + 1;
    for (const char *slice = begin; slice < last;) {
        if (progress) {
            progress->read = slice - begin;
            if (progress->stop)
                return matches;
        }
        const char *const end = last - slice > kLookEvery ? slice + kLookEvery : last;
        for (const char *p = slice; p < end; ++p) {
            if ((*p != low && *p != up) || !matchesAt(p, wanted))
                continue;
            const JsonText::Node node = nodeOfOffset(json, p - begin);
            if (node < 0 || (!matches.nodes.isEmpty() && matches.nodes.constLast() == node))
                continue;
            if (progress && progress->first < 0 && node >= progress->from)
                progress->first = node;
            if (matches.nodes.size() == kMost) {
                matches.all = false;
                return matches;
            }
            matches.nodes.append(node);
        }
        slice = end;
    }
    return matches;
}

JsonText::Node JsonMatches::next(const JsonMatches &matches, JsonText::Node from, bool backwards)
{
    const QList<JsonText::Node> &nodes = matches.nodes;
    if (nodes.isEmpty())
        return -1;
    if (backwards) {
        const auto at = std::lower_bound(nodes.cbegin(), nodes.cend(), from);
        return from < 0 || at == nodes.cbegin() ? nodes.constLast() : *(at - 1);
    }
    const auto at = std::upper_bound(nodes.cbegin(), nodes.cend(), from);
    return at == nodes.cend() ? nodes.constFirst() : *at;
}

qsizetype JsonMatches::number(JsonText::Node node) const
{
    const auto at = std::lower_bound(nodes.cbegin(), nodes.cend(), node);
    return at != nodes.cend() && *at == node ? at - nodes.cbegin() + 1 : 0;
}

JsonSearch::JsonSearch(QObject *parent)
    : QObject(parent)
{
    constexpr int lookMs = 50;
    m_timer.setInterval(lookMs);
    connect(&m_timer, &QTimer::timeout, this, &JsonSearch::look);
}

JsonSearch::~JsonSearch()
{
    cancel();
}

void JsonSearch::start(const JsonText &json, const QByteArray &needle, JsonText::Node from)
{
    cancel();
    m_from = from;
    m_told = false;
    m_size = json.text().size();
    if (m_size <= kSearchAtOnce) {
        take(JsonMatches::find(json, needle));
        return;
    }
    m_progress = std::make_shared<JsonMatches::Progress>();
    m_progress->from = from;
    m_timer.start();
    QThreadPool::globalInstance()->start(
        [search = QPointer<JsonSearch>(this), progress = m_progress, json, needle] {
            const JsonMatches matches = JsonMatches::find(json, needle, progress.get());
            // Only the GUI's thread looks whether anybody still waits for it.
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [search, progress, matches] {
                    if (search && search->m_progress == progress)
                        search->take(matches);
                },
                Qt::QueuedConnection);
        });
}

void JsonSearch::cancel()
{
    m_timer.stop();
    m_matches = {};
    if (m_progress)
        m_progress->stop = true;
    m_progress.reset();
}

int JsonSearch::percent() const
{
    return m_progress && m_size > 0 ? int(m_progress->read * 100 / m_size) : 100;
}

void JsonSearch::look()
{
    const JsonText::Node first = m_progress ? m_progress->first.load() : -1;
    Q_EMIT progressed();
    if (first < 0 || m_told)
        return;
    m_told = true;
    Q_EMIT found(first);
}

void JsonSearch::take(const JsonMatches &matches)
{
    m_timer.stop();
    m_progress.reset();
    m_matches = matches;
    if (!m_told)
        Q_EMIT found(JsonMatches::next(m_matches, m_from - 1, false));
    Q_EMIT ended();
}

} // namespace sightglass
