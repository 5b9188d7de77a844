// What people ask by: any name of an event or its record, and what stands in its way.

import assert from 'node:assert/strict';
import test from 'node:test';
import { person, startLeadline, startOrg, until } from './harness.mjs';

/** The receipts that trace prints as JSON for any name; [] when nothing is known. */
async function receipts(server, what) {
    const { status, out } = await server.cli(['trace', what, '--json']);
    return status === 0 ? JSON.parse(out).receipts : [];
}

const ended = (server, what, state) => until(`${what} is ${state}`, async () => {
    const found = await receipts(server, what);
    return found.length > 0 && found.every((one) => one.state === state) && found;
});

test('an event is found by each of its names and its record, with the fields sent and a link', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    await server.accepted('/v1/identify', {
        messageId: 'one', userId: 'User-7', anonymousId: 'anon-7', integrations: { Salesforce: true },
        traits: { email: 'Peter.Gibbons@initech.example', lastName: 'Gibbons', company: 'Initech' },
    });
    await server.accepted('/v1/group', {
        messageId: 'two', userId: 'other', groupId: '813', traits: { name: 'Initech' }, integrations: { Salesforce: true },
    });
    const [lead] = await org.holds('Lead', 1);
    const [account] = await org.holds('Account', 1);
    const names = { one: ['one', 'User-7', ' user-7', 'anon-7', 'peter.gibbons@INITECH.example', lead.Id, lead.Id.slice(0, 15)],
        two: ['two', 'other', '813', account.Id] };
    for (const [id, whats] of Object.entries(names))
        for (const what of whats)
            assert.deepEqual((await ended(server, what, 'written')).map((one) => one.messageId), [id], what);
    const [written] = await receipts(server, 'User-7');
    assert.equal(written.fields.Email.toLowerCase(), 'peter.gibbons@initech.example');
    assert.equal(written.fields.LastName, 'Gibbons');
    assert.equal(written.record_url, `${new URL(org.url).origin}/${lead.Id}`);
    assert.equal(written.attempts, 1, 'the look-up does not count');
    const { out } = await server.cli(['trace', 'anon-7']);
    assert.match(out, new RegExp(`link +${written.record_url}\n`));
    assert.match(out, /fields +[A-Z]\w+: /);
    const unknown = await server.cli(['trace', 'nobody@initech.example']);
    assert.equal(unknown.status, 1);
    assert.match(unknown.err, /never taken in/);
});

test('a skipped event is told from one that never came', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    await server.accepted('/v1/identify', person(1, { messageId: 'quiet', integrations: {} }));
    await server.accepted('/v1/track', person(2, { messageId: 'track', event: 'Bought' }));
    const [quiet] = await ended(server, 'quiet', 'skipped');
    assert.equal(quiet.code, 'not_opted_in');
    assert.match(quiet.advice, /integrations/);
    assert.equal((await ended(server, 'track', 'skipped'))[0].code, 'type_not_used');
    assert.deepEqual(await receipts(server, 'never-sent'), []);
});

test('what waits for a paused destination says so, and names no attempt that will not be made', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    await server.accepted('/v1/identify', person(1));
    await ended(server, 'm-1', 'written');

    assert.equal((await server.cli(['pause', 'Salesforce'])).status, 0);
    await server.accepted('/v1/identify', person(2));
    const paused = await until('the pause shows', async () =>
        (await receipts(server, 'm-2')).find((one) => one.code === 'PAUSED'));
    assert.equal(paused.next_attempt, null);
    assert.match(paused.advice, /resume/);
    assert.equal((await server.cli(['resume', 'Salesforce'])).status, 0);
    await ended(server, 'm-2', 'written');

});
