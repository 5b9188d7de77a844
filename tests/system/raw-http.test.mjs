// What no well-behaved client sends, to both ports: refused as nginx would, in JSON that a page
// may read; and what is odd but right, answered.  The whole table: tests/unit/test_http.c.

import assert from 'node:assert/strict';
import net from 'node:net';
import test, { after, before } from 'node:test';
import { startLeadline, startOrg } from './harness.mjs';

let ports;
const cleanups = [];

before(async () => {
    const owner = { after: (clean) => cleanups.unshift(clean) };
    const server = await startLeadline(owner, await startOrg(owner));
    ports = { 'tracking API': server.port, admin: Number(new URL(server.admin).port) };
});
after(async () => {
    for (const clean of cleanups)
        await clean();
});

const ORIGIN = 'http://127.0.0.1';

/** Sends bytes, closes that side if told to, and reads to the end of the connection. */
function exchange(port, bytes, { close = true } = {}) {
    return new Promise((resolve, reject) => {
        const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
        const parts = [];
        const timer = setTimeout(() => socket.destroy(new Error('no end within 20 s')), 20_000);
        socket.on('connect', () => { close ? socket.end(bytes, 'latin1') : socket.write(bytes, 'latin1'); });
        socket.on('data', (data) => parts.push(data));
        socket.on('end', () => socket.end());
        socket.on('error', reject);
        socket.on('close', () => {
            clearTimeout(timer);
            const text = Buffer.concat(parts).toString('latin1');
            const [head, ...rest] = text.split('\r\n\r\n');
            const lines = head.split('\r\n');
            const names = lines.slice(1).map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
            assert.deepEqual(names, [...new Set(names)], `a header stands twice: ${head}`);
            const value = (name) => lines[names.indexOf(name) + 1].replace(/^[^:]*: */, '');
            resolve({
                status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), head, body: rest.join('\r\n\r\n'),
                header: (name) => (names.includes(name) ? value(name) : undefined),
            });
        });
    });
}

const REFUSED = {
    'no Host': [400, 'GET /healthz HTTP/1.1\r\nORIGIN'],
    'an empty Host': [400, 'GET /healthz HTTP/1.1\r\nHost:\r\nORIGIN'],
    'two Hosts': [400, 'GET /healthz HTTP/1.1\r\nHOSTHOSTORIGIN'],
    'a NUL in a value': [400, 'GET /healthz HTTP/1.1\r\nHOSTX-A: b\0c\r\nORIGIN'],
    'a bare CR in a value': [400, 'GET /healthz HTTP/1.1\r\nHOSTX-A: b\rX-B: c\r\nORIGIN'],
    'a folded value': [400, 'GET /healthz HTTP/1.1\r\nHOSTX-A: b\r\n c\r\nORIGIN'],
    'a first header line that begins with a blank': [400, 'GET /healthz HTTP/1.1\r\n X-A: b\r\nHOSTORIGIN'],
    'a blank before the colon': [400, 'GET /healthz HTTP/1.1\r\nHOSTX-A : b\r\nORIGIN'],
    'a NUL in the path': [400, 'GET /healthz%00 HTTP/1.1\r\nHOSTORIGIN'],
    'a large header': [431, `GET /healthz HTTP/1.1\r\nHOSTX-A: ${'a'.repeat(20_000)}\r\nORIGIN`],
    'a long path': [414, `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHOSTORIGIN`],
    'HTTP/2': [505, 'GET /healthz HTTP/2.0\r\nHOSTORIGIN'],
    'a large body': [[400, 413], 'POST /v1/t HTTP/1.1\r\nHOSTContent-Length: 99999999\r\nORIGIN'],
};

for (const [what, [status, text]] of Object.entries(REFUSED))
    test(`${what} is refused on both ports, in JSON, each header once`, async () => {
        for (const [name, port] of Object.entries(ports)) {
            const bytes = `${text.replaceAll('HOST', 'Host: localhost\r\n').replace('ORIGIN', `Origin: ${ORIGIN}\r\n`)}\r\n`;
            const answer = await exchange(port, bytes);
            assert.ok([status].flat().includes(answer.status), `${name}: ${answer.head}`);
            const body = JSON.parse(answer.body);
            assert.equal(body.success, false);
            assert.equal(typeof body.code, 'string');
            assert.equal(typeof body.message, 'string');
            assert.equal(answer.header('connection'), 'close');
            assert.match(answer.header('content-type'), /^application\/json/);
            if (name === 'tracking API')
                assert.equal(answer.header('access-control-allow-origin'), ORIGIN);
        }
    });

test('a whole address as the target is understood on both ports', async () => {
    for (const port of Object.values(ports)) {
        const answer = await exchange(port, `GET http://localhost:${port}/healthz HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`);
        assert.equal(answer.status, 200, answer.head);
    }
    // The admin is asked by the name in the target, not by that in the header.
    const evil = await exchange(ports.admin, 'GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    assert.equal(evil.status, 403);
});

test('HEAD has the headers of GET and no body, on every GET path of both ports', async () => {
    const paths = {
        'tracking API': ['/healthz', '/v1/projects/WK/settings', '/v1/pixel/page?data=e30', '/v1/i?data=e30', '/nowhere'],
        admin: ['/', '/api/status', '/api/trace?messageId=m', '/api/dead-letters?destination=Salesforce', '/healthz', '/metrics', '/nowhere'],
    };
    const plain = (answer) => answer.head.replace(/^(Date|Content-Length): .*$/gim, '$1');
    for (const [name, port] of Object.entries(ports))
        for (const path of paths[name]) {
            const ask = (method) => exchange(port, `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
            const [get, head] = [await ask('GET'), await ask('HEAD')];
            assert.equal(plain(head), plain(get), path);
            assert.ok(Number(head.header('content-length')) > 0, path);
            assert.equal(head.body, '', path);
            assert.ok(get.body.length > 0, path);
        }
});

test('a client that closes its side right after its request is answered', async () => {
    const body = JSON.stringify({ writeKey: 'WK', type: 'track', event: 'E', userId: 'u' });
    const requests = {
        'tracking API': `POST /v1/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        admin: 'GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n',
    };
    for (const [name, port] of Object.entries(ports))
        assert.equal((await exchange(port, requests[name])).status, 200, name);
});
