import { bootId } from './process-identity.ts';
import { readRecord, type RunFolder, type RunRecord } from './run-folder.ts';
import type { Handle } from './supervisor.ts';

/** What an engine before this one has left of a run that is recorded as not ended. */
export type LeftRun =
  | { readonly kind: 'waiting'; readonly asked: RunRecord<'asked'> }
  | ({ readonly kind: 'begun' } & BegunRun)
  | { readonly kind: 'lost' };

export interface BegunRun {
  readonly spec: RunRecord<'spec'>;
  readonly place: RunRecord<'place'>;
  /** Set where that engine was ending the run. */
  readonly cancel: RunRecord<'cancel'> | null;
}

export async function leftRun(folder: RunFolder, handle: Handle): Promise<LeftRun> {
  const spec = await readRecord(folder, 'spec');
  const asked = await readRecord(folder, 'asked');
  if (asked !== null && (spec === null || (await hasNotBegun(folder, spec, handle))))
    return { kind: 'waiting', asked };
  if (spec === null) return { kind: 'lost' };
  return {
    kind: 'begun',
    spec,
    place: (await readRecord(folder, 'place')) ?? { gpus: [] },
    cancel: await readRecord(folder, 'cancel'),
  };
}

/**
 * True where that engine was killed between choosing a place for the run and starting it. Of an earlier boot nobody can say that: the
 * run may have begun before its first record was on disk, and is not begun twice.
 */
async function hasNotBegun(folder: RunFolder, spec: RunRecord<'spec'>, handle: Handle): Promise<boolean> {
  if (spec.bootId !== bootId()) return false;
  const isSupervised = handle.isSupervised();
  return (
    !isSupervised &&
    (await readRecord(folder, 'start')) === null &&
    (await readRecord(folder, 'end')) === null
  );
}
