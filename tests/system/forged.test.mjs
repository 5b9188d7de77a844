// A proxy alters the org's SOAP answers.  The sums must balance, nobody acknowledged be lost and
// nobody stand twice, but those of whom an answer spoke that nobody could tell from a true one
// (forger.mjs).  tools/chaos forged --rounds N --seed S runs more of it: one seed a round.

import assert from 'node:assert/strict';
import test from 'node:test';
import { dice } from './dice.mjs';
import { startForger } from './forger.mjs';
import { person, startLeadline, startOrg } from './harness.mjs';
import { assertSums, lookAfter, twice } from './promises.mjs';
import { startProxy } from './proxy.mjs';

const rounds = Number(process.env.CHAOS_ROUNDS ?? 6);
const seed = Number(process.env.CHAOS_SEED ?? 1);
const side = Number(process.env.CHAOS_SIDE_BY_SIDE ?? 2);

const PEOPLE = 100;
const COMPANIES = 20;
const WAVES = 6;
const WAVE = 80;
const REFUSED = '@refused.example'; // the org lets nobody of that domain in, for a while
const REFUSING = `create:FIELD_CUSTOM_VALIDATION_EXCEPTION,when=Email~${REFUSED}`;

const destination = {
    linger: '20ms', retry_first: '10ms', retry_longest: '100ms', unknown_outcome_wait: '1s',
    call_timeout: '5s', batch_size: 20, remember_ids: '200ms',
};

function somebody(random, n) {
    if (random.roll() < 0.8) {
        const who = random.below(PEOPLE);
        const email = `p${who}${who % 20 === 0 ? REFUSED : '@example.com'}`;
        return person(n, { userId: `u${who}`, traits: { email, title: `Title ${n}` } });
    }
    const which = random.below(COMPANIES);
    return {
        type: 'group', groupId: `g${which}`, userId: 'u', messageId: `m-${n}`,
        traits: { name: `Company ${which}`, description: `Title ${n}` }, integrations: { Salesforce: true },
    };
}

async function round(t, its, hidden) {
    const random = dice(its);
    const forger = startForger(dice(random.below(1e9)), { hidden });
    const org = await startOrg(t, { args: ['--fault', REFUSING] });
    const proxy = await startProxy(t, org.url, () => 'answered', forger.alter);
    const server = await startLeadline(t, { url: proxy.url }, { destination });
    const everybody = new Set();
    let n = 0;
    const work = async (messages) => {
        for (const one of messages)
            everybody.add(one.traits.email ?? one.groupId);
        await server.accepted('/v1/batch', { batch: messages });
    };
    for (let wave = 0; wave < WAVES; wave++) {
        const before = forger.answers;
        await work(Array.from({ length: WAVE }, () => somebody(random, n++)));
        if (wave === WAVES - 1)
            break;
        for (let waited = 0; forger.answers < before + 8 && waited < 40; waited++)
            await new Promise((resolve) => { setTimeout(resolve, 25); });
    }
    assertSums((await (await fetch(`${server.admin}/api/status`)).json()).destinations[0]);
    forger.on = false;
    await org.tell('faults', { clear: true });
    const tally = await lookAfter(server);
    assertSums(tally);
    assert.equal(tally.accepted, n);
    const leads = await org.records('Lead');
    const accounts = await org.records('Account');
    const there = new Set([...leads.map((one) => one.Email), ...accounts.map((one) => one.AccountNumber)]);
    const doubled = [...twice(leads, 'Email'), ...twice(accounts, 'AccountNumber')];
    await server.stop();
    await org.running.stop();
    return {
        events: n, forger,
        lost: [...everybody].filter((who) => !there.has(who) && !forger.excused.has(who)),
        doubled: doubled.filter((who) => !forger.excused.has(who)),
        excused: doubled.filter((who) => forger.excused.has(who)).length,
    };
}

test(`${rounds} seeds of forged answers from ${seed} on`, { timeout: 60_000 + rounds * 60_000 }, async (t) => {
    const sum = { seeds: 0, answers: 0, forged: 0, events: 0, lost: 0, doubled: 0, excused: 0 };
    const kinds = new Set();
    let next = 0;
    const worker = async () => {
        while (next < rounds) {
            const its = seed + next++;
            // Every other seed without what nobody could tell: there not one is excused.
            const seen = await round(t, its, its % 2 === 0);
            sum.seeds++;
            sum.answers += seen.forger.answers;
            seen.forger.forged.forEach((count, kind) => { sum.forged += count; kinds.add(kind); });
            sum.events += seen.events;
            sum.lost += seen.lost.length;
            sum.doubled += seen.doubled.length;
            sum.excused += seen.excused;
            assert.deepEqual([seen.lost, seen.doubled], [[], []],
                `seed ${its}: lost, and doubled; forged were ${JSON.stringify([...seen.forger.forged])}`);
        }
    };
    try {
        await Promise.all(Array.from({ length: side }, worker));
        assert.ok(sum.forged > rounds * 5, `${sum.forged} forged`);
    } finally {
        console.log(`forged: ${sum.seeds} seeds, ${sum.forged} of ${sum.answers} answers forged in ${kinds.size} ways, ` +
            `${sum.events} events, ${sum.lost} lost, ${sum.doubled} doubled, ${sum.excused} doubled by consistent forgeries, seed ${seed}`);
    }
});
