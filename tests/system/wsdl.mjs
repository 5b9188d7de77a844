// The check of SOAP exchanges that a proxy wrote down against the Partner WSDL.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { shared, tempDir } from './harness.mjs';
import { kind } from './proxy.mjs';

export const VALIDATE = 'reference/salesforce/validate-soap';
export const WSDL = 'reference/salesforce/partner.wsdl';

/** Fails on the first envelope of the exchanges that the WSDL does not know; returns their kinds. */
export async function validate(t, exchanges, options = []) {
    const dir = tempDir(t);
    const files = new Map();
    for (const [n, exchange] of exchanges.entries()) {
        for (const side of ['request', 'response']) {
            const file = path.join(dir, `${n}-${side}-${kind(exchange[side])}.xml`);
            fs.writeFileSync(file, exchange[side]);
            files.set(file, `${side} ${kind(exchange[side])}`);
        }
    }
    const kinds = new Set(files.values());
    await promisify(execFile)(path.join(shared, VALIDATE), ['-q', ...options, ...files.keys()], { maxBuffer: 1 << 26 })
        .catch((error) => assert.fail(`${error.stdout}\n${error.stderr}`.slice(0, 8000)));
    t.diagnostic(`${files.size} envelopes of ${kinds.size} kinds`);
    return kinds;
}
