// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// usage: node sdk_client.mjs NODE_MODULES events|calls URL COUNT
// The official TypeScript SDK's client as the yardstick: counts notifications from the first to the
// last, or pings one after another. Prints count, seconds, peak resident kilobytes, 0, processor
// seconds, 0 (the words that bench_wire reads of each receiver).
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, job, url, text] = process.argv.slice(2);
const count = Number(text);
const sdk = path.join(modules, '@modelcontextprotocol/sdk/dist/esm/client');
const load = (file) => import(pathToFileURL(path.join(sdk, file)).href);
const { Client } = await load('index.js');
const { StreamableHTTPClientTransport } = await load('streamableHttp.js');

const report = (from) => {
    const seconds = Number(process.hrtime.bigint() - from) / 1e9;
    const used = process.cpuUsage(usedBefore);
    const processor = (used.user + used.system) / 1e6;
    console.log(`${count} ${seconds} ${process.resourceUsage().maxRSS} 0 ${processor} 0`);
    process.exit(0);
};

const begin = () => {
    began = process.hrtime.bigint();
    usedBefore = process.cpuUsage();
};

const client = new Client({ name: 'bench', version: '1' });
let seen = 0;
let began;
let usedBefore;
client.fallbackNotificationHandler = async () => {
    if (seen++ === 0) begin();
    if (seen === count) report(began);
};
await client.connect(new StreamableHTTPClientTransport(new URL(url)));
if (job === 'calls') {
    begin();
    for (let i = 0; i < count; ++i) await client.ping();
    report(began);
}
