// Real SDKs on Node: what they send becomes a Lead and an Account.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Analytics } from '@segment/analytics-node';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { WRITE_KEY, example, startLeadline, startOrg } from './harness.mjs';

const { type: _i, ...identify } = example('identify-objects');
const { type: _g, ...group } = example('group');

async function bothStandThere(org) {
    const [lead] = await org.holds('Lead', 1);
    const [account] = await org.holds('Account', 1);
    assert.deepEqual([lead.Email, lead.LastName, lead.Company, lead.City],
        ['peter.gibbons@initech.com', 'Gibbons', 'Initech', 'east greenwich']);
    assert.deepEqual([account.AccountNumber, account.Name, account.NumberOfEmployees],
        ['813', 'Teemo Industries', 4]);
}

test('@segment/analytics-node', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    const analytics = new Analytics({ writeKey: WRITE_KEY, host: server.api });
    const errors = [];
    analytics.on('error', (error) => errors.push(error));
    analytics.identify(identify);
    analytics.group(group);
    await analytics.closeAndFlush();
    assert.deepEqual(errors, []);
    await bothStandThere(org);
});

test('@rudderstack/rudder-sdk-node, whose JSON comes gzipped as a form', async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    const analytics = new RudderAnalytics(WRITE_KEY, { dataPlaneUrl: server.api, flushAt: 20 });
    const { traits } = identify;
    analytics.identify({ userId: identify.userId, traits, integrations: identify.integrations });
    analytics.group(group);
    await new Promise((resolve, reject) => {
        analytics.flush((error) => (error ? reject(error) : resolve()));
    });
    await bothStandThere(org);
});
