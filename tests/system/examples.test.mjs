// The documented examples give exactly the documented records.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { example, leadline, root, startLeadline, startOrg } from './harness.mjs';

// Both forms of the identify say this; state comes twice in each, and the last counts.
const PETER = {
    FirstName: 'Peter', LastName: 'Gibbons', Email: 'peter.gibbons@initech.com', Title: 'VP of Derp',
    Company: 'Initech', Phone: '570-690-4150', Rating: 'Hot', Street: '19123 forest lane',
    City: 'east greenwich', State: 'RI', PostalCode: '94115', Country: 'USA',
};
const TEEMO = {
    AccountNumber: '813', Name: 'Teemo Industries', NumberOfEmployees: 4,
    Website: 'https://teemothewolf.com', Phone: '222-333-4444', Description: 'Makes great husky products',
    BillingStreet: '9000 Forest Lane', BillingCity: 'East Greenwich', BillingState: 'RI',
    BillingPostalCode: '02818', BillingCountry: 'US',
};

/** An example as the file has it: a parser would drop the first state. */
const asWritten = (name) => fs.readFileSync(path.join(root, 'tests/data/examples', `${name}.json`), 'utf8');

const BY_THE_ORG = new Set(['Id', 'type', 'OwnerId', 'Status', 'IsConverted', 'IsDeleted', 'CreatedDate',
    'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp', 'IsUnreadByOwner']);

/** What was written to a record: its fields less what the org adds by itself. */
function written(record) {
    return Object.fromEntries(Object.entries(record).filter(
        ([field, value]) => value !== null && !BY_THE_ORG.has(field) &&
            !(field === 'Name' && 'LastName' in record)));
}

for (const form of ['identify-flat', 'identify-objects'])
    test(`the documented ${form} and group stand in the org, field by field`, async (t) => {
        const org = await startOrg(t);
        const server = await startLeadline(t, org);
        assert.match(asWritten(form), /"state": "California"[^]*"state": "RI"/);
        await server.accepted('/v1/identify', asWritten(form));
        await server.accepted('/v1/group', asWritten('group'));
        assert.deepEqual((await org.holds('Lead', 1)).map(written), [PETER]);
        assert.deepEqual((await org.holds('Account', 1)).map(written), [TEEMO]);
    });

async function mapped(event, args = []) {
    const { status, out, err } = await leadline(['map', ...args], {
        input: typeof event === 'string' ? event : JSON.stringify(event),
    });
    assert.equal(status, 0, err);
    return JSON.parse(out);
}

test('leadline map shows the documented records without an org', async () => {
    const flat = await mapped(asWritten('identify-flat'));
    assert.equal(flat.outcome, 'write');
    assert.equal(flat.object, 'Lead');
    assert.deepEqual(flat.lookup, { Email: PETER.Email });
    assert.deepEqual(flat.fields, PETER);
    assert.deepEqual(flat.notes ?? [], []);

    const objects = await mapped(asWritten('identify-objects'));
    assert.deepEqual(objects.fields, PETER);
    assert.deepEqual(objects.notes.map(({ trait, code }) => `${trait} ${code}`), ['company.id unknown_field']);

    const group = await mapped(asWritten('group'));
    assert.equal(group.object, 'Account');
    assert.deepEqual(group.lookup, { AccountNumber: '813' });
    assert.deepEqual(group.fields, TEEMO);
});

test('leadline map says why an event is skipped and what is filled in on create', async () => {
    const event = example('identify-flat');
    const skipped = await mapped({ ...event, integrations: { All: true } });
    assert.deepEqual([skipped.outcome, skipped.reason], ['skip', 'not_opted_in']);
    const bare = await mapped({ ...event, traits: { email: 'x@example.com' } });
    assert.deepEqual(bare.create_only, { LastName: 'n/a', Company: 'n/a' });
    assert.deepEqual(bare.fields, { Email: 'x@example.com' });
});

test('n/a never goes over a real name or company', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    await server.accepted('/v1/identify', example('identify-flat'));
    await org.holds('Lead', 1);
    const { traits, ...event } = example('identify-flat');
    await server.accepted('/v1/identify', { ...event, traits: { email: traits.email, phone: '555-0100' } });
    await server.accepted('/v1/identify', { ...event, traits: { email: 'new@example.com' } });
    const leads = await org.holds('Lead', 2);
    const of = (email) => leads.find((lead) => lead.Email === email);
    assert.deepEqual([of('new@example.com').LastName, of('new@example.com').Company], ['n/a', 'n/a']);
    const peter = (await org.holds('Lead', 2)).find((lead) => lead.Phone === '555-0100');
    assert.deepEqual([peter?.LastName, peter?.Company], ['Gibbons', 'Initech']);
});
