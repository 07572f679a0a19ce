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
folder=build/demo
mkdir -p "$folder"
lab_pid=
stop_lab() {
    if [ -n "$lab_pid" ]; then
        kill "$lab_pid" 2>/dev/null || true
        wait "$lab_pid" 2>/dev/null || true
        lab_pid=
    fi
}
trap stop_lab EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

"$bin/sightglass-cli" lab >"$folder/lab.out" 2>"$folder/lab.log" </dev/null &
lab_pid=$!
url=
for _ in $(seq 100); do
    url=$(grep -ohm1 'http://127\.0\.0\.1:[0-9]*[^ ]*' "$folder/lab.out" "$folder/lab.log" | head -n 1 || true)
    [ -n "$url" ] && break
    kill -0 "$lab_pid" 2>/dev/null || { cat "$folder/lab.log" >&2; say "The lab ended before it served"; exit 1; }
    sleep 0.1
done
[ -n "$url" ] || { say "The lab did not say within 10 seconds where it listens"; exit 1; }

# Shown in the terminal before it runs, so that it can be typed again.
show() { printf '\n$ sightglass-cli %s\n' "$*"; "$bin/sightglass-cli" "$@" </dev/null; }

export SIGHTGLASS_DEMO_TOKEN=demo-token-of-this-run
echo "The lab, an MCP server that is built in, listens on $url"
show tools "$url" --bearer-env SIGHTGLASS_DEMO_TOKEN
show call "$url" add --args '{"a": 2, "b": 40}' --bearer-env SIGHTGLASS_DEMO_TOKEN --trace "$folder/call.sgtrace"
show trace "$folder/call.sgtrace"
stop_lab

picture=$folder/window.png
rm -f "$picture"
QT_QPA_PLATFORM=offscreen "$bin/sightglass" --demo --screenshot "$picture" --size 1280x800 </dev/null
[ -s "$picture" ] || { say "The window was not drawn"; exit 1; }
printf '\nThe window, connected to the lab, looks like this: %s\n' "$picture"
