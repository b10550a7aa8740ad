import {
  fourDigits,
  type Estimate,
  type Evaluation,
  type Latency,
  type MetricDelta,
  type SliceResult,
} from '../../../contract/index.ts';
import type { Checks } from '../definition/read-checks.ts';
import { evidence, type Judgement } from '../judged-version.ts';
import { signed } from '../signed.ts';

const between = ({ low, high }: Estimate): string => `${fourDigits(low)} to ${fourDigits(high)}`;

/** Is it better than the champion, at the low end of the interval of the difference? */
export function judgeGain(
  { metrics, metric, champion, rowCount, confidence, candidate }: Evaluation,
  championVersion: number | null,
  { atLeast }: Checks['beatsChampion'],
): Judgement {
  const delta = metrics.find(({ name }) => name === metric);
  const shown = [
    ...metrics.map((each) => evidence(deltaText(each), { objectId: candidate.objectId })),
    ...(champion === null
      ? []
      : [evidence('predictions of the champion', { objectId: champion.objectId, runId: champion.runId })]),
  ];
  if (championVersion === null)
    return { state: 'passed', what: 'There is no champion to beat: it would be the first.', evidence: shown };
  if (delta === undefined || delta.gain === null)
    return { state: 'could not judge', what: `${metric} cannot be had of both sides.`, evidence: shown };
  const { gain } = delta;
  const share = `${fourDigits(confidence * 100)} %`;
  const told = `${metric} ${fourDigits(delta.candidate.value)} against ${fourDigits(delta.champion?.value ?? Number.NaN)} of version ${championVersion} on ${rowCount} rows: better by ${signed(gain.value)}, ${share} interval ${signed(gain.low)} to ${signed(gain.high)}`;
  if (gain.low > atLeast || (atLeast < 0 && gain.low >= atLeast))
    return { state: 'passed', what: `${told}.`, evidence: shown };
  const reason =
    gain.high < atLeast
      ? atLeast === 0
        ? 'it is worse'
        : `that is less than ${signed(atLeast)}`
      : gain.low <= 0 && gain.high >= 0 && atLeast === 0
        ? 'that may be chance'
        : `it may be less than ${signed(atLeast)}`;
  return {
    state: 'failed',
    what: `${told}; ${reason}.`,
    evidence: shown,
    next: 'More held-out rows narrow the interval; `at_least` says how much it must be better.',
  };
}

function deltaText({ name, candidate, champion, gain }: MetricDelta): string {
  const own = `${name}: ${fourDigits(candidate.value)} (${between(candidate)})`;
  if (champion === null || gain === null) return own;
  return `${own}, champion ${fourDigits(champion.value)} (${between(champion)}), better by ${signed(gain.value)} (${signed(gain.low)} to ${signed(gain.high)})`;
}

/** Is there a part of the rows on which it is worse than the limits? */
export function judgeSlices(
  { metrics, metric, slices }: Evaluation,
  { noWorseThan, behindWhole, minRows }: Checks['slices'],
): Judgement {
  const whole = metrics.find(({ name }) => name === metric);
  if (whole === undefined)
    return { state: 'could not judge', what: `${metric} cannot be had of these rows.` };
  if (slices.length === 0)
    return {
      state: 'could not judge',
      what: 'The held-out rows have no column with few values.',
      next: 'Name `columns` of the held-out data under `slices`.',
    };
  const sign = whole.isLowerBetter ? -1 : 1;
  // The stricter of the two limits, where both are set.
  const limits = [
    ...(noWorseThan === null ? [] : [noWorseThan]),
    ...(behindWhole === null ? [] : [whole.candidate.value - sign * behindWhole]),
  ];
  const limit = sign * Math.max(...limits.map((each) => sign * each));
  const judged = slices.flatMap((slice) =>
    slice.candidate === null ? [] : [{ slice, found: slice.candidate }],
  );
  const worse = judged.filter(({ found }) => sign * (found.value - limit) < 0);
  const surely = worse.filter(
    ({ found }) => sign * ((whole.isLowerBetter ? found.low : found.high) - limit) < 0,
  );
  const few = slices.filter(({ rowCount }) => rowCount < minRows);
  const shown = [
    ...worse.map(({ slice }) => evidence(`${sliceText(slice, metric)}, limit ${fourDigits(limit)}`)),
    ...(few.length === 0
      ? []
      : [evidence(`fewer than ${minRows} rows, not judged: ${few.map(nameOf).slice(0, 10).join(', ')}`)]),
  ];
  const counted = `${judged.length} parts`;
  if (surely.length > 0)
    return {
      state: 'failed',
      what: `On ${surely.length} of ${counted} ${metric} is worse than ${fourDigits(limit)}, interval and all: ${surely
        .map(({ slice }) => nameOf(slice))
        .slice(0, 5)
        .join(', ')}.`,
      evidence: shown,
      next: 'Look at those rows: too few of them in training, or labels that are wrong.',
    };
  if (worse.length > 0)
    return {
      state: 'warning',
      what: `On ${worse.length} of ${counted} ${metric} is worse than ${fourDigits(limit)}, which may be chance: ${worse
        .map(({ slice }) => nameOf(slice))
        .slice(0, 5)
        .join(', ')}.`,
      evidence: shown,
    };
  return {
    state: 'passed',
    what: `On all ${counted} ${metric} is within ${fourDigits(limit)}.`,
    evidence: shown,
  };
}

const nameOf = ({ column, value }: SliceResult): string => `${column} = ${value === '' ? '(empty)' : value}`;

function sliceText(slice: SliceResult, metric: string): string {
  const { candidate, champion, rowCount } = slice;
  const own =
    candidate === null ? 'too few rows' : `${metric} ${fourDigits(candidate.value)} (${between(candidate)})`;
  return `${nameOf(slice)}: ${own}, ${rowCount} rows${champion === null ? '' : `, champion ${fourDigits(champion.value)}`}`;
}

/** Does it answer soon enough? */
export function judgeLatency(measured: Latency | null, { p50Ms, p95Ms }: Checks['latency']): Judgement {
  if (measured === null)
    return {
      state: 'could not judge',
      what: 'It was not measured: its predictions were given as a file, and the model itself did not run.',
      next: 'Name the held-out data under `evaluation.data`, so that the model answers itself.',
    };
  const slow = [
    ...(p50Ms !== null && measured.p50Ms > p50Ms
      ? [`p50 ${fourDigits(measured.p50Ms)} ms, wanted ${fourDigits(p50Ms)} ms`]
      : []),
    ...(p95Ms !== null && measured.p95Ms > p95Ms
      ? [`p95 ${fourDigits(measured.p95Ms)} ms, wanted ${fourDigits(p95Ms)} ms`]
      : []),
  ];
  const told = `p50 ${fourDigits(measured.p50Ms)} ms, p95 ${fourDigits(measured.p95Ms)} ms over ${measured.rowCount} single rows`;
  if (slow.length === 0) return { state: 'passed', what: `It answers soon enough: ${told}.` };
  return { state: 'failed', what: `It answers too late: ${slow.join('; ')}.`, evidence: [evidence(told)] };
}
