// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// A small server on the official SDK 2.x (revision 2026-07-28, and the older ones as the SDK serves them): everything
// that servers of the modern era offer. Over HTTP on loopback with "http" as its argument (prints its URL), else on
// its standard streams.
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
    McpServer,
    ResourceTemplate,
    acceptedContent,
    completable,
    createMcpHandler,
    createRequestStateCodec,
    inputRequired,
} from '@modelcontextprotocol/server';
import { SkillsExtension, memorySkillFiles } from '@modelcontextprotocol/server/ext/skills';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const state = createRequestStateCodec({ key: randomBytes(32), ttlSeconds: 600 });
const text = (words) => ({ content: [{ type: 'text', text: words }] });
const Colours = ['red', 'green', 'blue'];

const skills = await SkillsExtension.load(
    memorySkillFiles({
        'steep-tea/SKILL.md': [
            '---',
            'name: steep-tea',
            'description: >-',
            '  Steep tea',
            '  as it should be',
            'license: "Apache-2.0"',
            'metadata:',
            '  version: "1.10"',
            "  minutes: '3'",
            '---',
            '',
            'See references/TIMES.md.',
            '',
        ].join('\n'),
        'steep-tea/references/TIMES.md': 'Black: 3 to 5 minutes.\n',
        'steep-tea/leaf.bin': new Uint8Array([0, 255, 1, 254]),
    }),
);

let extraOffered = false;
let note = 'first';
/** Tell every stream of notices; over stdio the instance itself does. */
let notify = null;

function build() {
    const server = new McpServer(
        { name: 'modern-test', title: 'Modern test server', version: '1.0.0' },
        {
            instructions: 'Use what you like.',
            capabilities: {
                tools: { listChanged: true },
                resources: { listChanged: true, subscribe: true },
                prompts: { listChanged: true },
                logging: {},
                completions: {},
            },
            requestState: { verify: state.verify },
        },
    );

    server.registerTool(
        'add',
        {
            title: 'Add',
            description: 'Adds two numbers, somewhere',
            inputSchema: z.object({
                a: z.number(),
                b: z.number(),
                region: z.string().meta({ 'x-mcp-header': 'Region' }).optional(),
            }),
            outputSchema: z.object({ sum: z.number() }),
            annotations: { readOnlyHint: true },
        },
        async ({ a, b }) => ({ ...text(String(a + b)), structuredContent: { sum: a + b } }),
    );

    server.registerTool('fail', { description: 'Says that it failed', inputSchema: z.object({}) }, async () => ({
        isError: true,
        ...text('as asked'),
    }));

    server.registerTool(
        'count',
        { description: 'Counts and tells how far it is', inputSchema: z.object({ to: z.number().int() }) },
        async ({ to }, ctx) => {
            const progressToken = ctx.mcpReq._meta?.progressToken;
            for (let i = 1; i <= to && !ctx.mcpReq.signal.aborted; ++i) {
                await new Promise((resolve) => setTimeout(resolve, 30));
                await ctx.mcpReq.log(i % 2 ? 'debug' : 'warning', `at ${i}`, 'count');
                if (progressToken !== undefined) {
                    await ctx.mcpReq.notify({
                        method: 'notifications/progress',
                        params: { progressToken, progress: i, total: to, message: `step ${i}` },
                    });
                }
            }
            return text(`counted to ${to}`);
        },
    );

    // First a form, then a page to open; the state says how far it is.
    server.registerTool(
        'book',
        { description: 'Books a table', inputSchema: z.object({ when: z.string() }) },
        async ({ when }, ctx) => {
            const reached = ctx.mcpReq.requestState()?.step;
            if (reached === 'paying') {
                const action = ctx.mcpReq.inputResponses?.pay?.action;
                return text(action === 'accept' ? `booked for ${when}` : 'not paid');
            }
            const party = acceptedContent(ctx.mcpReq.inputResponses, 'party');
            if (!party) {
                const declined = ctx.mcpReq.inputResponses?.party !== undefined;
                if (declined) return text('no table');
                return inputRequired({
                    inputRequests: {
                        party: inputRequired.elicit({
                            message: 'For how many?',
                            requestedSchema: {
                                type: 'object',
                                properties: {
                                    people: { type: 'integer', minimum: 1, default: 2 },
                                    window: { type: 'boolean' },
                                },
                                required: ['people'],
                            },
                        }),
                    },
                    requestState: await state.mint({ step: 'asking' }),
                });
            }
            return inputRequired({
                inputRequests: {
                    pay: inputRequired.elicitUrl({ message: `Pay for ${party.people}`, url: 'https://example.org/pay' }),
                },
                requestState: await state.mint({ step: 'paying' }),
            });
        },
    );

    // A model's answer and the folders, in one round and without a state.
    server.registerTool(
        'muse',
        { description: 'Muses over the folders', inputSchema: z.object({}) },
        async (_, ctx) => {
            const { thought, folders } = ctx.mcpReq.inputResponses ?? {};
            if (thought === undefined || folders === undefined) {
                return inputRequired({
                    inputRequests: {
                        thought: inputRequired.createMessage({
                            messages: [{ role: 'user', content: { type: 'text', text: 'Muse.' } }],
                            maxTokens: 10,
                        }),
                        folders: inputRequired.listRoots(),
                    },
                });
            }
            return text(`${thought.content.text} in ${folders.roots.map((root) => root.uri).join(' ')}`);
        },
    );

    const extra = server.registerTool('extra', { description: 'Comes and goes', inputSchema: z.object({}) }, async () =>
        text('here'),
    );
    if (!extraOffered) extra.disable();
    server.registerTool('flip', { description: 'Lets “extra” come and go', inputSchema: z.object({}) }, async () => {
        extraOffered = !extraOffered;
        extraOffered ? extra.enable() : extra.disable();
        notify?.toolsChanged();
        return text(extraOffered ? 'came' : 'went');
    });
    server.registerTool(
        'write',
        { description: 'Changes the note', inputSchema: z.object({ words: z.string() }) },
        async ({ words }) => {
            note = words;
            if (notify) notify.resourceUpdated('note://it');
            else await server.server.sendResourceUpdated({ uri: 'note://it' });
            return text('written');
        },
    );

    server.registerResource('note', 'note://it', { title: 'The note', mimeType: 'text/plain' }, async (uri) => ({
        contents: [{ uri: uri.href, mimeType: 'text/plain', text: note }],
    }));
    server.registerResource('bytes', 'note://bytes', { mimeType: 'application/octet-stream' }, async (uri) => ({
        contents: [{ uri: uri.href, mimeType: 'application/octet-stream', blob: 'AP8B' }],
    }));
    server.registerResource('secret', 'note://secret', {}, async (uri, ctx) => {
        const word = acceptedContent(ctx.mcpReq.inputResponses, 'word');
        if (!word) {
            return inputRequired({
                inputRequests: {
                    word: inputRequired.elicit({
                        message: 'The word?',
                        requestedSchema: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
                    }),
                },
            });
        }
        return { contents: [{ uri: uri.href, text: `said ${word.word}` }] };
    });
    server.registerResource(
        'colour',
        new ResourceTemplate('colour://{name}', {
            list: undefined,
            complete: { name: (value) => Colours.filter((colour) => colour.startsWith(value)) },
        }),
        { title: 'A colour' },
        async (uri, { name }) => ({ contents: [{ uri: uri.href, text: `the colour ${name}` }] }),
    );

    server.registerPrompt(
        'paint',
        {
            title: 'Paint',
            description: 'Paints something',
            argsSchema: z.object({
                what: z.string(),
                colour: completable(z.string(), (value) => Colours.filter((colour) => colour.startsWith(value))),
            }),
        },
        ({ what, colour }) => ({
            messages: [{ role: 'user', content: { type: 'text', text: `Paint ${what} in ${colour}.` } }],
        }),
    );

    skills.attach(server);
    return server;
}

if (process.argv[2] === 'http') {
    const handler = createMcpHandler(build);
    notify = handler.notify;
    const http = createServer(toNodeHandler(handler));
    http.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${http.address().port}/mcp`));
} else {
    serveStdio(build);
}
