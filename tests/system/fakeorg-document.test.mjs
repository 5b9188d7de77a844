// docs/fakeorg.md against fakeorg itself: its tables are generated from the tables of the source and
// of the running program, it lists every address and option, and its examples run.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { assertPrinted, table } from './documents.mjs';
import { program, root, startOrg, tempDir } from './harness.mjs';

const DOCUMENT = 'docs/fakeorg.md';
const read = (...parts) => fs.readFileSync(path.join(root, ...parts), 'utf8');

/** The table of tests/data/fakeorg/conformance.tsv. */
function conformance() {
    const [heads, ...rows] = read('tests/data/fakeorg/conformance.tsv').trimEnd().split('\n').map((line) => line.split('\t'));
    return { heads, rows };
}

/** Whether "fakeorg_soap: name" or "file.test.mjs: title" is a test that runs. */
function exists(reference) {
    const [where, name] = reference.split(/: (.*)/s);
    if (where.endsWith('.test.mjs')) {
        const text = read('tests/system', where).replaceAll("\\'", "'");
        return text.includes(`test('${name}'`);
    }
    const text = read(`tests/unit/test_${where}.c`);
    return text.includes(`TEST(${name})`) && text.split(`(${name})`).length > 2; // defined, and listed
}

/** References of one file share its name: "`fakeorg_soap`: a, b". */
function shown(references) {
    const by = new Map();
    for (const reference of references.split('; ')) {
        const [where, name] = reference.split(/: (.*)/s);
        by.set(where, [...(by.get(where) ?? []), name]);
    }
    return references === '-' ? '' : [...by].map(([where, names]) => `\`${where}\`: ${names.map((name) => name.replaceAll('_', ' ')).join('; ')}`).join('. ');
}

test('the document lists what fakeorg does like the real service, each row with tests that exist', () => {
    const { heads, rows } = conformance();
    for (const row of rows) {
        assert.equal(row.length, heads.length, row.join(' | '));
        assert.match(row[2], /^(?:yes|no|quirk `[a-z-]+`|limit `[a-z-]+`)$/, row[1]);
        assert.ok(row[2] === 'no' || row[3] !== '-', `no test: ${row[1]}`);
        for (const reference of row[3] === '-' ? [] : row[3].split('; '))
            assert.ok(exists(reference), `there is no test ${reference}`);
    }
    assertPrinted(DOCUMENT, 'conformance', table(heads, rows.map((row) => row.with(3, shown(row[3])))));
});

test('every operation, quirk and limit is in the document', async (t) => {
    const org = await startOrg(t);
    const get = async (what) => (await fetch(`${org.url}/_fakeorg/${what}`)).json();
    const { rows } = conformance();
    const quirks = await get('quirks');
    const limits = await get('limits');
    for (const [, what, supported] of rows) {
        const [, kind, name] = /^(quirk|limit) `(.*)`$/.exec(supported) ?? [];
        assert.ok(kind === undefined || name in (kind === 'quirk' ? quirks : limits), `${what}: ${supported}`);
    }
    assertPrinted(DOCUMENT, 'quirks', table(['quirk', 'values, the default first', 'meaning'],
        Object.entries(quirks).map(([name, { values, help }]) => [
            `\`${name}\``, values.map((value) => (value === '' ? '(empty)' : `\`${value}\``)).join(' '), help])));
    assertPrinted(DOCUMENT, 'limits', table(['limit', 'default', 'meaning'],
        Object.entries(limits).filter(([, value]) => typeof value === 'object').map(([name, one]) => [
            `\`${name}\``, one.default, one.help ?? one.meaning])));
    const operations = [...read('fakeorg/api/operation.c').matchAll(/^ {4}\[OPERATION_\w+\] = \{"(\w+)"/gm)].map((found) => found[1]);
    assert.ok(operations.length >= 15);
    for (const operation of operations)
        assert.ok(rows.some(([area, what]) => area === 'operation' && what.includes(operation)), operation);
});

test('every fault on demand is in the document', () => {
    const kinds = [...read('fakeorg/faults/fault_spec.c').matchAll(/^ {4}\{"([a-z0-9-]+)", RESPONSE_\w+, [^"]*((?:"[^"]*"\s*)+)\}/gm)]
        .map(([, name, help]) => [`\`${name}\``, help.replace(/"\s*"/g, '').replace(/^"|"\s*$/g, '')]);
    assert.ok(kinds.length > 10);
    assertPrinted(DOCUMENT, 'kinds of faults', table(['kind', 'effect on the call'], kinds));
    const codes = (of) => [...new Set([...read('fakeorg/api/error_codes.c').matchAll(/\{"([A-Z_]+)",\s*(?:NULL|"(\w+)"),\s*(OF_\w+)/g)]
        .filter((row) => row[3] === of).map(([, code, variant]) => (variant === undefined ? code : `${code}=${variant}`)))];
    const line = (list) => `${list.map((code) => `\`${code}\``).join(', ')}\n`;
    assertPrinted(DOCUMENT, 'codes of faults', line(codes('OF_CALLS')));
    assertPrinted(DOCUMENT, 'codes of record errors', line(codes('OF_RECORDS')));
});

test('every address and option is in the document and the man page', async () => {
    const document = read(DOCUMENT);
    const manual = read('docs/fakeorg.1').replaceAll('\\-', '-');
    const routes = [...read('fakeorg/http/fakeorg.c').matchAll(/^ {4}\{"([A-Z]+)", "(\/[^"]*)", \w+, \w+\},/gm)];
    assert.ok(routes.length > 15);
    for (const [, method, route] of routes)
        assert.ok(document.includes(`\`${method} ${route}`), `${method} ${route}`);
    const { stdout } = await promisify(execFile)(program('fakeorg'), ['--help']);
    for (const [option] of stdout.matchAll(/--[a-z-]+/g)) {
        assert.ok(document.includes(`\`${option}`), option);
        assert.ok(manual.includes(option), `${option} in docs/fakeorg.1`);
    }
});

/** The code blocks of the document that follow a line "<!-- run: NAME -->". */
function blocks(name) {
    return [...read(DOCUMENT).matchAll(/<!-- run: (\w+) -->\n+((?:(?: {4}.*)?\n)+)/g)]
        .filter((found) => found[1] === name)
        .map((found) => found[2].replace(/^ {4}/gm, '').trim());
}

function run(command, args, options) {
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
        let out = '';
        child.stdout.on('data', (data) => { out += data; });
        child.stderr.on('data', (data) => { out += data; });
        child.on('error', reject);
        child.on('close', (status) => (status === 0 ? resolve(out) : reject(new Error(`${status}\n${out}`))));
    });
}

test('the examples in curl do what the document says', async (t) => {
    const org = await startOrg(t);
    const script = blocks('curl').join('\n').replaceAll('http://127.0.0.1:9090', org.url);
    assert.ok(script.length > 500);
    const out = await run('bash', ['-euo', 'pipefail', '-c', script.replace(/^\$ /gm, '')], { cwd: tempDir(t) });
    assert.match(out, /"LastName":"Gibbons"/);
    assert.match(out, /UNABLE_TO_LOCK_ROW/);
    assert.match(out, /"field":"City","old":null,"new":"Austin"/);
    assert.equal((await org.records('Lead')).length, 1);
});

test('the example in Node does what the document says', async (t) => {
    const file = path.join(tempDir(t), 'example.test.mjs');
    const [text] = blocks('node');
    fs.writeFileSync(file, text.replace("'fakeorg'", JSON.stringify(program('fakeorg'))));
    const { NODE_TEST_CONTEXT: _, ...env } = process.env; // or it would be a part of this test
    assert.match(await run(process.execPath, ['--test', '--test-reporter=tap', file], { env }), /^# pass 2$/m);
});

test('quirks can still be set by their old names', async (t) => {
    const org = await startOrg(t, { args: ['--switch', 'ids=once'] });
    const values = async (address) => {
        const all = await (await fetch(`${org.url}/_fakeorg/${address}`)).json();
        return ['ids', 'gzip', 'nil'].map((name) => all[name].value);
    };
    const usual = await values('quirks');
    assert.equal(usual[0], 'once');
    assert.deepEqual(await values('switches'), usual);
    await org.tell('switches', { gzip: 'never' });
    await org.tell('org', { switches: { nil: 'clears' } });
    assert.deepEqual(await values('quirks'), ['once', 'never', 'clears']);
    await fetch(`${org.url}/_fakeorg/switches`, { method: 'DELETE' });
    assert.deepEqual(await values('quirks'), ['twice', ...usual.slice(1)]);
});
