import { SendFailure } from '../link/send-failure.ts';

/** So much that is refused one by one is no bad item: it is the whole that is refused. */
const mostRefused = 100;

/**
 * Sends items together; where the server refuses them, in halves, until what it refuses stands alone. That is told, and the
 * rest arrives.
 * @throws {SendFailure} for every other failure, and when nearly everything is refused.
 */
export async function sendEach<T>(
  items: readonly T[],
  send: (items: readonly T[]) => Promise<unknown>,
  onRefused: (item: T, failure: SendFailure) => void,
): Promise<void> {
  let refused = 0;
  const attempt = async (some: readonly T[]): Promise<void> => {
    try {
      await send(some);
    } catch (error) {
      const [first] = some;
      const isOurs =
        error instanceof SendFailure &&
        error.kind === 'refused' &&
        error.remoteCode !== 'RESOURCE_DOES_NOT_EXIST';
      if (!isOurs || first === undefined || error.status === 403) throw error;
      if (some.length === 1) {
        refused++;
        if (refused > mostRefused) throw error;
        onRefused(first, error);
        return;
      }
      const middle = some.length >> 1;
      await attempt(some.slice(0, middle));
      await attempt(some.slice(middle));
    }
  };
  if (items.length > 0) await attempt(items);
}

/** Items in batches of at most so many. */
export function batchesOf<T>(items: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, batch) =>
    items.slice(batch * most, (batch + 1) * most),
  );
}
