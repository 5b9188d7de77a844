// One line a test while they run, what failed in full, and the closing line
// that tools/test adds up.

const count = { passed: 0, failed: 0, skipped: 0 };

function explain(error) {
    const cause = error?.cause ?? error;
    return String(cause?.stack ?? cause).split('\n').slice(0, 24).map((line) => `    ${line}\n`).join('');
}

export default async function* reporter(events) {
    for await (const { type, data } of events) {
        if (type === 'test:stderr' || type === 'test:stdout') {
            yield data.message;
            continue;
        }
        if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite')
            continue;
        const ms = Math.round(data.details?.duration_ms ?? 0);
        if (data.skip !== undefined) {
            count.skipped++;
            yield `skip ${data.name}: ${data.skip}\n`;
        } else if (type === 'test:pass') {
            count.passed++;
            yield `ok   ${data.name} (${ms} ms)\n`;
        } else {
            count.failed++;
            yield `FAIL ${data.name} (${ms} ms)\n${explain(data.details?.error)}`;
        }
    }
    yield `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`;
}
