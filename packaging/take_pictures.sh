#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# usage: packaging/take_pictures.sh [PROGRAMS]
# Makes the pictures of all pages anew, with the program itself and its lab.
# PROGRAMS is the folder of the programs (build/release/bin). Where bench_frames was built, too (CMake's
# SIGHTGLASS_TESTS=ON), it writes a recording of a million exchanges and one of a million events for the others.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=${1:-build/release/bin}/sightglass

# Nobody's own settings in the pictures.
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME=$home XDG_CONFIG_HOME=$home XDG_RUNTIME_DIR=$home QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8

picture() {
    local page=$1 theme
    shift
    for theme in light dark; do
        "$program" --demo "$@" --page "$page" --theme "$theme" --size 1280x800 \
            --screenshot "packaging/screenshots/$page-$theme.png" </dev/null
    done
}
picture tools
picture traffic --like AF-01
picture access --like AF-01
picture findings --like AF-01
for page in resources prompts tasks requests console server; do
    picture "$page"
done

# recording PICTURE FILE THEME
recording() {
    "$program" "$2" --page traffic --theme "$3" --size 1280x800 --screenshot "packaging/screenshots/$1-$3.png" </dev/null
}
bench=$(dirname "$(dirname "$program")")/tests/bench_frames
if [ -x "$bench" ]; then
    "$bench" --write-exchanges "$home/million.sgtrace"
    "$bench" --write-events "$home/million-events.sgtrace"
    recording million "$home/million.sgtrace" light
    recording million "$home/million.sgtrace" dark
    mkdir -p "$home/Sightglass"
    printf '[traffic]\nsequence=true\n' >"$home/Sightglass/sightglass.conf"
    recording million-sequence "$home/million.sgtrace" light
    recording million-sequence "$home/million-events.sgtrace" dark
fi
