// Connections to the org that fail, at every operation and in every way: afterwards everybody is
// in the org exactly once.

import { describe, test } from 'node:test';
import { assertOnce, passes, rig } from './fault-rig.mjs';

const ON_THE_WIRE = [
    'cut-before-save', 'cut-after-save', 'cut-in-answer', 'truncated', 'garbage', 'empty', 'no-http',
    'http-200', 'http-500', 'http-503', 'http-503,saved=yes', 'late-answer,after=1500ms',
    'late-commit,after=600ms',
];

// Each has programs of its own and mostly waits, so they run side by side.
describe('a connection that fails', { concurrency: true }, () => {
    for (const [operation, update] of [['create', false], ['update', true]]) {
        test(`a connection that fails at ${operation} leaves everybody in the org once`, async (t) => {
            const rigged = await rig(t);
            for (const kind of ON_THE_WIRE)
                await passes(rigged, `${operation}:${kind},times=2`, { update });
            await passes(rigged, '*:cut-before-reading,times=2', { update });
        });
    }

    test('a connection that fails at a look-up costs nothing but the time', async (t) => {
        const rigged = await rig(t);
        for (const kind of ON_THE_WIRE)
            await passes(rigged, `query:${kind},times=2`);
    });

    test('a connection that fails at the beginning is tried again', async (t) => {
        for (const operation of ['login', 'describeSObjects']) {
            for (const kind of ['cut-before-save', 'truncated', 'http-503', 'late-answer,after=1500ms']) {
                await t.test(`${operation}:${kind}`, async (t) => {
                    const { org, people, send, settled } = await rig(t, { args: ['--fault', `${operation}:${kind},times=2`] });
                    const messages = people();
                    await send(messages);
                    await settled(kind);
                    await assertOnce(org, messages, kind);
                });
            }
        }
    });
});
