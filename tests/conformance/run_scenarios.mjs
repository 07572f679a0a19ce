// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs the official conformance suite against our client, and fails where a check failed, where one warned, and where
// none ran; and where the client says that it sent a message which the schema of its revision does not allow. All client scenarios, one after the other, then the sets of what the revisions require.
// Usage: node run_scenarios.mjs CLIENT [SCENARIO...]; with scenarios only these.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [client, ...named] = process.argv.slice(2);
const suite = join(dirname(fileURLToPath(import.meta.url)), '../npm/node_modules/@modelcontextprotocol/conformance/dist/index.js');
const Revisions = ['2025-11-25', '2026-07-28'];

function run(...options) {
    const ran = spawnSync(process.execPath, [suite, ...options], { encoding: 'utf8', timeout: 240000 });
    return { status: ran.status, output: (ran.stdout ?? '') + (ran.stderr ?? '') };
}

/** The names that `list` prints under a heading, one a line: "  - name [revisions]". */
function listed(options, heading) {
    const { output } = run('list', ...options);
    const names = [];
    let inside = heading === '';
    for (const line of output.split('\n')) {
        const entry = /^\s+-\s+(\S+)/.exec(line);
        if (entry && inside) names.push(entry[1]);
        else if (!entry && line.trim() !== '' && heading !== '') inside = line.toLowerCase().includes(heading);
    }
    return names;
}

/** A file that the suite left of a scenario, whose folder has its name (which may be a path) and the time; else nothing. */
function fileOf(folder, scenario, file) {
    const above = join(folder, dirname(scenario));
    if (!existsSync(above)) return '';
    const name = readdirSync(above).find((one) => one.startsWith(`${basename(scenario)}-2`));
    return name ? readFileSync(join(above, name, file), 'utf8') : '';
}

function checksOf(folder, scenario) {
    return JSON.parse(fileOf(folder, scenario, 'checks.json') || '[]');
}

/** What the client says of all that it sent. */
function sentOf(folder, scenario) {
    const told = fileOf(folder, scenario, 'stderr.txt');
    const [, judged, invalid] = /^conformance-client: (\d+) messages judged, (\d+) invalid$/m.exec(told) ?? [];
    return { judged: Number(judged ?? 0), invalid: Number(invalid ?? 0), lines: told.split('\n').filter((line) => line.includes('invalid message')) };
}

let failed = 0;
let passed = 0;
let sentMessages = 0;
function judge(title, folder, scenario, green, output) {
    const checks = checksOf(folder, scenario);
    const good = checks.filter((check) => check.status === 'SUCCESS').length;
    const bad = checks.filter((check) => check.status === 'FAILURE' || check.status === 'WARNING');
    const sent = sentOf(folder, scenario);
    sentMessages += sent.judged;
    const fine = green && bad.length === 0 && good > 0 && sent.judged > 0 && sent.invalid === 0;
    console.log(`${fine ? 'ok' : 'FAILED'} ${title}: ${good} checks passed, ${bad.length} failed; ${sent.judged} messages sent, ${sent.invalid} invalid`);
    if (!fine) {
        console.log(JSON.stringify(bad, null, 1));
        for (const line of sent.lines) console.log(line);
        console.log(output.slice(-4000));
    }
    fine ? ++passed : ++failed;
}

function inFolder(use) {
    const folder = mkdtempSync(join(tmpdir(), 'sightglass-conformance-'));
    try {
        use(folder);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

const scenarios = named.length > 0 ? named : listed(['--client'], '');
for (const scenario of scenarios) {
    inFolder((folder) => {
        const { status, output } = run('client', '--command', client, '--scenario', scenario, '-o', folder);
        judge(scenario, folder, scenario, status === 0, output);
    });
}

for (const revision of named.length > 0 ? [] : Revisions) {
    inFolder((folder) => {
        const { output } = run('client', '--command', client, '--requirements', revision, '-o', folder);
        const ran = [...output.matchAll(/^([✓✗]) (\S+):/gm)];
        for (const [, mark, scenario] of ran) judge(`${scenario} of ${revision}`, folder, scenario, mark === '✓', output);
        const required = listed(['--requirements', revision], 'client');
        const missing = required.filter((scenario) => !ran.some(([, , other]) => other === scenario));
        if (required.length === 0 || missing.length > 0) {
            console.log(`FAILED requirements of ${revision}: not run: ${missing.join(', ') || 'all'}`);
            ++failed;
        }
    });
}

console.log(`${passed} passed, ${failed} failed; ${sentMessages} messages sent were judged`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
