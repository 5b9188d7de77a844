// The tracking API as SDKs of every kind speak to it.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import zlib from 'node:zlib';
import { WRITE_KEY, basic, person, raw, startLeadline, startOrg, until } from './harness.mjs';

let org;
let server;
const cleanups = [];

before(async () => {
    const owner = { after: (clean) => cleanups.unshift(clean) };
    org = await startOrg(owner);
    server = await startLeadline(owner, org);
});
after(async () => {
    for (const clean of cleanups)
        await clean();
});

let count = 0;
const fresh = (more) => person(`api-${count++}`, more);
const group = (n) => ({
    type: 'group', userId: 'u', groupId: `g-${n}`, traits: { name: `Group ${n}` },
    integrations: { Salesforce: true },
});
const CHUNKED = { 'Transfer-Encoding': 'chunked' };

const standsAs = (email) => until(`a Lead ${email}`, async () =>
    (await org.records('Lead')).find((lead) => lead.Email === email));

function errorOf(answer) {
    const { code, message } = JSON.parse(answer.text);
    assert.equal(typeof code, 'string');
    assert.equal(typeof message, 'string');
    return code;
}

/** A request as text, for what fetch would refuse to send. */
function request(method, where, headers = {}, body = '') {
    const lines = Object.entries({ Host: 'localhost', Connection: 'close', ...headers })
        .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
    return `${method} ${where} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}
const AUTH = { Authorization: basic(WRITE_KEY) };

test('every path of an identify and a group leads to the org', async () => {
    const emails = [];
    for (const path of ['/v1/identify', '/v1/i', '/identify', '/i', '/v1/identify/', '/v1/i/']) {
        const { type, ...message } = fresh(); // the path says the type
        emails.push(message.traits.email);
        await server.accepted(path, message);
    }
    for (const path of ['/v1/batch', '/v1/b', '/v1/import', '/batch', '/b', '/import', '/v1/import/',
        '/v1/batch/b']) {
        const message = fresh();
        emails.push(message.traits.email);
        await server.accepted(path, { batch: [message] });
    }
    const groups = ['/v1/group', '/v1/g', '/group', '/g', '/v1/group/'];
    for (const [n, path] of groups.entries())
        await server.accepted(path, group(n));
    for (const email of emails)
        await standsAs(email);
    assert.equal((await org.holds('Account', groups.length)).length, groups.length);
});

test('the other types and the metrics path are answered like the rest', async () => {
    for (const type of ['track', 'page', 'screen', 'alias']) {
        const message = { userId: 'u', event: 'E', name: 'N', previousId: 'p' };
        for (const path of [`/v1/${type}`, `/v1/${type[0]}`, `/${type}`, `/${type[0]}`])
            await server.accepted(path, message);
    }
    const answer = await server.post('/v1/m', { series: [] }, { Authorization: '', 'Content-Type': 'text/plain' });
    assert.equal(answer.status, 200);
});

test('the write key is taken from Basic auth or from the body, and must agree', async () => {
    const none = { Authorization: '' };
    const message = fresh();
    await server.accepted('/v1/identify', { ...message, writeKey: WRITE_KEY }, none);
    await standsAs(message.traits.email);
    await server.accepted('/v1/batch', { batch: [fresh()], writeKey: WRITE_KEY }, none);
    await server.accepted('/v1/batch', { batch: [{ ...fresh(), writeKey: WRITE_KEY }] }, none);
    await server.accepted('/v1/batch', { batch: [fresh()], writeKey: WRITE_KEY });
    const wrong = await server.post('/v1/identify', fresh(), { Authorization: basic('WRONG') });
    assert.equal(wrong.status, 401);
    errorOf(wrong);
    assert.equal((await server.post('/v1/identify', fresh(), none)).status, 401);
    assert.equal((await server.post('/v1/identify', { ...fresh(), writeKey: 'OTHER' })).status, 401);
});

test('JSON is read whatever the Content-Type says', async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8', 'text/plain',
        'application/x-www-form-urlencoded', 'application/octet-stream', 'nonsense']) {
        const message = fresh();
        await server.accepted('/v1/identify', message, { 'Content-Type': type });
        await standsAs(message.traits.email);
    }
});

test('gzip and chunked bodies are read, alone and together', async () => {
    for (const [gzip, chunked] of [[true, false], [false, true], [true, true]]) {
        const message = fresh();
        const plain = Buffer.from(JSON.stringify({ batch: [message] }));
        const body = gzip ? zlib.gzipSync(plain) : plain;
        const headers = { ...AUTH, ...(gzip ? { 'Content-Encoding': 'gzip' } : {}) };
        const half = Math.floor(body.length / 2);
        const chunk = (part) => Buffer.concat([
            Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);
        const bytes = chunked
            ? Buffer.concat([
                Buffer.from(request('POST', '/v1/batch', { ...headers, ...CHUNKED })),
                chunk(body.subarray(0, half)), chunk(body.subarray(half)), Buffer.from('0\r\n\r\n')])
            : Buffer.concat([
                Buffer.from(request('POST', '/v1/batch', { ...headers, 'Content-Length': body.length })),
                body]);
        const answer = await raw(server.port, bytes, { half: true });
        assert.equal(answer.status, 200, answer.text);
        await standsAs(message.traits.email);
    }
});

test('what is no JSON, no object or broken gzip is a 400 with code and message', async () => {
    for (const body of ['', '{', 'hello', '[]', '"x"', '{"batch": 1}', '{"a":1}{']) {
        const answer = await server.post('/v1/batch', body);
        assert.equal(answer.status, 400, `${body}: ${answer.text}`);
        errorOf(answer);
    }
    const broken = await server.post('/v1/batch', 'not gzip', { 'Content-Encoding': 'gzip' });
    assert.equal(broken.status, 400);
    await until('a word in the log', () =>
        /info ingest\.refused status=400 code=bad_gzip source="" suppressed=0\n/.test(server.running.err));
});

test('a body over the limit is refused: plain, chunked, and a gzip bomb', async () => {
    const long = JSON.stringify({ batch: [fresh({ traits: { long: 'x'.repeat(3_000_000) } })] });
    for (const [body, headers] of [[long, {}], [zlib.gzipSync(long), { 'Content-Encoding': 'gzip' }]]) {
        const answer = await raw(server.port, Buffer.concat([
            Buffer.from(request('POST', '/v1/batch', { ...AUTH, ...headers, 'Content-Length': Buffer.byteLength(body) })),
            Buffer.from(body)]), { half: true });
        assert.ok([400, 413].includes(answer.status), answer.text);
    }
    const announced = await raw(server.port, request('POST', '/v1/batch', { ...AUTH, 'Content-Length': '99999999999' }),
        { half: true });
    assert.ok([400, 413].includes(announced.status), announced.text);
});

test('one bad message does not fail its batch', async () => {
    const good = fresh();
    await server.accepted('/v1/batch', { batch: [{ type: 'identify' }, 7, good, { type: 'nonsense', userId: 'u' }, null] });
    await standsAs(good.traits.email);
});

test('batch-level context and integrations are merged into each message', async () => {
    const { integrations, ...message } = fresh();
    const out = fresh({ integrations: { Salesforce: false } });
    await server.accepted('/v1/batch', { batch: [message, out], integrations: { Salesforce: true } });
    await standsAs(message.traits.email);
    assert.ok(!(await org.records('Lead')).some((lead) => lead.Email === out.traits.email));
});

test('browsers may read every answer, also the refusals', async () => {
    const origin = { Origin: 'https://shop.example' };
    const ok = await server.post('/v1/i', fresh(), origin);
    const refused = await server.post('/v1/i', 'nonsense', origin);
    const unknown = await server.post('/v1/i', fresh(), { ...origin, Authorization: basic('WRONG') });
    const nowhere = await server.post('/nowhere', {}, origin);
    assert.deepEqual([ok, refused, unknown, nowhere].map((answer) => answer.status), [200, 400, 401, 404]);
    for (const answer of [ok, refused, unknown, nowhere]) {
        assert.ok(['*', origin.Origin].includes(answer.headers.get('access-control-allow-origin')));
        assert.match(answer.headers.get('content-type'), /^application\/json/);
    }
    assert.match(ok.headers.get('access-control-expose-headers') ?? '', /retry-after/i);
});

test('a preflight names the headers that SDKs send', async () => {
    for (const path of ['/v1/i', '/v1/batch', '/v1/identify', '/v1/m']) {
        const answer = await fetch(server.api + path, {
            method: 'OPTIONS',
            headers: {
                Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST',
                'Access-Control-Request-Headers': 'authorization,content-type,x-retry-count',
            },
        });
        assert.ok([200, 204].includes(answer.status));
        const allowed = answer.headers.get('access-control-allow-headers').toLowerCase();
        for (const header of ['authorization', 'content-type', 'x-retry-count'])
            assert.ok(allowed.includes(header), allowed);
        assert.match(answer.headers.get('access-control-allow-methods'), /POST/);
        assert.ok(Number(answer.headers.get('access-control-max-age')) > 0);
    }
});

test('the settings endpoint keeps an SDK at this server', async () => {
    const ask = (key) => fetch(`${server.api}/v1/projects/${key}/settings`,
        { headers: { Origin: 'https://shop.example' } });
    const answer = await ask(WRITE_KEY);
    assert.equal(answer.status, 200);
    assert.ok(answer.headers.get('access-control-allow-origin'));
    const { integrations } = await answer.json();
    assert.deepEqual(Object.keys(integrations), ['Segment.io']);
    assert.equal(integrations['Segment.io'].apiKey, WRITE_KEY);
    assert.equal(integrations['Segment.io'].apiHost, `${new URL(server.api).host}/v1`);
    const unknown = await ask('NOBODY');
    assert.equal(unknown.status, 404);
    assert.ok(unknown.headers.get('access-control-allow-origin'));
    await unknown.text();
});

test('a pixel brings an identify, and always answers with an image', async () => {
    const message = { ...fresh(), writeKey: WRITE_KEY };
    const data = Buffer.from(JSON.stringify(message)).toString('base64url');
    const answer = await fetch(`${server.api}/v1/pixel/identify?data=${data}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'image/gif');
    assert.equal(Buffer.from(await answer.arrayBuffer()).subarray(0, 3).toString(), 'GIF');
    await standsAs(message.traits.email);

    const fields = new URLSearchParams({
        writeKey: WRITE_KEY, userId: 'u-pixel', 'traits.email': 'pixel@example.com',
        'traits.company.name': 'Initech', 'integrations.Salesforce': 'true',
    });
    const plain = await fetch(`${server.api}/v1/pixel/identify?${fields}`);
    assert.equal(plain.headers.get('content-type'), 'image/gif');
    const broken = await fetch(`${server.api}/v1/pixel/identify?data=%25%25`);
    assert.deepEqual([broken.status, broken.headers.get('content-type')], [200, 'image/gif']);
});

test('JSONP is answered as a call, or refused when the callback is none', async () => {
    const message = { ...fresh(), writeKey: WRITE_KEY };
    const data = encodeURIComponent(Buffer.from(JSON.stringify(message)).toString('base64')
        .replaceAll('+', '-').replaceAll('/', '_'));
    const answer = await fetch(`${server.api}/v1/i?data=${data}&callback=cb_1`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /javascript/);
    assert.match(await answer.text(), /^(\/\*\*\/)?\s*cb_1\(\{.*\}\);?\s*$/);
    await standsAs(message.traits.email);
    const evil = await fetch(`${server.api}/v1/i?data=${data}&callback=${encodeURIComponent('alert(1);//')}`);
    assert.ok(!(await evil.text()).includes('alert(1)'));
});

test('unknown paths, and methods that a path does not have, are a 404', async () => {
    for (const [method, path] of [['POST', '/v1/nowhere'], ['GET', '/'], ['GET', '/favicon.ico'], ['PUT', '/v2/batch']]) {
        const answer = await fetch(server.api + path, { method });
        const text = await answer.text();
        assert.equal(answer.status, 404, `${method} ${path}: ${text}`);
        errorOf({ text });
    }
    assert.equal((await fetch(`${server.api}/v1/batch`, { method: 'HEAD' })).status, 404);
});

test('ambiguous framing is refused and nothing of it is stored', async () => {
    const body = JSON.stringify(fresh());
    const length = Buffer.byteLength(body);
    const chunked = `${length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const cases = {
        'Content-Length with chunked': [{ 'Content-Length': length, ...CHUNKED }, chunked],
        'two different Content-Length': [{ 'Content-Length': [length, length + 1] }, body],
        'Content-Length twice': [{ 'Content-Length': [length, length] }, body],
        'an unknown coding': [{ 'Transfer-Encoding': 'xchunked' }, chunked],
        'chunked not last': [{ 'Transfer-Encoding': 'chunked, identity' }, chunked],
        'a negative length': [{ 'Content-Length': '-5' }, body],
        'a length with a sign': [{ 'Content-Length': `+${length}` }, body],
    };
    for (const [name, [headers, bytes]] of Object.entries(cases)) {
        const answer = await raw(server.port, request('POST', '/v1/identify', { ...AUTH, ...headers }, bytes),
            { half: true });
        assert.ok([400, 411, 501].includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
    }
});

test('a client that waits for 100 Continue gets it', async () => {
    const body = JSON.stringify(fresh());
    const answer = await raw(server.port, request('POST', '/v1/identify',
        { ...AUTH, Expect: '100-continue', 'Content-Length': Buffer.byteLength(body) }, body), { half: true });
    assert.match(answer.text, /HTTP\/1\.1 200/);
});

test('a messageId counts once per source, and one is made where it is missing', async () => {
    const message = fresh();
    await server.accepted('/v1/identify', message);
    await standsAs(message.traits.email);
    await server.accepted('/v1/identify', { ...message, traits: { ...message.traits, lastName: 'Changed' } });
    await server.accepted('/v1/batch', { batch: [message, message] });
    const { messageId, ...anonymous } = fresh();
    await server.accepted('/v1/identify', anonymous);
    await standsAs(anonymous.traits.email);
    assert.equal((await standsAs(message.traits.email)).LastName, message.traits.lastName);
});
