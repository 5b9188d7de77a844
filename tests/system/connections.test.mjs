// Whatever strangers do with their connections, others are answered: at, above and after the
// limit, on both ports.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { WRITE_KEY, basic, person, root, startLeadline, startOrg, tempDir, until } from './harness.mjs';

const KINDS = ['idle', 'slow', 'half-closed', 'never-reads'];
const files = Number(execFileSync('bash', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })) || Infinity;

let people = 0;

/** One identify on a connection of its own: its status, 0 when the connection was cut. */
function identify(port) {
    const body = JSON.stringify(person(`crowd-${people++}`, { writeKey: WRITE_KEY }));
    return new Promise((resolve) => {
        const request = http.request({
            port, host: '127.0.0.1', method: 'POST', path: '/v1/identify', agent: false,
            headers: { Authorization: basic(WRITE_KEY), 'Content-Length': Buffer.byteLength(body) },
            signal: AbortSignal.timeout(10_000), // a server that has stopped to accept says nothing
        }, (answer) => {
            answer.resume();
            answer.on('end', () => resolve(answer.statusCode));
            answer.on('error', () => resolve(0));
        });
        request.on('error', () => resolve(0));
        request.end(body);
    });
}

/** How long it takes until an event is taken in, in ms. */
async function timeOf(port) {
    const begin = performance.now();
    await until('an event to be taken in', async () => await identify(port) === 200);
    return performance.now() - begin;
}

/** Starts echo.mjs; what is returned asks it, and says how long that took, in ms. */
async function startEcho(t) {
    const child = spawn(process.execPath, [path.join(root, 'tests/system/echo.mjs'), path.join(tempDir(t), 'file')]);
    t.after(() => child.kill('SIGKILL'));
    let out = '';
    child.stdout.on('data', (data) => { out += data; });
    const port = Number(await until('the port of echo.mjs', () => out.endsWith('\n') && out));
    return () => new Promise((resolve, reject) => {
        const begin = performance.now();
        const socket = net.connect(port, '127.0.0.1', () => socket.write('x'.repeat(1000)));
        socket.resume();
        socket.on('error', reject);
        socket.on('close', () => resolve(performance.now() - begin));
    });
}

/** Holds count connections of a kind: how long others took meanwhile, and the echo beside them. */
async function crowd(t, server, kind, count, host) {
    const echo = await startEcho(t);
    const child = spawn(process.execPath, [path.join(root, 'tests/system/crowd.mjs'),
        String(server.port), `127.0.0.${host}`, kind, String(count)]);
    const end = new Promise((resolve) => { child.on('close', resolve); });
    t.after(() => child.kill('SIGKILL'));
    let out = '';
    child.stdout.on('data', (data) => { out += data; });
    const answers = [];
    const echoes = [];
    const ask = async () => {
        const [answer, echoed] = await Promise.all([timeOf(server.port), echo()]);
        answers.push(answer);
        echoes.push(echoed);
    };
    do {
        await ask();
        await pause(25);
    } while (!out.includes('open') && child.exitCode === null);
    assert.match(out, /open/, 'the crowd did not come');
    for (let i = 0; i < 5; i++)
        await ask();
    child.kill('SIGKILL');
    await end;
    await ask();
    return { answers, echoes };
}

/** Every single one within a second, and what this machine took at worst for no more than an echo. */
function checkTimes(t, what, { answers, echoes }) {
    const slowest = Math.max(...answers);
    const echo = Math.max(...echoes);
    t.diagnostic(`${what}: ${answers.length} answers, slowest ${slowest.toFixed(0)} ms, slowest echo ${echo.toFixed(0)} ms`);
    assert.ok(slowest <= 1000 + echo, `${what}: ${answers.map(Math.round)} ms; echo ${echoes.map(Math.round)} ms`);
}

for (const limit of [1, 3, 64, 1000, 10_000]) {
    const few = limit + 500 > files ? `only ${files} files may be open (ulimit -Hn), ${limit + 500} are needed` : false;
    test(`with max_connections ${limit}, more than that of any kind keep nobody waiting`, { skip: few }, async (t) => {
        const org = await startOrg(t);
        const server = await startLeadline(t, org, { top: { max_connections: limit } });
        for (const [i, kind] of (limit < 10_000 ? KINDS : ['mixed']).entries()) {
            checkTimes(t, `${limit + 50} ${kind}`, await crowd(t, server, kind, limit + 50, 10 + i));
        }
        assert.doesNotMatch(server.running.err, /settings.few_files/);
    });
}

test('ten times as many as max_connections keep nobody waiting', { skip: files < 10_500 ? `only ${files} files may be open (ulimit -Hn)` : false }, async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    checkTimes(t, '10000 slow at the default of 1000', await crowd(t, server, 'slow', 10_000, 20));
});

/** Opens count connections while the program stands still, closes them together, goes on. */
async function comeAndLeave(server, port, count) {
    const { pid } = server.running.child;
    process.kill(pid, 'SIGSTOP');
    try {
        const sockets = await Promise.all(Array.from({ length: count }, () => new Promise((resolve, reject) => {
            const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
            socket.on('error', reject);
        })));
        const closed = sockets.map((socket) => new Promise((resolve) => { socket.on('close', resolve); }));
        sockets.forEach((socket) => socket.destroy());
        await Promise.all(closed);
    } finally {
        process.kill(pid, 'SIGCONT');
    }
}

test('connections that come and leave in one moment keep nobody out, on both ports', async (t) => {
    const org = await startOrg(t);
    for (const limit of [1, 3, 64]) {
        const server = await startLeadline(t, org, { top: { max_connections: limit } });
        const adminPort = Number(new URL(server.admin).port);
        for (let round = 0; round < 3; round++) {
            for (const count of [limit, limit + 1, limit + 20]) {
                await comeAndLeave(server, server.port, count);
                assert.ok(await timeOf(server.port) < 10_000);
            }
        }
        for (const count of [63, 64, 65, 90]) {
            await comeAndLeave(server, adminPort, count);
            const answer = await fetch(`${server.admin}/healthz`, { signal: AbortSignal.timeout(10_000) });
            assert.equal(answer.status, 200);
            await answer.text();
        }
        await server.stop();
    }
});

test('the admin goes on with 64 and more idle connections, and after them', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    const port = Number(new URL(server.admin).port);
    const healthy = async () => {
        const answer = await fetch(`${server.admin}/healthz`, {
            headers: { Connection: 'close' }, signal: AbortSignal.timeout(10_000),
        });
        await answer.text();
        return answer.status;
    };
    for (const count of [1, 63, 64, 65, 200]) {
        const sockets = await Promise.all(Array.from({ length: count }, () => new Promise((resolve) => {
            const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
            socket.on('error', () => {});
        })));
        assert.equal(await healthy(), 200);
        sockets.forEach((socket) => socket.destroy());
        assert.equal(await healthy(), 200);
    }
});

test('too few files for max_connections are said, and connections beyond them keep nobody out', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org, {
        top: { max_connections: 5000 }, wrap: ['bash', '-c', 'ulimit -n 300; exec "$0" "$@"'],
    });
    assert.match(server.running.err, /settings.few_files max_connections=5000 possible=44/);
    checkTimes(t, '400 idle with 300 files', await crowd(t, server, 'idle', 400, 30));
});
