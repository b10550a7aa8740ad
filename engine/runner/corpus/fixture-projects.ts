import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import type { Run } from '../../../contract/index.ts';
import { openHouse } from '../fixture-house.ts';

const folder = join(import.meta.dirname, 'projects');

/** What a person reads out of a run of one of the projects, written down before the program is asked. */
const expected = z.strictObject({
  /** The first of several whose program this machine has. */
  command: z.array(z.string()).optional(),
  commands: z.array(z.array(z.string())).optional(),
  /** A program without which the project cannot be tried. */
  needs: z.string().optional(),
  /** A virtual environment of scripts/python-environment.mjs; such a project is tried in the long tests. */
  environment: z.enum(['.venv-corpus', '.venv-keras', '.venv-torch']).optional(),
  /** Relative to a ten-thousandth; the last value and how many points, where it matters. */
  metrics: z
    .record(
      z.string(),
      z.strictObject({
        count: z.number().optional(),
        last: z.union([z.number(), z.literal('NaN')]).optional(),
      }),
    )
    .default({}),
  params: z.record(z.string(), z.string()).default({}),
  artifacts: z.array(z.string()).default([]),
  models: z.array(z.string()).default([]),
});

export type CorpusEnvironment = NonNullable<CorpusProject['expected']['environment']>;

export interface CorpusProject {
  readonly name: string;
  readonly expected: z.infer<typeof expected>;
}

export interface Score {
  readonly name: string;
  readonly wanted: number;
  readonly captured: number;
  /** What was not captured as it should be, and what was there in its place. */
  readonly missing: readonly string[];
  /** How the run ended, for one that did not succeed. */
  readonly failure: string | null;
}

export function corpusProjects(): CorpusProject[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({
      name,
      expected: expected.parse(JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8'))),
    }));
}

/** True where a program of this name is on the PATH. */
export const hasProgram = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((place) => existsSync(join(place, name)));

/** Runs copies of the projects through a real runner, a few at once, and holds its records against what was expected. */
export async function scoresOf(
  projects: readonly CorpusProject[],
  interpreterFolder: (environment: CorpusEnvironment) => string | null = () => null,
): Promise<Score[]> {
  const root = mkdtempSync(join(tmpdir(), 'benchtop-corpus-'));
  const work = join(root, 'work');
  const house = await openHouse(join(root, 'home'), work, { slots: 3 });
  try {
    return await Promise.all(
      projects.map(async ({ name, expected: wanted }) => {
        cpSync(join(folder, name), join(work, name), {
          recursive: true,
          filter: (path) => !path.endsWith('expected.json'),
        });
        const bin = wanted.environment === undefined ? null : interpreterFolder(wanted.environment);
        const choices = wanted.commands ?? [wanted.command ?? []];
        const { runId } = await house.runner.start({
          projectId: 'p',
          workingFolder: name,
          command: choices.find(([program = '']) => hasProgram(program)) ?? choices.at(-1) ?? [],
          env: bin === null ? {} : { PATH: [bin, process.env['PATH'] ?? ''].join(delimiter) },
        });
        await house.runner.wait(runId);
        const paths = await artifactsOf(runId, '');
        return scoreOf(name, wanted, house.tracking.run(runId), paths);
      }),
    );
  } finally {
    await house.close();
    rmSync(root, { recursive: true, force: true });
  }

  async function artifactsOf(runId: string, below: string): Promise<string[]> {
    const listed = await house.tracking.handlers.artifacts(
      { runId, folder: below },
      { signal: new AbortController().signal },
    );
    const paths = await Promise.all(
      listed.map(({ path, isFolder }) => (isFolder ? artifactsOf(runId, path) : Promise.resolve([path]))),
    );
    return paths.flat();
  }
}

function scoreOf(name: string, wanted: CorpusProject['expected'], run: Run, paths: readonly string[]): Score {
  const models = (run.tags['benchtop.models'] ?? '').split('\n');
  const checks: [what: string, isCaptured: boolean][] = [
    ...Object.entries(wanted.metrics).map(([key, { count, last }]): [string, boolean] => {
      const metric = run.metrics[key];
      const isThere = metric !== undefined && (count === undefined || metric.count === count);
      const found = metric === undefined ? 'nothing' : `${metric.count} points, last ${metric.last}`;
      return [`metric ${key}: ${found}`, isThere && (last === undefined || isClose(metric.last, last))];
    }),
    ...Object.entries(wanted.params).map(([key, value]): [string, boolean] => [
      `param ${key}: ${run.params[key] ?? 'nothing'}`,
      run.params[key] === value,
    ]),
    ...wanted.artifacts.map((path): [string, boolean] => [`artifact ${path}`, paths.includes(path)]),
    ...wanted.models.map((path): [string, boolean] => [`model ${path}`, models.includes(path)]),
  ];
  return {
    name,
    wanted: checks.length,
    captured: checks.filter(([, isCaptured]) => isCaptured).length,
    missing: checks.filter(([, isCaptured]) => !isCaptured).map(([what]) => what),
    failure: run.status === 'finished' ? null : `${run.status}: ${run.ending}`,
  };
}

const isClose = (value: number, wanted: number | 'NaN') =>
  wanted === 'NaN' ? Number.isNaN(value) : Math.abs(value - wanted) <= 1e-4 * Math.max(1, Math.abs(wanted));

/** A line for each project, and the share of all. */
export function scoreTable(scores: readonly Score[]): string {
  const lines = scores.map(
    ({ name, captured, wanted, missing, failure }) =>
      `${name.padEnd(20)} ${String(captured).padStart(3)} of ${String(wanted).padEnd(3)} ${[...(failure === null ? [] : [failure]), ...missing].join('; ')}`,
  );
  const captured = scores.reduce((sum, score) => sum + score.captured, 0);
  const wanted = scores.reduce((sum, score) => sum + score.wanted, 0);
  return [
    ...lines.map((line) => line.trimEnd()),
    `captured with no edit: ${captured} of ${wanted}, ${((100 * captured) / wanted).toFixed(1)} %, in ${scores.length} projects`,
  ].join('\n');
}
