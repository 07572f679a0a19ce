// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// The authorisation server of the official SDK 1.x (mcpAuthRouter) before a provider that keeps everything in memory
// and consents at once, and an MCP server at the same origin: sdk-auth-server.mjs [SECONDS that access tokens live].
// Prints the URL of the MCP server when it listens.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { InvalidGrantError, InvalidTargetError, InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { mcpAuthRouter } from "@modelcontextprotocol/sdk/server/auth/router.js";
import express from "express";
import { serveMcp } from "./protected-mcp.mjs";

const seconds = Number(process.argv[2] ?? 3600);
const listener = createServer();
await new Promise((done) => listener.listen(0, "127.0.0.1", done));
const origin = `http://127.0.0.1:${listener.address().port}`;
const resource = `${origin}/mcp`;

const clients = new Map();
const codes = new Map();
const accessTokens = new Map();
const refreshTokens = new Map();

function issue(grant) {
    const now = Math.floor(Date.now() / 1000);
    const access = randomUUID();
    const refresh = randomUUID();
    accessTokens.set(access, { ...grant, refresh, expiresAt: now + seconds });
    refreshTokens.set(refresh, grant);
    return {
        access_token: access,
        token_type: "bearer",
        expires_in: seconds,
        scope: grant.scopes.join(" "),
        refresh_token: refresh,
    };
}

const provider = {
    clientsStore: {
        getClient: (id) => clients.get(id),
        registerClient(client) {
            clients.set(client.client_id, client);
            return client;
        },
    },
    async authorize(client, params, response) {
        const code = randomUUID();
        codes.set(code, { client: client.client_id, params });
        const target = new URL(params.redirectUri);
        target.searchParams.set("code", code);
        if (params.state !== undefined) {
            target.searchParams.set("state", params.state);
        }
        response.redirect(target.href);
    },
    async challengeForAuthorizationCode(client, code) {
        const kept = codes.get(code);
        if (kept?.client !== client.client_id) {
            throw new InvalidGrantError("No such code");
        }
        return kept.params.codeChallenge;
    },
    async exchangeAuthorizationCode(client, code, verifier, redirectUri, target) {
        const { params } = codes.get(code);
        codes.delete(code);
        if (params.redirectUri !== redirectUri) {
            throw new InvalidGrantError("Another redirect_uri");
        }
        if (params.resource?.href !== resource || target?.href !== resource) {
            throw new InvalidTargetError(`This is for ${resource}`);
        }
        return issue({ client: client.client_id, scopes: params.scopes ?? [] });
    },
    async exchangeRefreshToken(client, refresh, scopes, target) {
        const grant = refreshTokens.get(refresh);
        refreshTokens.delete(refresh);
        if (grant?.client !== client.client_id || target?.href !== resource) {
            throw new InvalidGrantError("Used before, or of another client");
        }
        return issue({ ...grant, scopes: scopes ?? grant.scopes });
    },
    async verifyAccessToken(token) {
        const grant = accessTokens.get(token);
        if (!grant) {
            throw new InvalidTokenError("Unknown");
        }
        return {
            token,
            clientId: grant.client,
            scopes: grant.scopes,
            expiresAt: grant.expiresAt,
            extra: { subject: "somebody" },
        };
    },
    async revokeToken(client, { token }) {
        refreshTokens.delete(token);
        accessTokens.delete(token);
        for (const [access, grant] of accessTokens) {
            if (grant.refresh === token) {
                accessTokens.delete(access);
            }
        }
    },
};

const app = express();
const unlimited = { rateLimit: false };
app.use(
    mcpAuthRouter({
        provider,
        issuerUrl: new URL(origin),
        resourceServerUrl: new URL(resource),
        scopesSupported: ["mcp:read", "mcp:write"],
        authorizationOptions: unlimited,
        clientRegistrationOptions: unlimited,
        revocationOptions: unlimited,
        tokenOptions: unlimited,
    }),
);
serveMcp(app, provider, `${origin}/.well-known/oauth-protected-resource/mcp`);
listener.on("request", app);
console.log(`listening on ${resource}`);
