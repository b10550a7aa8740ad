import { bootId } from './process-identity.ts';
import { readRecord, type RunFolder, type RunRecord } from './run-folder.ts';
import type { Handle } from './supervisor.ts';

/** What an engine before this one has left of a run that is recorded as not ended. */
export type LeftRun =
  | { readonly kind: 'waiting'; readonly asked: RunRecord<'asked'> }
  | ({ readonly kind: 'begun' } & BegunRun)
  | { readonly kind: 'lost'; readonly why: string };

export interface BegunRun {
  readonly spec: RunRecord<'spec'>;
  readonly place: RunRecord<'place'>;
  /** Set where that engine was ending the run. */
  readonly cancel: RunRecord<'cancel'> | null;
}

/** @param wasTaken that engine had noted in the store that it begins the run; this outlives a power failure, unlike the folder. */
export function leftRun(folder: RunFolder, handle: Handle, wasTaken: boolean): LeftRun {
  const spec = readRecord(folder, 'spec');
  const asked = readRecord(folder, 'asked');
  if (asked !== null && (spec === null ? !wasTaken : hasNotBegun(folder, spec, handle)))
    return { kind: 'waiting', asked };
  if (spec === null)
    return {
      kind: 'lost',
      why: wasTaken
        ? 'the machine stopped while it was started, and what was noted of it is gone'
        : 'Benchtop ended before it started',
    };
  return {
    kind: 'begun',
    spec,
    place: readRecord(folder, 'place') ?? { gpus: [] },
    cancel: readRecord(folder, 'cancel'),
  };
}

/**
 * True where that engine was killed between choosing a place for the run and starting it. Of an earlier boot nobody can say that: the
 * run may have begun before its first record was on disk, and is not begun twice.
 */
function hasNotBegun(folder: RunFolder, spec: RunRecord<'spec'>, handle: Handle): boolean {
  if (spec.bootId !== bootId()) return false;
  const isSupervised = handle.isSupervised();
  return !isSupervised && readRecord(folder, 'start') === null && readRecord(folder, 'end') === null;
}
