// API calls are money: they grow with records / 200, not with events.

import assert from 'node:assert/strict';
import test from 'node:test';
import { batches, person, startLeadline, startOrg, until } from './harness.mjs';

const PEOPLE = 1000;

async function sendAll(server, messages) {
    await Promise.all(batches(messages).map((batch) => server.accepted('/v1/batch', batch)));
}

const everybody = (round, traits = {}) => Array.from({ length: PEOPLE }, (_, n) =>
    person(n, { messageId: `round-${round}-${n}`, traits }));

test('1,000 new people cost at most 12 calls, their changes 8, repeats none', async (t) => {
    const org = await startOrg(t, { fast: true });
    const server = await startLeadline(t, org, { fast: true, destination: { linger: '1s' } });

    await sendAll(server, everybody(1));
    const leads = await org.holds('Lead', PEOPLE);
    assert.equal(new Set(leads.map((lead) => lead.Email)).size, PEOPLE);
    const first = await org.calls();
    t.diagnostic(`new people: ${JSON.stringify(first)}`);
    assert.ok(first.total <= 12, JSON.stringify(first));

    await sendAll(server, everybody(2, { title: 'Manager' }));
    await until('everybody has the title', async () => (await org.records('Lead'))
        .every((lead) => lead.Title === 'Manager'));
    const second = await org.calls();
    t.diagnostic(`changes: ${JSON.stringify(second)}`);
    assert.equal((await org.records('Lead')).length, PEOPLE);
    assert.ok(second.total - first.total <= 8, JSON.stringify([first, second]));

    await sendAll(server, everybody(2, { title: 'Somebody else' }));
    const marker = person('marker');
    await server.accepted('/v1/identify', marker);
    const after = await org.holds('Lead', PEOPLE + 1);
    assert.deepEqual(after.filter((lead) => lead.Title !== 'Manager').map((lead) => lead.Email),
        [marker.traits.email]);
    const third = await org.calls();
    assert.ok(third.total - second.total <= 2, 'only the marker was written');
});

test('many events of one person become one record and few calls', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org, { destination: { linger: '1s' } });
    const messages = Array.from({ length: 300 }, (_, n) => person('same', {
        messageId: `same-${n}`, timestamp: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
        traits: { title: `Title ${n}` },
    }));
    await sendAll(server, messages);
    await until('the last title', async () => (await org.records('Lead'))
        .some((lead) => lead.Title === 'Title 299'));
    assert.equal((await org.records('Lead')).length, 1);
    const calls = await org.calls();
    assert.ok(calls.total <= 8, JSON.stringify(calls));
});
