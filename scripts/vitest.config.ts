import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TestOrder } from './test-order.ts';
import { windowConfig } from './window-config.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const long = process.env.BENCHTOP_LONG_TESTS === '1';
const kind = (pattern: string): { include: string[]; exclude: string[] } =>
  long
    ? { include: [pattern.replace('*.test', '*.long.test')], exclude: [] }
    : { include: [pattern], exclude: ['**/*.long.test.*'] };

/** Two projects: everything that runs on Node, and components of the window in happy-dom. */
export default defineConfig({
  test: {
    root,
    passWithNoTests: long,
    globalSetup: [fileURLToPath(new URL('./vitest-setup.ts', import.meta.url))],
    reporters: ['default', fileURLToPath(new URL('./vitest-sums.ts', import.meta.url))],
    // Real databases, processes and bundles on a slow laptop.
    testTimeout: long ? 600_000 : 60_000,
    hookTimeout: 60_000,
    // Much of a test is waiting for a process or the disk: three keep two cores busy, where the default is one.
    maxWorkers: 3,
    // Files share their worker, and what one has loaded the next finds: a third of the time of the small ones.
    isolate: false,
    sequence: { sequencer: TestOrder },
    unstubEnvs: true,
    projects: [
      {
        root,
        test: {
          name: 'node',
          environment: 'node',
          ...kind('{contract,engine,main,preload,scripts,e2e,bench,docs,renderer}/**/*.test.ts'),
        },
      },
      {
        plugins: windowConfig(root).plugins ?? [],
        root,
        test: { name: 'renderer', environment: 'happy-dom', ...kind('renderer/**/*.test.tsx') },
      },
    ],
  },
});
