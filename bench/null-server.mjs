import { fsyncSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';

// The floor for every server of metrics: reads a request's body, parses its JSON and answers `{}`, or a run where the
// client asks for one. With a file named, it also appends each body there and syncs it before it answers: the least that
// a server does which keeps what it acknowledged. JavaScript, so that stripping types is no part of it.
const run = {
  info: { run_id: '0'.repeat(32), run_uuid: '0'.repeat(32), experiment_id: '0', status: 'RUNNING' },
  data: {},
};
const path = process.argv[2];
const file = path === undefined ? null : openSync(path, 'a');
const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const parts = [];
  request.on('data', (/** @type {Buffer} */ part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    if (body.length > 0) JSON.parse(body.toString('utf8'));
    if (file !== null && body.length > 0) {
      writeSync(file, body);
      fsyncSync(file);
    }
    if (request.url === '/health') response.end('OK');
    else
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(request.url?.endsWith('/runs/create') === true ? JSON.stringify({ run }) : '{}');
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(`ready http://127.0.0.1:${address.port}/`);
});
