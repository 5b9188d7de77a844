// The least that a server does that answers from the disk, to measure this machine by:
//
//   node echo.mjs FILE
//
// prints its port, and answers each connection with what it sent, once that is in FILE and synced.

import fs from 'node:fs';
import net from 'node:net';

const file = fs.openSync(process.argv[2], 'a');

const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
        fs.writeSync(file, data);
        fs.fdatasyncSync(file);
        socket.end(data);
    });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
