import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../engine/index.ts';
import { resourcesPath } from '../installation.ts';
import { serve, type Served } from './index.ts';
import { compareBadInput } from './testing/compare-bad-input.ts';
import { compareServers } from './testing/compare-servers.ts';
import { release311 } from './testing/release-3.11.ts';
import { startBenchtop, startMlflow } from './testing/mlflow-peers.ts';
import { pythonEnvironment } from '../../engine/fixture-python.ts';
import { clientPrograms, partsIn, programPath, runPython } from './testing/run-python.ts';

const sequences = Number(process.env.BENCHTOP_SEQUENCES ?? 4);
const count = Number(process.env.BENCHTOP_CASES ?? 2500);
const firstSeed = Number(process.env.BENCHTOP_SEED ?? Date.now() % 1_000_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-mlflow-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`Nothing is compared with MLflow: ${environment.reason}`);

test.skipIf('reason' in environment).each(Array.from({ length: sequences }, (_, index) => firstSeed + index))(
  'a long random sequence gets the answers of a real MLflow server (seed %i)',
  { timeout: 900_000 },
  async (seed) => {
    const [mlflow, benchtop] = await Promise.all([
      startMlflow('python' in environment ? environment.python : '', join(folder, `mlflow-${seed}`)),
      startBenchtop(join(folder, `home-${seed}`)),
    ]);
    const startedAt = Date.now();
    const { compared, refused, deliberate, differences } = await compareServers(mlflow.ask, benchtop.ask, {
      seed,
      count,
    });
    console.log(
      `${compared} answers compared in ${Math.round((Date.now() - startedAt) / 1000)} s (${refused} refusals), ${differences.length} differ (seed ${seed})`,
      Object.fromEntries(deliberate),
    );
    // The last of the sequences has odd values of every field behind it.
    const odd =
      seed === firstSeed + sequences - 1
        ? await compareBadInput(mlflow.ask, benchtop.ask, { first: 0, every: 1 })
        : null;
    if (odd !== null)
      console.log(
        `${odd.compared} odd requests compared, ${odd.differences.length} differ`,
        Object.fromEntries(odd.deliberate),
      );
    await Promise.all([mlflow.stop(), benchtop.stop()]);
    expect(odd?.differences.join('\n') ?? '').toBe('');
    expect(differences.slice(0, 25).join('\n')).toBe('');
  },
);

test('a long random sequence gets the answers of a server of MLflow 3.11', { timeout: 900_000 }, async () => {
  const old = pythonEnvironment('.venv-3.11');
  if ('reason' in old) return console.log(`Nothing is compared with MLflow 3.11: ${old.reason}`);
  const [mlflow, benchtop] = await Promise.all([
    startMlflow(old.python, join(folder, 'mlflow-3.11')),
    startBenchtop(join(folder, 'home-3.11')),
  ]);
  const startedAt = Date.now();
  const { compared, refused, deliberate, differences } = await compareServers(mlflow.ask, benchtop.ask, {
    seed: firstSeed,
    count,
    release: release311,
  });
  console.log(
    `${compared} answers compared with 3.11 in ${Math.round((Date.now() - startedAt) / 1000)} s (${refused} refusals), ${differences.length} differ (seed ${firstSeed})`,
    Object.fromEntries(deliberate),
  );
  await Promise.all([mlflow.stop(), benchtop.stop()]);
  expect(differences.slice(0, 25).join('\n')).toBe('');
});

/** A fresh home with a token, as the window shows it in one string. */
async function withServer(run: (trackingUri: string) => Promise<void>): Promise<void> {
  const homePath = mkdtempSync(join(folder, 'home-'));
  const engine: Engine = await createEngine({ homePath, version: '0.0.0', resourcesPath });
  const served: Served = await serve({ engine, port: 0, windowPath: null, needsToken: true });
  try {
    await run(`http://run:${engine.home.token}@127.0.0.1:${served.port}`);
  } finally {
    await served.close();
    await engine.close();
  }
}

test.each(['.venv', '.venv-3.11'] as const)(
  'every program runs unchanged with the client of %s, and so does its command line',
  { timeout: 1_200_000 },
  async (name) => {
    const own = pythonEnvironment(name);
    if ('reason' in own) return console.log(`Not tried with ${name}: ${own.reason}`);
    await withServer(async (trackingUri) => {
      const place = { folder, trackingUri, env: { BENCHTOP_RUNS: '1200' } };
      for (const [program, parts] of Object.entries(clientPrograms)) {
        const startedAt = Date.now();
        const { code, output } = await runPython(own.python, [programPath(program)], place);
        expect(code, output).toBe(0);
        expect(partsIn(output)).toEqual(parts);
        console.log(`${program} with ${name}: ${Math.round((Date.now() - startedAt) / 1000)} s`);
      }
      const mlflow = (...args: string[]) => runPython(own.python, ['-m', 'mlflow', ...args], place);
      const experiments = await mlflow('experiments', 'search');
      expect(experiments.output).toMatch(/^\d+ +figures +mlflow-artifacts:/m);
      const id = /^(\d+) +figures/m.exec(experiments.output)?.[1] ?? '';
      const runs = await mlflow('runs', 'list', '--experiment-id', id);
      // Later parts of the program log into the same experiment; the run with the figures is the oldest.
      const runId = [...runs.output.matchAll(/[0-9a-f]{32}/g)].at(-1)?.[0] ?? runs.output;
      const target = mkdtempSync(join(folder, 'download-'));
      const download = await mlflow(
        'artifacts',
        'download',
        '--run-id',
        runId,
        '--artifact-path',
        'classes.yaml',
        '-d',
        target,
      );
      expect(download.code, download.output).toBe(0);
      expect(readFileSync(join(target, 'classes.yaml'), 'utf8')).toContain('classes');
      const described = await mlflow('runs', 'describe', '--run-id', runId);
      expect(JSON.parse(described.output)).toMatchObject({ info: { run_id: runId } });
    });
  },
);

test.each([
  ['keras', '.venv-keras', ['keras_autolog']],
  ['torch', '.venv-torch', ['lightning_autolog', 'logged_by_hand']],
] as const)('autolog and models of %s', { timeout: 1_800_000 }, async (library, name, parts) => {
  const own = pythonEnvironment(name);
  if ('reason' in own) return console.log(`Not tried with ${library}: ${own.reason}`);
  await withServer(async (trackingUri) => {
    const startedAt = Date.now();
    const program = programPath(`client-${library}`);
    const { code, output } = await runPython(own.python, [program], { folder, trackingUri });
    expect(code, output).toBe(0);
    expect(partsIn(output)).toEqual(parts);
    console.log(`${library}: ${Math.round((Date.now() - startedAt) / 1000)} s`);
  });
});
