// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"

namespace sightglass {

// Edits of JSON text at an RFC 6901 pointer. Everything but the member in question stays as it was
// written: white space, order, unknown members, number spelling. Where a name stands twice, the
// last one is meant, as in JsonText::member().

/// The edited text, or why it could not be edited.
struct JsonEdit {
    QByteArray text; ///< the text as it was where there is an error
    std::optional<JsonError> error;

    bool operator==(const JsonEdit &) const = default;
};

/// Sets the value at `pointer` to the JSON text `value`. What is missing (or null) on the way
/// becomes objects; a new member goes to the end of its object, in the manner in which its
/// neighbours are laid out. In an array the index behind the last element, or "-", appends. Fails
/// if `json` or `value` is no JSON, or if a scalar or another index of an array stands in the way.
JsonEdit jsonWithMember(const QByteArray &json, QByteArrayView pointer, const QByteArray &value);

/// Takes the member or element at `pointer` away, with one comma and the white space before it; of
/// a name that stands several times, all. What is not there needs no taking away: no error.
JsonEdit jsonWithoutMember(const QByteArray &json, QByteArrayView pointer);

/// One more token on a pointer: jsonPointer("/a", u"b/c") is "/a/b~1c".
QByteArray jsonPointer(const QByteArray &pointer, QStringView token);
QByteArray jsonPointer(const QByteArray &pointer, qsizetype index);

} // namespace sightglass
