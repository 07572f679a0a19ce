// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/auth/login/credential_store.h"

namespace sightglass {

/// The name of an entry in the keychain: another one for each key.
QString entryName(const CredentialKey &key);
/// The name of the entry that tells which entries a resource has.
QString indexName(const QString &resource);

/// What stands in that entry. No secrets.
QByteArray indexText(const QList<CredentialKey> &keys);
/// Of what is malformed, that which can be read.
QList<CredentialKey> readIndex(const QByteArray &text, const QString &resource);

} // namespace sightglass
