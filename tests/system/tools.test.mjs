// The scripts around the programs: what a bare machine is told, and where things are installed.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { root, tempDir } from './harness.mjs';

/** Runs a command of the project to its end. */
function run(command, args, env = {}) {
    return new Promise((resolve) => {
        execFile(command, args, { cwd: root, env: { ...process.env, ...env } }, (error, out, err) => {
            resolve({ status: error ? error.code : 0, out, err });
        });
    });
}

/** A PATH on which these commands are scripts of ours. */
function standIns(t, scripts) {
    const dir = tempDir(t);
    for (const [name, text] of Object.entries(scripts))
        fs.writeFileSync(path.join(dir, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return { PATH: `${dir}:${process.env.PATH}` };
}

test('a machine without the packages is told which to install and how, and nothing is installed', async (t) => {
    const env = standIns(t, { 'dpkg-query': 'exit 1', 'apt-get': 'echo "not asked for" >&2; exit 9' });
    const { status, err } = await run('tools/install-deps', ['--check', 'build'], env);
    assert.equal(status, 1);
    assert.match(err, /missing: .*\bmeson\b.*\blibmicrohttpd-dev\b/);
    assert.match(err, /tools\/install-deps build/);
});

test('while packages are installed a line says now and then how far it is', async (t) => {
    const steps = (verb, count) => `i=0; while [ $i -lt ${count} ]; do i=$((i + 1)); echo "${verb} $i"; done`;
    const env = standIns(t, {
        'dpkg-query': 'exit 1',
        sudo: 'exec "$@"',
        'apt-get': `${steps('Get:', 20)}; ${steps('Unpacking', 20)}; ${steps('Setting up', 10)}`,
    });
    const { status, out, err } = await run('tools/install-deps', ['bench'], env);
    assert.deepEqual([status, err], [0, '']);
    for (const line of ['fetched 20 files', 'unpacked 10 packages', 'set up 10 packages'])
        assert.ok(out.includes(`  ${line}\n`), out);
    const broken = await run('tools/install-deps', ['bench'],
        standIns(t, { 'dpkg-query': 'exit 1', sudo: 'exec "$@"', 'apt-get': 'echo "E: no mirror"; exit 100' }));
    assert.equal(broken.status, 1);
    assert.match(broken.err, /E: no mirror\n.*apt-get update failed/s);
});

test('--help of each script says what it is for, and does nothing else', async (t) => {
    const done = path.join(tempDir(t), 'done');
    const tools = ['apt-get', 'chroot', 'clang', 'debootstrap', 'dpkg-query', 'gcc', 'git', 'make', 'meson', 'mount', 'ninja', 'node', 'npm',
        'sudo', 'umount'];
    const env = standIns(t, Object.fromEntries(tools.map((name) => [name, `echo ${name} "$@" >>${done}; exit 9`])));
    const scripts = fs.readdirSync(path.join(root, 'tools')).map((name) => path.join('tools', name))
        .filter((script) => /^#!.*bash/.test(fs.readFileSync(path.join(root, script), 'utf8')));
    assert.ok(scripts.includes('tools/fresh'));
    await Promise.all(scripts.map(async (script) => {
        const { status, out, err } = await run(script, ['--help'], env);
        assert.deepEqual([status, err], [0, ''], script);
        assert.ok(out.startsWith(script), `${script}: ${out}`);
    }));
    assert.ok(!fs.existsSync(done), fs.existsSync(done) && fs.readFileSync(done, 'utf8'));
});

test('the unit starts the program where PREFIX puts it', async (t) => {
    const dir = path.join(tempDir(t), 'build');
    const meson = (...args) => execFileSync('meson', args, { cwd: root, encoding: 'utf8' });
    meson('setup', dir);
    for (const prefix of ['/usr', '/opt/leadline']) {
        meson('configure', dir, `-Dprefix=${prefix}`);
        meson('setup', '--reconfigure', dir);
        const unit = fs.readFileSync(path.join(dir, 'leadline.service'), 'utf8');
        assert.match(unit, new RegExp(`^ExecStart=${prefix}/bin/leadline serve `, 'm'));
        const installed = Object.values(JSON.parse(meson('introspect', '--installed', dir)));
        assert.ok(installed.includes(`${prefix}/bin/leadline`), String(installed));
        assert.ok(installed.includes(`${prefix}/lib/systemd/system/leadline.service`), String(installed));
    }
});
