import {
  fourDigits,
  type GateEnvironment,
  type GateReport,
  type Latency,
  type MetricDelta,
  type SliceResult,
  type StaleEvidence,
  type VersionVerdict,
} from '../../../contract/index.ts';
import { signed } from '../signed.ts';

/** What a verdict is made of; all of it was kept when the version was judged. */
export interface VerdictGrounds {
  readonly version: number;
  readonly environment: GateEnvironment;
  readonly champion: number | null;
  readonly report: GateReport | null;
  readonly stale: readonly StaleEvidence[];
  /** Of single rows; null where it was not measured. */
  readonly latency: { readonly candidate: Latency | null; readonly champion: Latency | null };
}

/** As often as long is told: less lies within what a laptop's clock speeds do from one hour to the next. */
const slowerFrom = 1.5;

/**
 * One sentence for all of it, by the first rule that applies: what cannot be told, what blocks, and then what the interval of the
 * difference and the parts of the rows say.
 */
export function versionVerdict(grounds: VerdictGrounds): VersionVerdict {
  const { version, environment, champion, report, stale } = grounds;
  const outdated = stale.find(({ isBlocking }) => isBlocking);
  if (report === null || outdated !== undefined)
    return {
      kind: 'unknown',
      sentence:
        report === null
          ? `Version ${version} was not judged for ${environment} yet.`
          : `What is known of version ${version} is out of date: ${lowerFirst(outdated?.what ?? '')}`,
    };
  if (report.blockers.length > 0)
    return {
      kind: 'kept back',
      sentence: `Version ${version} is kept from ${environment} by ${listed(report.blockers)}.`,
    };
  const { evaluation } = report;
  const delta = evaluation?.metrics.find(({ name }) => name === evaluation.metric);
  if (champion === null) return firstThere(grounds, delta, evaluation?.rowCount ?? 0);
  if (evaluation === null || delta === undefined || delta.gain === null)
    return {
      kind: 'unknown',
      sentence: `Nothing blocks version ${version}, and nothing tells whether it is better than version ${champion}${warnings(report)}.`,
    };
  if (evaluation.disagreementCount === 0)
    return {
      kind: 'alike',
      sentence: `Version ${version} says the same as version ${champion} of all ${evaluation.rowCount} rows${after(grounds)}.`,
    };
  return measured(grounds, { name: delta.name, gain: delta.gain }, evaluation);
}

function firstThere(
  grounds: VerdictGrounds,
  delta: MetricDelta | undefined,
  rowCount: number,
): VersionVerdict {
  const { version, environment } = grounds;
  const told =
    delta === undefined
      ? 'nothing tells how it does on held-out rows'
      : `${delta.name} ${fourDigits(delta.candidate.value)} (${fourDigits(delta.candidate.low)} to ${fourDigits(delta.candidate.high)}) on ${rowCount} rows`;
  return {
    kind: 'first',
    sentence: `Nothing blocks version ${version}, the first in ${environment}: ${told}${after(grounds)}.`,
  };
}

function measured(
  grounds: VerdictGrounds,
  { name, gain }: { name: string; gain: NonNullable<MetricDelta['gain']> },
  { slices, rowCount }: NonNullable<GateReport['evaluation']>,
): VersionVerdict {
  const { version, champion } = grounds;
  const sides = (word: string) => `Version ${version} is ${word} version ${champion}`;
  const figures = `${name} ${signed(gain.value)} (${signed(gain.low)} to ${signed(gain.high)}) on ${rowCount} rows`;
  if (gain.high < 0)
    return { kind: 'worse', sentence: `${sides('worse than')}: ${figures}${after(grounds)}.` };
  const judged = slices.filter((slice) => slice.gain !== null);
  const worse = judged.filter((slice) => (slice.gain?.high ?? 0) < 0);
  const parts =
    judged.length === 0
      ? ''
      : worse.length === 0
        ? `, on no part of them surely worse`
        : `, but worse where ${listed(worse.slice(0, 2).map(partOf))}${worse.length > 2 ? ` and on ${worse.length - 2} more parts` : ''}`;
  if (gain.low > 0) {
    const isMixed = worse.length > 0 || timesSlower(grounds.latency) >= slowerFrom;
    return {
      kind: isMixed ? 'mixed' : 'better',
      sentence: `${sides('better than')}: ${figures}${parts}${after(grounds)}.`,
    };
  }
  return {
    kind: worse.length > 0 ? 'mixed' : 'alike',
    sentence: `Version ${version} and version ${champion} cannot be told apart: ${figures}${parts}${after(grounds)}.`,
  };
}

/** What stands behind the figures: how much slower, and what warns. */
const after = ({ latency, report }: VerdictGrounds): string => {
  const times = timesSlower(latency);
  return `${times < slowerFrom ? '' : `; it takes ${fourDigits(Number(times.toPrecision(2)))} times as long for a row`}${warnings(report)}`;
};

function warnings(report: GateReport | null): string {
  const warned = (report?.results ?? []).filter(
    ({ state, level }) => state === 'warning' || (state === 'could not judge' && level === 'warn'),
  ).length;
  return warned === 0 ? '' : `; ${warned === 1 ? 'one check warns' : `${warned} checks warn`}`;
}

/** By the slower end, which is what somebody waits for. */
const timesSlower = ({ candidate, champion }: VerdictGrounds['latency']): number =>
  candidate === null || champion === null || champion.p95Ms <= 0 ? 0 : candidate.p95Ms / champion.p95Ms;

const partOf = ({ column, value }: SliceResult) => `${column} is ${value === '' ? 'empty' : value}`;
const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
