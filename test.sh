#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# Installs what the tests need, builds the preset "dev" and runs every test.
# Arguments go to ctest: ./test.sh -R unit_sse
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. packaging/install_missing.sh

install_missing "${build_packages[@]}" "${builder_packages[@]}" "${picture_packages[@]}" "${test_packages[@]}"
# Whoever has Node.js from elsewhere keeps it; npm alone is used, the servers run on a pinned Node.js.
command -v npm >/dev/null || install_missing npm

# node_modules stays as long as the lock file is the one it was made from.
stamp=tests/npm/node_modules/.sightglass-lock
if ! cmp -s tests/npm/package-lock.json "$stamp"; then
    say "Installing the pinned npm packages of the tests"
    for try in 1 2 3; do
        if npm ci --prefix tests/npm --no-audit --no-fund --loglevel=error </dev/null >&2; then break; fi
        [ "$try" -lt 3 ] || { say "npm ci failed"; exit 1; }
        sleep $((try * 5))
    done
    cp tests/npm/package-lock.json "$stamp"
fi

jobs=$(nproc)
# Where nothing was built before, sources that are compiled together take half the time.
cmake --preset dev ${CI:+-DCMAKE_UNITY_BUILD=ON} >&2
cmake --build --preset dev --parallel "$jobs" >&2
# A run that found no tests has tested nothing.
ctest --preset dev --no-tests=error -j3 "$@" </dev/null
