// A person whose record the org refuses costs few calls, however many events it sends, and
// nobody else is delivered later or at a higher price for it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { batches, person, startLeadline, startOrg, until } from './harness.mjs';

const EVENTS = 1000;
const OTHERS = 100;
const CODE = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';

async function sendAll(server, messages) {
    await Promise.all(batches(messages).map((batch) => server.accepted('/v1/batch', batch)));
}

async function tally(server) {
    const status = await (await fetch(`${server.admin}/api/status`)).json();
    return status.destinations[0];
}

const ended = (server, count) => until(`${count} have ended`, async () => {
    const now = await tally(server);
    return now.accepted === count && now.waiting === 0 && now;
});

const others = (round) => Array.from({ length: OTHERS }, (_, n) =>
    person(`${round}-${n}`, { messageId: `${round}-${n}` }));

/** Events of one person, a second apart; traits(n) are further ones of the n-th. */
const ofOne = (email, traits = () => ({})) => Array.from({ length: EVENTS }, (_, n) => person('one', {
    messageId: `one-${n}`, timestamp: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    traits: { email, title: `Title ${n}`, ...traits(n) },
}));

test('1,000 events of a person that a validation rule refuses cost at most 30 calls, and others nothing', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org, { destination: { linger: '1s' } });
    await org.tell('faults', [`create/update:${CODE},when=Email~refused@`]);

    await sendAll(server, others('before'));
    await ended(server, OTHERS);
    const before = await org.calls();

    await sendAll(server, [...ofOne('refused@example.com'), ...others('beside')]);
    const now = await ended(server, EVENTS + 2 * OTHERS);
    const after = await org.calls();
    t.diagnostic(`others alone: ${JSON.stringify(before)}, with 1,000 refused: ${JSON.stringify(after)}`);
    assert.equal(now.dead, EVENTS);
    assert.equal((await org.records('Lead')).length, 2 * OTHERS);
    // before.total holds the sign-in and the describe too, which come once
    assert.ok(after.total - before.total <= before.total + 30, JSON.stringify([before, after]));

    // the log says what it was, with a dead letter to look at, and nobody's address
    const letter = new RegExp(`warn delivery\\.dead_letters destination=Salesforce code="${CODE}" ` +
        'count=\\d+ message_id="(one-\\d+)"').exec(server.running.err);
    assert.ok(letter, server.running.err);
    assert.match(server.running.err, new RegExp(
        `warn delivery\\.refused destination=Salesforce operation=create object=Lead code="${CODE}"`));
    assert.doesNotMatch(server.running.err, /refused@/);
    const { status, out } = await server.cli(['trace', letter[1]]);
    assert.equal(status, 0);
    assert.match(out, new RegExp(CODE));

    // what a person retries is tried at once, and passes when the rule is mended
    await fetch(`${org.url}/_fakeorg/faults`, { method: 'DELETE' });
    await server.cli(['dead-letters', 'retry', letter[1]]);
    await until('the retried one stands there', async () => (await org.records('Lead'))
        .some((lead) => lead.Email === 'refused@example.com'));
});

test('of 1,000 events of a person the one with a refused value is dead, the others get through', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org, { destination: { linger: '1s' } });
    await org.tell('faults', [`create/update:${CODE},when=Fax=refused`]);
    await sendAll(server, ofOne('one@example.com', (n) => (n === 617 ? { fax: 'refused' } : {})));
    const now = await ended(server, EVENTS);
    const calls = await org.calls();
    t.diagnostic(JSON.stringify(calls));
    assert.equal(now.dead, 1);
    assert.ok(calls.total <= 30, JSON.stringify(calls));
    const [lead, ...more] = await org.records('Lead');
    assert.deepEqual(more, []);
    assert.equal(lead.Title, 'Title 999');
    const { out } = await server.cli(['trace', 'one-617']);
    assert.match(out, new RegExp(CODE));
});
