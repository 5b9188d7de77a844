// What must hold after whatever was done to Leadline and the org: who was acknowledged stands
// in the org, nobody stands there twice, and every event has its receipt.

import assert from 'node:assert/strict';
import { until } from './harness.mjs';

async function status(server) {
    const answer = await fetch(`${server.admin}/api/status`);
    return (await answer.json()).destinations[0];
}

async function post(server, where) {
    const answer = await fetch(`${server.admin}/api/${where}`, { method: 'POST' });
    assert.ok(answer.ok, `${where}: ${answer.status} ${await answer.text()}`);
}

/**
 * A person who looks after a destination until nothing waits and nothing is dead: has a stopped
 * or held one tried again, and dead letters too.  Returns the tally.
 */
export async function lookAfter(server, { ms = 120_000 } = {}) {
    let last;
    return until('nothing waits and nothing is dead', async () => {
        last = await status(server);
        if (last.waiting === 0 && last.in_hand === 0 && last.dead === 0)
            return last;
        if (last.mood !== 'running')
            await post(server, 'retry?destination=Salesforce');
        if (last.dead > 0)
            await server.cli(['dead-letters', 'retry', 'all']);
        return false;
    }, { ms }).catch((error) => {
        error.message += `\n${JSON.stringify(last)}`;
        throw error;
    });
}

/** The values of a field that stand in more than one record. */
export function twice(records, field) {
    const times = new Map();
    for (const record of records)
        times.set(record[field], (times.get(record[field]) ?? 0) + 1);
    return [...times].filter(([, count]) => count > 1).map(([value]) => value);
}

export function assertSums(tally) {
    assert.equal(tally.accepted, tally.written + tally.merged + tally.unchanged + tally.waiting + tally.dead,
        `the sums do not add up: ${JSON.stringify(tally)}`);
}
