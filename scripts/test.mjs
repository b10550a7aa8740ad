import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { enterProductNode, projectRoot } from './bootstrap.mjs';

// `npm test`: everything that can be checked here, one line per step, the sum last.
// `npm test -- engine/store` runs the test files of that name only; `--long` the `*.long.test.ts` and `*.long.e2e.ts`.
await enterProductNode(import.meta.url);
const { beginEnvironments } = await import('./begin-environments.mjs');
const { build } = await import('./build.mjs');
const { findChromium } = await import('./chromium.mjs');
const { electronBinary, electronPackage, hasDisplay } = await import('./electron-binary.mjs');
const { loopbackOnly } = await import('./loopback-only.mjs');
const { checks, endToEndFiles, runnersFor, runTool } = await import('./test-steps.mjs');
const { addSums, lastLine, noTests, readSums } = await import('./test-sums.mjs');

const root = projectRoot;
const long = process.argv.includes('--long');
const words = process.argv.slice(2).filter((argument) => argument !== '--long');
const limitMinutes = long ? 180 : 30;
const longTests = long ? '1' : '0';
const withNetwork = ['--grep', String.raw`@network|\.electron\.e2e`];
const endToEnd = endToEndFiles(root, long);
const runners = runnersFor(words, endToEnd);
const sumsFile = join(root, 'out', 'test-sums.json');
mkdirSync(join(root, 'out'), { recursive: true });

let total = noTests();
let interrupted = false;
process.once('SIGINT', () => (interrupted = true)).once('SIGTERM', () => (interrupted = true));

if (words.length === 0 && !long) {
  const named = process.env.BENCHTOP_PYTHON ?? '';
  beginEnvironments(root, named === '' ? ['.venv', '.venv-dvc'] : ['.venv-dvc']);
  for (const { name, tool, args } of checks) {
    await step(name, async () => {
      const { endedWell, output } = await runTool(root, { tool, args, show: false, limitMinutes: 5 });
      return { sums: oneTest(endedWell), output };
    });
  }
}
const isBuilt = await step('build', async () => {
  try {
    await build(root);
    return { sums: noTests() };
  } catch (error) {
    return { sums: oneTest(false), output: error instanceof Error ? error.message : String(error) };
  }
});
if (runners.vitest !== null) await runVitest(runners.vitest);
if (runners.playwright !== null) await runPlaywright(runners.playwright);

for (const { name, reason } of total.skipped) console.log(`skipped: ${name}: ${reason}`);
if (interrupted) total = addSums(total, oneTest(false));
console.log(lastLine(total));
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

/** @param {readonly string[]} filters */
async function runVitest(filters) {
  await step('vitest', async () => {
    const args = ['run', '--config', 'scripts/vitest.config.ts', ...filters];
    const env = {
      ...process.env,
      // The build leaves "production" behind, and then React has no tools for tests.
      NODE_ENV: 'test',
      BENCHTOP_TEST_SUMS: sumsFile,
      BENCHTOP_LONG_TESTS: longTests,
    };
    rmSync(sumsFile, { force: true });
    const { endedWell, output } = await runTool(root, {
      tool: 'vitest/vitest.mjs',
      args,
      env,
      show: true,
      limitMinutes,
    });
    return { sums: readSums(sumsFile, endedWell), output };
  });
}

/**
 * The whole suite runs where no network but loopback exists. With the network there, what could behave otherwise runs once
 * more: the golden path, and every page with its refusals of the outside counted.
 *
 * @param {readonly string[]} filters
 */
async function runPlaywright(filters) {
  const electron = electronForTests();
  const alone = loopbackOnly(process.platform);
  if (!long || 'reason' in alone)
    await step('playwright', async () => {
      const electronFiles = endToEnd.filter((file) => file.endsWith('.electron.e2e.ts'));
      const skipped =
        'binary' in electron ? [] : electronFiles.map((name) => ({ name, reason: electron.reason }));
      if (skipped.length === endToEnd.length) return { sums: { ...noTests(), skipped } };
      const files = 'reason' in alone || filters.length > 0 ? filters : withNetwork;
      const { sums, output } = await playwright(files, electron);
      return { sums: addSums(sums, { ...noTests(), skipped }), output };
    });
  await step('offline', async () => {
    if ('reason' in alone)
      return { sums: { ...noTests(), skipped: [{ name: 'e2e without network', ...alone }] } };
    return await playwright([...filters, '--project=window'], electron, alone.prefix);
  });
}

/**
 * @param {readonly string[]} args
 * @param {{ binary: string } | { reason: string }} electron
 * @param {readonly string[]} [prefix]
 */
async function playwright(args, electron, prefix = []) {
  if (!isBuilt) return { sums: oneTest(false), output: 'Not run: the build failed.' };
  const chromium = await findChromium();
  if ('missing' in chromium) return { sums: oneTest(false), output: chromium.missing };
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    BENCHTOP_TEST_SUMS: sumsFile,
    BENCHTOP_LONG_TESTS: longTests,
    CHROMIUM_PATH: chromium.path,
  };
  if ('binary' in electron) env.ELECTRON_BINARY = electron.binary;
  rmSync(sumsFile, { force: true });
  const { endedWell, output } = await runTool(root, {
    tool: '@playwright/test/cli.js',
    args: ['test', '--config', 'e2e/playwright.config.ts', ...args],
    env,
    show: true,
    limitMinutes,
    prefix,
  });
  return { sums: readSums(sumsFile, endedWell), output };
}

/** @returns {{ binary: string } | { reason: string }} */
function electronForTests() {
  const electron = electronPackage(root);
  const binary = electron === null ? null : electronBinary(electron.folder, process.platform, process.env);
  if (binary === null)
    return { reason: 'no Electron binary on this machine (`npm start` with a display fetches it)' };
  if (!hasDisplay(process.platform, process.env))
    return { reason: 'this session has no display for Electron' };
  return { binary };
}

/**
 * Runs a step, prints its line, adds its sums. Output is printed when something failed.
 *
 * @param {string} name
 * @param {() => Promise<{ sums: import('./test-sums.mjs').TestSums, output?: string }>} work
 * @returns {Promise<boolean>} whether nothing failed
 */
async function step(name, work) {
  if (interrupted) return false;
  const startedAt = performance.now();
  const { sums, output = '' } = await work();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const isGood = sums.failed === 0;
  if (!isGood && output !== '') console.log(output.trimEnd());
  console.log(`${isGood ? 'ok    ' : 'FAILED'} ${name.padEnd(11)}${seconds.padStart(6)} s`);
  total = addSums(total, sums);
  return isGood;
}

/** @param {boolean} isGood */
function oneTest(isGood) {
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: [] };
}
