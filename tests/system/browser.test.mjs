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
const LONGER = 'y'.repeat(3000);

/** An org with something on every page: leads, a refusal, a fault, faults on demand, and
    long texts without a space wherever a page shows what came from outside. */
async function startUsedOrg(t) {
    const org = await startOrg(t, { args: ['--field', 'Lead.A_Field_With_A_Rather_Long_Name__c=textarea:5000'] });
    const envelope = (session, body) => '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"' +
        ' xmlns:p="urn:partner.soap.sforce.com" xmlns:s="urn:sobject.partner.soap.sforce.com"><e:Header>' +
        `${session}<p:CallOptions><p:client>${LONG}</p:client><p:defaultNamespace/></p:CallOptions></e:Header>` +
        `<e:Body>${body}</e:Body></e:Envelope>`;
    let session = '';
    const call = async (body) => (await fetch(`${org.url}/services/Soap/u/64.0`, {
        method: 'POST', headers: { 'Content-Type': 'text/xml', SOAPAction: '""' }, body: envelope(session, body),
    })).text();
    const login = await call('<p:login><p:username>integration@example.com</p:username><p:password>secrettoken</p:password></p:login>');
    const [, id] = /<sessionId>(.*?)</.exec(login);
    session = `<p:SessionHeader><p:sessionId>${id}</p:sessionId></p:SessionHeader>`;
    const lead = (fields) => `<p:sObjects><s:type>Lead</s:type>${fields}</p:sObjects>`;
    const created = await call(`<p:create>${lead(`<s:LastName>Gibbons</s:LastName><s:Company>${LONG}</s:Company><s:Email>${LONG}@initech.example</s:Email>` +
        `<s:A_Field_With_A_Rather_Long_Name__c>${LONGER}</s:A_Field_With_A_Rather_Long_Name__c>`)}${lead('<s:Company>Initech</s:Company>')}</p:create>`);
    await call('<p:query><p:queryString>SELECT Nope FROM Lead</p:queryString></p:query>');
    await call(`<p:update><p:sObjects><s:type>Lead</s:type><s:Id>${/<id>(00Q\w+)/.exec(created)[1]}</s:Id>` +
        `<s:City>Austin</s:City><s:A_Field_With_A_Rather_Long_Name__c>${LONGER}z</s:A_Field_With_A_Rather_Long_Name__c></p:sObjects></p:update>`);
    await org.tell('faults', [`create:FIELD_CUSTOM_VALIDATION_EXCEPTION,when=Email~${LONG}${LONG}`, 'update:http-503']);
    await call('<p:update/>').catch(() => '');
    await org.tell('quirks', { 'server-url': `${LONG.slice(0, 40)}.example:8443` });
    return { org, session: id };
}

async function pagesOf(org) {
    const [{ Id }] = await org.records('Lead');
    return ['/', '/records/Lead', '/records/Account', `/records/Lead?q=${LONG}${LONG}`, `/records/Lead/${Id}`,
        '/records/Lead/nobody', '/calls', '/calls/1', '/calls/2', '/calls/3', '/calls/4', '/calls/5', '/calls/99', '/faults'];
}

test('every page of fakeorg fits a telephone', { skip }, async (t) => {
    const { org } = await startUsedOrg(t);
    const tab = await openTab(t, { viewport: { width: 390, height: 844 } });
    for (const where of await pagesOf(org)) {
        await tab.goto(org.url + where);
        const seen = await tab.evaluate(() => {
            const box = (element) => element.getBoundingClientRect();
            const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => box(one).height > 0);
            const name = (one) => `${one.localName}.${one.className}: ${one.textContent.slice(0, 40)}`;
            return {
                width: document.documentElement.scrollWidth,
                header: box(document.querySelector('header')).height,
                nav: box(document.querySelector('nav')).height,
                hidden: shown('nav a').filter((one) => box(one).right > innerWidth).map((one) => one.textContent),
                // Neither beyond the screen nor to be scrolled to.
                beyond: shown('main, main *').filter((one) => box(one).right > innerWidth || one.scrollWidth > one.clientWidth + 1 && !/inline|contents/.test(getComputedStyle(one).display) && !/^(input|select|option)$/.test(one.localName)).map(name),
                // The width that is left for what a value or a cell says.
                narrowest: Math.min(...shown('dd').map((one) => box(one).width),
                    ...shown('td').map((one) => Number.parseFloat(getComputedStyle(one).gridTemplateColumns.split(' ')[1]))),
                // Lines of SOAP that say nothing: the indentation of a word that did not fit behind it.
                empty: shown('pre.soap').filter((one) => getComputedStyle(one).wordBreak !== 'break-all').length,
                unnamed: shown('td').filter((one) => one.dataset.label === undefined).map(name),
            };
        });
        assert.ok(seen.width <= 390, `${where}: ${seen.width} px wide`);
        assert.ok(seen.nav <= 60 && seen.header <= 100, `${where}: navigation ${seen.nav} px, header ${seen.header} px`);
        assert.deepEqual([seen.hidden, seen.beyond], [[], []], `${where}: beyond the screen`);
        assert.ok(seen.narrowest >= 200, `${where}: ${seen.narrowest} px for a value`);
        assert.deepEqual([seen.empty, seen.unnamed], [0, []], where);
    }
});

test('why a call was refused is on the first screen of its page, on a telephone too', { skip }, async (t) => {
    const { org } = await startUsedOrg(t);
    const tab = await openTab(t, { viewport: { width: 390, height: 844 } });
    for (const [number, code] of [[2, 'REQUIRED_FIELD_MISSING'], [3, 'INVALID_FIELD'], [5, 'http-503']]) {
        await tab.goto(`${org.url}/calls/${number}`);
        const [first] = await tab.locator('dd').allInnerTexts();
        assert.match(first, new RegExp(`^${code}`), `call ${number}`);
        assert.ok((await tab.locator('dd').first().boundingBox()).y < 300, `call ${number}`);
    }
});

/** Texts of the page that WCAG AA calls hard to read: contrast below 4.5. */
const faint = () => {
    const rgba = (color) => [...(color.match(/[\d.]+/g) ?? []).map(Number), 1].slice(0, 4);
    const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
    const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = (one) => {
        if (one === null)
            return [255, 255, 255, 1];
        const own = rgba(getComputedStyle(one).backgroundColor);
        return own[3] === 1 ? own : over(own, ground(one.parentElement));
    };
    const opacity = (one) => one === null ? 1 : Number(getComputedStyle(one).opacity) * opacity(one.parentElement);
    return [...document.querySelectorAll('body *')].flatMap((one) => {
        const says = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join('');
        if (says === '' || one.getBoundingClientRect().height === 0)
            return [];
        const under = ground(one);
        const [r, g, b, a] = rgba(getComputedStyle(one).color);
        const both = [light(over([r, g, b, a * opacity(one)], under)), light(under)].sort((x, y) => y - x);
        const contrast = (both[0] + 0.05) / (both[1] + 0.05);
        return contrast >= 4.5 ? [] : [`${one.localName}.${one.className} ${says.slice(0, 30)}: ${contrast.toFixed(2)}`];
    });
};

test('every page of fakeorg can be read by day and by night', { skip }, async (t) => {
    const { org } = await startUsedOrg(t);
    const tab = await openTab(t, { viewport: { width: 1280, height: 800 } });
    const grounds = [];
    const found = new Set();
    for (const colorScheme of ['light', 'dark']) {
        await tab.emulateMedia({ colorScheme });
        for (const where of await pagesOf(org)) {
            await tab.goto(org.url + where);
            (await tab.evaluate(faint)).forEach((one) => found.add(`${colorScheme} ${one}`));
        }
        grounds.push(await tab.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    assert.deepEqual([...found], []);
    assert.notEqual(grounds[0], grounds[1]);
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
