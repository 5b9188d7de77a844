// @segment/analytics-next in Debian's Chromium: identify and group from a page.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { chromium } from 'playwright-core';
import { WRITE_KEY, example, root, startLeadline, startOrg, until } from './harness.mjs';

const CHROMIUM = '/usr/bin/chromium';
const SDK = path.join(root, 'tests/system/node_modules/@segment/analytics-next/dist/umd');

/** The snippet of a site, cut down: calls before the SDK is there wait in a list.
    Only the CDN is named: where events go, the settings endpoint says. */
const page = (api) => `<!doctype html><title>Shop</title><script>
    const waiting = window.analytics = [];
    for (const method of ['identify', 'group', 'page', 'ready', 'on'])
        waiting[method] = (...args) => { waiting.push([method, ...args]); return waiting; };
    waiting._writeKey = ${JSON.stringify(WRITE_KEY)};
    waiting._cdn = ${JSON.stringify(api)};
</script><script src="/sdk/standalone.js"></script>`;

/** A site on loopback: the page, and the SDK's files. */
async function startSite(t, api) {
    const site = http.createServer((request, response) => {
        const file = path.join(SDK, path.basename(request.url));
        const isSdk = request.url.startsWith('/sdk/') && fs.existsSync(file);
        response.setHeader('Content-Type', isSdk ? 'text/javascript' : 'text/html');
        response.end(isSdk ? fs.readFileSync(file) : page(api));
    });
    await new Promise((resolve) => { site.listen(0, '127.0.0.1', resolve); });
    t.after(() => { site.closeAllConnections(); site.close(); });
    return `http://127.0.0.1:${site.address().port}/`;
}

test('analytics.identify and analytics.group from a page end as a Lead and an Account', {
    skip: fs.existsSync(CHROMIUM) ? false : `${CHROMIUM} is not here`,
}, async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    const site = await startSite(t, server.api);
    const browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    t.after(() => browser.close());
    const tab = await browser.newPage();
    const answers = [];
    const elsewhere = [];
    tab.on('request', (request) => {
        const { hostname } = new URL(request.url());
        if (hostname !== '127.0.0.1')
            elsewhere.push(request.url());
    });
    tab.on('response', (response) => {
        if (response.url().startsWith(server.api))
            answers.push(`${response.request().method()} ${new URL(response.url()).pathname} ${response.status()}`);
    });
    tab.on('console', (message) => t.diagnostic(message.text()));
    await tab.goto(site);

    const { userId, traits, integrations } = example('identify-objects');
    const { groupId, traits: groupTraits } = example('group');
    await tab.evaluate(([user, userTraits, group, its, opt]) => {
        window.analytics.identify(user, userTraits, { integrations: opt });
        window.analytics.group(group, its, { integrations: opt });
    }, [userId, traits, groupId, groupTraits, integrations]);

    await until('both calls answered', () => ['/v1/i', '/v1/g'].every(
        (where) => answers.includes(`POST ${where} 200`)));
    const [lead] = await org.holds('Lead', 1);
    const [account] = await org.holds('Account', 1);
    assert.deepEqual([lead.Email, lead.FirstName, lead.Company, lead.PostalCode],
        ['bill@initech.example', 'Bill', 'Initech', '94115']);
    assert.deepEqual([account.AccountNumber, account.Name], ['813', 'Initech']);
    assert.deepEqual(elsewhere, []);
});
