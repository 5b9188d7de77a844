// What leadline sends and what fakeorg answers, against the Partner WSDL.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { example, missing, person, shared, startLeadline, startOrg, tempDir, until } from './harness.mjs';

const VALIDATE = 'reference/salesforce/validate-soap';

const inflated = (headers, body) => (headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body);

async function bodyOf(stream) {
    const parts = [];
    for await (const part of stream)
        parts.push(part);
    return Buffer.concat(parts);
}

/** A proxy that writes down each exchange; the server's URL in answers is made its own. */
async function startRecorder(t, target) {
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
const kind = (envelope) => /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(envelope)?.[1];

test('every kind of request and answer is valid by the Partner WSDL', { skip: missing(VALIDATE) }, async (t) => {
    const org = await startOrg(t, { args: ['--field', 'Lead.Note__c=textarea:1000'] });
    const recorder = await startRecorder(t, org.url);
    const server = await startLeadline(t, { url: recorder.url }, { destination: { null_clears: true } });
    const odd = `<&>"' \u00e9\u{1f600} ]]> line\nbreak\ttab\r`;
    await server.accepted('/v1/identify', person(1, { traits: { note: odd } }));
    await server.accepted('/v1/group', example('group'));
    const [lead] = await org.holds('Lead', 1);
    await org.holds('Account', 1);
    assert.equal(lead.Note__c.replaceAll('\r', '').trim(), odd.replaceAll('\r', '').trim());
    // An update, one that clears a field, and a session that has ended.
    await org.tell('sessions/expire');
    await server.accepted('/v1/identify', person(1, { messageId: 'again', traits: { title: 'Boss', note: null } }));
    await until('the update', async () => (await org.records('Lead')).some((one) => one.Title === 'Boss'));

    const dir = tempDir(t);
    const files = new Map();
    for (const [n, { request, response }] of recorder.exchanges.entries()) {
        for (const [side, envelope] of [['request', request], ['response', response]]) {
            const file = path.join(dir, `${n}-${side}-${kind(envelope)}.xml`);
            fs.writeFileSync(file, envelope);
            files.set(file, `${side} ${kind(envelope)}`);
        }
    }
    const kinds = new Set(files.values());
    for (const wanted of ['login', 'describeSObjects', 'query', 'create', 'update'])
        assert.ok(kinds.has(`request ${wanted}`) && kinds.has(`response ${wanted}Response`),
            `${wanted} is missing among ${[...kinds].join(', ')}`);
    assert.ok(kinds.has('response Fault'), [...kinds].join(', '));
    const { stdout } = await promisify(execFile)(path.join(shared, VALIDATE), [...files.keys()], { maxBuffer: 1 << 26 })
        .catch((error) => assert.fail(`${error.stdout}\n${error.stderr}`));
    t.diagnostic(`${files.size} envelopes of ${kinds.size} kinds\n${stdout.slice(0, 200)}`);
});
