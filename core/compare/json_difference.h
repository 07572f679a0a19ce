// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"

namespace sightglass {

/// One place at which two JSON texts differ.
struct JsonDifference {
    enum class Kind : quint8 {
        Added, ///< only the second has it
        Removed, ///< only the first has it
        Changed,
    };
    Kind kind = Kind::Changed;
    QByteArray pointer; ///< RFC 6901, in the text that has it; of what changed, in the second
    JsonText::Node left = -1; ///< -1: it is not there
    JsonText::Node right = -1;

    bool operator==(const JsonDifference &) const = default;
};

struct JsonDifferences {
    QList<JsonDifference> list; ///< in the order of the texts
    bool all = true; ///< false: there are more
};

/// How two JSON texts differ, by their structure. The order of members and white space make no
/// difference, nor do escapes in strings; numbers are compared as they are spelled, since 1.0 and 1
/// may be different to a reader. Items of arrays are matched where they are equal, so that one that
/// was put in between is one difference; of members with the same name the first with the first.
/// What is a fingerprint of a secret in both (see Redactor) is the same: fingerprints of two
/// recordings say nothing.
///
/// Both have to be valid. Takes time and memory in proportion to them, at any depth; at most `most`
/// differences are told.
JsonDifferences jsonDifferences(const JsonText &left, const JsonText &right,
                                qsizetype most = 10'000);

/// Whether a value is what Redactor puts in place of a secret: "~7f2a", "~7f2a****".
bool isFingerprint(QStringView text);

/// A number that is the same for values without a difference.
quint64 jsonValueHash(const JsonText &json, JsonText::Node node = 0);

} // namespace sightglass
