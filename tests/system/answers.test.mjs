// Answers that cannot be true: something between leadline and the org drops rows, flips a
// success, mixes up records.  Nobody may stand twice, nobody may be missing.

import assert from 'node:assert/strict';
import test from 'node:test';
import { batches, person, startLeadline, startOrg, until } from './harness.mjs';
import { startProxy } from './proxy.mjs';

const PEOPLE = 40;

const destination = {
    linger: '20ms', retry_first: '20ms', retry_longest: '100ms', unknown_outcome_wait: '100ms',
    remember_ids: '0s', // everybody is looked up each time
};

const rows = (answer) => answer.match(/<records\b.*?<\/records>/gs) ?? [];
const without = (answer, gone) => gone.reduce((text, row) => text.replace(row, ''), answer);
const halfOf = (list) => list.filter((_, i) => i % 2 === 0);
const results = (answer) => answer.match(/<result>.*?<\/result>/gs) ?? [];

/** Of a look-up: each gives another answer than the org's, or the same where it does not apply. */
const lookUps = {
    'all rows gone': (answer) => without(answer, rows(answer)),
    'half of the rows gone': (answer) => without(answer, halfOf(rows(answer))),
    'one row gone': (answer) => without(answer, rows(answer).slice(0, 1)),
    'a row twice': (answer) => answer.replace(/(<records\b.*?<\/records>)/s, '$1$1'),
    'a row twice instead of another': (answer) => answer.replace(rows(answer)[1], rows(answer)[0]),
    'another object': (answer) => answer.replaceAll('<sf:type>Lead<', '<sf:type>Account<'),
    'Ids of another object': (answer) => answer.replaceAll('<sf:Id>00Q', '<sf:Id>001'),
    'no Ids': (answer) => answer.replaceAll(/<sf:Id>.*?<\/sf:Id>/g, ''),
    'no e-mail': (answer) => answer.replaceAll(/<sf:Email>.*?<\/sf:Email>/g, ''),
    'the e-mail of strangers': (answer) => answer.replaceAll(/<sf:Email>/g, '<sf:Email>x'),
    'a size that is larger': (answer) => answer.replace(/<size>(\d+)</, (_, n) => `<size>${Number(n) + 1}<`),
    'no size': (answer) => answer.replace(/<size>\d+<\/size>/, ''),
    'not done, and no locator': (answer) => answer.replace('<done>true<', '<done>false<'),
    'cut in the middle': (answer) => answer.slice(0, answer.length / 2),
    'the answer of a save': (answer) => answer.replaceAll('queryResponse', 'createResponse'),
};

const REFUSAL = '<errors><message>no</message><statusCode>FIELD_CUSTOM_VALIDATION_EXCEPTION</statusCode></errors>';

/** Of a save. */
const saves = {
    'every success flipped': (answer) => answer.replaceAll('<success>true<', '<success>false<'),
    'one success flipped': (answer) => answer.replace('<success>true<', '<success>false<'),
    'refused, with an Id': (answer) => answer.replaceAll('<result><id>', `<result>${REFUSAL}<id>`).replaceAll('<success>true<', '<success>false<'),
    'saved, with an error': (answer) => answer.replaceAll('<result><id>', `<result>${REFUSAL}<id>`),
    'one result gone': (answer) => answer.replace(results(answer)[0], ''),
    'one result twice': (answer) => answer.replace(results(answer)[0], results(answer)[0].repeat(2)),
    'one result in place of another': (answer) => answer.replace(results(answer)[1], results(answer)[0]),
    'no Ids': (answer) => answer.replaceAll(/<id>.*?<\/id>/g, ''),
    'Ids of another object': (answer) => answer.replaceAll('<id>00Q', '<id>001'),
    'no success': (answer) => answer.replaceAll(/<success>true<\/success>/g, ''),
    'nothing in it': (answer) => without(answer, results(answer)),
    'cut in the middle': (answer) => answer.slice(0, answer.length / 2),
};

/** Leadline behind something that alters answers of a kind for a while. */
async function altered(t) {
    const org = await startOrg(t);
    const way = { kind: '', alter: (answer) => answer, left: 0 };
    const proxy = await startProxy(t, org.url, () => 'answered', (kind, answer) => {
        if (kind !== way.kind || way.left === 0)
            return answer;
        const other = way.alter(answer);
        way.left -= other !== answer;
        return other;
    });
    const server = await startLeadline(t, { url: proxy.url }, { destination });
    let sent = 0;
    return {
        org,
        /** The next times answers of that kind are altered, then the way is honest again. */
        spoil(kind, alter, times) { Object.assign(way, { kind, alter, left: times }); },
        /** Everybody says title, and it comes to stand in the org, once each. */
        async write(title, people, leads) {
            for (const batch of batches(people.map((n) => person(n, { traits: { title }, messageId: `m-${sent++}` }))))
                await server.accepted('/v1/batch', batch);
            const tally = await until(`${title}: nothing waits`, async () => {
                const { destinations: [now] } = await (await fetch(`${server.admin}/api/status`)).json();
                return now.accepted === sent && now.waiting === 0 && now;
            });
            assert.equal(tally.dead, 0, `${title}: dead letters`);
            assert.equal(way.left, 0, `${title}: was not altered as often as that`);
            const there = await org.records('Lead');
            const emails = new Set(people.map((n) => person(n).traits.email));
            assert.equal(there.length, leads, `${title}: so many Leads`);
            assert.equal(there.filter((lead) => emails.has(lead.Email) && lead.Title === title).length,
                people.length, `${title}: so many with that title`);
            assert.equal(new Set(there.map((lead) => lead.Email)).size, leads);
        },
    };
}

const people = (from, count = PEOPLE) => Array.from({ length: count }, (_, i) => from + i);

test('a look-up whose answer was changed on the way makes nobody twice', async (t) => {
    const leadline = await altered(t);
    await leadline.write('first', people(0), PEOPLE);
    for (const [name, alter] of Object.entries(lookUps)) {
        leadline.spoil('query', alter, 2);
        await leadline.write(name, people(0), PEOPLE);
    }
});

test('a create whose answer was changed on the way makes nobody twice', async (t) => {
    const leadline = await altered(t);
    let there = 0;
    for (const [name, alter] of Object.entries(saves)) {
        leadline.spoil('create', alter, 1);
        await leadline.write(name, people(there), there + PEOPLE);
        there += PEOPLE;
    }
});

test('an update whose answer was changed on the way is written all the same', async (t) => {
    const leadline = await altered(t);
    await leadline.write('first', people(0), PEOPLE);
    for (const [name, alter] of Object.entries(saves)) {
        if (['no Ids', 'refused, with an Id'].includes(name)) // which the org may well say of an update
            continue;
        leadline.spoil('update', alter, 1);
        await leadline.write(name, people(0), PEOPLE);
    }
});
