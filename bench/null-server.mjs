import { createServer } from 'node:http';

// The floor for every server of metrics: reads a request's body, parses its JSON and answers `{}`, or a run where the
// client asks for one. JavaScript, so that stripping types is no part of it.
const run = {
  info: { run_id: '0'.repeat(32), run_uuid: '0'.repeat(32), experiment_id: '0', status: 'RUNNING' },
  data: {},
};
const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const parts = [];
  request.on('data', (/** @type {Buffer} */ part) => parts.push(part));
  request.on('end', () => {
    if (parts.length > 0) JSON.parse(Buffer.concat(parts).toString('utf8'));
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
