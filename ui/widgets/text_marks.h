// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

class QLineEdit;
#include <QtGlobal>

namespace sightglass {

/// Underlines `length` characters of the line from `start` in the colour of failure; a length of 0
/// takes the mark away. The text stays as it is.
void markText(QLineEdit *edit, qsizetype start, qsizetype length);

} // namespace sightglass
