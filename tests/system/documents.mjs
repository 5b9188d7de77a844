// Parts of documents that are printed from data: a test compares them, and with
// UPDATE_DOCS=1 writes them anew.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './harness.mjs';

/** The rows as a Markdown table. */
export function table(heads, rows) {
    const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |\n`;
    return line(heads) + line(heads.map(() => '---')) + rows.map(line).join('');
}

/** Fails unless text stands in the document between "<!-- begin: NAME -->" and the end mark. */
export function assertPrinted(document, name, text) {
    const file = path.join(root, document);
    const whole = fs.readFileSync(file, 'utf8');
    const begin = `<!-- begin: ${name} -->\n`;
    const end = `<!-- end: ${name} -->\n`;
    const at = whole.indexOf(begin) + begin.length;
    const to = whole.indexOf(end);
    assert.ok(at >= begin.length && to >= at, `${document} has no part ${name}`);
    if (process.env.UPDATE_DOCS)
        fs.writeFileSync(file, whole.slice(0, at) + text + whole.slice(to));
    else
        assert.equal(whole.slice(at, to), text, `${document} is out of date: run the test with UPDATE_DOCS=1`);
}
