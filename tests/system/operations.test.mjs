// What an operator meets: sessions, custom fields, converted leads, counts,
// traces, checks, configuration errors, signals.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { batches, configText, example, leadline, person, startLeadline, startOrg, tempDir, until } from './harness.mjs';

test('a session that expires is renewed once', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    await server.accepted('/v1/identify', person(1));
    await org.holds('Lead', 1);
    const before = await org.calls();
    await org.tell('sessions/expire');
    for (let n = 2; n < 22; n++)
        await server.accepted('/v1/identify', person(n));
    await org.holds('Lead', 21);
    const after = await org.calls();
    assert.equal(after.by_operation.login - before.by_operation.login, 1, JSON.stringify([before, after]));
});

test('custom traits find their custom fields, and what finds none is left out', async (t) => {
    const org = await startOrg(t, {
        args: ['--field', 'Lead.testProp__c=string:50', '--field', 'Lead.Favorite_Color__c=string:20'],
    });
    const server = await startLeadline(t, org);
    await server.accepted('/v1/identify', person(1, {
        traits: { testProp: 'x', favoriteColor: 'blue', shoeSize: 44, OwnerId: '005000000000001AAA' },
    }));
    const [lead] = await org.holds('Lead', 1);
    assert.deepEqual([lead.testProp__c, lead.Favorite_Color__c], ['x', 'blue']);
    assert.ok(!('shoeSize__c' in lead));
    const mapped = await server.cli(['map'], `${JSON.stringify(person(2, { traits: { favoriteColor: 'red', shoeSize: 1 } }))}\n`);
    assert.equal(JSON.parse(mapped.out).fields.Favorite_Color__c, 'red', 'map knows what the org said of itself');
    const traced = await server.cli(['trace', 'm-1', '--json']);
    assert.equal(traced.status, 0, traced.err);
    assert.match(traced.out, /unknown_field/);
    assert.match(traced.out, new RegExp(lead.Id));
});

test('a field that the org gets later heals nothing that is written, but serves what comes', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org, { destination: { renew_every: '1s' } });
    await server.accepted('/v1/identify', person(1, { traits: { plan: 'gold' } }));
    await org.holds('Lead', 1);
    await org.tell('fields', { object: 'Lead', name: 'plan__c', type: 'string:20' });
    let n = 2;
    await until('the new field is filled', async () => {
        await server.accepted('/v1/identify', person(n++, { traits: { plan: 'gold' } }));
        return (await org.records('Lead')).some((lead) => lead.plan__c === 'gold');
    });
});

test('custom look-up fields decide who is the same person', async (t) => {
    const org = await startOrg(t, { args: ['--field', 'Lead.Customer__c=string:40'] });
    const server = await startLeadline(t, org, {
        destination: { custom_lead_lookup_fields: { customer: 'Customer__c' } },
    });
    await server.accepted('/v1/identify', person(1, { traits: { customer: "O'Brien \\ 7" } }));
    await org.holds('Lead', 1);
    await server.accepted('/v1/identify', person(2, { traits: { customer: "O'Brien \\ 7", title: 'Boss' } }));
    const lead = await until('the title', async () => (await org.records('Lead')).find((one) => one.Title === 'Boss'));
    assert.equal(lead.Customer__c, "O'Brien \\ 7");
    assert.equal((await org.records('Lead')).length, 1);
});

test('the Contact of a converted Lead is updated', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    await server.accepted('/v1/identify', person(1));
    const [lead] = await org.holds('Lead', 1);
    await org.tell('convert', { id: lead.Id });
    await server.accepted('/v1/identify', person(1, { messageId: 'later', traits: { title: 'Converted Boss' } }));
    await until('the title on the Contact', async () => (await org.records('Contact'))
        .some((contact) => contact.Title === 'Converted Boss'));
    assert.equal((await org.records('Lead')).length, 1);
});

test('what is not opted in is counted with its reason', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    const variants = [
        [undefined, 'not_opted_in'], [{}, 'not_opted_in'], [{ All: true }, 'not_opted_in'],
        [{ Salesforce: false }, 'opted_out'], [{ All: true, Salesforce: false }, 'opted_out'],
        [{ Salesforce: null }, 'opted_out'], [{ Salesforce: 0 }, 'opted_out'],
        [{ Salesforce: '' }, 'opted_out'], [{ Salesforce: 'false' }, 'opted_out'],
        [{ salesforce: true }, 'wrong_case'], [{ SALESFORCE: true }, 'wrong_case'],
        [{ 'Salesforce (Actions)': true }, 'not_opted_in'],
        [{ Salesforce: true }, null], [{ Salesforce: {} }, null], [{ All: false, Salesforce: { x: 1 } }, null],
    ];
    for (const [n, [integrations]] of variants.entries())
        await server.accepted('/v1/identify', { ...person(n), integrations });
    await server.accepted('/v1/track', { userId: 'u', event: 'E', integrations: { Salesforce: true } });
    const chosen = variants.flatMap(([, reason], n) => (reason === null ? [`person${n}@example.com`] : []));
    const leads = await org.holds('Lead', chosen.length);
    assert.deepEqual(leads.map((lead) => lead.Email).sort(), chosen.sort());

    const { status, out, err } = await server.cli(['status', '--json']);
    assert.equal(status, 0, err);
    const said = JSON.parse(out);
    const skips = Object.fromEntries(said.skips.map(({ reason, count }) => [reason, count]));
    const wanted = { type_not_used: 1 };
    for (const [, reason] of variants.filter(([, why]) => why !== null))
        wanted[reason] = (wanted[reason] ?? 0) + 1;
    assert.deepEqual(skips, wanted);
});

test('the sums of the status add up, and it reads well', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    for (let n = 0; n < 10; n++)
        await server.accepted('/v1/identify', person(n % 5, { messageId: `sum-${n}` }));
    // An Account without a name cannot be created: a dead letter.
    await server.accepted('/v1/group', {
        groupId: 'nameless', userId: 'u', traits: { employees: 5 }, integrations: { Salesforce: true },
    });
    await org.holds('Lead', 5);
    const tally = await until('everything has a receipt', async () => {
        const { out } = await server.cli(['status', '--json']);
        const [destination] = JSON.parse(out).destinations;
        return destination.waiting === 0 && destination.accepted === 11 && destination;
    });
    assert.equal(tally.accepted, tally.written + tally.merged + tally.unchanged + tally.waiting + tally.dead);
    assert.equal(tally.dead, 1);
    const { status, out } = await server.cli(['status']);
    assert.equal(status, 1, 'a dead letter needs a person');
    assert.match(out, /Salesforce: running[\s\S]*needs a person\n  Salesforce has 1 dead letter: /);
});

test('trace tells the way of an event, and says so when it knows none', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    await server.accepted('/v1/identify', person(1));
    const [lead] = await org.holds('Lead', 1);
    const known = await until('a receipt', async () => {
        const answer = await server.cli(['trace', 'm-1']);
        return answer.out.includes(lead.Id) && answer;
    });
    assert.equal(known.status, 0);
    assert.match(known.out, /written|created/);
    const unknown = await server.cli(['trace', 'nobody']);
    assert.equal(unknown.status, 1);
});

test('a dead letter says why, and is delivered after its cause is gone and a person says retry', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    const group = { messageId: 'g-1', userId: 'u', groupId: '813', traits: { phone: '1' }, integrations: { Salesforce: true } };
    await server.accepted('/v1/group', group);
    const listed = await until('the dead letter', async () => {
        const answer = await server.cli(['dead-letters', 'list']);
        return answer.out.includes('g-1') && answer;
    });
    assert.match(listed.out, /name_required[\s\S]*1 dead letter\n/);
    assert.match((await server.cli(['dead-letters', 'show', 'g-1'])).out, /name_required/);
    await server.accepted('/v1/group', { ...group, messageId: 'g-2', traits: { name: 'Initech' } });
    await org.holds('Account', 1);
    const retried = await server.cli(['dead-letters', 'retry', 'g-1']);
    assert.deepEqual([retried.status, retried.out], [0, '1 dead letter will be tried again\n']);
    await until('the phone', async () => (await org.records('Account'))[0].Phone === '1');
    assert.deepEqual(JSON.parse((await server.cli(['dead-letters', 'list', '--json'])).out), []);
    assert.equal((await server.cli(['dead-letters', 'retry', 'g-1'])).status, 1);
    for (const [words, said] of [
        [['lst'], /^leadline dead-letters: there is no "lst"\nusage: leadline dead-letters list/],
        [['retry'], /^leadline dead-letters retry: an argument is missing\n/],
        [['list', '--nonsense'], /^leadline dead-letters list: unknown option --nonsense\n/],
    ]) {
        const { status, out, err } = await server.cli(['dead-letters', ...words]);
        assert.deepEqual([status, out], [2, '']);
        assert.match(err, said);
    }
});

const ASKING = [['status'], ['trace', 'm-1'], ['dead-letters', 'list'], ['dead-letters', 'show', 'm-1'],
    ['dead-letters', 'retry', 'all']];

// The two ways of docs/configuration.md to keep the password out of the file, each with what takes
// the password away from whoever only asks the server.
for (const [way, destination, wrap, lose] of [
    ['in a file of its own', { account_password_file: 'password' }, [], (dir) => fs.rmSync(path.join(dir, 'password'))],
    ['in the environment', {}, ['env', 'LEADLINE_ACCOUNT_PASSWORD=secret'], () => {}],
])
    test(`with the password ${way}, commands that ask the server do without it`, async (t) => {
        const org = await startOrg(t);
        const dir = tempDir(t);
        fs.writeFileSync(path.join(dir, 'password'), 'secret\n', { mode: 0o600 });
        const server = await startLeadline(t, org, {
            dir, wrap, destination: { account_password: undefined, ...destination },
        });
        await server.accepted('/v1/identify', person(1));
        await org.holds('Lead', 1);
        lose(dir);
        for (const args of ASKING) {
            const { status, err } = await server.cli(args);
            assert.deepEqual([status, err], [0, ''], args.join(' '));
        }
        for (const url of [server.admin, `${server.admin}/`, new URL(server.admin).host])
            for (const args of ASKING) {
                const { status, err } = await leadline([...args, '--admin', url]);
                assert.deepEqual([status, err], [0, ''], `${args.join(' ')} --admin ${url}`);
            }
    });

test('a server that cannot be asked is named, with the way out', async (t) => {
    const nowhere = path.join(tempDir(t), 'nowhere.yml');
    const cases = [
        [['--config', nowhere], /--admin URL names it.*nowhere\.yml/],
        [['--admin', 'http://127.0.0.1:1'], /no server answers on http:\/\/127\.0\.0\.1:1: is "leadline serve" running/],
        [['--admin', '/'], /--admin takes the address of a server, such as/],
    ];
    for (const [args, said] of cases) {
        const { status, err } = await leadline(['status', ...args]);
        assert.equal(status, 1);
        assert.match(err, said);
    }
    assert.equal((await leadline(['serve', '--admin', 'http://127.0.0.1:1'])).status, 2, 'serve asks nobody');
});

test('check signs in, and says in words what is wrong', async (t) => {
    const org = await startOrg(t);
    const dir = tempDir(t);
    const config = path.join(dir, 'leadline.yaml');
    const write = (options) => fs.writeFileSync(config, configText({
        orgUrl: org.url, dataDir: path.join(dir, 'data'), ...options,
    }));
    write({});
    const good = await leadline(['check', '--config', config]);
    assert.equal(good.status, 0, good.out + good.err);
    write({ destination: { account_password: 'wrong' } });
    const bad = await leadline(['check', '--config', config]);
    assert.equal(bad.status, 1);
    assert.match(bad.out + bad.err, /password|INVALID_LOGIN/i);
    assert.ok(!(bad.out + bad.err).includes('wrongtoken'), 'no secret is shown');
    write({ destination: { custom_lead_lookup_fields: { customer: 'Nowhere__c' } } });
    const missingField = await leadline(['check', '--config', config]);
    assert.equal(missingField.status, 1);
    assert.match(missingField.out + missingField.err, /Nowhere__c/);
});

const hide = (org, ...objects) => org.tell('org', {
    permissions: Object.fromEntries(objects.map((object) => [object, { read: false }])),
});

test('a user who cannot see Account or Contact still delivers the rest, and check says what it costs', async (t) => {
    for (const version of [1, 2]) {
        const org = await startOrg(t);
        await hide(org, 'Account', 'Contact');
        const server = await startLeadline(t, org, { destination: { version } });
        await server.accepted('/v1/identify', person(version));
        await org.holds('Lead', 1);
        if (version === 2) {
            await server.accepted('/v1/group', {
                type: 'group', messageId: 'g', userId: 'u', groupId: '813',
                traits: { name: 'Initech' }, integrations: { Salesforce: true },
            });
            await until('the account is dead', async () => JSON.parse((await server.cli(['trace', 'g', '--json'])).out)
                .receipts?.[0]?.code === 'object_not_visible');
        }
        const check = await server.cli(['check']);
        assert.match(check.out, /Contact: this user cannot see the object; people whose Lead has been converted/);
        assert.equal(/Account: this user cannot see the object; group calls/.test(check.out), version === 2);
        assert.equal(check.status, version === 1 ? 0 : 1, check.out);
    }
});

test('a field hidden in mid-run costs its values, one describe and one repeat', async (t) => {
    const org = await startOrg(t, { args: ['--field', 'Lead.shoeSize__c=string:20'] });
    const server = await startLeadline(t, org);
    const sized = (n) => person(n, { traits: { shoeSize: `${n}` } });
    await server.accepted('/v1/identify', sized(0));
    assert.equal((await org.holds('Lead', 1))[0].shoeSize__c, '0');
    await org.tell('org', { permissions: { 'Lead.shoeSize__c': 'hidden' } });
    for (const batch of batches(Array.from({ length: 300 }, (_, n) => sized(n + 1))))
        await server.accepted('/v1/batch', batch);
    await org.holds('Lead', 301);
    const { by_operation: calls } = await org.calls();
    assert.equal(calls.describeSObjects, 2);
    const { out } = await server.cli(['status', '--json']);
    assert.equal(JSON.parse(out).destinations[0].dead, 0);
    assert.match((await server.cli(['trace', 'm-7'])).out, /unknown_field/);
});

test('a wrong password shows at the start, without an event', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org, { destination: { account_password: 'wrong', retry_first: '50ms' } });
    await until('the destination is stopped', async () => JSON.parse((await server.cli(['status', '--json'])).out)
        .destinations[0].mood === 'stopped');
    assert.match((await server.cli(['status'])).out, /INVALID_LOGIN/);
    assert.equal((await org.calls()).by_operation.login, 1);
});

test('a wrong sign-in is tried once, not again and again', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org, { destination: { account_password: 'wrong', retry_first: '50ms' } });
    await server.accepted('/v1/identify', person(1));
    const destination = await until('the destination is stopped', async () => {
        const { out } = await server.cli(['status', '--json']);
        const [one] = JSON.parse(out).destinations;
        return one.mood === 'stopped' && one;
    });
    assert.equal(destination.waiting, 1);
    const said = await server.cli(['status']);
    assert.equal(said.status, 1, 'a stopped destination needs a person');
    assert.match(said.out, /needs a person\n  Salesforce has stopped \(INVALID_LOGIN\): .*leadline resume Salesforce/);
    for (let n = 2; n < 6; n++)
        await server.accepted('/v1/identify', person(n));
    assert.equal((await org.calls()).by_operation.login, 1);
});

test('a pause from the shell outlives a restart, and resume delivers what waited', async (t) => {
    const org = await startOrg(t);
    let server = await startLeadline(t, org);
    const moodOf = async () => {
        const { status, out } = await server.cli(['status', '--json']);
        const said = JSON.parse(out);
        return [status, said.destinations[0].mood, said.needs_person.length];
    };
    const becomes = (mood, status) => until(mood, async () => (await moodOf())[1] === mood && (await moodOf())[0] === status);
    await server.accepted('/v1/identify', person(1));
    await org.holds('Lead', 1);
    await becomes('running', 0);
    const paused = await server.cli(['pause', 'Salesforce']);
    assert.deepEqual([paused.status, paused.out], [0, 'Salesforce is paused; what comes in waits\n'], paused.err);
    await becomes('paused', 1);
    await server.stop();
    server = await startLeadline(t, org, { dir: server.dir });
    await server.accepted('/v1/identify', person(2));
    await becomes('paused', 1);
    assert.match((await server.cli(['status'])).out, /Salesforce: paused\n[\s\S]*waiting 1[\s\S]*"leadline resume Salesforce" lets it go on/);
    assert.equal((await org.records('Lead')).length, 1);
    const resumed = await leadline(['resume', 'Salesforce', '--admin', server.admin]);
    assert.deepEqual([resumed.status, resumed.out], [0, 'Salesforce is delivered to again\n'], resumed.err);
    await org.holds('Lead', 2);
    await becomes('running', 0);
    for (const [args, wanted, said] of [
        [['pause', 'Nobody'], 1, /leadline pause: no destination "Nobody" runs/],
        [['resume', 'Nobody'], 1, /leadline resume: no destination "Nobody" runs/],
        [['pause'], 2, /an argument is missing/],
    ]) {
        const { status, err } = await server.cli(args);
        assert.equal(status, wanted);
        assert.match(err, said);
    }
});

test('configuration errors name the file, the line and the key', async (t) => {
    const dir = tempDir(t);
    const config = path.join(dir, 'bad.yaml');
    const cases = [
        ['listen: 127.0.0.1:0\nlisten_port: 8\n', /:2:?.*listen_port/],
        ['listen: nonsense\n', /:1:?.*listen/],
        ['sources:\n  - {name: a, write_key: K, destinations: [Nowhere]}\n', /:2:?.*Nowhere/],
        ['destinations:\n  - name: S\n    account_email: a@b.example\n    sandbox: perhaps\n', /:4:?.*sandbox/],
        ['destinations:\n  - name: S\n    login_url: http://salesforce.example\n', /:3:?.*login_url/],
        ['listen: [\n', /:\d+/],
    ];
    for (const [text, expected] of cases) {
        fs.writeFileSync(config, text);
        const { status, out, err } = await leadline(['serve', '--config', config]);
        assert.notEqual(status, 0, text);
        assert.equal(out, '');
        assert.match(err, /bad\.yaml/);
        assert.match(err, expected);
    }
});

test('validate says everything that is wrong with a file, and asks nobody', async (t) => {
    const dir = tempDir(t);
    const config = path.join(dir, 'leadline.yml');
    const write = (text) => fs.writeFileSync(config, text, { mode: 0o600 });
    const good = configText({ orgUrl: 'http://127.0.0.1:9', dataDir: path.join(dir, 'data') });
    write(`\uFEFF${good}`);
    for (const args of [['validate', config], ['validate', '--config', config]]) {
        const { status, out, err } = await leadline(args);
        assert.deepEqual([status, out, err], [0, '0 errors, 0 warnings: the configuration is valid\n', '']);
    }
    assert.ok(!fs.existsSync(path.join(dir, 'data')), 'nothing is made');
    write('listen: nonsense\nsources: 7\ndestinations:\n  - name: S\n    account_email: a@b.example\n' +
        '    account_password: abc #def\n    sandbox: perhaps\n');
    const bad = await leadline(['validate', config]);
    assert.equal(bad.status, 1);
    assert.equal(bad.err, '');
    for (const line of [1, 2, 7])
        assert.match(bad.out, new RegExp(`^error {4}${config}:${line}: `, 'm'));
    assert.match(bad.out, /^warning .*:6: .*the value ends before the #/m);
    assert.match(bad.out, /^3 errors, 1 warning: the configuration is not valid$/m);
    const json = JSON.parse((await leadline(['validate', config, '--json'])).out);
    assert.deepEqual([json.valid, json.findings.map(({ level, line }) => `${level} ${line}`)],
        [false, ['error 1', 'error 2', 'warning 6', 'error 7']]);
    // serve says the same, all of it.
    const served = await leadline(['serve', '--config', config]);
    assert.equal(served.status, 1);
    assert.equal(served.err.match(/^leadline serve: (warning: )?\/.*$/gm).length, 4, served.err);
    assert.equal((await leadline(['validate', path.join(dir, 'none.yml')])).status, 1);
});

test('map says each thing once, and nothing of a schema that nobody has kept yet', async (t) => {
    const dir = tempDir(t);
    const config = path.join(dir, 'leadline.yml');
    fs.writeFileSync(config, configText({ orgUrl: 'http://127.0.0.1:9', dataDir: path.join(dir, 'data') }));
    const input = `${JSON.stringify(person(1), null, 4)}\n{"type":"identify","messageId":"nobody"}\n`;
    const { status, out, err } = await leadline(['map', '--config', config], { input });
    assert.deepEqual([status, err], [1, '']);
    const [mapped, refused] = out.trim().split('\n').map((line) => JSON.parse(line));
    assert.equal(mapped.fields.LastName, 'Number 1');
    assert.deepEqual([refused.messageId, refused.outcome, refused.reason], ['nobody', 'reject', 'no_ids']);
    const gone = await leadline(['map', '--config', path.join(dir, 'none.yml')]);
    assert.equal(gone.status, 1);
    assert.equal(gone.err.trim().split('\n').length, 1, gone.err);
});

test('wrong usage is status 2 with a word of advice, version and help are status 0', async () => {
    for (const args of [['nonsense'], ['serve', '--nonsense'], ['trace'], []]) {
        const { status, out, err } = await leadline(args);
        assert.equal(status, 2, args.join(' '));
        assert.equal(out, '');
        assert.match(err, /leadline/);
    }
    assert.match((await leadline(['version'])).out, /0\.1\.0/);
    const help = await leadline(['help']);
    assert.equal(help.status, 0);
    for (const command of ['serve', 'map', 'check', 'status', 'validate', 'trace', 'dead-letters', 'pause', 'resume', 'version', 'help'])
        assert.match(help.out, new RegExp(`\\b${command}\\b`));
});

test('SIGTERM finishes what is in flight and ends with status 0', async (t) => {
    const org = await startOrg(t, { args: ['--latency-ms', '400'] });
    const server = await startLeadline(t, org);
    for (let n = 0; n < 5; n++)
        await server.accepted('/v1/identify', person(n));
    await until('a create in flight or done', async () => (await org.calls()).by_operation.query > 0);
    const end = await server.running.signal('SIGTERM');
    assert.deepEqual(end, { status: 0, signal: null });
    const again = await startLeadline(t, org, { dir: server.dir });
    assert.equal((await org.holds('Lead', 5)).length, 5);
    await again.stop();
    assert.equal((await org.records('Lead')).length, 5);
});

test('SIGHUP takes a changed configuration, and keeps the old one when the new is wrong', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org, { destination: { version: 1 } });
    const group = (id) => ({ ...example('group'), groupId: id, messageId: `group-${id}` });
    await server.accepted('/v1/group', group('before'));

    fs.appendFileSync(server.config, 'nonsense: 1\n');
    server.running.child.kill('SIGHUP');
    await until('a word about the wrong file', () => /nonsense/.test(server.running.err));
    await server.accepted('/v1/identify', person(1));
    await org.holds('Lead', 1);

    fs.writeFileSync(server.config, configText({
        orgUrl: org.url, dataDir: path.join(server.dir, 'data'), destination: { version: 2 },
        sources: [
            { name: 'website', write_key: 'WK', destinations: ['Salesforce'] },
            { name: 'app', write_key: 'SECOND', destinations: ['Salesforce'] },
        ],
    }));
    server.running.child.kill('SIGHUP');
    await until('the second write key', async () =>
        (await server.post('/v1/identify', { ...person(2), writeKey: 'SECOND' }, { Authorization: '' })).status === 200);
    await server.accepted('/v1/group', group('after'));
    const accounts = await org.holds('Account', 1);
    assert.deepEqual(accounts.map((account) => account.AccountNumber), ['after']);
});

test('dead letters of a destination that SIGHUP brought are retried without a restart', async (t) => {
    const org = await startOrg(t);
    await org.tell('faults', ['create:FIELD_CUSTOM_VALIDATION_EXCEPTION,when=LastName=Number 1']);
    const server = await startLeadline(t, org);
    const config = configText({
        orgUrl: org.url, dataDir: path.join(server.dir, 'data'),
        sources: [{ name: 'website', write_key: 'WK', destinations: ['Second'] }],
    });
    fs.writeFileSync(server.config, config.replace('name: Salesforce', 'name: Second'));
    server.running.child.kill('SIGHUP');
    await until('the new settings', () => /settings\.reloaded/.test(server.running.err));
    await server.accepted('/v1/identify', person(1));
    const asked = (what) => server.cli(['dead-letters', ...what]);
    await until('the dead letter', async () => /m-1/.test((await asked(['list'])).out));
    await org.tell('faults', { clear: true });
    const retried = await asked(['retry', 'm-1']);
    assert.equal(retried.status, 0, retried.err);
    await org.holds('Lead', 1);
});
