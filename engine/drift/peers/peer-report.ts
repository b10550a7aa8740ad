import type { DriftColumn, DriftReport, PeerFinding } from '../../../contract/index.ts';
import { assertNever } from '../../../contract/index.ts';
import type { ComparedTables } from '../drift-report.ts';
import type { SideCounts } from '../column-evidence.ts';
import { evidentlyDrift, evidentlyShare, evidentlyVersion } from './evidently-drift.ts';
import { nannymlDrift, nannymlVersion } from './nannyml-drift.ts';
import type { PeerSample } from './peer-sample.ts';

export type PeerMode = Exclude<DriftReport['mode']['name'], 'benchtop'>;

/** A column of both tables as a peer judges it. */
export interface PeerColumn {
  readonly name: string;
  readonly reference: SideCounts;
  readonly current: SideCounts;
  readonly found: PeerFinding | { readonly why: string };
}

export function peerDrift(mode: PeerMode, reference: PeerSample, current: PeerSample): PeerColumn['found'] {
  switch (mode) {
    case 'evidently':
      return evidentlyDrift(reference, current);
    case 'nannyml':
      return nannymlDrift(reference, current);
    default:
      return assertNever(mode);
  }
}

/** The numbers and verdicts of a peer by its defaults, in a report of ours. Columns that it tells to drift come first, then as in the table. */
export function peerReport(
  mode: PeerMode,
  tables: ComparedTables,
  columns: readonly PeerColumn[],
): DriftReport {
  const judged = columns.flatMap(({ found }) => ('why' in found ? [] : [found]));
  const drifted = judged.filter(({ isDrifted }) => isDrifted);
  // Evidently asks for half of the columns; NannyML has no verdict over all, and one is enough.
  const needed = mode === 'evidently' ? judged.length * evidentlyShare : 1;
  const isDrift = drifted.length > 0 && drifted.length >= needed;
  const peer = mode === 'evidently' ? `Evidently ${evidentlyVersion}` : `NannyML ${nannymlVersion}`;
  return {
    mode: { name: mode, version: mode === 'evidently' ? evidentlyVersion : nannymlVersion },
    verdict: judged.length === 0 ? 'not-enough-data' : isDrift ? 'drift' : 'no-drift',
    about: `By the defaults of ${peer} ${drifted.length} of ${judged.length} columns drifted${
      mode === 'evidently' ? `, and from ${Math.ceil(needed)} on it tells drift of the data set` : ''
    }.`,
    reference: tables.reference,
    current: tables.current,
    added: [...tables.added],
    removed: [...tables.removed],
    columns: columns.map(told).toSorted((a, b) => rank[a.verdict] - rank[b.verdict]),
  };
}

const rank = { drift: 0, 'no-drift': 1, 'not-enough-data': 2, 'not-compared': 3 } as const;

const told = ({ name, reference, current, found }: PeerColumn): DriftColumn => ({
  name,
  kind: 'none',
  reference,
  current,
  verdict: 'why' in found ? 'not-compared' : found.isDrifted ? 'drift' : 'no-drift',
  about: 'why' in found ? found.why : aboutFinding(found),
  test: null,
  effect: null,
  distances: null,
  bins: null,
  histogram: null,
  peer: 'why' in found ? null : found,
});

function aboutFinding({ method, value, threshold, chunks }: PeerFinding): string {
  const told = `${method} ${value.toPrecision(4)}, threshold ${threshold.toPrecision(4)}`;
  if (chunks === null) return told;
  return `${told}; ${chunks.filter(({ isDrifted }) => isDrifted).length} of ${chunks.length} chunks above`;
}
