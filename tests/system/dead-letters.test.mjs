// Dead letters and the person's word about them; and watching what comes in.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import test from 'node:test';
import { leadline, person, program, startLeadline, startOrg, until } from './harness.mjs';

/** A group call without a name, of which no Account can be made. */
const nameless = (n, rest = {}) => ({
    type: 'group', messageId: `g-${n}`, userId: `u-${n}`, groupId: `group-${n}`, traits: { phone: '1', plan: 0.5 },
    integrations: { Salesforce: true }, ...rest,
});

/** An identify that says nothing to find a Lead by. */
const unknown = (n) => ({ type: 'identify', messageId: `i-${n}`, userId: `u-${n}`, traits: { title: 'Boss' }, integrations: { Salesforce: true } });

const lines = (text) => text.split('\n').filter((line) => line !== '');
const jsonLines = (text) => lines(text).map((line) => JSON.parse(line));

const tally = async (server) => {
    const { status, out } = await server.cli(['status', '--json']);
    const said = JSON.parse(out);
    const [to] = said.destinations;
    assert.equal(to.accepted, to.written + to.merged + to.unchanged + to.waiting + to.dead, out);
    return { ...to, status, needs: said.needs_person };
};

/** A server with three nameless groups and two identifies without a key among its dead letters. */
async function startWithLetters(t, options) {
    const org = await startOrg(t);
    const server = await startLeadline(t, org, options);
    for (let n = 1; n <= 3; n++)
        await server.accepted('/v1/group', nameless(n));
    for (let n = 1; n <= 2; n++)
        await server.accepted('/v1/identify', unknown(n));
    const all = await until('five dead letters', async () => {
        const { out } = await server.cli(['dead-letters', 'list', '--json']);
        return JSON.parse(out).length === 5 && JSON.parse(out);
    });
    const codeOf = (id) => all.find(({ messageId }) => messageId === id).code;
    assert.notEqual(codeOf('g-1'), codeOf('i-1'));
    return { org, server, codeOf };
}

test('the list names message, person, reason, time and destination, and is filtered', async (t) => {
    const { server, codeOf } = await startWithLetters(t);
    const listed = await server.cli(['dead-letters', 'list']);
    assert.equal(listed.status, 0, listed.err);
    const [newest] = lines(listed.out);
    assert.match(newest, new RegExp(`^i-2  u-2  ${codeOf('i-2')}  \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z  Salesforce$`));
    assert.match(listed.out, /^g-1  group-1  name_required  .*\n5 dead letters\n$/m);
    const ids = async (...args) => {
        const { status, out, err } = await server.cli(['dead-letters', 'list', '--json', ...args]);
        assert.equal(status, 0, err);
        return JSON.parse(out).map(({ messageId }) => messageId);
    };
    assert.deepEqual(await ids('--code', codeOf('i-1')), ['i-2', 'i-1']);
    assert.deepEqual(await ids('--code', codeOf('g-1'), '--destination', 'Salesforce'), ['g-3', 'g-2', 'g-1']);
    assert.deepEqual(await ids('--code', 'NOTHING'), []);
    const nowhere = await server.cli(['dead-letters', 'list', '--destination', 'Nowhere']);
    assert.deepEqual([nowhere.status, nowhere.err], [1, 'leadline dead-letters: there is no destination "Nowhere"\n']);
});

test('show tells everything about one dead letter, with the event as it came', async (t) => {
    const { server } = await startWithLetters(t);
    const { status, out } = await server.cli(['dead-letters', 'show', 'g-2']);
    assert.equal(status, 0);
    assert.match(out, /^g-2\nSalesforce: dead\n {2}reason +name_required\n/);
    for (const member of ['user +group-2', 'message ', 'advice ', 'received ', 'type +group'])
        assert.match(out, new RegExp(`^ {2}${member}`, 'm'));
    const event = JSON.parse(out.slice(out.indexOf('\n{')));
    assert.deepEqual(event.traits, { phone: '1', plan: 0.5 });
    assert.equal((await server.cli(['dead-letters', 'show', 'nobody'])).status, 1);
});

test('what is exported can be mapped, and posted again to be delivered', async (t) => {
    const { org, server, codeOf } = await startWithLetters(t);
    const exported = await server.cli(['dead-letters', 'export', '--code', codeOf('g-1')]);
    assert.equal(exported.status, 0, exported.err);
    const letters = jsonLines(exported.out);
    assert.deepEqual(letters.map(({ event }) => event.messageId), ['g-3', 'g-2', 'g-1']);
    for (const letter of letters) {
        assert.deepEqual(Object.keys(letter).sort(), ['advice', 'code', 'destination', 'event', 'message', 'received']);
        assert.deepEqual([letter.destination, letter.code, letter.event.traits.plan], ['Salesforce', 'name_required', 0.5]);
    }
    const mapped = await server.cli(['map'], letters.map(({ event }) => `${JSON.stringify(event)}\n`).join(''));
    assert.deepEqual(jsonLines(mapped.out).map(({ messageId, outcome }) => `${messageId} ${outcome}`),
        ['g-3 write', 'g-2 write', 'g-1 write'], mapped.err);
    const [one] = jsonLines((await server.cli(['dead-letters', 'export', 'g-1'])).out);
    assert.equal(jsonLines((await server.cli(['dead-letters', 'export'])).out).length, 5);
    assert.equal((await server.cli(['dead-letters', 'export', 'nobody'])).status, 1);
    await server.accepted('/v1/group', { ...one.event, messageId: 'again', traits: { ...one.event.traits, name: 'Initech' } });
    assert.equal((await org.holds('Account', 1))[0].Phone, '1');
});

test('discarded letters stay in the sums, and need nobody any more', async (t) => {
    const { server, codeOf } = await startWithLetters(t);
    const before = await tally(server);
    assert.deepEqual([before.dead, before.dead_letters, before.status], [5, 5, 1]);
    const one = await server.cli(['dead-letters', 'discard', 'g-1', 'i-1']);
    assert.deepEqual([one.status, one.out], [0, '2 dead letters discarded\n'], one.err);
    const traced = JSON.parse((await server.cli(['trace', 'g-1', '--json'])).out).receipts[0];
    assert.deepEqual([traced.state, traced.discarded, traced.code], ['dead', true, 'name_required']);
    assert.match((await server.cli(['trace', 'g-1'])).out, /: dead \(discarded\)$/m);
    assert.ok(Date.parse(traced.changed) >= Date.parse(traced.received));
    assert.equal((await server.cli(['dead-letters', 'retry', 'g-1'])).status, 1, 'it is not tried again');
    const twice = await server.cli(['dead-letters', 'discard', 'g-1', 'g-2']);
    assert.deepEqual([twice.status, twice.out], [1, '1 dead letter discarded\n']);
    assert.match(twice.err, /^leadline dead-letters: there is no dead letter with the messageId "g-1"\n/);
    for (const args of [['all'], []]) {
        const unsure = await server.cli(['dead-letters', 'discard', ...args]);
        assert.equal(unsure.status, 2, 'nobody can be asked');
    }
    assert.equal((await tally(server)).dead_letters, 2);
    const filtered = await server.cli(['dead-letters', 'discard', 'all', '--code', codeOf('i-2'), '--json']);
    assert.deepEqual(JSON.parse(filtered.out), { discarded: 1 });
    const rest = await server.cli(['dead-letters', 'discard', 'all', '--yes']);
    assert.deepEqual([rest.status, rest.out], [0, '1 dead letter discarded\n']);
    const after = await tally(server);
    assert.deepEqual([after.dead, after.dead_letters, after.accepted], [5, 0, 5]);
    assert.deepEqual([after.status, after.needs], [0, []]);
    assert.equal((await server.cli(['dead-letters', 'list'])).out, '0 dead letters\n');
});

/** Runs a command at a terminal where a person types: {status, out}, both streams in one. */
function atTerminal(server, args, typed) {
    const line = [program('leadline'), ...args, '--config', server.config].map((part) => `'${part}'`).join(' ');
    return new Promise((resolve) => {
        const child = spawn('script', ['-qec', line, '/dev/null']);
        let out = '';
        child.stdout.on('data', (data) => {
            if (!out.includes('[y/N]') && `${out}${data}`.includes('[y/N]'))
                child.stdin.write(typed);
            out += data;
        });
        child.on('close', (status) => resolve({ status, out: out.replaceAll('\r', '') }));
    });
}

test('at a terminal "discard all" asks, and takes y alone for yes', async (t) => {
    const { server } = await startWithLetters(t);
    for (const no of ['\n', 'n\n', 'no, why\n', 'all\n', ' y\n', '\x04']) {
        const { status, out } = await atTerminal(server, ['dead-letters', 'discard', 'all'], no);
        assert.match(out, /discard all dead letters for good\? \[y\/N\]/);
        assert.match(out, /nothing was discarded/, JSON.stringify(no));
        assert.equal(status, 1, out);
    }
    assert.equal((await tally(server)).dead_letters, 5);
    const { status, out } = await atTerminal(server, ['dead-letters', 'discard', 'all'], 'y\n');
    assert.match(out, /\n5 dead letters discarded\n/);
    assert.equal(status, 0, out);
    assert.equal((await tally(server)).dead_letters, 0);
});

test('retry takes all with one reason, and leaves the others', async (t) => {
    const { server, codeOf } = await startWithLetters(t);
    assert.equal((await server.cli(['dead-letters', 'retry', 'g-1', '--code', 'X'])).status, 2);
    await server.cli(['pause', 'Salesforce']);
    const { status, out } = await server.cli(['dead-letters', 'retry', 'all', '--code', codeOf('g-1')]);
    assert.deepEqual([status, out], [0, '3 dead letters will be tried again\n']);
    const { waiting, dead_letters: left } = await tally(server);
    assert.deepEqual([waiting, left], [3, 2]);
});

test('events lists the newest, oldest first, and only those that are asked for', async (t) => {
    const { org, server } = await startWithLetters(t);
    await server.accepted('/v1/identify', person(7));
    const [lead] = await org.holds('Lead', 1);
    const shown = await until('the record', async () => {
        const { status, out, err } = await server.cli(['events']);
        assert.equal(status, 0, err);
        return out.includes(lead.Id) && lines(out);
    });
    assert.equal(shown.length, 6);
    assert.match(shown[0], /^\S+Z  website  group  g-1  group-1  Salesforce  dead  name_required$/);
    assert.match(shown[5], new RegExp(`^\\S+Z  website  identify  m-7  u-7  Salesforce  written  ${lead.Id}$`));
    const ids = async (...args) => jsonLines((await server.cli(['events', '--json', ...args])).out)
        .map(({ messageId }) => messageId);
    assert.deepEqual(await ids('--lines', '2'), ['i-2', 'm-7']);
    assert.deepEqual(await ids('--outcome', 'written'), ['m-7']);
    assert.deepEqual(await ids('--lines', '1', '--outcome', 'dead'), ['i-2']);
    assert.deepEqual(await ids('--source', 'other'), []);
    assert.deepEqual((await ids('--source', 'website', '--destination', 'Salesforce')).length, 6);
    for (const args of [['--lines', 'x'], ['--outcome', 'lost'], ['--lines', '100000']])
        assert.equal((await server.cli(['events', ...args])).status, 1, args.join(' '));
});

/** leadline events --follow, as a person at a terminal has it. */
function watch(t, server, args = []) {
    const child = spawn(program('leadline'), ['events', '--follow', ...args, '--config', server.config]);
    const seen = { out: '', err: '' };
    child.stdout.on('data', (data) => { seen.out += data; });
    child.stderr.on('data', (data) => { seen.err += data; });
    const ended = new Promise((resolve) => { child.on('close', (status) => resolve(status)); });
    t.after(() => child.kill('SIGKILL'));
    return {
        seen,
        says: (pattern) => until(`${pattern} of ${JSON.stringify(seen)}`, () => pattern.test(seen.out)),
        warns: (pattern) => until(`${pattern}`, () => pattern.test(seen.err)),
        stop: () => { child.kill('SIGINT'); return ended; },
    };
}

test('follow shows each event as it comes, and what becomes of it, over a restart', async (t) => {
    const org = await startOrg(t);
    let server = await startLeadline(t, org);
    await server.accepted('/v1/identify', person(1));
    await org.holds('Lead', 1);
    const watched = watch(t, server);
    await watched.says(/ m-1 .* written /);
    await server.cli(['pause', 'Salesforce']);
    await server.accepted('/v1/identify', person(2));
    await watched.says(/ m-2 .* waiting /);
    await server.cli(['resume', 'Salesforce']);
    await watched.says(/ m-2 .* written {2}00Q/);
    await server.accepted('/v1/group', nameless(1));
    await watched.says(/ g-1 .* dead {2}name_required/);
    await server.cli(['dead-letters', 'discard', 'g-1']);
    await watched.says(/ g-1 .* discarded {2}name_required/);
    await server.stop();
    await watched.warns(/waiting until it answers again\n/);
    server = await startLeadline(t, org, { dir: server.dir });
    await server.accepted('/v1/identify', person(3));
    await watched.says(/ m-3 .* written /);
    assert.equal(await watched.stop(), 0);
    assert.equal(lines(watched.seen.err).length, 1, watched.seen.err);
    const told = lines(watched.seen.out).map((line) => line.split('  ').slice(3, 8).join(' '));
    assert.equal(new Set(told).size, told.length, `nothing is told twice: ${watched.seen.out}`);
});

test('follow misses no outcome of many events, and filters them', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    const watched = watch(t, server, ['--json']);
    const written = watch(t, server, ['--json', '--outcome', 'written']);
    const events = Array.from({ length: 1200 }, (_, n) => person(n));
    for (let i = 0; i < events.length; i += 300)
        await server.accepted('/v1/batch', { batch: events.slice(i, i + 300) });
    await org.holds('Lead', events.length);
    const idsOf = (seen) => new Set(jsonLines(seen.out.slice(0, seen.out.lastIndexOf('\n') + 1))
        .filter(({ state }) => state === 'written').map(({ messageId }) => messageId));
    for (const { seen } of [watched, written])
        await until('all are told', () => idsOf(seen).size === events.length);
    assert.deepEqual(new Set(jsonLines(written.seen.out).map(({ state }) => state)), new Set(['written']));
    for (const one of [watched, written])
        assert.equal(await one.stop(), 0);
});

test('events that a destination does not want are listed and followed as skipped, once, over a restart', async (t) => {
    const org = await startOrg(t);
    let server = await startLeadline(t, org);
    const track = (n) => ({ type: 'track', event: 'Order', messageId: `t-${n}`, userId: `u-${n}` });
    await server.accepted('/v1/track', track(1));
    await server.accepted('/v1/identify', person(1));
    const [lead] = await org.holds('Lead', 1);
    const watched = watch(t, server);
    await watched.says(new RegExp(`written {2}${lead.Id}`));
    assert.match(lines(watched.seen.out)[0], /^\S+Z  website  track  t-1  -  Salesforce  skipped  not_opted_in$/);
    await server.accepted('/v1/track', track(2));
    await watched.says(/ t-2 .* skipped /);
    await server.stop();
    await watched.warns(/waiting until it answers again\n/);
    server = await startLeadline(t, org, { dir: server.dir });
    await server.accepted('/v1/track', track(3));
    await watched.says(/ t-3 .* skipped /);
    assert.equal(await watched.stop(), 0);
    assert.equal(lines(watched.seen.out).filter((line) => / skipped /.test(line)).length, 3, watched.seen.out);
    const shown = jsonLines((await server.cli(['events', '--json', '--outcome', 'skipped'])).out);
    assert.deepEqual(shown.map(({ messageId, state, code, seq }) => [messageId, state, code, seq]),
        [1, 2, 3].map((n) => [`t-${n}`, 'skipped', 'not_opted_in', null]));
    const written = jsonLines((await server.cli(['events', '--json', '--outcome', 'written'])).out);
    assert.deepEqual(written.map(({ messageId }) => messageId), ['m-1']);

    const ask = async (path) => (await fetch(`${server.admin}${path}`)).json();
    const { next } = await ask('/api/events?lines=1');
    assert.match(next, /^\d+\.\d+\.\d+\.3$/);
    assert.deepEqual((await ask(`/api/events?after=${next.replace(/\.3$/, '.1')}`)).events.map(({ messageId }) => messageId),
        ['t-2', 't-3']);
    const earlier = await ask(`/api/events?after=${next.replace(/\.3$/, '')}`);
    assert.deepEqual([earlier.events, earlier.next.split('.')[3]], [[], '3'], 'a cursor of an earlier version');
    assert.equal((await ask('/api/events?after=1.2')).code, 'invalid');
});

test('events of a server that does not run is an error at once', async () => {
    const { status, err } = await leadline(['events', '--follow', '--admin', 'http://127.0.0.1:1']);
    assert.equal(status, 1);
    assert.match(err, /no server answers/);
});
