// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// An MCP server on the official SDK 1.x whose every request is checked by the SDK's own requireBearerAuth: the scope
// mcp:read for everything, mcp:write besides for the tool "write". The tool "who" tells who logged in.
import { randomUUID } from "node:crypto";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import express from "express";
import { EventStore } from "./event-store.mjs";

const text = (words) => ({ content: [{ type: "text", text: words }] });
function newServer() {
    const server = new McpServer({ name: "protected-server", version: "1.0.0" });
    server.registerTool("who", { description: "Tells who logged in" }, async (extra) =>
        text(extra.authInfo.extra.subject),
    );
    server.registerTool("write", { description: "Needs the scope mcp:write" }, async () => text("written"));
    return server;
}

/** Serves it at /mcp. The verifier is the SDK's OAuthTokenVerifier, and tells extra.subject. */
export function serveMcp(app, verifier, resourceMetadataUrl) {
    const needs = (scope) => requireBearerAuth({ verifier, requiredScopes: [scope], resourceMetadataUrl });
    const sessions = new Map();
    app.use("/mcp", express.json());
    app.all(
        "/mcp",
        needs("mcp:read"),
        (request, response, next) => {
            const writes = request.body?.method === "tools/call" && request.body.params?.name === "write";
            (writes ? needs("mcp:write") : (read, answer, pass) => pass())(request, response, next);
        },
        async (request, response) => {
            const id = request.get("mcp-session-id");
            let transport = sessions.get(id);
            if (!transport) {
                if (id) {
                    response
                        .status(404)
                        .json({ jsonrpc: "2.0", id: null, error: { code: -32001, message: "Session not found" } });
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
            await transport.handleRequest(request, response, request.body);
        },
    );
}
