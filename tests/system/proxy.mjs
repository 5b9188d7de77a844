// Stands between leadline and the org: writes down what is said, and can lose an answer,
// change it, or let a request come through late.

import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import zlib from 'node:zlib';

const LATE_MS = 800;

const inflated = (headers, body) => (headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body);

async function bodyOf(stream) {
    const parts = [];
    for await (const part of stream)
        parts.push(part);
    return Buffer.concat(parts);
}

/** The name of the element in an envelope's Body. */
export const kind = (envelope) => /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(envelope)?.[1];

/**
 * exchanges: each request and response as text, with its status.  fate(request kind) says what happens:
 * 'answered'; 'lost': the org has done the work, the client sees a cut connection; 'late':
 * the client sees it cut at once, and the org gets the request some time after that.
 * alter(request kind, answer, request) gives the text that the client gets instead of the org's.
 * The org's URL in its answers becomes the proxy's own, so that later calls come here too.
 */
export async function startProxy(t, target, fate = () => 'answered', alter = (_, answer) => answer) {
    const exchanges = [];
    const proxy = http.createServer(async (request, response) => {
        const sent = await bodyOf(request);
        const happens = fate(kind(inflated(request.headers, sent).toString()));
        if (happens === 'late') {
            request.socket.destroy();
            await pause(LATE_MS);
        }
        const headers = { ...request.headers, host: new URL(target).host, 'accept-encoding': 'identity' };
        const onward = http.request(target + request.url, { method: request.method, headers }, async (answer) => {
            const body = await bodyOf(answer);
            const exchange = {
                request: inflated(request.headers, sent).toString(),
                response: inflated(answer.headers, body).toString(),
                status: answer.statusCode,
            };
            exchanges.push(exchange);
            if (happens !== 'answered')
                return request.socket.destroy();
            const own = Buffer.from(alter(kind(exchange.request), exchange.response.replaceAll(target, url), exchange.request));
            const { 'transfer-encoding': _, 'content-encoding': __, ...rest } = answer.headers;
            response.writeHead(answer.statusCode, { ...rest, 'content-length': own.length });
            response.end(own);
        });
        onward.on('error', () => request.socket.destroy());
        onward.end(sent);
    });
    await new Promise((resolve) => { proxy.listen(0, '127.0.0.1', resolve); });
    t.after(() => { proxy.closeAllConnections(); proxy.close(); });
    const url = `http://127.0.0.1:${proxy.address().port}`;
    return { url, exchanges };
}
