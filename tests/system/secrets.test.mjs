// Sealed secrets from end to end: a configuration without any, a server that signs in with them,
// and a data directory that gives none of them away.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { configText, leadline, person, startLeadline, startOrg, tempDir, until } from './harness.mjs';

const SEALED = { account_password: { secret: 'pw' }, security_token: { secret: 'tok' } };

/** A folder with a key and two sealed secrets, and the configuration that names them. */
async function sealed(t, { password = 'secret', orgUrl = 'http://127.0.0.1:9' } = {}) {
    const dir = tempDir(t);
    const config = path.join(dir, 'sealed.yaml');
    const key = path.join(dir, 'the.key');
    const top = { secrets_key_file: key };
    fs.writeFileSync(config, configText({
        orgUrl, dataDir: path.join(dir, 'data'), destination: SEALED, top,
    }));
    const run = async (args, options) => {
        const done = await leadline(['secrets', ...args, '--config', config], options);
        assert.equal(done.status, 0, done.err);
        return done.out;
    };
    const made = await leadline(['secrets', 'key', key]);
    assert.equal(made.status, 0, made.err);
    await run(['set', 'pw'], { input: `${password}\n` });
    await run(['set', 'tok', '--kind', 'security_token'], { input: 'token' });
    return { dir, config, key, top, run };
}

/** Every file below dir whose bytes hold one of the words. */
function holding(dir, words) {
    return fs.readdirSync(dir, { recursive: true })
        .map((name) => path.join(dir, name))
        .filter((name) => fs.statSync(name).isFile())
        .filter((name) => words.some((word) => fs.readFileSync(name).includes(word)));
}

test('a server signs in with sealed secrets, and its folder, its log and its configuration hold none', async (t) => {
    const words = ['sealed-and-never-seen', 'next-and-never-seen'];
    const org = await startOrg(t, { args: ['--password', words[0]] });
    const { dir, config, key, top, run } = await sealed(t, { password: words[0], orgUrl: org.url });
    const server = await startLeadline(t, org, { dir, destination: SEALED, top });
    await server.accepted('/v1/identify', person(1));
    await org.holds('Lead', 1);
    const checked = await leadline(['check', '--config', config]);
    assert.equal(checked.status, 0, checked.out + checked.err);
    await run(['rotate', 'pw'], { input: words[1] });
    await run(['rekey']);
    assert.deepEqual(holding(dir, words), [], 'while it runs, after a rekey');
    await run(['rotate', 'pw', '--undo']);
    await run(['delete', 'tok']);
    await server.stop();
    assert.deepEqual(holding(dir, words), []);
    for (const word of words)
        assert.ok(!(server.running.out + server.running.err).includes(word));
    const text = fs.readFileSync(key, 'utf8').trim();
    assert.deepEqual(holding(path.join(dir, 'data'), [text]), [], 'nor the key');
});

test('SIGHUP takes a value that was set anew, and keeps the old one when the key is gone', async (t) => {
    const org = await startOrg(t);
    const { dir, key, top, run } = await sealed(t, { password: 'wrong' });
    const server = await startLeadline(t, org, { dir, destination: SEALED, top });
    const state = async () => JSON.parse((await server.cli(['status', '--json'])).out).destinations[0].mood;
    await server.accepted('/v1/identify', person(1));
    await until('the refused sign-in stops it', async () => (await state()) === 'stopped');
    fs.renameSync(key, `${key}.away`);
    server.running.child.kill('SIGHUP');
    await until('it says what is missing', () => /there is no key in/.test(server.running.err));
    fs.renameSync(`${key}.away`, key);
    await run(['set', 'pw'], { input: 'secret\n' });
    server.running.child.kill('SIGHUP');
    await org.holds('Lead', 1);
});

test('list, delete and key answer people and machines, and show no value', async (t) => {
    const { dir, run } = await sealed(t, { password: 'never-shown' });
    const list = JSON.parse(await run(['list', '--json']));
    assert.deepEqual(list.secrets.map(({ name, kind, state }) => [name, kind, state]),
        [['pw', 'password', 'opens'], ['tok', 'security_token', 'opens']]);
    assert.match(list.key, /^[0-9a-f]{16}$/);
    assert.ok(!(await run(['list'])).includes('never-shown'));
    await run(['delete', 'pw']);
    const keyless = await leadline(['secrets', 'list', '--json', '--config', path.join(dir, 'sealed.yaml'),
        '--key-file', '/nowhere']);
    assert.equal(JSON.parse(keyless.out).secrets[0].state, 'no key');
    const printed = await leadline(['secrets', 'key']);
    assert.match(printed.out, /^[A-Za-z0-9+/]{43}=\n$/);
    const misused = await leadline(['secrets', 'set', 'pw', 'as-an-argument']);
    assert.equal(misused.status, 2);
});
