// An org that misbehaves, class by class: once the fault has ended every event stands in
// the org exactly once, dead are those that deserve it, and nobody signs in blindly.

import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { assertOnce, assertSum, deadLetters, destination, passes, rig } from './fault-rig.mjs';
import { person, startLeadline, startOrg, until } from './harness.mjs';

test('a call that the org refuses for now is made again', async (t) => {
    const rigged = await rig(t);
    const faults = [
        'SERVER_UNAVAILABLE', 'UNABLE_TO_LOCK_ROW,as=fault', 'UNKNOWN_EXCEPTION', 'INTERNAL_ERROR',
        'INTERNAL_SERVER_ERROR', 'QUERY_TIMEOUT', 'REQUEST_RUNNING_TOO_LONG', 'EXCEEDED_ID_LIMIT',
        'EXCEEDED_MAX_SIZE_REQUEST', 'OPERATION_TOO_LARGE', 'REQUEST_LIMIT_EXCEEDED=concurrent',
        'REQUEST_LIMIT_EXCEEDED=long', 'INVALID_FIELD', 'INVALID_TYPE', 'FROM_A_LATER_RELEASE,as=fault',
    ];
    for (const fault of faults)
        await passes(rigged, `create:${fault},times=1`);
    for (const fault of ['QUERY_TOO_COMPLICATED', 'SERVER_UNAVAILABLE', 'QUERY_TIMEOUT'])
        await passes(rigged, `query:${fault},times=1`);
    // What one record alone cannot make smaller may pass another time.
    for (const fault of ['create:QUERY_TIMEOUT', 'create:REQUEST_RUNNING_TOO_LONG', 'query:QUERY_TIMEOUT'])
        await passes(rigged, `${fault},times=2`, { count: 1 });
});

test('what holds or stops a destination keeps its queue until it may go on', async (t) => {
    const rigged = await rig(t);
    const faults = [
        'REQUEST_LIMIT_EXCEEDED', 'API_CURRENTLY_DISABLED', 'ORG_IN_MAINTENANCE', 'CDS_TIMEOUT_EXCEPTION',
        'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE', 'FUNCTIONALITY_TEMPORARILY_UNAVAILABLE',
        'CIRCUIT_BREAKER_OPEN_EXCEPTION', 'EXCEEDED_QUOTA', 'LIMIT_EXCEEDED,as=fault', 'API_DISABLED_FOR_ORG',
        'INSUFFICIENT_ACCESS,as=fault', 'FUNCTIONALITY_NOT_ENABLED', 'TXN_SECURITY_NO_ACCESS,as=fault',
        'INVALID_SOAP_HEADER', 'INVALID_ASSIGNMENT_RULE', 'INVALID_SESSION_ID=api',
        'INVALID_OPERATION_WITH_EXPIRED_PASSWORD=reset', 'MUTUAL_AUTHENTICATION_FAILED',
        'STORAGE_LIMIT_EXCEEDED', 'LICENSE_LIMIT_EXCEEDED', 'http-404', 'http-302', 'http-307',
    ];
    for (const fault of faults)
        await passes(rigged, `create:${fault}`, { unstop: true });
});

test('a refused sign-in is not tried again', async (t) => {
    const faults = [
        'INVALID_LOGIN', 'LOGIN_MUST_USE_SECURITY_TOKEN', 'PASSWORD_LOCKOUT', 'INVALID_OPERATION',
        'INVALID_OPERATION=version', 'LOGIN_DURING_RESTRICTED_TIME', 'ORG_LOCKED', 'INSUFFICIENT_ACCESS',
        'INVALID_LOGIN,as=fault,text=Ungültig',
    ];
    const { org, faults: on, clear, people, send, settled, retry, status } =
        await rig(t, { destination: { renew_every: '12h' } });
    await send(people());
    await settled('at first');
    for (const fault of faults) {
        const before = (await org.calls()).by_operation.login;
        await on(`login:${fault}`);
        await org.tell('sessions/expire');
        const messages = people();
        await send(messages);
        await until(`${fault}: stopped`, async () => (await status()).mood === 'stopped');
        await send(people(1));
        await pause(300); // thirty of the shortest waits
        assert.equal((await org.calls()).by_operation.login, before + 1, fault);
        await clear();
        await retry();
        await settled(fault);
        await assertOnce(org, messages, fault);
    }
});

test('a session that ends is renewed once, and one that ends twice in a row stops', async (t) => {
    const rigged = await rig(t);
    const { org, status } = rigged;
    await passes(rigged, 'query:INVALID_SESSION_ID,times=1');
    const logins = (await org.calls()).by_operation.login;
    await passes(rigged, 'create:INVALID_SESSION_ID=hash,times=1');
    assert.equal((await org.calls()).by_operation.login, logins + 1);
    await passes(rigged, 'create:INVALID_SESSION_ID', { unstop: true });
    assert.ok((await org.calls()).by_operation.login <= logins + 3);
    assert.equal((await status()).mood, 'running');
});

test('a record that is refused for now is sent again, alone', async (t) => {
    const rigged = await rig(t);
    const faults = [
        'UNABLE_TO_LOCK_ROW', 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY=lock',
        'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY=queries', 'CANNOT_EXECUTE_FLOW_TRIGGER', 'FLOW_EXCEPTION',
        'APEX_FAILED', 'ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUEST_RUNNING_TOO_LONG', 'QUERY_TIMEOUT',
        'UNKNOWN_EXCEPTION', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE', 'TOO_MANY_APEX_REQUESTS',
        'MATCH_SERVICE_TIMED_OUT', 'MATCH_SERVICE_UNAVAILABLE_ERROR', 'ENTITY_IS_LOCKED', 'RECORD_LOCKED',
    ];
    for (const [n, fault] of faults.entries())
        await passes(rigged, `create/update:${fault},as=record,when=Email~-2@,times=2`, { update: n % 2 === 1 });
    for (const fault of ['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY'])
        await passes(rigged, `update:${fault},as=record,when=Email~-2@,times=1`, { update: true });
    for (const fault of ['STRING_TOO_LONG,field=Title', 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST,field=FirstName'])
        await passes(rigged, `create:${fault},when=Email~-2@,times=1`);
});

test('a record that is refused for good is a dead letter, alone', async (t) => {
    const { org, server, faults, clear, people, send, settled, status } = await rig(t);
    const codes = [
        'REQUIRED_FIELD_MISSING', 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'FIELD_FILTER_VALIDATION_EXCEPTION',
        'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'DUPLICATE_EXTERNAL_ID', 'ENTITY_IS_DELETED', 'INVALID_OWNER',
        'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', 'INSUFFICIENT_ACCESS_OR_READONLY', 'MALFORMED_ID',
        'TRANSFER_REQUIRES_READ', 'INACTIVE_OWNER_OR_USER', 'DUPLICATES_DETECTED', 'FROM_A_LATER_RELEASE',
        'CLIENT',
    ];
    for (const code of codes) {
        const messages = people();
        const bad = messages[3];
        const dead = (await status()).dead;
        await faults(`create:${code}${code === 'CLIENT' ? '' : ',as=record'},when=Email=${bad.traits.email}`);
        await send(messages);
        const tally = await settled(code);
        await clear();
        assert.equal(tally.dead, dead + 1, `${code}: ${JSON.stringify(tally)}`);
        assertSum(tally, code);
        await assertOnce(org, messages.filter((one) => one !== bad), code);
        assert.ok(!(await org.records('Lead')).some((lead) => lead.Email === bad.traits.email), code);
        const letters = await deadLetters(server);
        assert.ok(letters.some((one) => one.message_id === bad.messageId || one.messageId === bad.messageId),
            `${code}: ${JSON.stringify(letters[0])}`);
    }
});

test('an expired password stops the sign-ins', async (t) => {
    const { org, people, send, settled, status, retry } = await rig(t);
    await org.tell('limits', { 'password-expired': 1 });
    const messages = people();
    await send(messages);
    await until('stopped', async () => (await status()).mood === 'stopped');
    await pause(300);
    assert.equal((await org.calls()).by_operation.login, 1);
    await org.tell('limits', { 'password-expired': 0 });
    await retry();
    await settled('a new password');
    await assertOnce(org, messages, 'a new password');
});

test('a token that the SOAP API does not take stops the sign-ins', async (t) => {
    const { org, people, send, settled, status, retry } = await rig(t, { args: ['--quirk', 'session-id=jwt'] });
    const messages = people();
    await send(messages);
    await until('stopped', async () => (await status()).mood === 'stopped');
    assert.ok((await org.calls()).by_operation.login <= 2);
    await org.tell('quirks', { 'session-id': 'opaque' });
    await retry();
    await settled('an opaque session');
    await assertOnce(org, messages, 'an opaque session');
});

test('calls go to the host and port that the sign-in names', async (t) => {
    const elsewhere = await startOrg(t);
    const org = await startOrg(t, { args: ['--quirk', `server-url=${new URL(elsewhere.url).host}`] });
    const server = await startLeadline(t, org, { destination });
    await server.accepted('/v1/identify', person(1));
    // The other org knows nothing of this session: Leadline asks there, and stops.
    await until('calls there', async () => (await elsewhere.calls()).total > 0);
    await until('stopped', async () => JSON.parse((await server.cli(['status', '--json'])).out)
        .destinations[0].mood === 'stopped');
    assert.deepEqual(Object.keys((await org.calls()).by_operation), ['login']);
});

test('a sign-in that names the same org by another name is followed there', async (t) => {
    const { org, people, send, settled, faults } = await rig(t);
    await faults(`login:server-url=localhost:${new URL(org.url).port}`);
    const messages = people();
    await send(messages);
    await settled('localhost');
    await assertOnce(org, messages, 'localhost');
});
