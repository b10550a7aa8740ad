import { expect, test } from 'vitest';
import { trafficIn } from './network-meter.ts';

const heading = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;

test('counts the cards, and nothing twice: no loopback, tunnels, bridges and containers', () => {
  const text = `${heading}    lo: 900 1 0 0 0 0 0 0 900 1 0 0 0 0 0 0
  eth0: 100 1 0 0 0 0 0 0    20 1 0 0 0 0 0 0
wlp2s0:1000 1 0 0 0 0 0 0    30 1 0 0 0 0 0 0
docker0: 77 1 0 0 0 0 0 0    77 1 0 0 0 0 0 0
  wg0: 50 1 0 0 0 0 0 0    50 1 0 0 0 0 0 0
`;
  expect(trafficIn(text)).toEqual({ received: 1100, sent: 50 });
});

test('says nothing where there is no card or no such file', () => {
  expect(trafficIn(`${heading}    lo: 900 1 0 0 0 0 0 0 900 1 0 0 0 0 0 0\n`)).toBeNull();
  expect(trafficIn('')).toBeNull();
});
