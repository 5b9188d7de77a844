// The documented examples give exactly the documented records.

import assert from 'node:assert/strict';
import test from 'node:test';
import { example, leadline, startLeadline, startOrg } from './harness.mjs';

const ADDRESS = {
    Street: '19 Main St', City: 'East Greenwich', State: 'CA', PostalCode: '94115', Country: 'USA',
};
const PETER = {
    FirstName: 'Peter', LastName: 'Gibbons', Email: 'peter@initech.example', Title: 'VP of Derp',
    Company: 'Initech', Phone: '570-690-4150', Rating: 'Hot', ...ADDRESS,
};
const BILL = {
    FirstName: 'Bill', LastName: 'Lumbergh', Email: 'bill@initech.example', Title: 'Division VP',
    Company: 'Initech', Phone: '570-690-4151', Rating: 'Hot', ...ADDRESS,
};
const billing = Object.fromEntries(
    Object.entries(ADDRESS).map(([field, value]) => [`Billing${field}`, value]));
const INITECH = {
    AccountNumber: '813', Name: 'Initech', NumberOfEmployees: 329,
    Website: 'http://www.initech.example', Phone: '570-690-4150',
    Description: 'Enterprise software, with cover sheets', ...billing,
};

const BY_THE_ORG = new Set(['Id', 'type', 'OwnerId', 'Status', 'IsConverted', 'IsDeleted', 'CreatedDate',
    'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp', 'IsUnreadByOwner']);

/** What was written to a record: its fields less what the org adds by itself. */
function written(record) {
    return Object.fromEntries(Object.entries(record).filter(
        ([field, value]) => value !== null && !BY_THE_ORG.has(field) &&
            !(field === 'Name' && 'LastName' in record)));
}

test('the documented examples stand in the org, field by field', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    await server.accepted('/v1/identify', example('identify-flat'));
    await server.accepted('/v1/identify', example('identify-objects'));
    await server.accepted('/v1/group', example('group'));
    const leads = await org.holds('Lead', 2);
    const accounts = await org.holds('Account', 1);
    const by = (email) => written(leads.find((lead) => lead.Email === email));
    assert.deepEqual(by(PETER.Email), PETER);
    assert.deepEqual(by(BILL.Email), BILL);
    assert.deepEqual(accounts.map(written), [INITECH]);
});

async function mapped(event, args = []) {
    const { status, out, err } = await leadline(['map', ...args], { input: `${JSON.stringify(event)}\n` });
    assert.equal(status, 0, err);
    return JSON.parse(out);
}

test('leadline map shows the documented records without an org', async () => {
    const flat = await mapped(example('identify-flat'));
    assert.equal(flat.outcome, 'write');
    assert.equal(flat.object, 'Lead');
    assert.deepEqual(flat.lookup, { Email: PETER.Email });
    assert.deepEqual(flat.fields, PETER);
    assert.deepEqual(flat.notes ?? [], []);

    const objects = await mapped(example('identify-objects'));
    assert.deepEqual(objects.fields, BILL);

    const group = await mapped(example('group'));
    assert.equal(group.object, 'Account');
    assert.deepEqual(group.lookup, { AccountNumber: '813' });
    assert.deepEqual(group.fields, INITECH);
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
