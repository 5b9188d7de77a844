// Browser traits are written by strangers.  Whatever stands in them, no event is lost:
// a value that does not fit its field is left out, and the record is written.

import assert from 'node:assert/strict';
import test from 'node:test';
import { batches, person, startLeadline, startOrg, until } from './harness.mjs';

const FIELD_TYPES = {
    string: 'string:10', textarea: 'textarea:30', int: 'int:5', double: 'double:6,2',
    currency: 'currency:8,2', percent: 'percent:4,1', boolean: 'boolean', date: 'date',
    datetime: 'datetime', email: 'email', phone: 'phone', url: 'url', picklist: 'picklist:a|b',
    restricted: 'picklist!:Red|Green', choices: 'multipicklist:x|y|z', reference: 'reference:User',
};
const STANDARD = [
    'firstName', 'lastName', 'name', 'company', 'title', 'phone', 'phones', 'mobile', 'fax',
    'website', 'websites', 'address', 'street', 'city', 'state', 'zip', 'postalCode', 'country',
    'rating', 'leadSource', 'salutation', 'description', 'industry', 'employees', 'annualRevenue',
    'position', 'jobTitle', 'background', 'id', 'Status', 'OwnerId', 'IsConverted', 'Latitude', 'type',
];
const ODD = [
    null, true, false, 0, 1, -1, 3.5, 1e3, '', ' ', 'abc', 'a\u0000b', '\u0001\u001f',
    '\u{1F600}'.repeat(50), '\u00e9'.repeat(300), '<&>\'"\\]]>', '11-50', '329', '3.0', '-0',
    '99999999999999999999', '2026-11-23', '2026-11-23T10:05:00Z', '2026-02-30',
    '2026-11-23 10:05:00+02:00', 'x@y.io', 'not mail', 'a@b', 'yes', 'red', 'x;y', 'x;q', '\ufffe',
    '\u2028', '\u202e', [], ['x'], ['x', 'y', 3], [['x']], {}, { a: 1 }, { name: 'N' },
    1795428468679, 1795428468, '1795428468', '10:05', `http://x.io/${'y'.repeat(300)}`,
    '0050000000000001', '005000000000001AAA', 'null', '\r\n\t', 'A\r\nB', 12345678901234567890,
];
const INSIDE = ['street', 'city', 'state', 'zip', 'country', 'name', 'website', 'industry', 'employees'];

/** The same numbers for the same seed (mulberry32), so that a failure can be repeated. */
function numbers(seed) {
    return (below) => {
        seed = (seed + 0x6D2B79F5) | 0;
        let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return Math.floor(((t ^ (t >>> 14)) >>> 0) / 4294967296 * below);
    };
}

function oddTraits(next) {
    const value = () => next(10) > 0 ? ODD[next(ODD.length)]
        : Object.fromEntries(INSIDE.map((name) => [name, ODD[next(ODD.length)]]));
    const names = [...STANDARD, ...Object.keys(FIELD_TYPES).map((type) => `odd_${type}`)];
    return Object.fromEntries(names.filter(() => next(3) === 0).map((name) => [name, value()]));
}

for (const seed of [1, 2]) {
    test(`no odd trait costs a record (seed ${seed})`, async (t) => {
        const next = numbers(seed);
        const org = await startOrg(t, {
            args: Object.entries(FIELD_TYPES).flatMap(([type, spec]) => ['Lead', 'Account']
                .flatMap((object) => ['--field', `${object}.odd_${type}__c=${spec}`])),
        });
        const server = await startLeadline(t, org, { destination: { send_address_as_shipping: true } });
        const messages = Array.from({ length: 600 }, (_, n) => {
            const traits = oddTraits(next);
            if (next(4) > 0)
                return person(n % 300, { messageId: `odd-${n}`, traits });
            return person(n, {
                messageId: `odd-${n}`, type: 'group', groupId: `g-${n % 60}`,
                traits: { ...traits, name: `Company ${n}` },
            });
        });
        for (const batch of batches(messages, 50))
            await server.accepted('/v1/batch', batch);
        const to = await until('everything has ended', async () => {
            const status = JSON.parse((await server.cli(['status', '--json'])).out);
            return status.destinations[0].waiting === 0 && status.destinations[0];
        });
        assert.equal(to.accepted, 600);
        assert.equal(to.dead, 0, (await server.cli(['dead-letters', 'list'])).out);
        assert.equal(to.org.last_fault, null, 'no call failed as a whole either');
        const emails = new Set(messages.filter((one) => one.type === 'identify').map((one) => one.traits.email));
        assert.equal((await org.records('Lead')).length, emails.size);
    });
}
