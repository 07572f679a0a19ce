// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/list_pages.h"
#include "core/trace/records.h"
#include "core/trace/segmented_list.h"

#include <QHash>

namespace sightglass {

/// Where a record stands; null: there is none.
class StoredRecord {
public:
    constexpr StoredRecord() = default;
    explicit constexpr StoredRecord(const char *bytes)
        : m_bytes(bytes)
    {
    }
    explicit constexpr operator bool() const { return m_bytes; }
    constexpr const char *bytes() const { return m_bytes; }

private:
    const char *m_bytes = nullptr;
};

/// Heads of requests and answers, failures and notes as bytes in pages of a file (ListPages), so
/// that they are no memory of the program's, however many they are. What is secret (values of
/// secret headers, and whole records in which something secret stands elsewhere) is in memory.
///
/// One thread puts them there; any thread takes them out that was given their place by it.
class StoredRecords {
public:
    /// `pages` outlive it.
    explicit StoredRecords(ListPages *pages)
        : m_pages(pages)
    {
    }

    StoredRecord put(const RequestRecord &request);
    StoredRecord put(const ResponseRecord &response);
    StoredRecord put(const Failure &failure);
    StoredRecord put(const Note &note);
    /// The body of a request of that kind; null where it is empty.
    StoredRecord putBody(const QByteArray &body, ExchangeKind kind);

    RequestRecord request(StoredRecord record) const;
    ResponseRecord response(StoredRecord record) const;
    Failure failure(StoredRecord record) const;
    Note note(StoredRecord record) const;
    QByteArray body(StoredRecord record) const;

private:
    class Packer;
    class Unpacker;

    void putUrl(Packer &out, const QUrl &url);
    QUrl url(Unpacker &in) const;
    void putHeaders(Packer &out, const QList<Header> &headers);
    QList<Header> headers(Unpacker &in) const;
    StoredRecord keep(const QByteArray &packed, bool secret);

    ListPages *m_pages;
    ListPages m_memory{QString()};
    /// Values of secret headers, each once as a rule.
    SegmentedList<QByteArray> m_secrets;
    QHash<QByteArray, quint32> m_secretNumbers; ///< the writer's own
    /// They repeat themselves, and to take one apart costs more than all the rest of a record.
    SegmentedList<QUrl> m_urls;
    QHash<QUrl, quint32> m_urlNumbers; ///< the writer's own
};

} // namespace sightglass
