import type { RunEnvironment } from '../../contract/index.ts';
import type { ModelVersion, Registry } from '../registry/index.ts';

/** Rows that a version was asked, and what it said. */
export interface ModelSample {
  readonly path: string;
  readonly text: string;
}

/** What other rooms know of runs and versions, for those who find them elsewhere. */
export interface SyncRecords {
  readonly environmentOf: (runId: string) => Promise<RunEnvironment | null>;
  /** As Markdown. */
  readonly cardOf: (name: string, version: number) => Promise<string>;
  /** Changes the registry, and tells the windows. */
  readonly changeRegistry: Registry['change'];
  readonly causeOf: Registry['causeOf'];
  /** Yields when runs or models are otherwise than before, until the signal ends it. */
  readonly changes: (signal: AbortSignal) => AsyncIterable<unknown>;
  /** A few rows in and out, as files; none where nobody let it answer any. */
  readonly sampleOf: (version: ModelVersion) => Promise<readonly ModelSample[]>;
}
