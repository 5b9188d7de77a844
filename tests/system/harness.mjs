// Starts the real programs on free ports with a folder of their own, waits for
// what they say when they are ready, and looks at how they ended: a sanitizer's
// report or a wrong exit status fails the test that started them.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const shared = process.env.LEADLINE_SHARED ?? path.resolve(root, '../shared');

export const WRITE_KEY = 'WK';
const USER = 'integration@example.com';

/** The path of a program; fast picks the release build, where speed matters. */
export function program(name, { fast = false } = {}) {
    const build = fast ? 'release' : (process.env.LEADLINE_BUILD ?? 'asan');
    return path.join(root, 'build', build, 'programs', name, name);
}

/** The reason why a test that needs ../shared/NAME is skipped, or false. */
export function missing(name) {
    return fs.existsSync(path.join(shared, name)) ? false : `${name} is not here`;
}

/** Asks again and again until answer() is true (its answer is returned), or fails. */
export async function until(what, answer, { ms = 30_000 } = {}) {
    const deadline = Date.now() + ms;
    let last;
    do {
        last = await answer();
        if (last)
            return last;
        await pause(25);
    } while (Date.now() < deadline);
    assert.fail(`${what}: not within ${ms} ms`);
}

export function tempDir(t) {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'leadline-'));
    t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
    return dir;
}

const REPORT = /ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:/;

// Whatever happens to a test, no program outlives it.
const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** A running program: its lines, its end. */
class Running {
    constructor(t, command, args, options = {}) {
        this.out = '';
        this.err = '';
        this.child = spawn(command, args, {
            stdio: ['ignore', 'pipe', 'pipe'],
            ...options,
            env: {
                ...process.env,
                ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0',
                UBSAN_OPTIONS: 'print_stacktrace=1',
                ...options.env,
            },
        });
        children.add(this.child);
        this.child.stdout.on('data', (data) => { this.out += data; });
        this.child.stderr.on('data', (data) => { this.err += data; });
        this.ended = new Promise((resolve) => {
            this.child.on('close', (status, signal) => resolve({ status, signal }));
            this.child.on('error', (error) => resolve({ error }));
        });
        this.ended.then((end) => { this.end = end; children.delete(this.child); });
        // Ends the program even when the test forgot to, and looks at its last words.
        t.after(() => this.stop());
    }

    async line(pattern) {
        const found = await until(`a line like ${pattern}\n${this.err}`, () => {
            if (this.end)
                assert.fail(`ended early: ${JSON.stringify(this.end)}\n${this.out}\n${this.err}`);
            return pattern.exec(this.out);
        });
        return found[1];
    }

    /** Ends it with a signal and returns how it ended. */
    async signal(name) {
        if (!this.end)
            this.child.kill(name);
        const stuck = pause(20_000, 'stuck', { ref: false });
        if (await Promise.race([this.ended, stuck]) === 'stuck') {
            this.child.kill('SIGKILL');
            assert.fail(`did not end within 20 s of ${name}\n${this.err.slice(-4000)}`);
        }
        assert.doesNotMatch(this.err, REPORT, this.err.slice(-8000));
        return this.end;
    }

    async stop() {
        if (this.killed)
            return;
        const { status, signal, error } = await this.signal('SIGTERM');
        assert.ok(!error, String(error));
        assert.ok(status === 0 || this.mayFail, `ended with ${status ?? signal}\n${this.err.slice(-4000)}`);
    }

    async kill() {
        this.killed = true;
        return this.signal('SIGKILL');
    }
}

async function json(url, options) {
    const answer = await fetch(url, options);
    const text = await answer.text();
    assert.equal(answer.status, 200, `${url}: ${answer.status} ${text}`);
    return JSON.parse(text);
}

// Leadline is held against the WSDL to the letter, not against what the service lets pass.
const STRICT = ['--quirk', 'requests=strict', '--quirk', 'field-order=strict'];

/** Starts fakeorg: its url and what can be asked and told to it. */
export async function startOrg(t, { args = [], fast = false, lax = false, listen = '127.0.0.1:0' } = {}) {
    const running = new Running(t, program('fakeorg', { fast }), [
        '--listen', listen, '--username', USER, '--password', 'secret', '--token', 'token',
        ...(lax ? [] : STRICT), ...args,
    ]);
    const url = await running.line(/^fakeorg: listening on (http:\/\/\S+)$/m);
    return {
        url,
        running,
        records: (object) => json(`${url}/_fakeorg/records/${object}`),
        calls: () => json(`${url}/_fakeorg/calls`),
        async tell(what, body = {}) {
            const answer = await fetch(`${url}/_fakeorg/${what}`, {
                method: 'POST', body: JSON.stringify(body),
            });
            const text = await answer.text();
            assert.ok(answer.ok, `${what}: ${answer.status} ${text}`);
            return text;
        },
        /** Waits until count records of an object stand there, and returns them. */
        async holds(object, count, options) {
            let last = [];
            try {
                return await until(`${count} ${object} records`, async () => {
                    last = await this.records(object);
                    return last.length >= count && last;
                }, options);
            } catch (error) {
                error.message += `; there are ${last.length}`;
                throw error;
            }
        },
    };
}

/** A configuration file; destination and top are further keys with their values. */
export function configText({ orgUrl, dataDir, destination = {}, top = {}, sources }) {
    const line = (indent) => ([key, value]) => `${indent}${key}: ${JSON.stringify(value)}\n`;
    const to = {
        login_url: orgUrl, account_email: USER, account_password: 'secret',
        security_token: 'token', linger: '200ms', ...destination,
    };
    for (const key of Object.keys(to).filter((key) => to[key] === undefined))
        delete to[key];
    const from = sources ?? [{ name: 'website', write_key: WRITE_KEY, destinations: ['Salesforce'] }];
    return Object.entries({
        listen: '127.0.0.1:0', admin_listen: '127.0.0.1:0', data_dir: dataDir, ...top,
    }).map(line('')).join('') +
        'sources:\n' + from.map((source) => `  - ${JSON.stringify(source)}\n`).join('') +
        'destinations:\n  - name: Salesforce\n' + Object.entries(to).map(line('    ')).join('');
}

/** Starts leadline serve against an org. */
export async function startLeadline(t, org, options = {}) {
    const dir = options.dir ?? tempDir(t);
    const config = path.join(dir, 'leadline.yaml');
    fs.writeFileSync(config, configText({
        orgUrl: org.url, dataDir: path.join(dir, 'data'), ...options,
    }));
    const command = program('leadline', options);
    const wrap = options.wrap ?? [];
    const running = new Running(t, ...(wrap.length === 0
        ? [command, ['serve', '--config', config]]
        : [wrap[0], [...wrap.slice(1), command, 'serve', '--config', config]]));
    const api = await running.line(/^leadline: tracking API on (http:\/\/\S+)$/m);
    const admin = await running.line(/^leadline: admin on (http:\/\/\S+)$/m);
    return {
        dir, config, running, api, admin,
        port: Number(new URL(api).port),
        stop: () => running.stop(),
        kill: () => running.kill(),
        cli: (args, input) => leadline([...args, '--config', config], { input, ...options }),
        /** POSTs a body, with the write key in Basic auth unless headers say else. */
        async post(where, body, headers = {}) {
            const answer = await fetch(api + where, {
                method: 'POST',
                headers: { Authorization: basic(WRITE_KEY), ...headers },
                body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
            });
            return { status: answer.status, headers: answer.headers, text: await answer.text() };
        },
        async accepted(where, body, headers) {
            const answer = await this.post(where, body, headers);
            assert.equal(answer.status, 200, answer.text);
            assert.deepEqual(JSON.parse(answer.text), { success: true });
        },
    };
}

export function basic(writeKey) {
    return `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`;
}

/** Runs a leadline command to its end: {status, out, err}. */
export function leadline(args, { input = '', env = {}, fast = false } = {}) {
    return new Promise((resolve, reject) => {
        const child = spawn(program('leadline', { fast }), args, { env: { ...process.env, ...env } });
        let out = '';
        let err = '';
        child.stdout.on('data', (data) => { out += data; });
        child.stderr.on('data', (data) => { err += data; });
        child.on('error', reject);
        child.on('close', (status) => {
            if (REPORT.test(err))
                reject(new Error(err));
            else
                resolve({ status, out, err });
        });
        child.stdin.on('error', () => {}); // it may end before it has read all
        child.stdin.end(input);
    });
}

/** Sends bytes as they are, and returns what came back until the end or a full answer. */
export function raw(port, bytes, { ms = 10_000, half = false } = {}) {
    return new Promise((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1');
        const parts = [];
        const finish = () => {
            clearTimeout(timer);
            socket.destroy();
            const text = Buffer.concat(parts).toString('latin1');
            resolve({ text, status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0) });
        };
        const timer = setTimeout(finish, ms);
        socket.on('connect', () => { half ? socket.write(bytes) : socket.end(bytes); });
        socket.on('data', (data) => {
            parts.push(data);
            const text = Buffer.concat(parts).toString('latin1');
            const end = text.indexOf('\r\n\r\n');
            const length = /^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1];
            if (end > 0 && length !== undefined && text.length >= end + 4 + Number(length) &&
                !text.startsWith('HTTP/1.1 100'))
                finish();
        });
        socket.on('end', finish);
        socket.on('error', (error) => { parts.length > 0 ? finish() : (clearTimeout(timer), reject(error)); });
    });
}

export function example(name) {
    return JSON.parse(fs.readFileSync(path.join(root, 'tests/data/examples', `${name}.json`), 'utf8'));
}

/** An identify of person n that is opted in. */
export function person(n, { traits = {}, ...rest } = {}) {
    return {
        type: 'identify', userId: `u-${n}`, messageId: `m-${n}`,
        traits: {
            email: `person${n}@example.com`, firstName: 'Person', lastName: `Number ${n}`,
            company: 'Initech', ...traits,
        },
        integrations: { Salesforce: true },
        ...rest,
    };
}

export function batches(messages, size = 100) {
    const all = [];
    for (let i = 0; i < messages.length; i += size)
        all.push({ batch: messages.slice(i, i + size) });
    return all;
}
