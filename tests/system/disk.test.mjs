// What happens when the disk is full, its files go away or are damaged: nothing that was
// accepted is lost, and nothing is answered 200 that is not on disk.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { person, startLeadline, startOrg, tempDir, until } from './harness.mjs';

/** A disk of that size: {at: its folder}, or {none: the reason why there is none}. */
function smallDisk(t, size) {
    if (process.getuid() !== 0)
        return { none: 'mounting a small disk needs root' };
    const at = fs.mkdtempSync(path.join(os.tmpdir(), 'leadline-disk-'));
    let mounted = false;
    t.after(() => {
        if (mounted)
            execFileSync('umount', ['-l', at]);
        fs.rmdirSync(at);
    });
    try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at], { stdio: 'pipe' });
    } catch (error) {
        return { none: `a small disk cannot be mounted here: ${error.stderr}`.trim() };
    }
    mounted = true;
    return { at };
}

async function store(server) {
    return (await (await fetch(`${server.admin}/api/status`)).json()).store;
}

async function tally(server) {
    return (await (await fetch(`${server.admin}/api/status`)).json()).destinations[0];
}

test('on a full disk what was accepted is delivered, also over a restart, and new events wait outside',
    async (t) => {
        const { at: disk, none } = smallDisk(t, '64m');
        if (none !== undefined)
            return t.skip(none);
        const dir = tempDir(t);
        const org = await startOrg(t);
        const options = { dir, dataDir: disk, top: { min_free_disk: '0' }, destination: { linger: '50ms' } };
        let server = await startLeadline(t, org, options);
        assert.equal((await server.cli(['pause', 'Salesforce'])).status, 0);

        const accepted = [];
        let refused;
        for (let n = 0; n < 5000 && !refused; n += 20) {
            const batch = Array.from({ length: 20 }, (_, i) =>
                person(`disk-${n + i}`, { traits: { description: 'x'.repeat(10_000) } }));
            const answer = await server.post('/v1/batch', { batch });
            if (answer.status === 200)
                accepted.push(...batch);
            else
                refused = answer;
        }
        assert.ok(accepted.length > 500, `${accepted.length} fit`);
        assert.ok([429, 503].includes(refused?.status), refused?.text);
        assert.ok(refused.headers.get('retry-after'));

        // Somebody else takes what is left, to the last byte.
        const filler = path.join(disk, 'filler');
        const fill = () => {
            const file = fs.openSync(filler, 'a');
            try {
                for (;;)
                    fs.writeSync(file, Buffer.alloc(4096));
            } catch (error) {
                assert.equal(error.code, 'ENOSPC');
            } finally {
                fs.closeSync(file);
            }
        };
        fill();
        await server.stop();
        server = await startLeadline(t, org, options);
        fill();
        assert.equal((await server.cli(['resume', 'Salesforce', '--admin', server.admin])).status, 0);
        await until('everything accepted is delivered', async () => {
            const now = await tally(server);
            return now.waiting === 0 && now.written + now.merged + now.unchanged === now.accepted;
        }, { ms: 120_000 });
        assert.ok((await tally(server)).accepted >= accepted.length);
        const late = await server.post('/v1/identify', person('too-late', {
            traits: { description: 'x'.repeat(25_000) },
        }));
        assert.ok([429, 503].includes(late.status), `${late.status} ${late.text}`);

        execFileSync('mount', ['-o', 'remount,size=128m', disk]);
        await until('events are taken again', async () =>
            (await server.post('/v1/identify', person('room-again'))).status === 200);
        await until('there is room', async () => (await store(server)).full === null);
        const emails = (await org.records('Lead')).map((lead) => lead.Email);
        assert.equal(new Set(emails).size, emails.length);
        for (const one of accepted)
            assert.ok(emails.includes(one.traits.email), one.traits.email);
    });
