import {
  causeParts,
  metricDirection,
  type CauseComparison,
  type CausePart,
  type Difference,
  type MetricComparison,
  type Run,
  type RunComparison,
  type RunEnvironment,
} from '../../contract/index.ts';
import { environmentDifferences } from '../environments/index.ts';
import { commandBesideParams } from '../runner/index.ts';

/** A run with what its parts are compared by. */
export interface ComparedRun {
  readonly run: Run;
  readonly environment: RunEnvironment | null;
}

/** How two runs compare in one part; null differences: nobody knows. */
export interface PartComparison {
  readonly differences: Difference[] | null;
  readonly why: string | null;
}

/** Series of the machine's use, which tell nothing of the result. */
const systemSeries = /^system\//;

/**
 * What two runs do not share, ordered by likely cause, and their last metrics. What one of them did not record is `unknown`,
 * never "the same".
 * @param rooms how the rooms that keep code and data compare theirs.
 */
export function compareRuns(
  a: ComparedRun,
  b: ComparedRun,
  rooms: Readonly<Record<'code' | 'data', PartComparison>>,
): RunComparison {
  const parts: Record<CausePart, PartComparison> = {
    ...rooms,
    command: commandOf(a.run, b.run),
    params: known(differingTexts(a.run.params, b.run.params)),
    ...environmentParts(a.environment, b.environment),
  };
  return {
    a: a.run.id,
    b: b.run.id,
    causes: causeParts.map((part): CauseComparison => {
      const { differences, why } = parts[part];
      if (differences === null) return { part, state: 'unknown', why, differences: [] };
      return { part, state: differences.length === 0 ? 'same' : 'differs', why, differences };
    }),
    metrics: metricsOf(a.run, b.run),
  };
}

const known = (differences: Difference[]): PartComparison => ({ differences, why: null });

function commandOf(a: Run, b: Run): PartComparison {
  if (a.command.length === 0 || b.command.length === 0)
    return { differences: null, why: 'A program logged its run itself; its command is not known.' };
  const one = commandBesideParams(a.command);
  const other = commandBesideParams(b.command);
  return known(one === other ? [] : [{ name: 'command', a: one, b: other, detail: null }]);
}

function environmentParts(
  a: RunEnvironment | null,
  b: RunEnvironment | null,
): Record<'packages' | 'interpreter' | 'variables' | 'machine', PartComparison> {
  if (a === null || b === null) {
    const unknown = {
      differences: null,
      why: 'An environment is recorded for runs that Benchtop starts; one of these has none.',
    };
    return { packages: unknown, interpreter: unknown, variables: unknown, machine: unknown };
  }
  const { packages, interpreter, variables, machine } = environmentDifferences(a, b);
  return {
    packages: {
      differences: packages,
      why: packages === null ? 'Packages are listed for Python only.' : null,
    },
    interpreter: known(interpreter),
    variables: known(variables),
    machine: known(machine),
  };
}

function differingTexts(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): Difference[] {
  const before = new Map(Object.entries(a));
  const after = new Map(Object.entries(b));
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted()
    .filter((name) => !isSameValue(before.get(name), after.get(name)))
    .map((name) => ({ name, a: before.get(name) ?? null, b: after.get(name) ?? null, detail: null }));
}

/** `0.10` and `0.1` are one number, written by two programs. */
function isSameValue(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.trim() === '' || b.trim() === '') return false;
  return Number(a) === Number(b);
}

function metricsOf(a: Run, b: Run): MetricComparison[] {
  const before = new Map(Object.entries(a.metrics));
  const after = new Map(Object.entries(b.metrics));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => !systemSeries.test(name))
    .toSorted()
    .map((name) => {
      const one = before.get(name)?.last ?? null;
      const other = after.get(name)?.last ?? null;
      const direction = metricDirection(name);
      const change = one === null || other === null ? Number.NaN : other - one;
      const isTold = direction !== null && change !== 0 && !Number.isNaN(change);
      return { name, a: one, b: other, isBetter: isTold ? change < 0 === (direction === 'lower') : null };
    })
    .toSorted((one, other) => Number(Object.is(one.a, one.b)) - Number(Object.is(other.a, other.b)));
}
