import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from './bootstrap.mjs';
import { addSums, lastLine, readSums } from './test-sums.mjs';
import { runnersFor, runTool } from './test-steps.mjs';

test('the last line counts what the steps add up to', () => {
  const skipped = [{ name: 'b', reason: 'no network' }];
  const total = addSums({ passed: 2, failed: 0, skipped: [] }, { passed: 3, failed: 1, skipped });
  expect(lastLine(total)).toBe('5 passed, 1 failed, 1 skipped');
});

test('words narrow the run to the runner whose files they name', () => {
  const files = ['e2e/first-run.e2e.ts', 'e2e/shell.electron.e2e.ts'];
  expect(runnersFor([], files)).toEqual({ vitest: [], playwright: [] });
  expect(runnersFor([], [])).toEqual({ vitest: [], playwright: null });
  expect(runnersFor(['engine/store'], files)).toEqual({ vitest: ['engine/store'], playwright: null });
  expect(runnersFor(['first-run'], files)).toEqual({ vitest: null, playwright: ['first-run'] });
  expect(runnersFor(['store', 'first'], files)).toEqual({ vitest: ['store'], playwright: ['first'] });
});

test('a tool that hangs is killed, and says so', async () => {
  const root = mkdtempSync(join(tmpdir(), 'benchtop-tool-'));
  try {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules/hangs.mjs'), 'setInterval(() => {}, 1000);');
    const run = { tool: 'hangs.mjs', args: [], show: false, limitMinutes: 0.01 };
    expect(await runTool(root, run)).toEqual({
      endedWell: false,
      output: expect.stringContaining('was killed: it had not ended'),
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

describe('the reporters', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'benchtop-sums-'));
    symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
    write('package.json', '{"type": "module"}');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  const scripts = join(projectRoot, 'scripts');
  const run = (tool: string, ...args: string[]): ReturnType<typeof readSums> => {
    const sumsFile = join(folder, 'sums.json');
    const env = { ...process.env, BENCHTOP_TEST_SUMS: sumsFile };
    const result = spawnSync(process.execPath, [join(projectRoot, 'node_modules', tool), ...args], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    return readSums(sumsFile, result.status === 0);
  };
  const vitest = (): ReturnType<typeof readSums> =>
    run('vitest/vitest.mjs', 'run', '--root', folder, `--reporter=${join(scripts, 'vitest-sums.ts')}`);

  test('of vitest counts tests, hooks, files that do not load and unhandled errors', () => {
    write(
      'a.test.ts',
      `import { beforeAll, describe, expect, test } from 'vitest';
       test('good', () => {});
       test('bad', () => expect(1).toBe(2));
       test('later', ({ skip }) => skip('no GPU here'));
       test.skip('never', () => {});`,
    );
    expect(vitest()).toEqual({
      passed: 1,
      failed: 1,
      skipped: [
        { name: 'a.test.ts > later', reason: 'no GPU here' },
        { name: 'a.test.ts > never', reason: 'no reason given' },
      ],
    });
    write('a.test.ts', "import './not-there.ts';");
    expect(vitest()).toMatchObject({ passed: 0, failed: 1 });
    write(
      'a.test.ts',
      "import { test } from 'vitest'; test('good', () => { setTimeout(() => { throw new Error('late'); }); }); test('next', () => new Promise((done) => setTimeout(done, 200)));",
    );
    expect(vitest()).toMatchObject({ passed: 2, failed: 1 });
    write(
      'a.test.ts',
      "import { beforeAll, describe, test } from 'vitest'; describe('d', () => { beforeAll(() => { throw new Error('no'); }); test('x', () => {}); });",
    );
    expect(vitest()).toMatchObject({ passed: 0, failed: 1 });
  });

  test('of Playwright counts tests with their reasons, and files that do not load', () => {
    write(
      'playwright.config.ts',
      `export default { testDir: '.', reporter: [[${JSON.stringify(join(scripts, 'playwright-sums.ts'))}]] };`,
    );
    write(
      'a.spec.ts',
      `import { expect, test } from '@playwright/test';
       test('good', () => {});
       test('bad', () => expect(1).toBe(2));
       test('later', () => test.skip(true, 'no display'));`,
    );
    const playwright = (): ReturnType<typeof readSums> => run('@playwright/test/cli.js', 'test');
    expect(playwright()).toEqual({
      passed: 1,
      failed: 1,
      skipped: [{ name: expect.stringMatching(/a\.spec\.ts > later$/), reason: 'no display' }],
    });
    write('a.spec.ts', "import './not-there.ts';");
    const broken = playwright();
    expect(broken.passed).toBe(0);
    expect(broken.failed).toBeGreaterThan(0);
  });

  test('a runner that leaves no sums, or fails with none failed, counts as one failure', () => {
    const path = join(folder, 'sums.json');
    expect(readSums(path, true).failed).toBe(1);
    writeFileSync(path, JSON.stringify({ passed: 3, failed: 0, skipped: [] }));
    expect(readSums(path, true)).toEqual({ passed: 3, failed: 0, skipped: [] });
    expect(readSums(path, false)).toEqual({ passed: 3, failed: 1, skipped: [] });
  });
});
