// The programs and the words of the tests of faults (faults*.test.mjs): a fault is injected,
// passes, and everything is counted.

import assert from 'node:assert/strict';
import { person, startLeadline, startOrg, until } from './harness.mjs';

// Faults wait 300 ms where they wait; what is cut is looked for until it must have come.
export const destination = {
    linger: '20ms', retry_first: '10ms', retry_longest: '100ms', unknown_outcome_wait: '1s',
    call_timeout: '1s',
};

/** Both programs, and the words of these tests. */
export async function rig(t, options = {}) {
    const org = await startOrg(t, options);
    const server = await startLeadline(t, org, { destination: { ...destination, ...options.destination } });
    let round = 0;
    const status = async () => {
        const answer = await fetch(`${server.admin}/api/status`);
        return (await answer.json()).destinations[0];
    };
    return {
        org, server, status,
        faults: async (...specs) => JSON.parse(await org.tell('faults', specs)),
        async clear() {
            const faults = await (await fetch(`${org.url}/_fakeorg/faults`)).json();
            await fetch(`${org.url}/_fakeorg/faults`, { method: 'DELETE' });
            return faults;
        },
        async retry() {
            const answer = await fetch(`${server.admin}/api/retry?destination=Salesforce`, { method: 'POST' });
            assert.equal(answer.status, 200, await answer.text());
        },
        /** Count new people of a new round. */
        people: (count = 6) => {
            round++;
            return Array.from({ length: count }, (_, n) => person(`${round}-${n}`, { traits: { title: 'Clerk' } }));
        },
        send: (messages) => server.accepted('/v1/batch', { batch: messages }),
        /** Nothing waits any more; returns the status. */
        settled: (what, ms) => until(`${what}: nothing waits`, async () => {
            const now = await status();
            return now.waiting === 0 && now.in_hand === 0 && now;
        }, { ms: ms ?? 30_000 }).catch(async (error) => {
            error.message += `\n${JSON.stringify(await status())}\n${server.running.err.slice(-3000)}`;
            throw error;
        }),
    };
}

export async function assertOnce(org, messages, what) {
    const leads = await org.records('Lead');
    const times = new Map();
    for (const { Email } of leads)
        times.set(Email, (times.get(Email) ?? 0) + 1);
    for (const { traits } of messages)
        assert.equal(times.get(traits.email) ?? 0, 1, `${what}: ${traits.email}`);
    for (const [email, count] of times)
        assert.equal(count, 1, `${what}: ${email}`);
    return leads;
}

export function assertSum(tally, what) {
    assert.equal(tally.accepted, tally.written + tally.merged + tally.unchanged + tally.waiting + tally.dead,
        `${what}: ${JSON.stringify(tally)}`);
}

export async function deadLetters(server) {
    const answer = await fetch(`${server.admin}/api/dead-letters?destination=Salesforce`);
    return (await answer.json()).receipts;
}

/** The fault is injected, passes by itself (or with a retry), and all is as if it had not been. */
export async function passes(rigged, fault, { update = false, unstop = false, count = 6 } = {}) {
    const { org, faults, clear, people, send, settled, retry, status } = rigged;
    let messages = people(count);
    if (update) {
        await send(messages);
        await settled(`before ${fault}`);
        messages = messages.map((one) => ({
            ...one, messageId: `${one.messageId}-again`, traits: { ...one.traits, title: 'Chief' },
        }));
    }
    const dead = (await status()).dead;
    await faults(fault);
    await send(messages);
    if (unstop) {
        await until(`${fault}: Leadline stops or holds`, async () => ['holding', 'stopped'].includes((await status()).mood));
        assert.ok((await clear())[0].injected > 0, `${fault} was not injected`);
        await retry();
    }
    const tally = await settled(fault);
    if (!unstop)
        assert.ok((await clear())[0].injected > 0, `${fault} was not injected`);
    assert.equal(tally.dead, dead, `${fault}: ${JSON.stringify(tally)}`);
    assertSum(tally, fault);
    const leads = await assertOnce(org, messages, fault);
    if (update)
        for (const { traits } of messages)
            assert.equal(leads.find((lead) => lead.Email === traits.email).Title, 'Chief', fault);
}
