import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  checkNames,
  type CheckLevel,
  type CheckName,
  type GateEnvironment,
  type problem,
} from '../../../contract/index.ts';
import { isMissing } from '../../is-missing.ts';
import {
  isGlob,
  plainNumbers,
  readYaml,
  schemaMistakes,
  timeMs,
  YamlMistake,
} from '../../pipelines/index.ts';
import type { BootstrapSettings, QualityMetric } from '../../statistics/index.ts';
import { checksKeys, checksSchema } from './checks-schema.ts';

export const checksFileName = 'checks.yaml';

/** The held-out rows, and what is measured on them. */
export interface EvaluationSettings extends BootstrapSettings {
  /** A path of the project; null where predictions bring their labels with them. */
  readonly data: string | null;
  readonly label: string;
  readonly id: string | null;
  readonly features: readonly string[] | null;
  readonly positive: string | null;
  /** Null: accuracy for classes, RMSE for numbers. */
  readonly metric: QualityMetric | null;
  readonly also: readonly QualityMetric[];
}

/** What a project judges its versions by. */
export interface Checks {
  /** Null where there is no file, and what holds then is told. */
  readonly file: { readonly path: string; readonly sha256: string } | null;
  readonly evaluation: EvaluationSettings;
  /** Null for what is not judged. */
  readonly levels: Readonly<Record<CheckName, Readonly<Record<GateEnvironment, CheckLevel | null>>>>;
  readonly licences: { readonly refuse: readonly string[]; readonly ignore: readonly string[] };
  readonly reproduces: { readonly within: 'identical' | 'tolerance' };
  readonly beatsChampion: { readonly atLeast: number };
  readonly slices: {
    readonly columns: readonly string[] | null;
    readonly noWorseThan: number | null;
    readonly behindWhole: number | null;
    readonly minRows: number;
  };
  readonly latency: { readonly p50Ms: number | null; readonly p95Ms: number | null; readonly rows: number };
  readonly tests: { readonly command: string | null; readonly timeLimitMs: number };
  readonly problems: readonly ChecksProblem[];
}
type ChecksProblem = z.infer<typeof problem>;
type Written = z.infer<typeof checksSchema>;

/** What holds where checks.yaml does not say: nothing that needs a setting, and nothing that a run of Benchtop's lacks. */
const unsaid: Checks['levels'] = {
  code_snapshot: { staging: 'warn', production: 'block' },
  environment_locked: { staging: 'warn', production: 'block' },
  data_pinned: { staging: 'warn', production: 'block' },
  licences: { staging: 'warn', production: 'warn' },
  no_secrets: { staging: 'block', production: 'block' },
  card: { staging: null, production: 'warn' },
  reproduces: { staging: null, production: 'warn' },
  beats_champion: { staging: 'warn', production: 'warn' },
  slices: { staging: null, production: null },
  latency: { staging: null, production: null },
  tests: { staging: null, production: null },
};

/** Reads checks.yaml of a project. What is wrong is told with its place; what is right holds all the same. */
export function readChecks(projectPath: string | null): Checks {
  if (projectPath === null) return checksOf({}, null, []);
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(projectPath, checksFileName));
  } catch (error) {
    if (isMissing(error)) return checksOf({}, null, []);
    throw error;
  }
  const { written, problems } = parseChecks(bytes.toString('utf8'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return checksOf(written, { path: checksFileName, sha256 }, problems);
}

function parseChecks(text: string): { written: Written; problems: ChecksProblem[] } {
  const problems: ChecksProblem[] = [];
  try {
    const source = readYaml(text);
    const mistakes = schemaMistakes(checksSchema, source.value ?? {}, checksKeys, [], 'docs/gates.md');
    for (const { path, of, message, fix } of mistakes)
      problems.push({ file: checksFileName, message, ...source.place(path, of), fix });
    if (mistakes.length > 0) return { written: {}, problems };
    const written = checksSchema.parse(plainNumbers(source.value ?? {}));
    for (const { path, message, fix } of unusable(written))
      problems.push({ file: checksFileName, message, ...source.place(path), fix });
    return { written, problems };
  } catch (error) {
    if (!(error instanceof YamlMistake)) throw error;
    const { message, line, column } = error;
    problems.push({ file: checksFileName, message, line, column, fix: 'Correct the YAML at this place.' });
    return { written: {}, problems };
  }
}

/** What is written well and still cannot be judged by. */
function* unusable({
  checks = {},
  evaluation = {},
}: Written): Generator<{ path: string[]; message: string; fix: string }> {
  const lacks = (check: CheckName, isTold: boolean, key: string, example: string) =>
    isOn(checks[check]) && !isTold
      ? [
          {
            path: ['checks', check],
            message: `"${check}" has no \`${key}\`.`,
            fix: `Add \`${key}\`, such as \`${key}: ${example}\`.`,
          },
        ]
      : [];
  if (isGlob(evaluation.data?.split('/')[0] ?? ''))
    yield {
      path: ['evaluation', 'data'],
      message: `"${evaluation.data ?? ''}" names no folder.`,
      fix: 'Put the held-out tables into a folder of their own: data/test/*.csv.',
    };
  const { tests, latency, slices } = settingsOf(checks);
  yield* lacks('tests', tests.command !== undefined, 'command', 'pytest -q');
  yield* lacks('latency', latency.p50 !== undefined || latency.p95 !== undefined, 'p95', '20 ms');
  yield* lacks(
    'slices',
    slices.no_worse_than !== undefined || slices.behind_whole !== undefined,
    'no_worse_than',
    '0.7',
  );
  for (const [check, key, value] of [
    ['latency', 'p50', latency.p50],
    ['latency', 'p95', latency.p95],
    ['tests', 'timeout', tests.timeout],
  ] as const)
    if (value !== undefined && timeMs(value) === null)
      yield {
        path: ['checks', check, key],
        message: `"${value}" is no time.`,
        fix: 'Write it as 20 ms, 1.5 s or 10 min.',
      };
}

type WrittenChecks = NonNullable<Written['checks']>;
/** A check that is only a level has no settings. */
type SettingsOf<Check> = Partial<Exclude<NonNullable<Check>, string>>;
const own = <Check extends WrittenChecks[CheckName]>(check: Check): SettingsOf<Check> =>
  (typeof check === 'object' ? check : {}) as SettingsOf<Check>;

const settingsOf = (checks: WrittenChecks) => ({
  licences: own(checks.licences),
  reproduces: own(checks.reproduces),
  beatsChampion: own(checks.beats_champion),
  slices: own(checks.slices),
  latency: own(checks.latency),
  tests: own(checks.tests),
});

function levelOf(
  check: WrittenChecks[CheckName],
  name: CheckName,
  environment: GateEnvironment,
): CheckLevel | null {
  const told = typeof check === 'string' ? check : (check?.[environment] ?? check?.level);
  // Who writes a check with its settings wants it judged.
  const level =
    told ?? (check === undefined ? unsaid[name][environment] : (unsaid[name][environment] ?? 'block'));
  return level === 'off' ? null : level;
}

const isOn = (check: WrittenChecks[CheckName]): boolean =>
  check !== undefined &&
  (typeof check === 'string'
    ? check !== 'off'
    : [check.level, check.staging, check.production].some((each) => each !== 'off'));

function checksOf(written: Written, file: Checks['file'], problems: readonly ChecksProblem[]): Checks {
  const { checks = {}, evaluation = {} } = written;
  const { licences, reproduces, beatsChampion, slices, latency, tests } = settingsOf(checks);
  const ms = (value: string | number | undefined): number | null =>
    value === undefined ? null : timeMs(value);
  return {
    file,
    problems,
    evaluation: {
      data: evaluation.data ?? null,
      label: evaluation.label ?? 'label',
      id: evaluation.id ?? null,
      features: evaluation.features ?? null,
      positive: evaluation.positive === undefined ? null : String(evaluation.positive),
      metric: evaluation.metric ?? null,
      also: evaluation.also ?? [],
      confidence: evaluation.confidence ?? 0.95,
      resamples: evaluation.resamples ?? 2000,
      seed: evaluation.seed ?? 1,
      method: evaluation.method ?? 'percentile',
    },
    levels: Object.fromEntries(
      checkNames.map((name) => [
        name,
        {
          staging: levelOf(checks[name], name, 'staging'),
          production: levelOf(checks[name], name, 'production'),
        },
      ]),
    ) as Checks['levels'],
    licences: { refuse: licences.refuse ?? [], ignore: licences.ignore ?? [] },
    reproduces: { within: reproduces.within ?? 'tolerance' },
    beatsChampion: { atLeast: beatsChampion.at_least ?? 0 },
    slices: {
      columns: slices.columns ?? null,
      noWorseThan: slices.no_worse_than ?? null,
      behindWhole: slices.behind_whole ?? null,
      minRows: slices.min_rows ?? 30,
    },
    latency: { p50Ms: ms(latency.p50), p95Ms: ms(latency.p95), rows: latency.rows ?? 200 },
    tests: { command: tests.command ?? null, timeLimitMs: ms(tests.timeout) ?? 30 * 60_000 },
  };
}
