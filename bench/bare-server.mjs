import { createServer } from 'node:http';

// The floor for every engine: the smallest Node program that answers GET /health with OK. JavaScript, so that
// stripping types is no part of it.
const server = createServer((_request, response) => response.end('OK'));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(`ready http://127.0.0.1:${address.port}/`);
});
