import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The floor for every engine: the smallest Node program that answers GET /health with OK. */
const server = createServer((_request, response) => response.end('OK'));
server.listen(0, '127.0.0.1', () => {
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
