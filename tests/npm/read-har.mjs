// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// Reads a HAR file as other programs do: judges it by the schema of har-validator, and prints what it
// finds, a line each: method, URL, status, size and beginning of the body.
import { readFileSync } from 'node:fs'
import validate from 'har-validator'

const har = JSON.parse(readFileSync(process.argv[2], 'utf8'))
try {
    await validate.har(har)
} catch (error) {
    console.error(JSON.stringify(error.errors, null, 1))
    process.exit(1)
}
for (const { request, response } of har.log.entries) {
    const { text = '', encoding } = response.content
    const body = Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8')
    console.log(JSON.stringify([request.method, request.url, response.status, body.length, body.toString('hex', 0, 8)]))
}
