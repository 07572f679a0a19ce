// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

class QScrollArea;
class QWidget;

namespace sightglass {

/// A content that is as wide as its place and scrolls downwards, on the background of its place.
/// The keyboard goes to what is in it. Takes the content; belongs to the parent.
QScrollArea *pageScroll(QWidget *content, QWidget *parent);

} // namespace sightglass
