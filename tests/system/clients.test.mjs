// Clients in use against fakeorg: jsforce itself, and what Beatbox puts on the wire.

import assert from 'node:assert/strict';
import test from 'node:test';
import jsforce from 'jsforce';
import { raw, startOrg } from './harness.mjs';

const USER = 'integration@example.com';
const PASSWORD = 'secrettoken';
const VERSION = '64.0';

async function signIn(t, options = {}) {
    const org = await startOrg(t, { lax: true, ...options });
    const connection = new jsforce.Connection({ loginUrl: org.url, version: VERSION, logLevel: 'NONE' });
    await connection.login(USER, PASSWORD);
    return { org, connection, soap: connection.soap };
}

/** A call that jsforce's SOAP client can make and has no function for. */
const invoke = (soap, method, message) => soap._invoke(method, message);

const lead = (name, more = {}) => ({ type: 'Lead', LastName: name, Company: 'Initech', ...more });

test('jsforce does by SOAP all that it offers', async (t) => {
    const { org, connection, soap } = await signIn(t, { args: ['--field', 'Lead.Key__c=string:50,external,unique'] });
    assert.match(connection.userInfo.organizationId, /^00D/);
    assert.equal((await soap.getUserInfo()).userName, USER);
    assert.ok(Date.parse((await soap.getServerTimestamp()).timestamp) > 0);

    const created = await soap.create([lead('Gibbons', { Email: 'peter@initech.example', City: 'Austin' }), lead('Waddams')]);
    assert.deepEqual(created.map((one) => one.success), [true, true]);
    assert.equal((await soap.create(lead('Lumbergh'))).success, true);
    const bad = await soap.create({ type: 'Lead', Company: 'Initech' });
    assert.equal(bad.success, false);
    assert.equal(bad.errors[0].statusCode, 'REQUIRED_FIELD_MISSING');

    // The Id behind the fields, and one to be cleared: as the caller wrote the object.
    const [{ id }] = created;
    assert.equal((await soap.update({ type: 'Lead', Title: 'VP', City: null, Id: id })).success, true);
    const upserts = await soap.upsert('Key__c', [lead('Bolton', { Key__c: 'k1' }), lead('Nagheenanajar', { Key__c: 'k2' })]);
    assert.deepEqual(upserts.map((one) => one.created), [true, true]);
    assert.equal((await soap.upsert('Key__c', lead('Bolton', { Key__c: 'k1', Title: 'Singer' }))).created, false);
    const leads = await org.records('Lead');
    assert.equal(leads.length, 5);
    const peter = leads.find((one) => one.Id === id);
    assert.deepEqual([peter.Title, peter.City], ['VP', undefined]);

    const { accountId, success } = await soap.convertLead({ leadId: id, convertedStatus: 'Closed - Converted' });
    assert.equal(success, true);
    assert.match(accountId, /^001/);
    const several = await soap.convertLead([{
        sendNotificationEmail: false, convertedStatus: 'Closed - Converted', leadId: created[1].id,
        doNotCreateOpportunity: true, accountId,
    }]);
    assert.deepEqual(several.map((one) => [one.success, one.accountId]), [[true, accountId]]);
    const gone = await soap.delete([upserts[0].id, upserts[1].id]);
    assert.deepEqual(gone.map((one) => one.success), [true, true]);
    assert.equal((await soap.delete(upserts[0].id)).errors[0].statusCode, 'ENTITY_IS_DELETED');
});

test('jsforce reads queries page by page and describes objects', async (t) => {
    // jsforce asks for no page size of its own: the org is told to give few.
    const { soap } = await signIn(t, { args: ['--quirk', 'page-default=500', '--quirk', 'pages=fewer'] });
    for (let n = 0; n < 500; n += 100)
        await soap.create(Array.from({ length: 100 }, (_, i) => lead(`L${n + i}`)));
    const described = await invoke(soap, 'describeSObjects', { sObjectType: ['Lead', 'Account'] });
    assert.deepEqual(described.map((one) => one.name), ['Lead', 'Account']);
    assert.ok((await invoke(soap, 'describeGlobal', {})).sobjects.length >= 3);
    const names = new Set();
    let pages = 1;
    let page = await invoke(soap, 'query', { queryString: 'SELECT Id, LastName FROM Lead' });
    assert.equal(page.size, '500');
    for (; ; page = await invoke(soap, 'queryMore', { queryLocator: page.queryLocator }), pages++) {
        page.records.forEach((one) => names.add(one['sf:LastName'] ?? one.LastName));
        if (page.done === 'true')
            break;
    }
    assert.deepEqual([names.size, pages], [500, 2]);
    await assert.rejects(invoke(soap, 'query', { queryString: 'SELECT Nope FROM Lead' }), /INVALID_FIELD/);
});

test('jsforce signs in again when its session has ended', async (t) => {
    const { org, soap } = await signIn(t);
    await org.tell('sessions/expire');
    assert.equal((await soap.create(lead('Gibbons'))).success, true);
    assert.equal((await org.calls()).by_operation.login, 2);
});

// Beatbox's envelope: CallOptions without defaultNamespace, the session behind them, fields in
// the order of a dictionary; and its request line, which names the whole address.
const beatbox = (operation, inside, session) => '<?xml version="1.0" encoding="utf-8"?>\n' +
    '<s:Envelope xmlns:p="urn:partner.soap.sforce.com" xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"' +
    ' xmlns:o="urn:sobject.partner.soap.sforce.com" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"><s:Header>\n' +
    '<p:CallOptions><p:client>BeatBox/0.96</p:client></p:CallOptions>\n' +
    (session === undefined ? '' : `<p:SessionHeader><p:sessionId>${session}</p:sessionId></p:SessionHeader>`) +
    `</s:Header><s:Body>\n<p:${operation}>${inside}</p:${operation}></s:Body></s:Envelope>`;

async function post(url, body) {
    const { port, host } = new URL(url);
    const { text, status } = await raw(Number(port), `POST ${url} HTTP/1.1\r\nHost: ${host}\r\nAccept-Encoding: identity\r\n` +
        `User-Agent: BeatBox/0.96\r\nSOAPAction: ""\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, { half: true });
    assert.equal(status, 200, text);
    return text;
}

test('what Beatbox sends is taken, whole addresses and all', async (t) => {
    const org = await startOrg(t, { lax: true });
    const login = await post(`${org.url}/services/Soap/u/36.0`,
        beatbox('login', `<p:username>${USER}</p:username><p:password>${PASSWORD}</p:password>`));
    const [, serverUrl] = /<serverUrl>(.*?)</.exec(login);
    const [, session] = /<sessionId>(.*?)</.exec(login);
    assert.ok(serverUrl.startsWith(`${org.url}/services/Soap/u/36.0/`), serverUrl);
    const call = (operation, inside) => post(serverUrl, beatbox(operation, inside, session));

    const created = await call('create', '<p:sObjects><o:type>Lead</o:type><o:Email>a@b.de</o:Email>' +
        '<o:Company>Initech</o:Company><o:Title x:nil="true"></o:Title><o:LastName>Gibbons</o:LastName></p:sObjects>');
    const [, id] = /<id>(.*?)<\/id><success>true/.exec(created);
    assert.match(await call('update', '<p:sObjects><o:type>Lead</o:type><o:City>Austin</o:City>' +
        `<o:fieldsToNull>Email</o:fieldsToNull><o:Id>${id}</o:Id></p:sObjects>`), /<success>true/);
    assert.deepEqual((await org.records('Lead')).map((one) => [one.City, one.Email]), [['Austin', undefined]]);
    assert.match(await call('convertLead', `<p:leadConverts><o:leadId>${id}</o:leadId><o:overwriteLeadSource>false` +
        '</o:overwriteLeadSource><o:convertedStatus>Closed - Converted</o:convertedStatus></p:leadConverts>'), /<success>true/);
    assert.match(await call('delete', `<p:id>${id}</p:id>`), /<success>true/);
    assert.equal((await org.records('Lead')).length, 0);
    const log = await (await fetch(`${org.url}/_fakeorg/calls/log`)).json();
    assert.ok(log.every((one) => one.client === 'BeatBox/0.96'));
});
