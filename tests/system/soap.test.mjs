// What leadline sends and what fakeorg answers, against the Partner WSDL.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { example, missing, person, shared, startLeadline, startOrg, tempDir, until } from './harness.mjs';
import { kind, startProxy } from './proxy.mjs';

const VALIDATE = 'reference/salesforce/validate-soap';

test('every kind of request and answer is valid by the Partner WSDL', { skip: missing(VALIDATE) }, async (t) => {
    const org = await startOrg(t, { args: ['--field', 'Lead.Note__c=textarea:1000'] });
    const proxy = await startProxy(t, org.url);
    const server = await startLeadline(t, { url: proxy.url }, { destination: { null_clears: true } });
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
    for (const [n, { request, response }] of proxy.exchanges.entries()) {
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
