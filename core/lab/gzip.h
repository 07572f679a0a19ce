// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace sightglass {

/// A member of gzip (RFC 1952) that holds the bytes.
QByteArray labGzipped(const QByteArray &bytes);

} // namespace sightglass
