// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace sightglass {

enum class LabColour { Blue, Amber, Green };

/// A picture of a sight glass, `size` pixels wide and high, as PNG (RFC 2083) with transparency.
/// Drawn by hand, because the core knows no screen.
QByteArray labSightGlassPng(int size, LabColour colour);

/// A bell of `frequency` hertz that fades within `seconds`, as WAV (16 bit, one channel, 22,050
/// Hz).
QByteArray labBellWav(double frequency, double seconds);

} // namespace sightglass
