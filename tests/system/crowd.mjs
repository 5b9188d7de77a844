// A crowd that holds connections of one kind open, in a process of its own:
//
//   node crowd.mjs PORT FROM KIND COUNT
//
// prints "open" when all have connected, and stays until it is killed.  What the server closes
// stays closed.
//
//   idle         says nothing
//   slow         sends its request a byte a second
//   half-closed  closes its side in the middle of its request
//   never-reads  sends request after request and reads no answer
//   mixed        one of each in turn

import net from 'node:net';

const [port, localAddress, kind, count] = process.argv.slice(2);

const HEAD = 'POST /v1/identify HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n';
const dripping = [];
const kinds = {
    idle() {},
    slow(socket) { socket.write(HEAD.slice(0, 20)); dripping.push({ socket, at: 20 }); },
    'half-closed'(socket) { socket.end(HEAD); },
    'never-reads'(socket) {
        socket.pause();
        socket.write('GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(5));
    },
};
const names = kind === 'mixed' ? Object.keys(kinds) : [kind];

let open = 0;
let left = Number(count);

/** One after the other, a few at a time: a crowd, and no flood of SYNs that the kernel drops. */
function connect() {
    if (left-- <= 0)
        return;
    const socket = net.connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true });
    socket.on('error', () => {});
    socket.on('close', () => { socket.gone = true; });
    socket.on('connect', () => {
        kinds[names[open % names.length]](socket);
        if (++open === Number(count))
            console.log('open');
        connect();
    });
}
for (let i = 0; i < 200; i++)
    connect();

setInterval(() => {
    for (const one of dripping)
        if (!one.socket.gone && one.at < HEAD.length)
            one.socket.write(HEAD[one.at++]);
}, 1000);
