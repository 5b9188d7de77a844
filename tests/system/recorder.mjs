// A proxy that writes down each SOAP exchange, and the check of what it wrote against
// the Partner WSDL.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { shared, tempDir } from './harness.mjs';

export const VALIDATE = 'reference/salesforce/validate-soap';
export const WSDL = 'reference/salesforce/partner.wsdl';

const inflated = (headers, body) => (headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body);

async function bodyOf(stream) {
    const parts = [];
    for await (const part of stream)
        parts.push(part);
    return Buffer.concat(parts);
}

/** Each exchange with target; the server's URL in answers is made the recorder's own. */
export async function startRecorder(t, target) {
    const exchanges = [];
    const proxy = http.createServer(async (request, response) => {
        const sent = await bodyOf(request);
        const headers = { ...request.headers, host: new URL(target).host, 'accept-encoding': 'identity' };
        const onward = http.request(target + request.url, { method: request.method, headers }, async (answer) => {
            const body = await bodyOf(answer);
            exchanges.push({
                request: inflated(request.headers, sent).toString(),
                response: inflated(answer.headers, body).toString(),
                status: answer.statusCode,
            });
            const own = Buffer.from(body.toString().replaceAll(target, url));
            const { 'transfer-encoding': _, ...rest } = answer.headers;
            response.writeHead(answer.statusCode, { ...rest, 'content-length': own.length });
            response.end(own);
        });
        onward.on('error', () => response.destroy());
        onward.end(sent);
    });
    await new Promise((resolve) => { proxy.listen(0, '127.0.0.1', resolve); });
    t.after(() => { proxy.closeAllConnections(); proxy.close(); });
    const url = `http://127.0.0.1:${proxy.address().port}`;
    return { url, exchanges };
}

/** The name of the element in the Body. */
export const kind = (envelope) => /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(envelope)?.[1];

/** Fails on the first envelope of the exchanges that the WSDL does not know; returns their kinds. */
export async function validate(t, exchanges, options = []) {
    const dir = tempDir(t);
    const files = new Map();
    for (const [n, exchange] of exchanges.entries()) {
        for (const side of ['request', 'response']) {
            const file = path.join(dir, `${n}-${side}-${kind(exchange[side])}.xml`);
            fs.writeFileSync(file, exchange[side]);
            files.set(file, `${side} ${kind(exchange[side])}`);
        }
    }
    const kinds = new Set(files.values());
    await promisify(execFile)(path.join(shared, VALIDATE), ['-q', ...options, ...files.keys()], { maxBuffer: 1 << 26 })
        .catch((error) => assert.fail(`${error.stdout}\n${error.stderr}`.slice(0, 8000)));
    t.diagnostic(`${files.size} envelopes of ${kinds.size} kinds`);
    return kinds;
}
