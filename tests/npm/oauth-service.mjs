// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// A service on the official TypeScript SDK, which authorises itself by client credentials:
// oauth-service.mjs URL ISSUER METHOD, with the method secret or key. It registers first. Prints one
// line of JSON: what happened, and whether the token is signed as the issuer's keys say.
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { ClientCredentialsProvider, PrivateKeyJwtProvider } from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [url, expectedIssuer, method] = process.argv.slice(2);
const metadata = await (await fetch(new URL("/.well-known/oauth-authorization-server", expectedIssuer))).json();
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const registered = await fetch(metadata.registration_endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
        client_name: "A service of the SDK",
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: method === "key" ? "private_key_jwt" : "client_secret_basic",
        jwks: { keys: [publicKey.export({ format: "jwk" })] },
    }),
});
const client = await registered.json();
const authProvider = method === "key"
    ? new PrivateKeyJwtProvider({
          clientId: client.client_id,
          privateKey: privateKey.export({ format: "pem", type: "pkcs8" }),
          algorithm: "ES256",
          expectedIssuer,
      })
    : new ClientCredentialsProvider({
          clientId: client.client_id,
          clientSecret: client.client_secret,
          expectedIssuer,
      });
const mcp = new Client({ name: "sdk", version: "1" });
await mcp.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider }));
const result = await mcp.callTool({ name: "echo", arguments: { message: "hello" } });
await mcp.close();

const [head, claims, signature] = authProvider.tokens().access_token.split(".");
const { kid } = JSON.parse(Buffer.from(head, "base64url"));
const { keys } = await (await fetch(metadata.jwks_uri)).json();
const key = createPublicKey({ format: "jwk", key: keys.find((one) => one.kid === kid) });
console.log(JSON.stringify({
    echo: result.content[0].text,
    signed: verify("sha256", Buffer.from(`${head}.${claims}`), { key, dsaEncoding: "ieee-p1363" },
        Buffer.from(signature, "base64url")),
    audience: JSON.parse(Buffer.from(claims, "base64url")).aud,
}));
process.exit(0);
