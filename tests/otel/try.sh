#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# Sends spans to a real OpenTelemetry Collector and looks at what it makes of them. By hand, where
# Go is installed: the tests judge what is sent by the protocol's schema.
#   tests/otel/try.sh [FOLDER OF THE PROGRAMS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
programs=${1:-../../build/dev/bin}
work=$(mktemp -d)
collector=
lab=
trap 'kill $collector $lab 2>/dev/null || true; rm -rf "$work"' EXIT

go build -o "$work/collector" .
"$work/collector" --config 'yaml:{receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:43180"}}}},
  exporters: {debug: {verbosity: detailed}}, service: {telemetry: {metrics: {level: none}},
  pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}}' >"$work/log" 2>&1 &
collector=$!
"$programs/sightglass-cli" lab --port 43181 >/dev/null 2>&1 &
lab=$!
for _ in $(seq 100); do
    grep -q 'Everything is ready' "$work/log" && break
    read -rt 0.1 <> <(:) || true
done
"$programs/sightglass-cli" call http://127.0.0.1:43181/mcp add --args '{"a": 1, "b": 2}' \
    --otlp http://127.0.0.1:43180 --trace "$work/call.sgtrace"
"$programs/sightglass-cli" trace "$work/call.sgtrace" --otlp http://127.0.0.1:43180
kill $collector
wait $collector 2>/dev/null || true
collector=
for wanted in 'Name           : tools/call add' 'Kind           : Client' 'gen_ai.tool.name: Str(add)' \
    'mcp.method.name: Str(tools/call)' 'http.response.status_code: Int(200)'; do
    grep -qF -- "$wanted" "$work/log" || { echo "The collector did not say: $wanted"; cat "$work/log"; exit 1; }
done
echo "The collector took them: $(grep -c '^Span #' "$work/log") spans."
