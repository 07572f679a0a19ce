// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz_targets.h"

#include <cstdio>
#include <cstdlib>

namespace sightglass::fuzz {

const QList<NamedTarget> &targets()
{
    static const QList<NamedTarget> all = {
        {"auth_header", fuzzAuthHeader},
        {"filter", fuzzFilter},
        {"har", fuzzHar},
        {"http_head", fuzzHttpHead},
        {"json_view", fuzzJsonView},
        {"metadata", fuzzMetadata},
        {"rpc_message", fuzzRpcMessage},
        {"sse", fuzzSse},
        {"stdio", fuzzStdio},
        {"trace_file", fuzzTraceFile},
    };
    return all;
}

Target targetNamed(QByteArrayView name)
{
    for (const NamedTarget &target : targets()) {
        if (name == target.name)
            return target.run;
    }
    return nullptr;
}

void require(bool holds, const char *rule)
{
    if (holds)
        return;
    std::fprintf(stderr, "This does not hold: %s\n", rule);
    std::fflush(stderr);
    std::abort();
}

} // namespace sightglass::fuzz
