// What was answered with 200 survives: SIGKILL under load, a full disk, restarts.

import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { batches, person, startLeadline, startOrg, tempDir, until } from './harness.mjs';
import { kind, startProxy } from './proxy.mjs';

const ROUNDS = 4;
const MOST_A_ROUND = 1000;

/** Sends batches from several clients until the server is gone; returns what it acknowledged. */
async function sendUntilGone(server, nextPerson, isOver) {
    const acknowledged = [];
    const client = async () => {
        while (!isOver()) {
            if (acknowledged.length >= MOST_A_ROUND)
                return;
            const messages = Array.from({ length: 10 }, nextPerson);
            try {
                const answer = await server.post('/v1/batch', { batch: messages });
                if (answer.status === 200)
                    acknowledged.push(...messages);
            } catch {
                if (isOver())
                    return;
                await pause(5);
            }
        }
    };
    await Promise.all([client(), client(), client(), client()]);
    return acknowledged;
}

function assertNobodyTwice(leads) {
    const times = new Map();
    for (const { Email } of leads)
        times.set(Email, (times.get(Email) ?? 0) + 1);
    assert.deepEqual([...times].filter(([, count]) => count > 1), []);
}

test('after SIGKILL under load every acknowledged event is delivered once', async (t) => {
    const org = await startOrg(t, { args: ['--latency-ms', '30'] });
    const dir = tempDir(t);
    const destination = { unknown_outcome_wait: '2s', linger: '50ms' };
    let count = 0;
    const all = [];
    for (let round = 0; round < ROUNDS; round++) {
        const server = await startLeadline(t, org, { dir, destination });
        let over = false;
        const load = sendUntilGone(server, () => person(`crash-${count++}`), () => over);
        const before = (await org.records('Lead')).length;
        // In the middle of the work: some are written, some are not.
        await until('some are delivered', async () => (await org.records('Lead')).length > before + 30);
        await server.kill();
        over = true;
        all.push(...await load);
    }
    assert.ok(all.length > 100, `only ${all.length} were acknowledged`);
    const server = await startLeadline(t, org, { dir, destination });
    // Clients send again what they are not sure of: the same messageIds.
    for (const batch of batches(all))
        await server.accepted('/v1/batch', batch);
    const wanted = new Set(all.map((message) => message.traits.email));
    const leads = await until('everybody who was acknowledged', async () => {
        const there = await org.records('Lead');
        const emails = new Set(there.map((lead) => lead.Email));
        return [...wanted].every((email) => emails.has(email)) && there;
    }, { ms: 60_000 });
    assertNobodyTwice(leads);
    const marker = person('after-the-crashes');
    await server.accepted('/v1/identify', marker);
    assertNobodyTwice(await until('the marker', async () => {
        const there = await org.records('Lead');
        return there.some((lead) => lead.Email === marker.traits.email) && there;
    }));
});

for (const fate of ['lost', 'late'])
    test(`a create that is ${fate === 'lost' ? 'done but not answered' : 'cut and comes through late'} makes nobody twice`, async (t) => {
        const org = await startOrg(t);
        let cuts = 0;
        const proxy = await startProxy(t, org.url,
            (what) => (what === 'create' && cuts++ < 2 ? fate : 'answered'));
        const server = await startLeadline(t, { url: proxy.url }, {
            destination: { unknown_outcome_wait: '5s', retry_first: '50ms' },
        });
        const messages = Array.from({ length: 20 }, (_, n) => person(`cut-${n}`));
        await server.accepted('/v1/batch', { batch: messages });
        await server.accepted('/v1/group', {
            groupId: 'cut', userId: 'u', traits: { name: 'Cut' }, integrations: { Salesforce: true },
        });
        const tally = await until('all have their receipt', async () => {
            const { out } = await server.cli(['status', '--json']);
            const [one] = JSON.parse(out).destinations;
            return one.written + one.merged + one.unchanged === 21 && one;
        });
        assert.equal(tally.dead, 0);
        const leads = await org.records('Lead');
        assert.equal(leads.length, messages.length);
        assertNobodyTwice(leads);
        assert.equal((await org.records('Account')).length, 1);
        // What follows a cut create is a look-up, and never a second create.
        const kinds = proxy.exchanges.map(({ request }) => kind(request));
        assert.equal(kinds.filter((what) => what === 'create').length, 2, kinds.join(' '));
    });

test('a messageId counts once over a restart', async (t) => {
    const org = await startOrg(t);
    const dir = tempDir(t);
    const before = await startLeadline(t, org, { dir });
    const message = person('restart');
    await before.accepted('/v1/identify', message);
    await org.holds('Lead', 1);
    await before.stop();

    const after = await startLeadline(t, org, { dir });
    await after.accepted('/v1/identify', { ...message, traits: { ...message.traits, title: 'Changed' } });
    await after.accepted('/v1/identify', person('marker'));
    const leads = await org.holds('Lead', 2);
    assert.ok(!leads.some((lead) => lead.Title === 'Changed'));
});

test('a store that cannot write answers 503 and loses nothing it acknowledged', async (t) => {
    const org = await startOrg(t);
    const dir = tempDir(t);
    // No file may grow past 2 MiB: the disk is full for this process.
    const limited = await startLeadline(t, org, {
        dir, fast: true, wrap: ['bash', '-c', 'trap "" XFSZ; ulimit -f 2048; exec "$@"', 'bash'],
        destination: { linger: '1m' }, // nothing leaves while the disk fills
    });
    limited.running.mayFail = true;
    const acknowledged = [];
    let refused;
    for (let n = 0; n < 2000 && !refused; n++) {
        const message = person(`full-${n}`, { traits: { description: 'x'.repeat(20_000) } });
        const answer = await limited.post('/v1/identify', message);
        if (answer.status === 200)
            acknowledged.push(message);
        else
            refused = answer;
    }
    assert.ok(acknowledged.length > 10, `${acknowledged.length} before ${refused?.status}`);
    assert.equal(refused?.status, 503, refused?.text);
    const { code, message } = JSON.parse(refused.text);
    assert.ok(code && message);
    await limited.kill();

    const server = await startLeadline(t, org, { dir });
    await until('every acknowledged person', async () => {
        const emails = new Set((await org.records('Lead')).map((lead) => lead.Email));
        return acknowledged.every((one) => emails.has(one.traits.email));
    }, { ms: 60_000 });
    await server.accepted('/v1/identify', person('room-again'));
    assertNobodyTwice(await org.records('Lead'));
});
