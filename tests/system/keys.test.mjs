// One value, many spellings, one Lead: against an org that compares by rules of its own.

import assert from 'node:assert/strict';
import test from 'node:test';
import { startLeadline, startOrg, until } from './harness.mjs';

/** Of each type of field: a value in several spellings, how the org keeps it where that is one way, and another value. */
const types = {
    'double:18,2': { same: [7, '7.0', '07', '7.00', 7.001, '70e-1'], kept: '7', other: 7.01 },
    'currency:18,0': { same: [10000000, '1e7', '10000000.0', 1e7], kept: '10000000', other: 10000001 },
    'percent:5,1': { same: [12.5, '12.50', 12.45], kept: '12.5', other: 12.4 },
    'int:8': { same: [42, '042', '42.0', 4.2e1], kept: '42', other: -42 },
    date: { same: ['2026-11-23', '2026-11-23T23:30:00-05:00', 1795392000], kept: '2026-11-23', other: '2026-11-24' },
    datetime: {
        same: ['2026-11-23T10:00:00Z', '2026-11-23T11:00:00+01:00', '2026-11-23 10:00', '2026-11-23T10:00:00.9Z', 1795428000],
        kept: '2026-11-23T10:00:00.000Z', other: '2026-11-23T10:00:01Z',
    },
    time: { same: ['10:05', '10:05:00', '12:05:00.000+02:00'], kept: '10:05:00.000Z', other: '10:06' },
    'string:50': { same: ['Straße', 'STRASSE', ' strasse '], other: 'Strase' },
    'string:20': { same: ['07', ' 07'], kept: '07', other: '7' },
    email: { same: ['Ann@X.io', 'ann@x.IO'], kept: 'ann@x.io', other: 'an@x.io' },
    phone: { same: ['+1 555 X2', '+1 555 x2 '], other: '+1 555 2' },
    url: { same: ['https://X.io/A', 'HTTPS://x.io/a'], other: 'https://x.io/b' },
    'picklist:Hot|Cold': { same: ['Hot', 'HOT '], other: 'Cold' },
    'multipicklist:a|b': { same: ['a;b', 'b;a', 'a; b;a'], kept: 'a;b', other: 'a' },
    boolean: { same: [true, 'yes', 1, 'TRUE'], kept: 'true', other: false },
};

const identify = (value, n, title) => ({
    type: 'identify', userId: 'u', messageId: `m-${n}`, traits: { x: value, title }, integrations: { Salesforce: true },
});

for (const [type, { same, kept, other }] of Object.entries(types))
    test(`a ${type} that is spelled in ${same.length} ways makes one Lead`, async (t) => {
        const org = await startOrg(t, { args: ['--field', `Lead.X__c=${type}`] });
        const server = await startLeadline(t, org, {
            destination: {
                custom_lead_lookup_fields: { x: 'X__c' }, linger: '20ms', remember_ids: '0s', retry_first: '20ms',
            },
        });
        let sent = 0;
        const send = async (values, title) => {
            await server.accepted('/v1/batch', { batch: values.map((value) => identify(value, sent++, title)) });
            const tally = await until(`${title}: nothing waits`, async () => {
                const { destinations: [now] } = await (await fetch(`${server.admin}/api/status`)).json();
                return now.accepted === sent && now.waiting === 0 && now;
            });
            assert.equal(tally.dead, 0, server.running.err.slice(-2000));
            return org.records('Lead');
        };
        const leads = await send([...same, other], 'together');
        const values = leads.map((lead) => String(lead.X__c));
        assert.equal(values.length, 2, values.join(', '));
        assert.ok(kept === undefined || values.includes(kept), `${kept} is not among ${values.join(', ')}`);
        for (const value of same) // each is looked up, and finds the same
            assert.equal((await send([value], `alone ${value}`)).length, 2, `a second Lead for ${value}`);
    });
