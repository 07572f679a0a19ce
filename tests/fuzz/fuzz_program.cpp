// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz_targets.h"

#include <cstddef>
#include <cstdint>

/// What libFuzzer calls with every input that it thinks of.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const sightglass::fuzz::Target run =
        sightglass::fuzz::targetNamed(SIGHTGLASS_FUZZ_TARGET);
    run(QByteArrayView(reinterpret_cast<const char *>(data), qsizetype(size)));
    return 0;
}
