import { describe, expect, test } from 'vitest';
import { admit, type Knock } from './gate.ts';

const token = 'a'.repeat(64);
const server = {
  port: 4711,
  token,
  isOpen: (pathname: string) => pathname === '/health' || pathname === '/',
};
const knock = (change: Partial<Knock>): Knock => ({
  method: 'GET',
  pathname: '/objects/1',
  host: '127.0.0.1:4711',
  origin: undefined,
  authorization: `Bearer ${token}`,
  subprotocols: [],
  contentType: undefined,
  fetchSite: undefined,
  isUpgrade: false,
  ...change,
});
const status = (change: Partial<Knock>) => admit(knock(change), server)?.status ?? 'in';

describe('the gate', () => {
  test.each<[string, Partial<Knock>, number | 'in']>([
    ['the token as Bearer', {}, 'in'],
    [
      'the token as the password of Basic',
      { authorization: `Basic ${Buffer.from(`run:${token}`).toString('base64')}` },
      'in',
    ],
    [
      'the token as subprotocol',
      { authorization: undefined, subprotocols: ['benchtop', `token.${token}`], isUpgrade: true },
      'in',
    ],
    ['no token', { authorization: undefined }, 401],
    ['a wrong token', { authorization: `Bearer ${'b'.repeat(64)}` }, 401],
    ['a token that is too short', { authorization: 'Bearer a' }, 401],
    ['no token on an open page', { authorization: undefined, pathname: '/' }, 'in'],
    [
      'no token, HEAD on an open page',
      { authorization: undefined, pathname: '/health', method: 'HEAD' },
      'in',
    ],
    ['no token, POST to an open page', { authorization: undefined, pathname: '/', method: 'POST' }, 401],
    ['no token, upgrade of an open page', { authorization: undefined, pathname: '/', isUpgrade: true }, 401],
    ['a foreign name that resolves to loopback', { host: 'evil.example:4711' }, 403],
    ['a foreign name on an open page', { host: 'evil.example:4711', pathname: '/' }, 403],
    ['another port', { host: '127.0.0.1:80' }, 403],
    ['no host', { host: undefined }, 403],
    ['localhost and capitals', { host: 'LocalHost:4711' }, 'in'],
    ['its own origin', { origin: 'http://127.0.0.1:4711' }, 'in'],
    ['another origin', { origin: 'http://evil.example' }, 403],
    ['the origin of a file', { origin: 'null' }, 403],
    ['another port’s origin', { origin: 'http://127.0.0.1:4712' }, 403],
    ['another origin at the upgrade', { origin: 'http://evil.example', isUpgrade: true }, 403],
    ['a request started by another site', { fetchSite: 'cross-site' }, 403],
    [
      'a link from another site to the window',
      { fetchSite: 'cross-site', pathname: '/', authorization: undefined },
      'in',
    ],
    ['a form', { method: 'POST', contentType: 'application/x-www-form-urlencoded' }, 415],
    ['plain text, which a form can send', { method: 'POST', contentType: 'text/plain;charset=utf-8' }, 415],
    ['JSON', { method: 'POST', contentType: 'application/json; charset=utf-8' }, 'in'],
    ['spans', { method: 'POST', contentType: 'application/x-protobuf' }, 'in'],
    ['an upload', { method: 'PUT', contentType: 'application/octet-stream' }, 'in'],
    ['an artifact of any type, by PUT', { method: 'PUT', contentType: 'text/html' }, 'in'],
    [
      'a PUT of another page',
      { method: 'PUT', contentType: 'text/html', origin: 'http://evil.example' },
      403,
    ],
    ['a PUT without the token', { method: 'PUT', authorization: undefined }, 401],
    ['an odd method', { method: 'TRACE' }, 405],
  ])('%s', (_name, change, expected) => {
    expect(status(change)).toBe(expected);
  });

  test('without tokens still asks for Host, Origin and JSON', () => {
    const open = { ...server, token: null };
    expect(admit(knock({ authorization: undefined }), open)).toBeNull();
    expect(admit(knock({ authorization: undefined, host: 'evil.example:4711' }), open)?.status).toBe(403);
    expect(admit(knock({ authorization: undefined, origin: 'http://evil.example' }), open)?.status).toBe(403);
    expect(
      admit(knock({ authorization: undefined, method: 'POST', contentType: 'text/plain' }), open)?.status,
    ).toBe(415);
  });
});
