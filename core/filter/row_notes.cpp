// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/filter/row_notes.h"

#include <algorithm>
#include <optional>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr auto EventStart = "event "_L1;
constexpr auto ExchangeStart = "exchange: "_L1;

QString textFor(const TraceRow &row, const QString &text)
{
    if (row.frame >= 0)
        return u"event %1: "_s.arg(row.frame) + text;
    return text.startsWith(EventStart) || text.startsWith(ExchangeStart) ? ExchangeStart + text
                                                                         : text;
}

} // namespace

std::optional<TraceRow> rowOfNote(const Note &note, QString &text)
{
    text = note.text;
    if (note.exchange < 1)
        return {};
    if (text.startsWith(ExchangeStart)) {
        text.remove(0, ExchangeStart.size());
        return TraceRow{note.exchange, -1};
    }
    if (!text.startsWith(EventStart))
        return TraceRow{note.exchange, -1};
    const qsizetype colon = text.indexOf(": "_L1);
    bool ok = false;
    const qint64 frame =
        QStringView(text).mid(EventStart.size(), colon - EventStart.size()).toLongLong(&ok);
    if (colon < 0 || !ok || frame < 0)
        return {};
    text.remove(0, colon + 2);
    return TraceRow{note.exchange, frame};
}

QString bookmarkText(const TraceRow &row, bool set)
{
    return textFor(row, set ? u"set"_s : u"removed"_s);
}

QString remarkText(const TraceRow &row, const QString &text)
{
    return textFor(row, text);
}

void RowNotes::update(const TraceReader &trace)
{
    const qint64 count = trace.noteCount();
    for (; m_read < count; ++m_read) {
        const Note note = trace.note(m_read);
        if (!note.finding.isEmpty())
            m_findings.insert(note.exchange, note.finding);
        const bool bookmark = note.name == QLatin1StringView(BookmarkNote);
        if (!bookmark && note.name != QLatin1StringView(RemarkNote))
            continue;
        QString text;
        const std::optional<TraceRow> row = rowOfNote(note, text);
        if (!row)
            continue;
        m_changed.insert(row->exchange);
        if (bookmark) {
            if (text == "set"_L1)
                m_marked.insert(*row, true);
            else
                m_marked.remove(*row);
        } else if (text.isEmpty()) {
            m_remarks.remove(*row);
        } else {
            m_remarks.insert(*row, text);
        }
        if (row->frame < 0)
            continue;
        m_events.remove(row->exchange, *row);
        if (m_marked.contains(*row) || m_remarks.contains(*row))
            m_events.insert(row->exchange, *row);
    }
}

QList<TraceRow> RowNotes::rows() const
{
    QList<TraceRow> rows = m_marked.keys();
    for (auto it = m_remarks.keyBegin(); it != m_remarks.keyEnd(); ++it) {
        if (!m_marked.contains(*it))
            rows.append(*it);
    }
    std::sort(rows.begin(), rows.end(), [](const TraceRow &a, const TraceRow &b) {
        return a.exchange != b.exchange ? a.exchange < b.exchange : a.frame < b.frame;
    });
    return rows;
}

} // namespace sightglass
