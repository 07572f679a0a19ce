// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// A small server on the official SDK 1.x (the revisions with a handshake): lists in pages, requests to the client,
// subscriptions, lists that change, streams that break. Its argument says how it is reached: "http" (answers as event
// streams) or "json" (answers as JSON), both on loopback with the URL printed; else on its standard streams.
import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import * as types from '@modelcontextprotocol/sdk/types.js';
import express from 'express';
import { EventStore } from './event-store.mjs';

const way = process.argv[2] ?? 'stdio';
const text = (words) => ({ content: [{ type: 'text', text: words }] });
const object = (properties = {}, required = []) => ({ type: 'object', properties, required });
const string = { type: 'string' };

/** One page of a list; its cursor is where the next begins. */
function page(key, entries, size, cursor) {
    const from = Number(cursor ?? 0);
    const result = { [key]: entries.slice(from, from + size) };
    if (from + size < entries.length) result.nextCursor = String(from + size);
    return result;
}

function newServer() {
    const server = new Server(
        { name: 'sdk-server', title: 'Server on the SDK 1.x', version: '1.0.0' },
        {
            capabilities: {
                tools: { listChanged: true },
                resources: { listChanged: true, subscribe: true },
                prompts: { listChanged: true },
                logging: {},
                completions: {},
            },
            instructions: 'Nothing special.',
        },
    );
    const subscribed = new Set();
    let grown = 0;

    const tools = {
        echo: {
            inputSchema: object({ words: string }, ['words']),
            call: ({ words }) => text(words),
        },
        structured: {
            inputSchema: object(),
            outputSchema: object({ degrees: { type: 'number' } }, ['degrees']),
            call: () => ({ ...text('{"degrees":21.5}'), structuredContent: { degrees: 21.5 } }),
        },
        ask: {
            inputSchema: object(),
            call: async (_, { sendRequest }) => {
                const params = {
                    message: 'Which one?',
                    requestedSchema: object({ one: { type: 'string', enum: ['a', 'b'], default: 'b' } }, ['one']),
                };
                const answer = await sendRequest({ method: 'elicitation/create', params }, types.ElicitResultSchema);
                return text(answer.action === 'accept' ? `chose ${answer.content.one}` : answer.action);
            },
        },
        think: {
            inputSchema: object(),
            call: async (_, { sendRequest }) => {
                const params = {
                    messages: [
                        { role: 'user', content: { type: 'text', text: 'What is it?' } },
                        { role: 'user', content: { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' } },
                    ],
                    systemPrompt: 'Be brief.',
                    modelPreferences: { hints: [{ name: 'small' }], speedPriority: 1 },
                    maxTokens: 7,
                };
                const answer = await sendRequest(
                    { method: 'sampling/createMessage', params },
                    types.CreateMessageResultSchema,
                );
                return text(`${answer.model}: ${answer.content.text}`);
            },
        },
        where: {
            inputSchema: object(),
            call: async (_, { sendRequest }) => {
                const answer = await sendRequest({ method: 'roots/list' }, types.ListRootsResultSchema);
                return text(answer.roots.map((root) => root.uri).join(' ') || 'nowhere');
            },
        },
        impatient: {
            // Takes its question back after a while.
            inputSchema: object(),
            call: async (_, { sendRequest }) => {
                const params = { message: 'Quick!', requestedSchema: object({ a: string }) };
                try {
                    await sendRequest({ method: 'elicitation/create', params }, types.ElicitResultSchema, { timeout: 200 });
                    return text('in time');
                } catch {
                    return text('too late');
                }
            },
        },
        pings: {
            inputSchema: object(),
            call: async (_, { sendRequest }) => {
                await sendRequest({ method: 'ping' }, types.EmptyResultSchema);
                return text('pong');
            },
        },
        unknown: {
            // Asks for something that no client knows.
            inputSchema: object(),
            call: async (_, { sendRequest }) => {
                try {
                    await sendRequest({ method: 'no/such' }, types.EmptyResultSchema);
                    return text('answered');
                } catch (error) {
                    return text(`error ${error.code}`);
                }
            },
        },
        count: {
            inputSchema: object({ to: { type: 'integer' } }, ['to']),
            call: async ({ to }, { sendNotification, signal, _meta }) => {
                for (let i = 1; i <= to && !signal.aborted; ++i) {
                    await new Promise((resolve) => setTimeout(resolve, 20));
                    if (_meta?.progressToken !== undefined) {
                        const params = { progressToken: _meta.progressToken, progress: i, total: to, message: `at ${i}` };
                        await sendNotification({ method: 'notifications/progress', params });
                    }
                }
                await server.sendLoggingMessage({ level: 'notice', logger: 'count', data: { to, ended: !signal.aborted } });
                return text(`counted to ${to}`);
            },
        },
        cut: {
            // Breaks the stream of its own answer; on others than HTTP there is nothing to break.
            inputSchema: object(),
            call: async (_, { closeSSEStream }) => {
                closeSSEStream?.();
                await new Promise((resolve) => setTimeout(resolve, 100));
                return text(closeSSEStream ? 'resumed' : 'whole');
            },
        },
        grow: {
            inputSchema: object(),
            call: async () => {
                ++grown;
                await server.sendToolListChanged();
                await server.sendPromptListChanged();
                await server.sendResourceListChanged();
                return text('grown');
            },
        },
        touch: {
            inputSchema: object(),
            call: async () => {
                for (const uri of subscribed) await server.sendResourceUpdated({ uri });
                return text(`told of ${subscribed.size}`);
            },
        },
    };

    server.setRequestHandler(types.ListToolsRequestSchema, ({ params }) => {
        const entries = Object.entries(tools).map(([name, { call, ...tool }]) => ({ name, ...tool }));
        for (let i = 1; i <= grown; ++i) entries.push({ name: `grown-${i}`, inputSchema: object() });
        return page('tools', entries, 5, params?.cursor);
    });
    server.setRequestHandler(types.CallToolRequestSchema, ({ params }, extra) => {
        const tool = tools[params.name];
        if (!tool) throw new types.McpError(types.ErrorCode.InvalidParams, `no tool ${params.name}`);
        return tool.call(params.arguments ?? {}, extra);
    });
    server.setRequestHandler(types.ListResourcesRequestSchema, ({ params }) => {
        const entries = [1, 2, 3, 4, 5].map((n) => ({ uri: `item://${n}`, name: `item ${n}`, mimeType: 'text/plain' }));
        for (let i = 1; i <= grown; ++i) entries.push({ uri: `item://grown/${i}`, name: `grown ${i}` });
        return page('resources', entries, 2, params?.cursor);
    });
    server.setRequestHandler(types.ListResourceTemplatesRequestSchema, ({ params }) =>
        page('resourceTemplates', [{ uriTemplate: 'item://{n}', name: 'item' }], 10, params?.cursor),
    );
    server.setRequestHandler(types.ReadResourceRequestSchema, ({ params }) => {
        if (!params.uri.startsWith('item://')) throw new types.McpError(-32002, 'Resource not found', { uri: params.uri });
        return { contents: [{ uri: params.uri, mimeType: 'text/plain', text: `content of ${params.uri}` }] };
    });
    server.setRequestHandler(types.SubscribeRequestSchema, ({ params }) => {
        subscribed.add(params.uri);
        return {};
    });
    server.setRequestHandler(types.UnsubscribeRequestSchema, ({ params }) => {
        subscribed.delete(params.uri);
        return {};
    });
    server.setRequestHandler(types.ListPromptsRequestSchema, ({ params }) => {
        const entries = [
            { name: 'plain', description: 'Takes nothing' },
            { name: 'greet', arguments: [{ name: 'who', required: true }, { name: 'how' }] },
            { name: 'third' },
        ];
        return page('prompts', entries, 2, params?.cursor);
    });
    server.setRequestHandler(types.GetPromptRequestSchema, ({ params }) => ({
        description: params.name,
        messages: [
            { role: 'user', content: { type: 'text', text: `${params.arguments?.how ?? 'Hello'}, ${params.arguments?.who ?? 'you'}!` } },
            { role: 'assistant', content: { type: 'resource', resource: { uri: 'item://1', text: 'one' } } },
        ],
    }));
    server.setRequestHandler(types.CompleteRequestSchema, ({ params }) => {
        const known = params.ref.type === 'ref/resource' ? ['1', '2', '3'] : ['Ada', 'Alan', 'Grace'];
        const values = known.filter((value) => value.startsWith(params.argument.value));
        return { completion: { values, total: values.length, hasMore: false } };
    });
    return server;
}

if (way === 'stdio') {
    await newServer().connect(new StdioServerTransport());
} else {
    const sessions = new Map();
    const app = express();
    app.all('/mcp', express.json(), async (request, response) => {
        let transport = sessions.get(request.get('mcp-session-id'));
        if (!transport && types.isInitializeRequest(request.body)) {
            transport = new StreamableHTTPServerTransport({
                sessionIdGenerator: randomUUID,
                enableJsonResponse: way === 'json',
                eventStore: new EventStore(),
                retryInterval: 50,
                onsessioninitialized: (id) => sessions.set(id, transport),
                onsessionclosed: (id) => sessions.delete(id),
            });
            await newServer().connect(transport);
        }
        if (!transport) {
            const error = { code: -32001, message: 'Session not found' };
            response.status(404).json({ jsonrpc: '2.0', error, id: null });
            return;
        }
        await transport.handleRequest(request, response, request.body);
    });
    const http = app.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${http.address().port}/mcp`));
}
