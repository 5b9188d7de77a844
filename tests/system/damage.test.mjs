// Files that go away, are replaced or are damaged: nothing is answered 200 that a restart does
// not find, and what is wrong and what can be saved is said wherever somebody looks.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { dice } from './dice.mjs';
import { person, program, startLeadline, startOrg, tempDir, until } from './harness.mjs';

const SEED = Number(process.env.DAMAGE_SEED ?? 1);
const FLIPS = 6;

/** A server that holds what it takes, so that everything stays in its store. */
async function startHolding(t, org, options = {}) {
    const server = await startLeadline(t, org, { dir: tempDir(t), ...options });
    assert.equal((await server.cli(['pause', 'Salesforce', '--admin', server.admin])).status, 0);
    return server;
}

function dataOf(server) {
    return path.join(server.dir, 'data');
}

function file(server, ending) {
    return path.join(dataOf(server), `leadline.db${ending}`);
}

async function accept(server, from, count) {
    const batch = Array.from({ length: count }, (_, i) =>
        person(`d-${from + i}`, { traits: { description: 'x'.repeat(500) } }));
    await server.accepted('/v1/batch', { batch });
}

/** What "serve" says when it is started on these files: it must end by itself. */
function serveRefused(server) {
    const { status, stderr, signal } = spawnSync(
        program('leadline'), ['serve', '--config', server.config],
        { encoding: 'utf8', timeout: 30_000, killSignal: 'SIGKILL' });
    assert.equal(signal, null, `it runs\n${stderr}`);
    assert.equal(status, 1, stderr);
    assert.doesNotMatch(stderr, /Sanitizer|runtime error/);
    return stderr;
}

for (const ending of ['', '-wal', '-shm'])
    for (const replaced of [false, true])
        test(`leadline.db${ending} ${replaced ? 'replaced' : 'deleted'} under the server: 503 until a restart, and said everywhere`,
            async (t) => {
                const org = await startOrg(t);
                const server = await startHolding(t, org);
                await accept(server, 0, 3);
                fs.renameSync(file(server, ending), path.join(server.dir, 'away'));
                if (replaced)
                    fs.copyFileSync(path.join(server.dir, 'away'), file(server, ending));

                // Also while nothing comes in.
                const why = new RegExp(`leadline\\.db${ending} was removed or replaced`);
                const health = `${server.admin}/healthz`;
                await until('the health check says so', async () => (await fetch(health)).status === 503);
                assert.equal((await fetch(`${server.api}/healthz`)).status, 503);

                const answer = await server.post('/v1/identify', person('late'));
                assert.equal(answer.status, 503, answer.text);
                assert.equal(JSON.parse(answer.text).code, 'store_unavailable', answer.text);
                assert.ok(answer.headers.get('retry-after'));

                const status = await server.cli(['status', '--json', '--admin', server.admin]);
                assert.equal(status.status, 1, status.err);
                const shown = JSON.parse(status.out);
                assert.equal(shown.store.writable, false);
                assert.match(shown.store.fault, why);
                assert.ok(shown.needs_person.some((need) => why.test(need)), status.out);
                const text = await server.cli(['status', '--admin', server.admin]);
                assert.match(text.out, why);
                assert.match(server.running.err, /store\.unusable/);
                assert.match(server.running.err, why);

                // With the file back, everything that was answered 200 is there.
                fs.renameSync(path.join(server.dir, 'away'), file(server, ending));
                await server.stop();
                const again = await startLeadline(t, org, { dir: server.dir });
                const found = await (await fetch(`${again.admin}/api/status`)).json();
                assert.equal(found.destinations[0].accepted, 3);
                assert.equal(found.store.writable, true);
                assert.equal(found.store.fault, null);
            });

test('a log that is missing after SIGKILL refuses the start, says what is lost, and a person may go on without it',
    async (t) => {
        const org = await startOrg(t);
        const server = await startHolding(t, org);
        await accept(server, 0, 5);
        await server.kill();
        const wal = file(server, '-wal');
        fs.renameSync(wal, path.join(server.dir, 'away'));
        const said = serveRefused(server);
        assert.ok(said.includes(wal), said);
        assert.match(said, /newest events that were answered 200/);
        assert.match(said, /Put it back beside leadline\.db/);
        assert.match(said, /remove \S+\/running/);
        assert.equal(serveRefused(server), said); // trying again changes nothing

        fs.renameSync(path.join(server.dir, 'away'), wal);
        const healed = await startLeadline(t, org, { dir: server.dir });
        const found = await (await fetch(`${healed.admin}/api/status`)).json();
        assert.equal(found.destinations[0].accepted, 5);
        await healed.kill();

        fs.unlinkSync(wal);
        fs.unlinkSync(path.join(dataOf(server), 'running'));
        fs.rmSync(file(server, '-shm'), { force: true });
        const without = await startLeadline(t, org, { dir: server.dir });
        await without.accepted('/v1/identify', person('after'));
    });

test('after SIGKILL a start finds everything that was answered 200', async (t) => {
    const org = await startOrg(t);
    let server = await startHolding(t, org);
    for (let round = 0; round < 4; round++) {
        await accept(server, round * 10, 10);
        await server.kill();
        server = await startLeadline(t, org, { dir: server.dir });
        const found = await (await fetch(`${server.admin}/api/status`)).json();
        assert.equal(found.destinations[0].accepted, (round + 1) * 10);
    }
});

test('a truncated database refuses the start with exit 1, and says what can be saved and how', async (t) => {
    const org = await startOrg(t);
    const server = await startHolding(t, org);
    await accept(server, 0, 100);
    await server.stop();
    const whole = fs.readFileSync(file(server, ''));
    for (const part of [0.9, 0.5, 0.2]) {
        fs.writeFileSync(file(server, ''), whole.subarray(0, Math.floor(whole.length * part / 4096) * 4096));
        const said = serveRefused(server);
        assert.ok(said.includes(file(server, '')), said);
        assert.match(said, /damaged/);
        assert.match(said, /\.recover/);
        assert.match(said, /backup/);
    }
    fs.writeFileSync(file(server, ''), whole);
    const again = await startLeadline(t, org, { dir: server.dir });
    const found = await (await fetch(`${again.admin}/api/status`)).json();
    assert.equal(found.destinations[0].accepted, 100);
});

test('flipped bits refuse the start, or cost no event', async (t) => {
    const org = await startOrg(t);
    const server = await startHolding(t, org);
    await accept(server, 0, 100);
    await server.stop();
    const whole = fs.readFileSync(file(server, ''));
    let refused = 0;
    for (let seed = SEED; seed < SEED + FLIPS; seed++) {
        const { below } = dice(seed);
        const bytes = Buffer.from(whole);
        for (let flip = 0; flip < 64; flip++)
            bytes[below(bytes.length)] ^= 1 << below(8);
        fs.writeFileSync(file(server, ''), bytes);
        // One that starts has checked it within that time, and ends at SIGTERM.
        const { status, stderr } = spawnSync(
            program('leadline'), ['serve', '--config', server.config],
            { encoding: 'utf8', timeout: 5_000 });
        if (status === 1) {
            assert.ok(stderr.includes(file(server, '')), `DAMAGE_SEED=${seed}: ${stderr}`);
            assert.match(stderr, /damaged|not a Leadline database|newer Leadline/, `DAMAGE_SEED=${seed}: ${stderr}`);
            refused++;
            continue;
        }
        assert.equal(status, 0, `DAMAGE_SEED=${seed}: ${stderr}`);
        const again = await startLeadline(t, org, { dir: server.dir });
        for (let n = 0; n < 100; n++)
            assert.equal((await fetch(`${again.admin}/api/trace?messageId=m-d-${n}`)).status, 200, `DAMAGE_SEED=${seed}: ${n}`);
        await again.stop();
    }
    assert.ok(refused > 0, `${refused} of ${FLIPS} were noticed`);
});

test('the note with the admin address is replaced as a whole, so that nobody reads half of it', async (t) => {
    const org = await startOrg(t);
    const dir = tempDir(t);
    const note = path.join(dir, 'data', 'admin.address');
    fs.mkdirSync(path.dirname(note));
    fs.writeFileSync(note, 'an earlier one\n');
    const reader = fs.openSync(note, 'r'); // of somebody who reads it just now
    t.after(() => fs.closeSync(reader));
    const server = await startLeadline(t, org, { dir });
    assert.equal(fs.readFileSync(reader, 'utf8'), 'an earlier one\n');
    assert.equal(fs.readFileSync(note, 'utf8'), `${server.admin.replace('http://', '')}\n`);
    assert.deepEqual(fs.readdirSync(path.dirname(note)).filter((name) => name.endsWith('.new')), []);
});

test('an event whose text changed on the disk is never sent: a dead letter, and said in the log', async (t) => {
    const org = await startOrg(t);
    const server = await startHolding(t, org);
    await server.accepted('/v1/identify', person('whole'));
    await server.accepted('/v1/identify', person('broken', { traits: { title: 'Directrix' } }));
    await server.stop();
    const bytes = fs.readFileSync(file(server, ''));
    const at = bytes.indexOf('Directrix');
    assert.ok(at > 0);
    bytes[at] ^= 1 << 3;
    fs.writeFileSync(file(server, ''), bytes);

    const again = await startLeadline(t, org, { dir: server.dir });
    assert.equal((await again.cli(['resume', 'Salesforce', '--admin', again.admin])).status, 0);
    await org.holds('Lead', 1);
    const letter = await until('the dead letter', async () => {
        const { out } = await again.cli(['dead-letters', 'list', '--json', '--admin', again.admin]);
        return out.includes('damaged_event') && out;
    });
    assert.match(letter, /check the disk; send the event again/);
    await until('the log', () => /error store\.damaged_event .*check the disk/.test(again.running.err));
    assert.equal((await org.holds('Lead', 1)).length, 1);
});
