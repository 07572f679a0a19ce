// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace sightglass {

/// What a term of a filter asks about.
enum class FilterField : quint8 {
    Words, ///< no key: text anywhere
    Status,
    Method,
    Kind,
    What,
    Url,
    Server,
    Tool,
    Error,
    Finding,
    Is,
    Id,
    Missing,
    Carried,
    Withheld,
    RequestHeader,
    ResponseHeader,
    Body,
    RequestBody,
    ResponseBody,
    RpcMethod,
    RpcId,
    Duration,
    Size,
    RequestSize,
    Events,
    At,
    Clock,
    EventType,
    EventId,
    EventKind,
    EventData,
    EventSize,
    Gap,
    Note,
};

/// How the value of a key is read.
enum class FilterValueKind : quint8 {
    Text, ///< ':' finds a part, without case; '=' the whole, with case
    Name, ///< ':' and '=' take the whole; ':' without case
    Choice, ///< one of the values that are listed
    Credential, ///< name of a header, or any
    Number, ///< whole, or a range
    Status, ///< number, class or none
    ErrorCode, ///< number or isError
    Size, ///< bytes: 200, 10kB, 1MB, 1MiB
    Time, ///< 500ms, 2s, 1m; the unit where none is written is the key's
    Clock, ///< 14:03, 14:03:20.5, 2026-11-27, 2026-11-27T14:03; a Z behind it: UTC
    Json, ///< of the value at a pointer: a number, a word, text in quotes
};

/// What a key is about. Asked of the other: an event has what holds of its exchange, and an
/// exchange what holds of any of its events.
enum class FilterScope : quint8 { Exchange, Event, Both };

/// One key of the filter language: from this table come completion, help, the manual page and the
/// README.
struct FilterKey {
    /// What follows the name, before the operator.
    enum class Argument : quint8 { None, Header, Pointer };

    QString name; ///< "status"; "header." and "body/" where an argument follows
    FilterField field = FilterField::Words;
    FilterValueKind kind = FilterValueKind::Text;
    FilterScope scope = FilterScope::Exchange;
    Argument argument = Argument::None;
    bool bare = false; ///< without an operator it asks whether there is one
    bool ordered = false; ///< takes <, <=, > and >=, and ranges
    QString description; ///< one sentence without its full stop
    QString values; ///< what it takes, in words
    QString example; ///< a term that can be used as it stands
    QStringList choices; ///< values to complete; of a Choice all that there are
};

const QList<FilterKey> &filterKeys();

/// A key as it is written, with its argument.
struct FilterName {
    const FilterKey *key = nullptr;
    QString argument; ///< a header's name in lower case; a pointer (RFC 6901) with its slash
};
/// `word` is what stands before an operator; nothing where it is no key.
std::optional<FilterName> filterName(const QString &word);
/// The name of the key that `word` may have meant; empty where none is near.
QString similarFilterKey(const QString &word);

/// How terms are joined, compared and written: pairs of what one writes and what it means.
struct FilterRule {
    QString writing;
    QString meaning;
};
const QList<FilterRule> &filterRules();

} // namespace sightglass
