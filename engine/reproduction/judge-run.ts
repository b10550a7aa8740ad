import type {
  JudgedMetric,
  JudgedOutput,
  Run,
  Tolerance,
  ToleranceSettings,
  Verdict,
} from '../../contract/index.ts';
import type { RunArtifact } from '../tracking/index.ts';
import { holdsNumbers, judgeOutput } from './outputs/judge-output.ts';
import { isClose } from './outputs/numbers.ts';

/** A run with what came of it. */
export interface RunResult {
  readonly run: Run;
  readonly outputs: readonly RunArtifact[];
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly why: string;
  readonly metrics: JudgedMetric[];
  readonly outputs: JudgedOutput[];
}

/** How long it took and how fast it went belongs to the machine and the hour. */
const ofTime =
  /(^|[^a-z])(time|duration|seconds|secs?|ms|minutes|elapsed|throughput|per_second|it_s|samples_per)([^a-z]|$)/i;

/**
 * Judges a reproduction against its run: last values of metrics, and files by content, or by their numbers where they hold some.
 * @param read the content of an object.
 * @param repeats the first run with other seeds: what is no farther from it than they are is within.
 */
export async function judgeRun(
  a: RunResult,
  b: RunResult,
  tolerance: ToleranceSettings,
  read: (output: RunArtifact) => Promise<Uint8Array<ArrayBuffer>>,
  repeats: readonly RunResult[] = [],
): Promise<Judgement> {
  if (b.run.status !== a.run.status || b.run.exitCode !== a.run.exitCode)
    return {
      verdict: b.run.status === 'finished' ? 'differs' : 'could not run',
      why: `The run ended with ${a.run.ending ?? a.run.status}, its reproduction with ${b.run.ending ?? b.run.status}.`,
      metrics: [],
      outputs: [],
    };
  const metrics = judgedMetrics(a.run, b.run, tolerance, repeats);
  const outputs = await judgedOutputs(a.outputs, b.outputs, tolerance.all, read, repeats);
  return { ...verdictOf(metrics, outputs), metrics, outputs };
}

function judgedMetrics(
  a: Run,
  b: Run,
  tolerance: ToleranceSettings,
  repeats: readonly RunResult[],
): JudgedMetric[] {
  const before = new Map(Object.entries(a.metrics));
  const after = new Map(Object.entries(b.metrics));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => !name.startsWith('system/'))
    .toSorted()
    .map((name) => {
      const one = before.get(name);
      const other = after.get(name);
      const values = { name, a: one?.last ?? null, b: other?.last ?? null };
      if (ofTime.test(name))
        return { ...values, state: 'not judged', why: 'its name says that it measures time or speed' };
      if (one === undefined || other === undefined) return { ...values, state: 'missing', why: null };
      if (one.count !== other.count)
        return {
          ...values,
          state: 'differs',
          why: `${one.count.toLocaleString('en-US')} points then, ${other.count.toLocaleString('en-US')} now`,
        };
      if (Object.is(one.last, other.last)) return { ...values, state: 'equal', why: null };
      const own = tolerance.metrics[name];
      if (isClose(other.last, one.last, own ?? tolerance.all))
        return { ...values, state: 'within', why: null };
      const spread = own === undefined ? spreadOf(name, one.last, repeats) : null;
      if (spread === null) return { ...values, state: 'differs', why: null };
      const isWithin = isClose(other.last, one.last, { absolute: spread, relative: 0 });
      return {
        ...values,
        state: isWithin ? 'within' : 'differs',
        why: spreadText(spread, repeats.length),
      };
    });
}

/** How far the farthest repeat is from a value; null where no repeat has one. */
function spreadOf(name: string, value: number, repeats: readonly RunResult[]): number | null {
  const apart = repeats
    .map(({ run }) => Math.abs((run.metrics[name]?.last ?? Number.NaN) - value))
    .filter(Number.isFinite);
  return apart.length === 0 ? null : Math.max(...apart);
}

const spreadText = (spread: number, count: number) =>
  `${counted(count, 'repeat')} came as far as ${Number(spread.toPrecision(3))}`;

async function judgedOutputs(
  a: readonly RunArtifact[],
  b: readonly RunArtifact[],
  tolerance: Tolerance,
  read: (output: RunArtifact) => Promise<Uint8Array<ArrayBuffer>>,
  repeats: readonly RunResult[],
): Promise<JudgedOutput[]> {
  const before = new Map(a.map((output) => [output.path, output]));
  const after = new Map(b.map((output) => [output.path, output]));
  const judged: JudgedOutput[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].toSorted()) {
    const one = before.get(path);
    const other = after.get(path);
    if (one === undefined || other === undefined)
      judged.push({
        path,
        state: 'missing',
        detail: one === undefined ? 'only the reproduction made it' : 'the reproduction did not make it',
      });
    else if (one.objectId === other.objectId) judged.push({ path, state: 'equal', detail: null });
    else if (!holdsNumbers(path, Math.max(one.sizeBytes, other.sizeBytes)))
      judged.push({ path, state: 'other bytes', detail: 'no form in which numbers could be compared' });
    else {
      const own = await read(one);
      const { state, detail, greatest } = await judgeOutput(path, await read(other), own, tolerance);
      const spread = state === 'differs' ? await spreadOfOutput(path, own, repeats, read) : null;
      if (spread === null) judged.push({ path, state, detail });
      else
        judged.push({
          path,
          state: greatest !== null && greatest <= spread ? 'within' : 'differs',
          detail: `${detail ?? ''}; ${spreadText(spread, repeats.length)}`,
        });
    }
  }
  return judged;
}

/** How far the numbers of the farthest repeat's file are from a file; null where no repeat has one to compare. */
async function spreadOfOutput(
  path: string,
  own: Uint8Array<ArrayBuffer>,
  repeats: readonly RunResult[],
  read: (output: RunArtifact) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<number | null> {
  let spread: number | null = null;
  for (const { outputs } of repeats) {
    const other = outputs.find((output) => output.path === path);
    if (other === undefined || !holdsNumbers(path, other.sizeBytes)) continue;
    const { greatest } = await judgeOutput(path, await read(other), own, { absolute: 0, relative: 0 });
    if (greatest !== null && Number.isFinite(greatest)) spread = Math.max(spread ?? 0, greatest);
  }
  return spread;
}

function verdictOf(
  metrics: readonly JudgedMetric[],
  outputs: readonly JudgedOutput[],
): { verdict: Verdict; why: string } {
  const judged = metrics.filter(({ state }) => state !== 'not judged');
  const wrong = [
    ...judged.filter(({ state }) => state === 'differs' || state === 'missing').map(({ name }) => name),
    ...outputs.filter(({ state }) => state === 'differs' || state === 'missing').map(({ path }) => path),
  ];
  if (wrong.length > 0)
    return {
      verdict: 'differs',
      why: `Beyond the tolerance: ${wrong.slice(0, 5).join(', ')}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ''}.`,
    };
  if (judged.length === 0 && outputs.length === 0)
    return {
      verdict: 'could not run',
      why: 'It ran, but neither run has metrics or files that could be compared.',
    };
  const unlike = outputs.filter(({ state }) => state === 'other bytes').map(({ path }) => path);
  const near = [
    ...judged.filter(({ state }) => state === 'within').map(({ name }) => name),
    ...outputs.filter(({ state }) => state === 'within').map(({ path }) => path),
  ];
  if (near.length === 0 && unlike.length === 0)
    return {
      verdict: 'identical',
      why: `${counted(judged.length, 'metric')} and ${counted(outputs.length, 'file')} are the same.`,
    };
  return unlike.length === 0
    ? { verdict: 'within tolerance', why: `Close, but not the same: ${near.join(', ')}.` }
    : judged.length + outputs.length === unlike.length
      ? { verdict: 'differs', why: `Other bytes, and no numbers to tell by how much: ${unlike.join(', ')}.` }
      : {
          verdict: 'within tolerance',
          why: `Every number is close enough. Of other bytes, and not judged: ${unlike.join(', ')}.`,
        };
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
