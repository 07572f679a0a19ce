// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// A real authorisation server that is not ours (the package oidc-provider, with its own pages for logging in and for
// consent), and an MCP server on the official SDK that takes its tokens, each at a port of its own on loopback:
// oidc-server.mjs [jwt|opaque] [SECONDS that access tokens live]. JWTs are checked by their signature, opaque tokens
// by introspection. Prints the URL of the MCP server when both listen.
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import express from "express";
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from "jose";
import Provider, { errors } from "oidc-provider";
import { serveMcp } from "./protected-mcp.mjs";

const format = process.argv[2] ?? "jwt";
const seconds = Number(process.argv[3] ?? 3600);

/** Listens first: issuer and resource hold the port. */
async function listening(server) {
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${server.address().port}`;
}
const asListener = createServer();
const issuer = await listening(asListener);
const mcpListener = createServer();
const origin = await listening(mcpListener);
const resource = `${origin}/mcp`;

const service = { id: "the-mcp-server", secret: randomBytes(32).toString("base64url") };
const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const provider = new Provider(issuer, {
    clients: [
        {
            client_id: service.id,
            client_secret: service.secret,
            redirect_uris: [],
            response_types: [],
            grant_types: [],
        },
    ],
    cookies: { keys: [randomBytes(32).toString("hex")] },
    findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "one" }] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: { AccessToken: seconds, Session: 3600, Grant: 3600, RefreshToken: 3600, IdToken: 3600, Interaction: 600 },
    features: {
        devInteractions: { enabled: true },
        introspection: { enabled: true },
        registration: { enabled: true },
        resourceIndicators: {
            enabled: true,
            defaultResource: () => undefined,
            useGrantedResource: () => false,
            getResourceServerInfo: (context, indicator) => {
                if (indicator !== resource) {
                    throw new errors.InvalidTarget();
                }
                return {
                    scope: "mcp:read mcp:write",
                    audience: resource,
                    accessTokenTTL: seconds,
                    accessTokenFormat: format,
                    jwt: { sign: { alg: "RS256" } },
                };
            },
        },
        revocation: { enabled: true },
    },
});
asListener.on("request", provider.callback());

const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
async function claimsOf(token) {
    if (format === "jwt") {
        try {
            return (await jwtVerify(token, keys, { issuer, audience: resource, typ: "at+jwt" })).payload;
        } catch (error) {
            throw new InvalidTokenError(error.message);
        }
    }
    const answer = await fetch(`${issuer}/token/introspection`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`${service.id}:${service.secret}`).toString("base64")}` },
        body: new URLSearchParams({ token, token_type_hint: "access_token" }),
    });
    const claims = await answer.json();
    if (!claims.active || claims.aud !== resource) {
        throw new InvalidTokenError("Not active, or for somebody else");
    }
    return claims;
}
const verifier = {
    async verifyAccessToken(token) {
        const claims = await claimsOf(token);
        return {
            token,
            clientId: claims.client_id,
            scopes: claims.scope.split(" "),
            expiresAt: claims.exp,
            extra: { subject: claims.sub },
        };
    },
};

const app = express();
app.get("/.well-known/oauth-protected-resource/mcp", (request, response) =>
    response.json({ resource, authorization_servers: [issuer], scopes_supported: ["mcp:read", "mcp:write"] }),
);
serveMcp(app, verifier, `${origin}/.well-known/oauth-protected-resource/mcp`);
mcpListener.on("request", app);
console.log(`listening on ${resource}`);
