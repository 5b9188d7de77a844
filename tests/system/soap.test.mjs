// What leadline sends and what fakeorg answers, against the Partner WSDL.

import assert from 'node:assert/strict';
import test from 'node:test';
import { example, missing, person, startLeadline, startOrg, until } from './harness.mjs';
import { startProxy } from './proxy.mjs';
import { validate, VALIDATE } from './wsdl.mjs';

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

    const kinds = await validate(t, proxy.exchanges);
    for (const wanted of ['login', 'describeSObjects', 'query', 'create', 'update'])
        assert.ok(kinds.has(`request ${wanted}`) && kinds.has(`response ${wanted}Response`),
            `${wanted} is missing among ${[...kinds].join(', ')}`);
    assert.ok(kinds.has('response Fault'), [...kinds].join(', '));
});
