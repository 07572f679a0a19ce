// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// An MCP server on the official TypeScript SDK behind a bearer check, on loopback.
// Every request to /mcp must carry the token of the environment variable
// SERVER_TOKEN; how many of each kind did and did not is told at /counts,
// without a check. Prints its URL when it listens. Environment: PORT (0: any free one).
import { randomUUID } from "node:crypto";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import express from "express";
import { z } from "zod";
import { EventStore } from "./event-store.mjs";

const token = process.env.SERVER_TOKEN;
if (!token) {
    console.error("SERVER_TOKEN is not set");
    process.exit(2);
}

const counts = {};
function count(request, carried) {
    const kind = request.method === "GET" && request.get("last-event-id") ? "RECONNECT" : request.method;
    counts[kind] ??= { with: 0, without: 0 };
    counts[kind][carried ? "with" : "without"] += 1;
}

const text = (words) => ({ content: [{ type: "text", text: words }] });

function newServer() {
    const server = new McpServer({ name: "bearer-server", version: "1.0.0" });
    server.registerTool(
        "add",
        { description: "Adds two numbers", inputSchema: { a: z.number(), b: z.number() } },
        async ({ a, b }) => text(String(a + b)),
    );
    server.registerTool("fail", { description: "Always says that it failed" }, async () => ({
        ...text("as asked"),
        isError: true,
    }));
    server.registerTool(
        "hang-up",
        { description: "Closes the stream of its answer before it answers; the client has to resume" },
        async (extra) => {
            extra.closeSSEStream?.();
            await new Promise((done) => setTimeout(done, 100));
            return text("resumed");
        },
    );
    return server;
}

const sessions = new Map();
const app = express();
app.get("/counts", (request, response) => response.json(counts));
app.use("/mcp", (request, response, next) => {
    const carried = request.get("authorization") === `Bearer ${token}`;
    count(request, carried);
    if (carried) {
        next();
        return;
    }
    response
        .status(401)
        .set("WWW-Authenticate", 'Bearer error="invalid_token", error_description="The token is missing or wrong"')
        .json({ error: "invalid_token" });
});
// nginx over HTTP/2 keeps the head of an answer back until its first byte, and the SDK's first byte on a
// silent stream is the keep-alive after 15 s. A comment at once, as many servers send, opens it at once.
app.get("/mcp", (request, response, next) => {
    const writeHead = response.writeHead;
    response.writeHead = function (...head) {
        const result = writeHead.apply(this, head);
        if (this.statusCode === 200) {
            this.write(": open\n\n");
        }
        return result;
    };
    next();
});
app.all("/mcp", async (request, response) => {
    const id = request.get("mcp-session-id");
    let transport = sessions.get(id);
    if (!transport) {
        if (id) {
            response.status(404).json({ jsonrpc: "2.0", id: null, error: { code: -32001, message: "Session not found" } });
            return;
        }
        transport = new StreamableHTTPServerTransport({
            sessionIdGenerator: randomUUID,
            eventStore: new EventStore(),
            retryInterval: 50,
            onsessioninitialized: (newId) => sessions.set(newId, transport),
        });
        transport.onclose = () => sessions.delete(transport.sessionId);
        await newServer().connect(transport);
    }
    await transport.handleRequest(request, response);
});

const listener = app.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
    console.log(`listening on http://127.0.0.1:${listener.address().port}/mcp`);
});
