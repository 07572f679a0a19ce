// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// The official server-everything over streamable HTTP, or with the argument "sse"
// over the older HTTP+SSE, on loopback only and on a port that the system chooses
// (it would listen on every address by itself). Prints its URL when it listens.
import net from "node:net";

const way = process.argv[2] ?? "streamableHttp";
const path = way === "sse" ? "sse" : "mcp";
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
    const callback = args.findLast((argument) => typeof argument === "function");
    return listen.call(this, { port: 0, host: "127.0.0.1" }, () => {
        callback?.call(this);
        console.log(`listening on http://127.0.0.1:${this.address().port}/${path}`);
    });
};
process.argv[2] = way;
await import("@modelcontextprotocol/server-everything/dist/index.js");
