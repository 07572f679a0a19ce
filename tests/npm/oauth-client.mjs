// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// A client on the official TypeScript SDK, against a server whose authorisation server consents at
// once: oauth-client.mjs URL. Prints one line of JSON: what happened in each step.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const url = new URL(process.argv[2]);
const done = { scopes: [] };

let client, tokens, verifier, code;
const provider = {
    redirectUrl: "http://127.0.0.1:1/callback",
    clientMetadata: {
        client_name: "A client of the SDK",
        redirect_uris: ["http://127.0.0.1:1/callback"],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: process.argv[3] ?? "none",
        application_type: "native",
    },
    state: () => "sdk-state",
    clientInformation: () => client,
    saveClientInformation: (information) => { client = information; },
    tokens: () => tokens,
    saveTokens: (given) => { tokens = given; },
    saveCodeVerifier: (text) => { verifier = text; },
    codeVerifier: () => verifier,
    async redirectToAuthorization(address) {
        done.scopes.push(address.searchParams.get("scope"));
        const answer = await fetch(address, { redirect: "manual" });
        const callback = new URL(answer.headers.get("location"));
        done.state = callback.searchParams.get("state");
        done.iss = callback.searchParams.get("iss");
        code = callback.searchParams.get("code");
    },
};

async function connected() {
    const transport = new StreamableHTTPClientTransport(url, { authProvider: provider });
    const mcp = new Client({ name: "sdk", version: "1" });
    await mcp.connect(transport);
    return { mcp, transport };
}

async function withLogin(step, transport = new StreamableHTTPClientTransport(url, { authProvider: provider })) {
    try {
        return await step();
    } catch (error) {
        if (!(error instanceof UnauthorizedError))
            throw error;
        await transport.finishAuth(code);
        return await step();
    }
}

const { mcp } = await withLogin(connected);
done.tools = (await mcp.listTools()).tools.length;
done.echo = (await mcp.callTool({ name: "echo", arguments: { message: "hello" } })).content[0].text;
// Needs a scope that nobody asked for. This SDK answers with a refresh first, which cannot widen the
// scope (AF-62); without a refresh token it asks the person.
const change = (by) => by.callTool({ name: "change-resource", arguments: {} });
done.refreshed = await change(mcp).then(() => "went through", (error) => error.message);
const refreshToken = tokens.refresh_token;
if (refreshToken) {
    tokens = { ...tokens, refresh_token: undefined };
    const second = await connected();
    done.change = (await withLogin(() => change(second.mcp), second.transport)).content[0].text;
    await second.mcp.close();
}
// A token that was lost is replaced without asking anybody.
const before = tokens.refresh_token;
tokens = { ...tokens, access_token: "lost" };
done.again = (await mcp.callTool({ name: "echo", arguments: { message: "again" } })).content[0].text;
done.rotated = Boolean(before) && before !== tokens.refresh_token;
await mcp.close();
console.log(JSON.stringify(done));
process.exit(0);
