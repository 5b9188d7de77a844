// Alters the org's answers, by a seed.  A forgery that an answer gives away is to change nothing;
// of one that agrees with itself nobody can tell, and the people it speaks of are excused.

const RECORD = /<records [\s\S]*?<\/records>/g;
const RESULT = /<result>[\s\S]*?<\/result>/g;
const NIL_ID = '<id xsi:nil="true"/>';
const STRANGE_ID = '00Q00000000zzzzAAA'; // nobody's

/** Who a row or a record of a request is about: its e-mail or account number. */
const who = (record) => /<(?:\w+:)?(?:Email|AccountNumber)>([^<]*)</.exec(record)?.[1].toLowerCase();
/** Who each record of a save is about. */
const asked = (request) => [...request.matchAll(/<(?:\w+:)?sObjects[ >][\s\S]*?<\/(?:\w+:)?sObjects>/g)].map(([record]) => who(record));
const idOf = (part) => /<(?:sf:)?[iI]d>([^<]+)</.exec(part)?.[1];

/** An answer taken apart: what stands before its rows or results, those, and what behind. */
function parts(answer, pattern) {
    const found = [...answer.matchAll(pattern)];
    if (found.length === 0)
        return null;
    const end = found.at(-1).index + found.at(-1)[0].length;
    return { before: answer.slice(0, found[0].index), list: found.map(([part]) => part), after: answer.slice(end) };
}
const whole = ({ before, list, after }) => before + list.join('') + after;
const sized = (answer, by) => answer.replace(/<size>(\d+)</, (_, size) => `<size>${Math.max(0, Number(size) + by)}<`);
const swapIds = (list, a, b) => {
    const [one, other] = [idOf(list[a]), idOf(list[b])];
    list[a] = list[a].replaceAll(one, other);
    list[b] = list[b].replaceAll(other, one);
};
const refused = (code) => `<result><errors><message>as it were</message><statusCode>${code}</statusCode></errors>${NIL_ID}<success>false</success></result>`;
const fault = (code) => '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
    ` xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body><soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${code}: as it were` +
    `</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`;

// Each is given the answer's parts and may change them in place; what it returns is the
// whole answer, or undefined where it does not apply.

/** Of look-ups: the answer shows that it cannot be true. */
const FALSE_LOOKUPS = {
    'rows removed': (p, dice) => { p.list.splice(dice.below(p.list.length), 1 + dice.below(3)); return whole(p); },
    'size raised': (p) => sized(whole(p), 1),
    'size lowered': (p) => sized(whole(p), -1),
    'size garbled': (p) => whole(p).replace(/<size>\d+</, '<size>many<'),
    'type changed': (p, dice) => {
        const n = dice.below(p.list.length);
        p.list[n] = p.list[n].replace(/<sf:type>\w+</, '<sf:type>Contact<');
        return whole(p);
    },
    'id of another object': (p, dice) => {
        const n = dice.below(p.list.length);
        p.list[n] = p.list[n].replace(/<sf:Id>00[Q1]/g, '<sf:Id>003');
        return whole(p);
    },
    'id removed': (p, dice) => {
        const n = dice.below(p.list.length);
        p.list[n] = p.list[n].replace(/<sf:Id>[^<]*<\/sf:Id>/g, '<sf:Id xsi:nil="true"/>');
        return whole(p);
    },
    'row doubled': (p, dice) => { p.list.push(dice.pick(p.list)); return sized(whole(p), 1); },
    'field removed': (p, dice) => {
        const n = dice.below(p.list.length);
        p.list[n] = p.list[n].replace(/<sf:(Email|AccountNumber)>[^<]*<\/sf:\1>/, '');
        return whole(p);
    },
    'value changed': (p, dice) => {
        const n = dice.below(p.list.length);
        p.list[n] = p.list[n].replace(/<sf:(Email|AccountNumber)>/, '<sf:$1>nobody');
        return whole(p);
    },
    'done denied': (p) => whole(p).replace('<done>true<', '<done>false<'),
    'locator invented': (p) => whole(p).replace('<done>true<', '<done>false<')
        .replace('<queryLocator xsi:nil="true"/>', '<queryLocator>01g000000000001AAA-2000</queryLocator>'),
};
/** ... and it does not. */
const HIDDEN_LOOKUPS = {
    'rows removed and size lowered': (p, dice, excuse) => {
        const gone = p.list.splice(dice.below(p.list.length), 1 + dice.below(3));
        gone.map(who).forEach(excuse);
        return sized(whole(p), -gone.length);
    },
    'ids swapped': (p, dice, excuse) => {
        if (p.list.length < 2)
            return undefined;
        [p.list[0], p.list.at(-1)].map(who).forEach(excuse);
        swapIds(p.list, 0, p.list.length - 1);
        return whole(p);
    },
};
/** Of saves. */
const FALSE_SAVES = {
    'result removed': (p, dice) => { p.list.splice(dice.below(p.list.length), 1); return whole(p); },
    'result doubled': (p, dice) => { p.list.push(dice.pick(p.list)); return whole(p); },
    'success flipped': (p, dice) => {
        const n = dice.below(p.list.length);
        p.list[n] = p.list[n].replace(/<success>(\w+)</, (_, was) => `<success>${was !== 'true'}<`);
        return whole(p);
    },
    'success flipped and id removed': (p, dice) => {
        const n = dice.below(p.list.length);
        if (p.list[n].includes('<success>true'))
            p.list[n] = `<result>${NIL_ID}<success>false</success></result>`;
        return whole(p);
    },
    'success garbled': (p) => whole(p).replace(/<success>\w+</, '<success>perhaps<'),
    'success removed': (p) => whole(p).replace(/<success>\w+<\/success>/, ''),
    'one id for two': (p) => {
        const ids = p.list.map(idOf);
        const [a, b] = ids.flatMap((id, n) => (id === undefined ? [] : [n]));
        if (b === undefined)
            return undefined;
        p.list[b] = p.list[b].replaceAll(ids[b], ids[a]);
        return whole(p);
    },
    'id of another object': (p) => whole(p).replace(/<id>00[Q1]/, '<id>003'),
    'id removed': (p) => whole(p).replace(/<id>[^<]*<\/id>/, NIL_ID),
    'error added': (p) => whole(p).replace('<result><id>', '<result><errors><message>as it were</message><statusCode>UNKNOWN_EXCEPTION</statusCode></errors><id>'),
    'code changed': (p, dice) => whole(p).replace(/<statusCode>\w+</, `<statusCode>${dice.pick(['UNABLE_TO_LOCK_ROW', 'STRING_TOO_LONG', 'NEVER_SEEN'])}<`),
};
const FALSE_CREATES = {
    // It is found out when the record is next written: nobody has that Id.
    'id of nobody': (p) => whole(p).replace(/<id>00Q\w+</, `<id>${STRANGE_ID}<`),
};
const FALSE_UPDATES = {
    'ids swapped': (p) => {
        if (p.list.length < 2 || idOf(p.list[0]) === undefined || idOf(p.list.at(-1)) === undefined)
            return undefined;
        swapIds(p.list, 0, p.list.length - 1);
        return whole(p);
    },
};
const HIDDEN_CREATES = {
    'refusal invented': (p, dice, excuse, names) => {
        const n = dice.below(p.list.length);
        if (p.list.length !== names.length || !p.list[n].includes('<success>true'))
            return undefined;
        excuse(names[n]);
        p.list[n] = refused(dice.pick(['UNABLE_TO_LOCK_ROW', 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'UNKNOWN_EXCEPTION']));
        return whole(p);
    },
    'ids swapped': (p, dice, excuse, names) => {
        const last = p.list.length - 1;
        if (last < 1 || last + 1 !== names.length || idOf(p.list[0]) === undefined || idOf(p.list[last]) === undefined)
            return undefined;
        [names[0], names[last]].forEach(excuse);
        swapIds(p.list, 0, last);
        return whole(p);
    },
    'fault invented': (p, dice, excuse, names) => {
        names.forEach(excuse);
        return fault(dice.pick(['SERVER_UNAVAILABLE', 'UNABLE_TO_LOCK_ROW', 'UNKNOWN_EXCEPTION']));
    },
};
const ANY = {
    'truncated': (p, dice) => { const text = whole(p); return text.slice(0, dice.below(text.length)); },
    'emptied': () => '',
};

const FORGERIES = {
    query: [FALSE_LOOKUPS, HIDDEN_LOOKUPS, ANY],
    create: [FALSE_SAVES, FALSE_CREATES, HIDDEN_CREATES, ANY],
    update: [FALSE_SAVES, FALSE_UPDATES, ANY],
};

/**
 * alter: for startProxy.  on: whether answers are altered.  forged: how often each forgery came;
 * excused: the people (e-mail, account number) of whom an answer spoke that nobody could tell
 * from a true one.  hidden: false for none of those.
 */
export function startForger(dice, { share = 0.4, hidden = true } = {}) {
    const forger = { on: true, forged: new Map(), excused: new Set(), answers: 0 };
    const lists = (kind) => (FORGERIES[kind] ?? []).filter((one) => hidden || (one !== HIDDEN_LOOKUPS && one !== HIDDEN_CREATES));
    forger.alter = (kind, answer, request) => {
        const found = parts(answer, kind === 'query' ? RECORD : RESULT);
        if (!forger.on || !(kind in FORGERIES) || found === null)
            return answer;
        forger.answers++;
        if (dice.roll() > share)
            return answer;
        const [name, forge] = dice.pick(lists(kind).flatMap((one) => Object.entries(one)));
        const excuse = (someone) => { if (someone !== undefined) forger.excused.add(someone); };
        const altered = forge(found, dice, excuse, asked(request));
        if (altered === undefined || altered === answer)
            return answer;
        forger.forged.set(`${kind}: ${name}`, (forger.forged.get(`${kind}: ${name}`) ?? 0) + 1);
        return altered;
    };
    return forger;
}
