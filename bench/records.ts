import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from './measure.ts';
import type { Setting } from './setting.ts';

/** One measure as it was taken. */
export interface Taken {
  readonly name: string;
  readonly question: string;
  readonly goal: string;
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
}

/** One bench: out/bench/<date>.json. */
export interface BenchRecord {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly setting: Setting;
  readonly measures: readonly Taken[];
}

/** @returns the file it was written to */
export function writeRecord(root: string, record: BenchRecord): string {
  const folder = join(root, 'out', 'bench');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${record.startedAt.replace(/\.\d+Z$/, 'Z').replaceAll(':', '')}.json`);
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
  return path;
}

/** All benches taken in this checkout, the newest first. */
export function readRecords(root: string): BenchRecord[] {
  const folder = join(root, 'out', 'bench');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .toReversed()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as BenchRecord);
}
