import { readFile } from 'node:fs/promises';

/** Traffic of the whole machine over its network cards; a run's own share cannot be told without privileges. */
export interface NetworkTraffic {
  readonly receivedBytesPerS: number;
  readonly sentBytesPerS: number;
}

/** The kernel talking to itself, and devices whose bytes go through a card and are counted there (tunnels, bridges, containers). */
const notACard = /^(lo|ifb|dummy|veth|docker|br-|virbr|vnet|tun|tap|wg|tailscale|zt|bond|team|macvtap)/;

/**
 * Measures what the machine sends and receives, between one call and the next: /proc/net/dev (proc_pid_net(5)). The first
 * call answers null, and so does every call where the kernel does not tell.
 */
export function createNetworkMeter(): () => Promise<NetworkTraffic | null> {
  let before: { atMs: number; received: number; sent: number } | null = null;
  return async () => {
    const counted = trafficIn((await contentOf('/proc/net/dev')) ?? '');
    const after = counted === null ? null : { ...counted, atMs: performance.now() };
    const last = before;
    before = after;
    if (after === null || last === null || after.atMs <= last.atMs) return null;
    const perS = (now: number, then: number) => (now - then) / ((after.atMs - last.atMs) / 1000);
    // A card that was taken out takes its count along: nothing can be said of that second.
    if (after.received < last.received || after.sent < last.sent) return null;
    return {
      receivedBytesPerS: perS(after.received, last.received),
      sentBytesPerS: perS(after.sent, last.sent),
    };
  };
}

/** Bytes since boot over all cards, from the text of /proc/net/dev; null where it names no card. */
export function trafficIn(text: string): { received: number; sent: number } | null {
  const cards = text
    .split('\n')
    .map((line) => /^\s*([^\s:]+):\s*(\d+)(?:\s+\d+){7}\s+(\d+)/.exec(line))
    .filter((line) => line !== null)
    .filter(([, name]) => !notACard.test(name ?? ''));
  if (cards.length === 0) return null;
  return {
    received: cards.reduce((sum, [, , received]) => sum + Number(received), 0),
    sent: cards.reduce((sum, [, , , sent]) => sum + Number(sent), 0),
  };
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null; // not Linux, or a container that hides it: then there is no series
  }
}
