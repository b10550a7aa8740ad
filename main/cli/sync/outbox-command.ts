import { BenchtopError, type DeliveryState, type WayOut } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { deliveryText, operationText, receiptText } from './delivery-text.ts';

export interface OutboxOptions {
  readonly home: string;
  readonly target?: string;
  readonly state?: DeliveryState;
  readonly retry?: boolean;
  readonly cancel?: boolean;
  readonly resolve?: WayOut;
  readonly limit: number;
  readonly json?: boolean;
}

/** `benchtop outbox`: what is on its way; one delivery with its steps and its receipt; or a change of what waits. */
export async function outboxCommand(named: string | undefined, options: OutboxOptions): Promise<void> {
  const deliveryId = named === undefined ? undefined : deliveryNumber(named);
  await withEngine(options.home, async (engine) => {
    const show = (value: unknown, text: () => string) =>
      console.log(options.json === true ? jsonText(value) : text());
    const { sync } = engine.api;
    const { target } = options;
    const chosen = {
      ...(target === undefined ? {} : { target }),
      ...(deliveryId === undefined ? {} : { deliveryIds: [deliveryId] }),
    };
    if (options.retry === true || options.cancel === true) {
      const done = options.retry === true ? await sync.retry(chosen) : await sync.cancel(chosen);
      show(done, () => `${done.count} ${options.retry === true ? 'tried again' : 'cancelled'}`);
    } else if (options.resolve !== undefined) {
      if (deliveryId === undefined)
        throw new BenchtopError({
          code: 'invalid-input',
          what: '--resolve needs the number of a delivery.',
          next: '`benchtop outbox --state conflict` lists those.',
        });
      const delivery = await sync.resolve({ deliveryId, wayOut: options.resolve });
      show(delivery, () => deliveryText(delivery));
    } else if (deliveryId !== undefined) {
      const found = await sync.delivery({ deliveryId, limit: 1000 });
      show(found, () =>
        [
          deliveryText(found.delivery),
          ...found.operations.map(operationText),
          ...(found.next === null ? [] : [`  and ${found.delivery.total - found.operations.length} more`]),
          ...(found.receipt === null
            ? []
            : [receiptText(found.receipt, found.delivery.state === 'verified')]),
        ].join('\n'),
      );
    } else {
      const page = await sync.outbox({
        ...(target === undefined ? {} : { target }),
        ...(options.state === undefined ? {} : { state: options.state }),
        limit: Math.min(500, Math.max(1, Math.floor(options.limit) || 1)),
      });
      show(page, () => {
        const counts = Object.entries(page.counts).map(([state, count]) => `${count} ${state}`);
        return [...page.deliveries.map(deliveryText), counts.join(', ') || 'The outbox is empty.'].join('\n');
      });
    }
  });
}

function deliveryNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new BenchtopError({
    code: 'invalid-input',
    what: `"${text}" is no number of a delivery.`,
    next: '`benchtop outbox` lists them.',
  });
}
