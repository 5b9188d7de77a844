// In Debian's Chromium: identify and group from a page with @segment/analytics-next, and
// fakeorg's pages on a telephone.

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

const skip = fs.existsSync(CHROMIUM) ? false : `${CHROMIUM} is not here`;

async function openTab(t, options) {
    const browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    t.after(() => browser.close());
    return browser.newPage(options);
}

test('analytics.identify and analytics.group from a page end as a Lead and an Account', { skip }, async (t) => {
    const org = await startOrg(t);
    const server = await startLeadline(t, org);
    const site = await startSite(t, server.api);
    const tab = await openTab(t);
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
        ['peter.gibbons@initech.com', 'Peter', 'Initech', '94115']);
    assert.deepEqual([account.AccountNumber, account.Name], ['813', 'Teemo Industries']);
    assert.deepEqual(elsewhere, []);
});

const LONG = 'x'.repeat(60);

/** An org with something on every page: leads, a refusal, a fault, faults on demand. */
async function startUsedOrg(t) {
    const org = await startOrg(t, { args: ['--field', 'Lead.A_Field_With_A_Rather_Long_Name__c=string:100'] });
    const envelope = (session, body) => '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"' +
        ' xmlns:p="urn:partner.soap.sforce.com" xmlns:s="urn:sobject.partner.soap.sforce.com"><e:Header>' +
        `${session}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
    let session = '';
    const call = async (body) => (await fetch(`${org.url}/services/Soap/u/64.0`, {
        method: 'POST', headers: { 'Content-Type': 'text/xml', SOAPAction: '""' }, body: envelope(session, body),
    })).text();
    const login = await call('<p:login><p:username>integration@example.com</p:username><p:password>secrettoken</p:password></p:login>');
    const [, id] = /<sessionId>(.*?)</.exec(login);
    session = `<p:SessionHeader><p:sessionId>${id}</p:sessionId></p:SessionHeader>`;
    const lead = (fields) => `<p:sObjects><s:type>Lead</s:type>${fields}</p:sObjects>`;
    await call(`<p:create>${lead(`<s:LastName>Gibbons</s:LastName><s:Company>Initech</s:Company><s:Email>${LONG}@initech.example</s:Email>` +
        `<s:A_Field_With_A_Rather_Long_Name__c>${LONG}</s:A_Field_With_A_Rather_Long_Name__c>`)}${lead('<s:Company>Initech</s:Company>')}</p:create>`);
    await call('<p:query><p:queryString>SELECT Nope FROM Lead</p:queryString></p:query>');
    await org.tell('faults', [`create:FIELD_CUSTOM_VALIDATION_EXCEPTION,when=Email~${LONG}`]);
    return { org, session: id };
}

test('every page of fakeorg fits a telephone', { skip }, async (t) => {
    const { org } = await startUsedOrg(t);
    const tab = await openTab(t, { viewport: { width: 390, height: 844 } });
    const [{ Id }] = await org.records('Lead');
    for (const where of ['/', '/records/Lead', '/records/Account', '/records/Lead?q=nobody', `/records/Lead/${Id}`,
        '/calls', '/calls/1', '/calls/2', '/calls/3', '/calls/99', '/faults']) {
        await tab.goto(org.url + where);
        const seen = await tab.evaluate(() => {
            const box = (element) => element.getBoundingClientRect();
            const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => box(one).height > 0);
            return {
                width: document.documentElement.scrollWidth,
                header: box(document.querySelector('header')).height,
                nav: box(document.querySelector('nav')).height,
                hidden: shown('nav a').filter((one) => box(one).right > innerWidth).map((one) => one.textContent),
                tables: shown('table').filter((one) => box(one).right > innerWidth || one.parentElement.scrollWidth > one.parentElement.clientWidth).length,
                // The width that is left for what a value or a cell says.
                narrowest: Math.min(...shown('dd').map((one) => box(one).width),
                    ...shown('td').map((one) => Number.parseFloat(getComputedStyle(one).gridTemplateColumns.split(' ')[1]))),
            };
        });
        assert.ok(seen.width <= 390, `${where}: ${seen.width} px wide`);
        assert.ok(seen.nav <= 60 && seen.header <= 100, `${where}: navigation ${seen.nav} px, header ${seen.header} px`);
        assert.deepEqual([seen.hidden, seen.tables], [[], 0], `${where}: beyond the screen`);
        assert.ok(seen.narrowest >= 200, `${where}: ${seen.narrowest} px for a value`);
    }
});

test('the page of a call shows why records were refused and what was said, but no secret', { skip }, async (t) => {
    const { org, session } = await startUsedOrg(t);
    const tab = await openTab(t);
    const texts = {};
    for (const number of [1, 2, 3]) {
        await tab.goto(`${org.url}/calls/${number}`);
        texts[number] = await tab.evaluate(() => document.body.innerText);
    }
    assert.match(texts[2], /REQUIRED_FIELD_MISSING: Required fields are missing: \[LastName\]/);
    assert.match(texts[2], /\n *<s:LastName>Gibbons<\/s:LastName>\n/);
    assert.match(texts[2], /\n *<statusCode>REQUIRED_FIELD_MISSING<\/statusCode>\n/);
    assert.match(texts[3], /INVALID_FIELD/);
    assert.match(texts[3], /<queryString>|<p:queryString>SELECT Nope FROM Lead/);
    assert.match(texts[1], /<p:username>integration@example.com</);
    for (const text of Object.values(texts))
        assert.ok(!text.includes('secrettoken') && !text.includes(session), text);
});
