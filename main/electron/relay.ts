import type { Port } from '../../contract/index.ts';

/** Joins two ports: what arrives at one is sent on through the other, and the end of one ends the other. */
export function relay(one: Port, other: Port): void {
  pass(one, other);
  pass(other, one);
}

function pass(from: Port, to: Port): void {
  from.onMessage((message) => {
    try {
      void to.post(message);
    } catch {
      // One link carries what the other cannot; both callers are told by the end of the link.
      from.close();
    }
  });
  from.onClose(() => to.close());
}
