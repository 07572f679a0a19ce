#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# usage: demo_in_terminal.sh PROGRAMS OUT
# Sightglass without a display: runs the built-in lab, lists its tools, calls
# one, shows the exchanges and the credential matrix, and takes a picture of
# the window. PROGRAMS is the folder of the programs; OUT gets the recording and the picture.
set -euo pipefail
programs=$1
out=$2
mkdir -p "$out"

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

# The lab asks for this token, so the matrix has something to show.
export SIGHTGLASS_DEMO_TOKEN=demo-token-of-this-run
"$programs/sightglass-cli" lab --bearer-env SIGHTGLASS_DEMO_TOKEN >"$out/lab.out" 2>"$out/lab.log" </dev/null &
lab_pid=$!
url=
for _ in $(seq 100); do
    url=$(grep -ohm1 'http://127\.0\.0\.1:[0-9]*/[a-z]*' "$out/lab.out" "$out/lab.log" | head -n 1 || true)
    [ -z "$url" ] || break
    if ! kill -0 "$lab_pid" 2>/dev/null; then
        cat "$out/lab.log" >&2
        echo "The lab ended before it served." >&2
        exit 1
    fi
    sleep 0.1
done
if [ -z "$url" ]; then
    echo "The lab did not say within 10 seconds where it listens." >&2
    exit 1
fi

# Prints a command as one would type it, then runs it.
show() {
    local word line='sightglass-cli'
    for word in "$@"; do
        [[ $word =~ ^[A-Za-z0-9_./:=-]+$ ]] || word="'$word'"
        line+=" $word"
    done
    printf '\n$ %s\n' "$line"
    "$programs/sightglass-cli" "$@" </dev/null
}

echo "The built-in lab, an MCP server to practise on, listens on $url"
show tools "$url" --bearer-env SIGHTGLASS_DEMO_TOKEN
# A revision with a session and an event stream: there is more to see.
show call "$url" add --args '{"a": 2, "b": 40}' --revision 2025-11-25 --bearer-env SIGHTGLASS_DEMO_TOKEN --trace "$out/call.sgtrace"
show trace "$out/call.sgtrace"
stop_lab

rm -f "$out/window.png"
QT_QPA_PLATFORM=offscreen "$programs/sightglass" --demo --screenshot "$out/window.png" --size 1280x800 </dev/null
if [ ! -s "$out/window.png" ]; then
    echo "The window was not drawn." >&2
    exit 1
fi
printf '\nThe window, connected to the lab, looks like this: %s\n' "$out/window.png"
