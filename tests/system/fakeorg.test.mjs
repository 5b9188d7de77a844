// An independent SOAP stack, npm soap driven by the Partner WSDL, calls every operation
// of fakeorg, reads every fault class and decodes every result; every envelope sent
// either way is validated against the WSDL's schemas.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { missing, root, shared, startOrg } from './harness.mjs';
import { startProxy } from './proxy.mjs';
import { validate, VALIDATE, WSDL } from './wsdl.mjs';

const skip = missing(WSDL);
const soap = skip ? null : await import('soap');

const ORG = `
fields:
  Lead.Key__c: {type: string, length: 50, unique: true, external: true}
  Lead.Score__c: double:6,2
  Lead.Born__c: date
  Lead.Plan__c: {type: picklist, values: [free, team], restricted: true}
  Lead.Secret__c: string:20
permissions: {Lead.Secret__c: hidden}
validation_rules:
  - {name: Cap, object: Lead, when: "Score__c > 50", field: Score__c, message: Scores end at 50.}
duplicate_rules:
  - name: Same_Email
    object: Lead
    on_create: alert
    match: [{object: Lead, fields: [Email], rule: Email_Match}]
`;

// In the order of the WSDL, which requires all of them.
const LEAD_CONVERT = ['accountId', 'accountRecord', 'bypassAccountDedupeCheck', 'bypassContactDedupeCheck', 'contactId',
    'contactRecord', 'convertedStatus', 'doNotCreateOpportunity', 'leadId', 'opportunityId', 'opportunityName',
    'opportunityRecord', 'overwriteLeadSource', 'ownerId', 'relatedPersonAccountId', 'relatedPersonAccountRecord',
    'sendNotificationEmail'];

/** A client of npm soap that is signed in, behind a proxy. */
async function signIn(t, { args = [], org: given } = {}) {
    const org = given ?? await startOrg(t, { args });
    const proxy = await startProxy(t, org.url);
    const client = await soap.createClientAsync(path.join(shared, WSDL), {
        endpoint: `${proxy.url}/services/Soap/u/64.0`,
    });
    const call = async (operation, request = {}) => (await client[`${operation}Async`](request))[0].result;
    const login = await call('login', { username: 'integration@example.com', password: 'secrettoken' });
    client.setEndpoint(login.serverUrl);
    const session = { 'tns:SessionHeader': { 'tns:sessionId': login.sessionId } };
    /** Headers for all later calls, in addition to the session's. */
    const headers = (more = {}) => {
        client.clearSoapHeaders();
        client.addSoapHeader({ ...session, ...more });
    };
    headers();
    return { org, proxy, client, login, call, headers };
}

const lead = (fields) => ({ type: 'Lead', Id: null, ...fields });
const named = (name, more = {}) => lead({ LastName: name, Company: 'Initech', ...more });
const list = (value) => (value === undefined || value === null ? [] : [value].flat());
const setUp = (org) => fetch(`${org.url}/_fakeorg/org`, { method: 'POST', body: ORG })
    .then(async (answer) => assert.equal(answer.status, 200, await answer.text()));

const exchanges = [];

test('npm soap does every operation and decodes every result', { skip }, async (t) => {
    const { org, proxy, login, call, headers } = await signIn(t);
    t.after(() => exchanges.push(...proxy.exchanges));
    await setUp(org);

    assert.match(login.sessionId, /^00D\w{12}!/);
    assert.equal(login.passwordExpired, false);
    assert.equal(login.userInfo.userName, 'integration@example.com');
    assert.equal(login.userInfo.sessionSecondsValid, 7200);
    assert.equal((await call('getUserInfo')).userId, login.userId);
    assert.ok(Math.abs((await call('getServerTimestamp')).timestamp - Date.now()) < 60_000);

    const global = await call('describeGlobal');
    assert.equal(global.maxBatchSize, 200);
    const names = global.sobjects.map(({ name }) => name);
    for (const name of ['Account', 'Contact', 'Lead', 'User'])
        assert.ok(names.includes(name), names.join());
    const [described] = list(await call('describeSObjects', { sObjectType: ['Lead'] }));
    const fields = new Map(described.fields.map((field) => [field.name, field]));
    assert.equal(fields.get('LastName').length, 80);
    assert.equal(fields.get('LastName').nillable, false);
    assert.equal(fields.get('Key__c').externalId, true);
    assert.deepEqual(fields.get('Plan__c').picklistValues.map(({ value }) => value), ['free', 'team']);
    assert.ok(!fields.has('Secret__c'));

    const odd = `<&>"' \u00e9\u{1f600} ]]>`;
    const created = await call('create', {
        sObjects: [named(odd, { Email: 'one@example.com', Score__c: 12.5, Born__c: '1976-02-29' }), lead({ Company: 'x' })],
    });
    assert.equal(created[0].success, true);
    assert.match(created[0].id, /^00Q\w{15}$/);
    assert.equal(created[1].success, false);
    assert.deepEqual(list(created[1].errors).map(({ statusCode, message }) => [statusCode, message]),
        [['REQUIRED_FIELD_MISSING', 'Required fields are missing: [LastName]']]);
    const { id } = created[0];

    const updated = list(await call('update', { sObjects: [{ type: 'Lead', fieldsToNull: ['Born__c'], Id: id, City: 'Zurich' }] }));
    assert.deepEqual(updated.map(({ success }) => success), [true]);
    const upsert = async (name) => list(await call('upsert', {
        externalIDFieldName: 'Key__c', sObjects: [named(name, { Key__c: 'k1' })],
    }))[0];
    const [first, second] = [await upsert('First'), await upsert('Second')];
    assert.deepEqual([first.created, second.created, first.id === second.id], [true, false, true]);

    const one = await call('query', { queryString: `SELECT Id, LastName, City, Score__c, Born__c, Owner.Name FROM Lead WHERE Id = '${id}'` });
    assert.equal(one.size, 1);
    assert.equal(one.done, true);
    const [record] = list(one.records);
    assert.deepEqual([record.LastName, record.City, Number(record.Score__c)], [odd, 'Zurich', 12.5]);
    assert.ok(record.Owner.Name.length > 0);

    await call('create', { sObjects: Array.from({ length: 200 }, (_, n) => named(`Many ${n}`)) });
    await call('create', { sObjects: Array.from({ length: 150 }, (_, n) => named(`More ${n}`)) });
    headers({ 'tns:QueryOptions': { 'tns:batchSize': 200 } });
    let page = await call('query', { queryString: "SELECT LastName FROM Lead WHERE LastName LIKE 'M%'" });
    const people = page.records.map(({ LastName }) => LastName);
    for (; !page.done; people.push(...list(page.records).map(({ LastName }) => LastName)))
        page = await call('queryMore', { queryLocator: page.queryLocator });
    assert.equal(new Set(people).size, 350);
    headers();
    assert.equal((await call('query', { queryString: 'SELECT COUNT() FROM Lead' })).size, 352);

    const [kept, gone] = list(await call('retrieve', { fieldList: 'Id,LastName', sObjectType: 'Lead', ids: [id, '00Q000000zzzzzzAAA'] }));
    assert.equal(kept.LastName, odd);
    assert.ok(!gone?.LastName);

    const deleted = list(await call('delete', { ids: [first.id, '00Q000000000001ZZZ'] }));
    assert.deepEqual(deleted.map(({ success }) => success), [true, false]);
    assert.equal(deleted[1].errors.statusCode ?? deleted[1].errors[0].statusCode, 'MALFORMED_ID');
    assert.equal((await call('query', { queryString: `SELECT Id FROM Lead WHERE Id = '${first.id}'` })).size, 0);
    assert.equal((await call('queryAll', { queryString: `SELECT Id, IsDeleted FROM Lead WHERE Id = '${first.id}'` })).size, 1);

    const [conversion] = list(await call('convertLead', {
        leadConverts: [{
            ...Object.fromEntries(LEAD_CONVERT.map((name) => [name, null])), convertedStatus: 'Closed - Converted',
            doNotCreateOpportunity: true, leadId: id, overwriteLeadSource: false, sendNotificationEmail: false,
        }],
    }));
    assert.equal(conversion.success, true);
    assert.match(conversion.contactId, /^003/);
    const [contact] = await org.records('Contact');
    assert.equal(contact.LastName, odd);

    await call('logout').catch(() => undefined); // logoutResponse has no result
    await assert.rejects(call('getUserInfo'), /INVALID_SESSION_ID/);
});

test('npm soap decodes what the org\'s rules and headers give', { skip }, async (t) => {
    const { org, proxy, call, client, headers } = await signIn(t);
    t.after(() => exchanges.push(...proxy.exchanges));
    await setUp(org);
    const create = async (...sObjects) => list(await call('create', { sObjects }));
    const errors = (result) => list(result.errors).map(({ statusCode }) => statusCode);

    const [cap] = await create(named('Doe', { Score__c: 51 }));
    assert.deepEqual(list(cap.errors).map(({ fields, message }) => [list(fields), message]), [[['Score__c'], 'Scores end at 50.']]);
    const refusals = await create(named('x'.repeat(81)), named('Doe', { Email: 'no' }), named('Doe', { Plan__c: 'gold' }),
        named('Doe', { OwnerId: 'bad' }));
    assert.deepEqual(refusals.map(errors).flat(), ['STRING_TOO_LONG', 'INVALID_EMAIL_ADDRESS',
        'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'MALFORMED_ID']);

    const [{ id }] = await create(named('Doe', { Email: 'twin@example.com' }));
    const [twin] = await create(named('Doe', { Email: 'Twin@Example.com' }));
    const [error] = list(twin.errors);
    assert.equal(error.statusCode, 'DUPLICATES_DETECTED');
    assert.equal(error.duplicateResult.allowSave, true);
    const [match] = list(error.duplicateResult.matchResults);
    assert.deepEqual(list(match.matchRecords).map(({ record }) => list(record.Id)[0]), [id]);
    headers({ 'tns:DuplicateRuleHeader': { 'tns:allowSave': true, 'tns:includeRecordDetails': false, 'tns:runAsCurrentUser': true } });
    assert.equal((await create(named('Doe', { Email: 'twin@example.com' })))[0].success, true);

    headers({ 'tns:AllOrNoneHeader': { 'tns:allOrNone': true } });
    assert.deepEqual((await create(named('Doe'), lead({ Company: 'x' }))).map(errors).flat(),
        ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING']);
    headers({ 'tns:AllowFieldTruncationHeader': { 'tns:allowFieldTruncation': true } });
    assert.equal((await create(named('x'.repeat(81))))[0].success, true);
    headers({ 'tns:AssignmentRuleHeader': { 'tns:assignmentRuleId': null, 'tns:useDefaultRule': true } });
    assert.equal((await create(named('Doe')))[0].success, true);
    headers({ 'tns:CallOptions': { 'tns:client': 'npm soap', 'tns:defaultNamespace': null } });
    assert.equal((await create(named('Doe')))[0].success, true);

    const limit = /<current>(\d+)<\/current><limit>(\d+)<\/limit><type>API REQUESTS</.exec(client.lastResponse);
    assert.ok(Number(limit[1]) > 5 && Number(limit[2]) === 100000, client.lastResponse.slice(0, 600));
    const log = await (await fetch(`${org.url}/_fakeorg/calls/log`)).json();
    assert.deepEqual(log.filter((one) => one.client === 'npm soap').map(({ operation, records, failed }) => [operation, records, failed]),
        [['create', 1, 0]]);
});

/** The fault of a call, as npm soap decoded it. */
async function faultOf(promise) {
    const error = await promise.then(() => assert.fail('no fault'), (thrown) => thrown);
    const fault = error.root?.Envelope?.Body?.Fault;
    assert.ok(fault, String(error.stack));
    assert.equal(error.response.status, 500);
    const [element] = Object.keys(fault.detail ?? {}).filter((key) => key !== 'attributes');
    return { code: fault.faultcode, text: fault.faultstring, element, detail: fault.detail?.[element] };
}

test('npm soap reads every fault class', { skip }, async (t) => {
    const { org, proxy, client, login, call, headers } = await signIn(t);
    t.after(() => exchanges.push(...proxy.exchanges));
    await setUp(org);
    const url = login.serverUrl;
    const expect = async (promise, element, code, more = {}) => {
        const fault = await faultOf(promise);
        assert.equal(fault.element, element, `${fault.code} ${fault.text}`);
        assert.equal(fault.detail.exceptionCode, code);
        assert.ok(fault.text.startsWith(`${code}: `), fault.text);
        assert.ok(fault.text.endsWith(fault.detail.exceptionMessage), fault.text);
        for (const [key, value] of Object.entries(more))
            assert.equal(Number(fault.detail[key]), value, key);
        return fault;
    };
    const query = (queryString) => call('query', { queryString });
    await expect(call('login', { username: 'integration@example.com', password: 'wrong' }), 'LoginFault', 'INVALID_LOGIN');
    await expect(query('SELECT Nothing__c FROM Lead'), 'InvalidFieldFault', 'INVALID_FIELD', { row: 1, column: 8 });
    await expect(call('create', { sObjects: [named('Doe', { Secret__c: 'x' })] }), 'InvalidFieldFault', 'INVALID_FIELD', { row: -1, column: -1 });
    await expect(query('SELECT Id FROM Nothing'), 'InvalidSObjectFault', 'INVALID_TYPE');
    await expect(call('describeSObjects', { sObjectType: ['Nothing'] }), 'InvalidSObjectFault', 'INVALID_TYPE');
    await expect(query('SELECT FROM Lead'), 'MalformedQueryFault', 'MALFORMED_QUERY', { row: 1 });
    await expect(call('queryMore', { queryLocator: 'nonsense' }), 'InvalidQueryLocatorFault', 'INVALID_QUERY_LOCATOR');
    headers({ 'tns:AssignmentRuleHeader': { 'tns:assignmentRuleId': '01Q000000000001ZZZ', 'tns:useDefaultRule': null } });
    await expect(call('create', { sObjects: [named('Doe')] }), 'InvalidIdFault', 'MALFORMED_ID');
    headers();
    await expect(call('create', { sObjects: Array.from({ length: 201 }, () => named('Doe')) }), 'UnexpectedErrorFault', 'EXCEEDED_ID_LIMIT');
    const typed = await faultOf(call('create', { sObjects: [named('Doe', { Score__c: 'abc' })] }));
    assert.deepEqual([typed.code, typed.element], ['soapenv:Client', undefined]);
    assert.equal(typed.text, "'abc' is not a valid value for the type xsd:double");
    client.setEndpoint(url.replace('64.0', '65.0'));
    await expect(call('login', { username: 'a', password: 'b' }), 'UnexpectedErrorFault', 'INVALID_OPERATION');
    client.setEndpoint(url);
    await org.tell('sessions/expire');
    await expect(call('getUserInfo'), 'UnexpectedErrorFault', 'INVALID_SESSION_ID');
});

test('npm soap reads every fault and record error that can be had on demand', { skip }, async (t) => {
    const { org, proxy, call } = await signIn(t);
    t.after(() => exchanges.push(...proxy.exchanges));
    const table = fs.readFileSync(path.join(root, 'fakeorg/api/error_codes.c'), 'utf8');
    const codes = (of) => new Set([...table.matchAll(/\{"([A-Z_]+)",\s*(?:NULL|"\w+"),\s*(OF_\w+)/g)]
        .filter((row) => row[2] === of).map((row) => row[1]));
    const clear = () => fetch(`${org.url}/_fakeorg/faults`, { method: 'DELETE' });
    for (const code of codes('OF_CALLS')) {
        await clear();
        await org.tell('faults', [`getUserInfo:${code},as=fault,times=1`]);
        const fault = await faultOf(call('getUserInfo'));
        assert.equal(fault.detail?.exceptionCode ?? fault.code, code === 'CLIENT' ? 'soapenv:Client' : code);
    }
    for (const code of codes('OF_RECORDS')) {
        await clear();
        await org.tell('faults', [`create:${code},as=record,times=1`]);
        const [result] = list(await call('create', { sObjects: [named('Doe')] }));
        assert.equal(result.success, false, code);
        assert.equal(list(result.errors)[0].statusCode, code);
        assert.ok(list(result.errors)[0].message.length > 0);
    }
    assert.ok(codes('OF_CALLS').size > 40 && codes('OF_RECORDS').size > 20);
    assert.equal((await org.records('Lead')).length, 0);
});

test('everything that npm soap and fakeorg said is valid by the Partner WSDL', { skip: missing(VALIDATE) }, async (t) => {
    assert.ok(exchanges.length > 60, 'the tests above have run');
    const kinds = await validate(t, exchanges);
    const operations = ['login', 'logout', 'getUserInfo', 'getServerTimestamp', 'describeGlobal', 'describeSObjects',
        'query', 'queryMore', 'queryAll', 'create', 'update', 'upsert', 'delete', 'retrieve', 'convertLead'];
    for (const name of operations)
        assert.ok(kinds.has(`request ${name}`) && kinds.has(`response ${name}Response`), name);
    assert.ok(kinds.has('response Fault'));
});
