// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace sightglass {

/// Takes the same time for every wrong value of the same length.
bool labEqualSecrets(QByteArrayView a, QByteArrayView b);
/// 32 random bytes of the system.
QByteArray labRandomBytes();
/// Base64url of such: nobody guesses it.
QByteArray labRandomText();
/// Base64url of SHA-256: the code challenge of a verifier (RFC 7636, 4.2), and under which name
/// secrets are kept, so that looking one up tells nothing by the time that it takes.
QByteArray labDigest(const QByteArray &text);

} // namespace sightglass
