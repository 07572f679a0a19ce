#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds Sightglass and opens its window on the built-in lab server. Where there
# is no display it does the same job in the terminal and takes a picture.
# Arguments go to the program instead of --demo: ./run.sh https://example.org/mcp
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. packaging/install_missing.sh

display=no
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && display=yes

wanted=("${build_packages[@]}" "${builder_packages[@]}" "${picture_packages[@]}")
# Qt's Wayland part is a package of its own; with an X server beside it Qt does without.
if [ -n "${WAYLAND_DISPLAY:-}" ] && [ -z "${DISPLAY:-}" ]; then
    wanted+=(qt6-wayland)
fi
install_missing "${wanted[@]}"

if [ ! -e build/release/build.ninja ]; then
    say "Configuring the release build in build/release"
    cmake --preset release >&2
fi
say "Building (the first time takes some minutes)"
cmake --build --preset release >&2
bin=$PWD/build/release/bin

if [ "$display" = yes ]; then
    [ $# -gt 0 ] || set -- --demo
    say "Opening the window: sightglass $*"
    exec "$bin/sightglass" "$@"
fi

say "No display (neither DISPLAY nor WAYLAND_DISPLAY is set): the same job in the terminal"
exec packaging/demo_in_terminal.sh "$bin" build/demo
