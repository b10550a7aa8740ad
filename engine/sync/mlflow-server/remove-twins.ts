import { SendFailure } from '../link/send-failure.ts';
import { forgetRemote } from '../outbox/change-deliveries.ts';
import type { ErrandContext } from './errand-context.ts';

/** One of the things at the target that carry one and the same origin. */
interface SameOrigin {
  readonly id: string;
  /** Nobody has put anything into it, and nobody will. */
  readonly isLeftOver: boolean;
}

/**
 * A target cannot be asked to make something only once: a server may do what it was asked long after the line was cut and nothing
 * was found there, and two laptops that hold the same thing may send it in the same moment. So at the end it is looked for once
 * more. What was left over by a cut line goes; of two that are both in use the first in order stays, for both laptops alike.
 * @param found in order, ours among them. Returns what is to be told.
 * @throws {SendFailure} where ours was the one to go: the delivery goes round again, to the one that stays.
 */
export async function removeTwins(
  { store, delivery }: ErrandContext,
  {
    ours,
    found,
    remove,
  }: { ours: string; found: readonly SameOrigin[]; remove: (id: string) => Promise<unknown> },
): Promise<string[]> {
  const leftOver = found.filter(({ id, isLeftOver }) => isLeftOver && id !== ours);
  for (const { id } of leftOver) await remove(id);
  const [first] = found.filter(({ id, isLeftOver }) => id === ours || !isLeftOver);
  if (first !== undefined && first.id !== ours) {
    await remove(ours);
    await store.write('sync.forget', (db) => forgetRemote(db, delivery.id));
    throw new SendFailure('cut', {
      code: 'conflict',
      what: `The target has it twice: ${first.id} stays, and gets what is missing.`,
    });
  }
  return leftOver.map(({ id }) => `${id} was made there too when the line was cut, and was removed again`);
}
