#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# usage: packaging/take_pictures.sh [PROGRAMS]
# Makes the pictures of all pages anew, with the program itself and its lab.
# PROGRAMS is the folder of the programs (build/release/bin).
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
