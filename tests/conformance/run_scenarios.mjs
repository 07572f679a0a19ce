// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs client scenarios of the official conformance suite against our client, and fails where a check failed or
// where none ran. Usage: node run_scenarios.mjs CLIENT SCENARIO...
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [client, ...scenarios] = process.argv.slice(2);
const suite = join(dirname(fileURLToPath(import.meta.url)), '../npm/node_modules/@modelcontextprotocol/conformance/dist/index.js');

function findChecks(folder) {
    for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) {
            const found = findChecks(path);
            if (found) return found;
        } else if (name === 'checks.json') {
            return JSON.parse(readFileSync(path, 'utf8'));
        }
    }
    return null;
}

let failed = 0;
let passed = 0;
for (const scenario of scenarios) {
    const folder = mkdtempSync(join(tmpdir(), 'sightglass-conformance-'));
    const run = spawnSync(process.execPath, [suite, 'client', '--command', client, '--scenario', scenario, '-o', folder], {
        encoding: 'utf8',
        timeout: 60000,
    });
    const checks = findChecks(folder) ?? [];
    const good = checks.filter((check) => check.status === 'SUCCESS').length;
    const bad = checks.filter((check) => check.status === 'FAILURE' || check.status === 'WARNING');
    const green = run.status === 0 && bad.length === 0 && good > 0;
    console.log(`${green ? 'ok' : 'FAILED'} ${scenario}: ${good} checks passed, ${bad.length} failed`);
    if (!green) {
        console.log(JSON.stringify(bad, null, 1));
        console.log((run.stdout + run.stderr).slice(-4000));
    }
    green ? ++passed : ++failed;
    rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
