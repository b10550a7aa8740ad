import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, EngineApi } from '../../../contract/index.ts';

/** Waits until nothing of the outbox waits or is on its way; what waits for its time is tried at once, as a person would. */
export async function untilSettled(api: EngineApi, patienceMs = 60_000): Promise<Delivery[]> {
  for (const until = Date.now() + patienceMs; ;) {
    const { deliveries, counts } = await api.sync.outbox({ limit: 5 });
    if ((counts.waiting ?? 0) + (counts.sending ?? 0) === 0)
      return (await api.sync.outbox({ limit: 500 })).deliveries;
    if (Date.now() > until)
      throw new Error(`The outbox does not empty: ${JSON.stringify(deliveries, null, 1)}`);
    if ((counts.sending ?? 0) === 0) await api.sync.retry({});
    await sleep(20);
  }
}
