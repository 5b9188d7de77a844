// Requests that real SDKs once sent, replayed byte for byte.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import zlib from 'node:zlib';
import { missing, raw, shared, startLeadline, startOrg, until } from './harness.mjs';

const DIR = path.join(shared, 'reference/captures');

/** The captured request as bytes; only the body's length may differ, where it is gzipped anew. */
function bytesOf(capture) {
    const isGzip = capture.headers.some(([name, value]) =>
        name.toLowerCase() === 'content-encoding' && value === 'gzip');
    const plain = Buffer.from(capture.bodyText ?? (capture.body ? JSON.stringify(capture.body) : ''));
    const body = isGzip ? zlib.gzipSync(plain) : plain;
    const headers = capture.headers.map(([name, value]) =>
        `${name}: ${name.toLowerCase() === 'content-length' ? body.length : value}\r\n`);
    const chunked = capture.headers.some(([name]) => name.toLowerCase() === 'transfer-encoding');
    const framed = chunked
        ? Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')])
        : body;
    return Buffer.concat([
        Buffer.from(`${capture.method} ${capture.path} HTTP/1.1\r\n${headers.join('')}\r\n`), framed]);
}

/** The e-mails and group ids that the opted-in messages of a capture must bring to the org. */
function wanted(capture) {
    const messages = capture.body?.batch ?? (capture.body ? [capture.body] : []);
    const single = capture.body?.batch ? undefined : capture.path.split('/').pop();
    const found = { Lead: [], Account: [] };
    for (const message of messages) {
        const integrations = message.integrations ?? {};
        const chosen = integrations.Salesforce === true || typeof integrations.Salesforce === 'object';
        const type = message.type ?? single;
        const traits = message.traits ?? message.context?.traits ?? {};
        if (chosen && type === 'identify' && traits.email)
            found.Lead.push(traits.email);
        if (chosen && type === 'group' && traits.name)
            found.Account.push(String(message.groupId));
    }
    return found;
}

const skip = missing('reference/captures');
const names = skip ? [] : fs.readdirSync(DIR).filter((name) => name !== 'measured-retries.json');

test('every captured request is answered, and its people and groups reach the org', { skip }, async (t) => {
    let people = 0;
    for (const name of names) {
        const capture = JSON.parse(fs.readFileSync(path.join(DIR, name), 'utf8'));
        await t.test(name, async (t) => {
            const org = await startOrg(t);
            const server = await startLeadline(t, org);
            const answer = await raw(server.port, bytesOf(capture), { half: true });
            assert.ok(answer.status === 200 || (answer.status === 204 && capture.method === 'OPTIONS'),
                answer.text);
            const { Lead, Account } = wanted(capture);
            for (const email of Lead)
                await until(`a Lead ${email}`, async () => (await org.records('Lead'))
                    .some((lead) => lead.Email.toLowerCase() === email.toLowerCase()));
            for (const id of Account)
                await until(`an Account ${id}`, async () => (await org.records('Account'))
                    .some((account) => account.AccountNumber === id));
            people += Lead.length + Account.length;
        });
    }
    assert.ok(people > 20, `only ${people} were wanted: the captures are read wrongly`);
});

