#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# usage: check_house.sh SOURCE_FOLDER
# The rules of CONTRIBUTING.md that can be read off the text.
set -euo pipefail
cd "$1"
broken=0

# rule WORDS FILES...: FILES are the ones that break it.
rule() {
    local words=$1
    shift
    [ $# -eq 0 ] && return
    printf '%s:\n' "$words"
    printf '  %s\n' "$@"
    broken=1
}

mapfile -d '' -t sources < <(find core ui app tests -name node_modules -prune -o \
    \( -name '*.cpp' -o -name '*.h' \) -print0)
mapfile -d '' -t others < <(find . \( -name node_modules -o -name build -o -name .git \) -prune -o \
    \( -name CMakeLists.txt -o -name '*.cmake' -o -name '*.sh' -o -name '*.mjs' -o -name '*.1.in' \
    -o -name '*.bash' -o -name '*.desktop' -o -path './.ci/run' \) -print0)
if [ ${#sources[@]} -lt 30 ]; then
    echo "Only ${#sources[@]} source files found below $PWD: this test looks in the wrong place."
    exit 1
fi

# with PATTERN FILES...: the files in which the pattern stands.
with() { grep -lE -- "$@" || true; }
without() { grep -LF -- "$@" || true; }
lines() { mapfile -t found; }

lines < <(without 'SPDX-License-Identifier: Apache-2.0' "${sources[@]}" "${others[@]}")
rule "Files without an SPDX licence line" "${found[@]}"
lines < <(without 'SPDX-FileCopyrightText:' "${sources[@]}" "${others[@]}")
rule "Files without an SPDX copyright line" "${found[@]}"

lines < <(with '^[^/]*\bQNetworkAccessManager\b' "${sources[@]}" \
    | grep -vE '^(core/http/http_gate[^/]*|tests/(unit/http|bench)/.*)$')
rule "Rule 1, one way out: QNetworkAccessManager is named outside of core/http/http_gate*" "${found[@]}"

lines < <(with '#include *[<"](QtGui|QtWidgets|QGuiApplication|QApplication|QWidget|QWindow|QImage|QPixmap|QColor|QFont|QPainter|QIcon|QPalette|ui/)' \
    "${sources[@]}" | grep -E '^core/')
rule "Rule 4, the core knows no screen: an include of Gui, Widgets or ui/" "${found[@]}"

lines < <(with '#include *[<"](QtNetwork|QNetwork|QTcp|QUdp|QSsl|QTimer|QFile\b|QObject)' "${sources[@]}" \
    | grep -E '^core/(sse|jsonrpc|diagnose)/')
rule "Rule 3, protocol without I/O: sockets, clocks, files or QObjects in protocol code" "${found[@]}"

lines < <(with '^[^"/]*\b(throw|catch)\b *[A-Za-z0-9_:(;]' "${sources[@]}" | grep -E '^(core|ui|app)/')
rule "Rule 6, a failure is a value: exceptions are used" "${found[@]}"

lines < <(find core ui app -name '*.cpp' -size +28k -o -name '*.h' -size +16k)
rule "Files that grew too large to be one thing" "${found[@]}"

lines < <(with '\bQSKIP\b|\bQEXPECT_FAIL\b' "${sources[@]}")
rule "Tests that are skipped or expected to fail" "${found[@]}"

exit $broken
