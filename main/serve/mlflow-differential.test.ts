import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareBadInput } from './testing/compare-bad-input.ts';
import { compareServers } from './testing/compare-servers.ts';
import { startBenchtop, startMlflow, type Peer } from './testing/mlflow-peers.ts';
import { pythonEnvironment } from '../../engine/fixture-python.ts';

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`Not compared with a real MLflow server: ${environment.reason}`);
const seed = Number(process.env.BENCHTOP_SEED ?? 20_261_121);
const count = Number(process.env.BENCHTOP_CASES ?? 500);

let folder: string;
let mlflow: Peer;
let benchtop: Peer;

beforeAll(async () => {
  if ('reason' in environment) return;
  folder = mkdtempSync(join(tmpdir(), 'benchtop-differential-'));
  [mlflow, benchtop] = await Promise.all([
    startMlflow(environment.python, join(folder, 'mlflow')),
    startBenchtop(join(folder, 'home')),
  ]);
}, 240_000);

afterAll(async () => {
  if ('reason' in environment) return;
  await Promise.all([mlflow.stop(), benchtop.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf('reason' in environment)(
  'the same requests get the same answers as from a real MLflow server',
  { timeout: 400_000 },
  async () => {
    const { compared, refused, pagesOfRuns, deliberate, differences } = await compareServers(
      mlflow.ask,
      benchtop.ask,
      {
        seed,
        count,
      },
    );
    console.log(
      `${compared} answers compared with mlflow (${refused} refusals, ${pagesOfRuns} pages of runs), ${differences.length} differ (seed ${seed})`,
      Object.fromEntries(deliberate),
    );
    expect(differences.slice(0, 25).join('\n')).toBe('');
    // The sequence is worth something only where it finds runs and is refused now and then.
    expect(refused).toBeGreaterThan(count / 20);
    expect(pagesOfRuns).toBeGreaterThan(count / 50);
  },
);

test.skipIf('reason' in environment)('odd values get the same refusals', { timeout: 400_000 }, async () => {
  const { compared, refused, deliberate, differences } = await compareBadInput(mlflow.ask, benchtop.ask, {
    first: seed,
    every: 12,
  });
  console.log(
    `${compared} odd requests compared with mlflow (${refused} refused), ${differences.length} differ`,
    Object.fromEntries(deliberate),
  );
  expect(differences.join('\n')).toBe('');
});
