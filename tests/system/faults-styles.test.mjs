// An org that answers in another style, or in a way that no source confirms: whatever it refuses
// and however it says so, everybody is in the org exactly once.

import assert from 'node:assert/strict';
import test from 'node:test';
import { assertOnce, passes, rig } from './fault-rig.mjs';

test('answers in every other style say the same', async (t) => {
    const rigged = await rig(t);
    const { org, people, send, settled, server, faults, clear, status } = rigged;
    const styles = [
        { prefixes: 'foreign' }, { prefixes: 'default' }, { elements: 'extra' }, { elements: 'missing' },
        { ids: 'once' }, { faultcode: 'prefixed' }, { faultcode: 'bare' }, { 'error-fields': 'no' },
        { errors: 'several' }, { messages: 'german' }, { messages: 'japanese' }, { 'limit-info': 'more' },
        { 'limit-info': 'none' }, { gzip: 'always' }, { gzip: 'never' }, { chunked: 'yes' },
        { prefixes: 'foreign', elements: 'extra', errors: 'several', gzip: 'always', chunked: 'yes' },
        { 'fault-detail': 'no' },
    ];
    for (const style of styles) {
        const what = JSON.stringify(style);
        await org.tell('quirks', style);
        await org.tell('sessions/expire'); // a fault, a sign-in
        await passes(rigged, 'create/update:UNABLE_TO_LOCK_ROW,when=Email~-2@,times=1', { update: true });
        const messages = people();
        const dead = (await status()).dead;
        await faults(`create:FIELD_CUSTOM_VALIDATION_EXCEPTION,when=Email=${messages[3].traits.email}`,
            'create:INVALID_FIELD,times=1', 'query:SERVER_UNAVAILABLE,times=1');
        await send(messages);
        const tally = await settled(what);
        await clear();
        assert.equal(tally.dead, dead + 1, what);
        await assertOnce(org, messages.filter((_, n) => n !== 3), what);
        await fetch(`${org.url}/_fakeorg/quirks`, { method: 'DELETE' });
    }
    await server.stop();
});

test('more or fewer results than records tell nothing, so the records are looked up', async (t) => {
    const rigged = await rig(t);
    for (const results of ['fewer', 'more']) {
        await passes(rigged, `create:results=${results},times=1`);
        await passes(rigged, `update:results=${results},times=1`, { update: true });
    }
});

test('what no source confirms may be either way', async (t) => {
    const rigged = await rig(t);
    const { org } = rigged;
    const quirks = await (await fetch(`${org.url}/_fakeorg/quirks`)).json();
    const elsewhere = ['results', 'session-id', 'server-url']; // tests of their own
    for (const [name, { values, default: usual }] of Object.entries(quirks)) {
        for (const value of values) {
            if (value === usual || elsewhere.includes(name))
                continue;
            await org.tell('quirks', { [name]: value });
            await org.tell('sessions/expire');
            await passes(rigged, 'create/update:UNABLE_TO_LOCK_ROW,when=Email~-2@,times=1', { update: true })
                .catch((error) => { error.message = `${name}=${value}: ${error.message}`; throw error; });
            await fetch(`${org.url}/_fakeorg/quirks`, { method: 'DELETE' });
        }
    }
});
