import type { TeamVersion } from '../../../contract/index.ts';

/** A version as its registry tells it. */
export type ThereVersion = Omit<TeamVersion, 'target'>;

/** One file of a version at its target. */
export interface ThereFile {
  /** Below the model's folder. */
  readonly path: string;
  readonly sizeBytes: number;
  /** As the target keeps it; null where it keeps none. */
  readonly sha256: string | null;
  /** Its content, from the first byte on. */
  read(): AsyncIterable<Uint8Array>;
}

/** The registry of a target: read only. */
export interface TeamRegistry {
  /** Of the software that keeps it; null where there is none. */
  serverVersion(): Promise<string | null>;
  /** All versions, some at a time. @throws {SendFailure} */
  versions(): AsyncIterable<readonly ThereVersion[]>;
  /** Asked for now: by an alias or by number; null where there is none. @throws {SendFailure} */
  version(name: string, by: { alias: string } | { number: string }): Promise<ThereVersion | null>;
  /** @throws {SendFailure} also where its files lie at a place that only the target's own clients reach. */
  files(version: ThereVersion): Promise<readonly ThereFile[]>;
}
