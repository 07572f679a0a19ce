// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

namespace sightglass {

/// Where the YAML front matter that heads a Markdown text differs from a JSON object that should
/// be a copy of it, as the rest of a sentence ("“name” in its front matter is not what its entry
/// says"). Empty: they agree. Front matter that cannot be read differs, too. The order of keys is
/// no difference, nor is the way in which a value is spelled.
QString frontMatterDifference(const QByteArray &markdown, const QByteArray &json);

} // namespace sightglass
