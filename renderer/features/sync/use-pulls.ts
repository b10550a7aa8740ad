import { useQuery } from '@tanstack/react-query';
import type { Pull } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { showUndo } from '../../app/show-undo.tsx';
import { useChange } from '../../app/use-change.ts';
import { outboxKey } from './sync-text.ts';

/** What was fetched or is being fetched, the latest first; read anew while it goes on. */
export const usePulls = () =>
  useQuery({ queryKey: [...outboxKey, 'pulls'], queryFn: () => engine.sync.pulls({ limit: 200 }) });

/** What can be done with a fetch. */
export function usePullChanges({ id: pullId, name, version, target, destination, registerAs }: Pull) {
  return {
    cancel: useChange(outboxKey, () => engine.sync.cancelPull({ pullId })),
    again: useChange(outboxKey, () =>
      engine.sync.pull({
        target,
        model: `${name}/${version}`,
        ...(destination === null ? {} : { destination }),
        ...(registerAs === null ? {} : { registerAs }),
      }),
    ),
    remove: useChange(outboxKey, async () => {
      await engine.sync.removePull({ pullId });
      showUndo(
        `${name}/${version} of ${target} was removed. The next cleaning of the store takes its files.`,
        outboxKey,
        () => engine.sync.restorePull({ pullId }),
      );
    }),
  };
}
