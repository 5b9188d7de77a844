// Leadline and the org are killed again and again, one or both, under load, while every fault
// that fakeorg knows is on by turns.  Nothing acknowledged may be lost, nobody stand twice, and
// the sums must add up.  tools/chaos kills --rounds N --seed S runs more of it: the same seed
// brings the same load, faults and victims (not the same moments).

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { dice } from './dice.mjs';
import { person, root, startLeadline, startOrg, tempDir, until } from './harness.mjs';
import { assertSums, lookAfter, twice } from './promises.mjs';

const rounds = Number(process.env.CHAOS_ROUNDS ?? 24);
const seed = Number(process.env.CHAOS_SEED ?? 1);
const side = Number(process.env.CHAOS_SIDE_BY_SIDE ?? 1);

const CHAPTER = 25; // rounds, then everything is counted
const BOOK = 100; // rounds, then another pair of programs begins with nothing
const SPREAD = 120; // how many people and companies are about at a time; others come, those go
const LOADERS = 3;
// The longest that a killed program is left alive, and faults are left as they are.
const LIFE_MS = 350;

const destination = {
    linger: '20ms', retry_first: '10ms', retry_longest: '200ms', unknown_outcome_wait: '2s',
    call_timeout: '1s', batch_size: 50, remember_ids: '5s', renew_every: '10s',
};

// How some kinds have to be put so that the org stays one that does as it says.
const SPECIAL = {
    'late-commit': 'late-commit,after=400ms', // within unknown_outcome_wait
    'late-answer': 'late-answer,after=300ms',
    'DUPLICATE_VALUE': 'DUPLICATE_VALUE,as=record,text=duplicate value found', // the usual text names a stranger's record
    'DUPLICATES_DETECTED': 'DUPLICATES_DETECTED,as=record',
};
const SAVES = 'create/update';

/** Every fault on demand there is, as lists of which each is as likely: kinds and codes as docs/fakeorg.md lists them (a test keeps
    it whole), and each quirk at each value that one call can have. */
async function everyFault(org) {
    const document = fs.readFileSync(path.join(root, 'docs/fakeorg.md'), 'utf8');
    const listed = (name) => new RegExp(`<!-- begin: ${name} -->\n([\\s\\S]*?)<!-- end`).exec(document)[1];
    const kinds = [...listed('kinds of faults').matchAll(/^\| `([a-z0-9-]+)`/gm)].map((found) => found[1]);
    const codes = (name) => [...listed(name).matchAll(/`([A-Z_]+(?:=\w+)?)`/g)].map((found) => found[1]);
    const quirks = await (await fetch(`${org.url}/_fakeorg/quirks`)).json();
    return [
        kinds.map((kind) => `${kind === 'late-commit' ? SAVES : '*'}:${SPECIAL[kind] ?? kind}`),
        kinds.filter((kind) => kind.startsWith('http-')).map((kind) => `*:${kind},saved=yes`),
        codes('codes of faults').map((code) => `*:${code},as=fault,times=2`),
        codes('codes of record errors').map((code) => `${SAVES}:${SPECIAL[code] ?? `${code},as=record`}`),
        Object.entries(quirks).flatMap(([name, one]) => one.values.slice(1).map((value) => `*:${name}=${value}`)),
    ];
}

/** An event of somebody of the loader's own, every fourth time of somebody new. */
function somebody(random, loader, n) {
    const any = Math.floor(n / 4) + random.below(SPREAD);
    const who = any - any % LOADERS + loader;
    if (random.roll() < 0.85)
        return person(n, { userId: `u${who}`, traits: { email: `p${who}@example.com`, title: `Title ${n}`, lastName: `Number ${who}` } });
    return {
        type: 'group', groupId: `g${who}`, userId: 'u', messageId: `m-${n}`,
        traits: { name: `Company ${who}`, description: `Title ${n}` }, integrations: { Salesforce: true },
    };
}

/** What is not acknowledged is sent again, with the same messageIds, until it is. */
async function send(state, batch) {
    await until('a batch is acknowledged', async () => {
        try {
            return (await state.server.post('/v1/batch', { batch })).status === 200;
        } catch {
            return false; // killed: the next one is on its way
        }
    }, { ms: 120_000 });
    state.accepted += batch.length;
    for (const one of batch)
        state.last.set(one.traits.email ?? one.groupId, one.traits.title ?? one.traits.description);
}

async function load(state, random, loader) {
    while (!state.over) {
        await send(state, Array.from({ length: 1 + random.below(20) }, () => somebody(random, loader, state.next++)));
        await pause(random.below(60));
    }
}

/** Faults of the next while: some of all, each by chance. */
function someFaults(state, random) {
    return Array.from({ length: 1 + random.below(4) }, () => {
        const [head, ...text] = random.pick(random.pick(state.faults)).split(',text=');
        const chance = `,chance=${(0.05 + random.roll() / 4).toFixed(2)},seed=${1 + random.below(1e6)}`;
        return [head + chance, ...text].join(',text=');
    });
}

/** Which faults were injected: what was on for a while is over with the kill. */
async function noteFaults(state) {
    for (const { fault, injected } of await (await fetch(`${state.org.url}/_fakeorg/faults`)).json())
        if (injected > 0)
            state.injected.add(fault.replace(/,chance=.*/, ''));
}

/** Kills rounds times; both programs come back with what they keep on disk. */
async function kill(state, random, count) {
    for (let n = 0; n < count; n++) {
        await pause(30 + random.below(LIFE_MS));
        await noteFaults(state);
        const what = random.pick(['leadline', 'leadline', 'org', 'org', 'both']);
        const specs = someFaults(state, random);
        if (what !== 'org')
            await state.server.kill();
        if (what !== 'leadline') {
            await state.org.running.kill();
            await state.startOrg(specs);
        } else {
            await state.org.tell('faults', { clear: true, faults: specs });
        }
        if (what !== 'org')
            await state.startLeadline();
        state.rounds++;
        state.kills += what === 'both' ? 2 : 1;
        if (random.roll() < 0.1)
            await state.org.tell('sessions/expire');
    }
}

/** Everybody once more, after the faults: the last word counts, whatever came of the ones before. */
async function lastWords(state) {
    const everybody = [...state.last.keys()].map((who) => {
        const n = state.next++;
        return who.includes('@') ? person(n, { userId: who, traits: { email: who, title: `Title ${n}`, lastName: 'Last' } })
            : { type: 'group', groupId: who, userId: 'u', messageId: `m-${n}`, traits: { name: who, description: `Title ${n}` }, integrations: { Salesforce: true } };
    });
    for (let n = 0; n < everybody.length; n += 50)
        await send(state, everybody.slice(n, n + 50));
}

async function count(state) {
    await state.org.tell('faults', { clear: true });
    await lookAfter(state.server);
    const there = new Set([...await state.org.records('Lead'), ...await state.org.records('Account')]
        .flatMap((one) => [one.Email, one.AccountNumber]));
    state.lost = [...state.last.keys()].filter((who) => !there.has(who));
    assert.deepEqual(state.lost, [], 'are not there');
    await lastWords(state);
    const tally = await lookAfter(state.server);
    assertSums(tally);
    // A batch whose answer a kill cut off may be in without being known here.
    assert.ok(tally.accepted >= state.accepted, `${tally.accepted} < ${state.accepted}`);
    const leads = await state.org.records('Lead');
    const accounts = await state.org.records('Account');
    state.doubled = [...twice(leads, 'Email'), ...twice(accounts, 'AccountNumber')];
    const stands = new Map([...leads.map((one) => [one.Email, one.Title]), ...accounts.map((one) => [one.AccountNumber, one.Description])]);
    state.lost = [...state.last].filter(([who, what]) => stands.get(who) !== what);
    assert.deepEqual(state.doubled, [], 'stand twice');
    assert.deepEqual(state.lost, [], 'stand there with an older value');
    state.last.clear(); // they stand there; from now on they could only be doubled
}

async function run(t, state) {
    const random = dice(state.seed);
    const dir = tempDir(t);
    const records = path.join(dir, 'org.jsonl');
    let listen = '127.0.0.1:0';
    state.startOrg = async (faults = []) => {
        state.org = await startOrg(t, {
            listen, args: ['--data', records, ...faults.flatMap((one) => ['--fault', one])],
        });
        listen = new URL(state.org.url).host;
    };
    state.startLeadline = async () => { state.server = await startLeadline(t, state.org, { dir, destination }); };
    await state.startOrg();
    await state.startLeadline();
    state.faults = await everyFault(state.org);
    while (state.rounds < state.most) {
        state.over = false;
        const loaders = Array.from({ length: LOADERS }, (_, loader) => load(state, dice(random.below(1e9)), loader));
        const killer = kill(state, dice(random.below(1e9)), Math.min(CHAPTER, state.most - state.rounds))
            .finally(() => { state.over = true; });
        await Promise.all([killer, ...loaders]);
        await count(state);
    }
    await state.server.stop();
    await state.org.running.stop();
}

test(`${rounds} kills of both programs under every fault, seed ${seed}`, { timeout: 60_000 + rounds * 10_000 }, async (t) => {
    const states = Array.from({ length: Math.ceil(rounds / BOOK) }, (_, n) => ({
        seed: seed + n * 7919, most: Math.min(BOOK, rounds - n * BOOK), rounds: 0, kills: 0,
        accepted: 0, next: 0, last: new Map(), lost: [], doubled: [], injected: new Set(),
    }));
    const waiting = [...states];
    const worker = async () => {
        while (waiting.length > 0)
            await run(t, waiting.shift());
    };
    const sum = (name) => states.reduce((total, state) => total + (state[name].length ?? state[name]), 0);
    const injected = () => new Set(states.flatMap((state) => [...state.injected])).size;
    try {
        await Promise.all(Array.from({ length: side }, worker));
    } finally {
        console.log(`kills: ${sum('rounds')} rounds, ${sum('kills')} kills, ${injected()} kinds of faults, ${sum('accepted')} events, ` +
            `${sum('lost')} lost, ${sum('doubled')} doubled, seed ${seed}`);
    }
});
