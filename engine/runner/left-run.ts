import { readRecord, type RunFolder, type RunRecord } from './run-folder.ts';
import type { Handle } from './supervisor.ts';

/** What an engine before this one has left of a run that is recorded as not ended. */
export type LeftRun =
  | { readonly kind: 'waiting'; readonly asked: RunRecord<'asked'> }
  | {
      readonly kind: 'begun';
      readonly spec: RunRecord<'spec'>;
      readonly place: RunRecord<'place'>;
      /** Set where that engine was ending the run. */
      readonly cancel: RunRecord<'cancel'> | null;
      /** Its request is still on disk. */
      readonly isKept: boolean;
    }
  | { readonly kind: 'lost' };

export async function leftRun(folder: RunFolder, handle: Handle): Promise<LeftRun> {
  const spec = await readRecord(folder, 'spec');
  const asked = await readRecord(folder, 'asked');
  if (asked !== null && (spec === null || (await hasNotBegun(folder, handle))))
    return { kind: 'waiting', asked };
  if (spec === null) return { kind: 'lost' };
  return {
    kind: 'begun',
    spec,
    place: (await readRecord(folder, 'place')) ?? { gpus: [] },
    cancel: await readRecord(folder, 'cancel'),
    isKept: asked !== null,
  };
}

/** True where that engine was killed between choosing a place for the run and starting it. */
async function hasNotBegun(folder: RunFolder, handle: Handle): Promise<boolean> {
  const isSupervised = handle.isSupervised();
  return (
    !isSupervised &&
    (await readRecord(folder, 'start')) === null &&
    (await readRecord(folder, 'end')) === null
  );
}
