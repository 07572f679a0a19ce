#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# usage: check_installed_files.sh PACKAGING_FOLDER BUILT_PACKAGING_FOLDER
# Desktop file, AppStream metadata, manual pages and completion are valid.
set -euo pipefail
sources=$1
built=$2

desktop-file-validate "$sources/sightglass.desktop"
appstreamcli validate --no-net "$built"/*.metainfo.xml

for page in sightglass.1 sightglass-cli.1; do
    complaints=$(LC_ALL=C.UTF-8 MANROFFSEQ=t MANWIDTH=80 \
        man --warnings --encoding=UTF-8 --local-file --ditroff "$built/$page" 2>&1 >/dev/null)
    if [ -n "$complaints" ]; then
        printf '%s: %s\n' "$page" "$complaints"
        exit 1
    fi
    gzip --test "$built/$page.gz"
done

bash -n "$sources/sightglass-cli.bash"
