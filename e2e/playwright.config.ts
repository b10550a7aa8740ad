import { defineConfig, type Project } from '@playwright/test';

// `npm test` finds or installs a Chromium; without its word Playwright takes its own.
const chromium = process.env.CHROMIUM_PATH;

const long = '**/*.long.e2e.ts';
const isLong = process.env.BENCHTOP_LONG_TESTS === '1';

const page: Project = {
  name: 'window',
  testMatch: isLong ? long : '**/*.e2e.ts',
  testIgnore: isLong ? [] : [long, '**/*.electron.e2e.ts'],
  use: {
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-gpu',
      ],
    },
  },
};

/** The pictures of the documentation; taken by `npm run pictures` only. */
const pictures: Project = { ...page, name: 'pictures', testMatch: '**/*.pictures.ts' };

/** Electron's own shell; without a binary `npm test` counts its files as skipped and says why. */
const shell: Project = { name: 'electron', testMatch: '**/*.electron.e2e.ts' };

export default defineConfig({
  testDir: '.',
  outputDir: '../out/e2e',
  globalSetup: '../scripts/playwright-setup.ts',
  reporter: [['list'], ['../scripts/playwright-sums.ts']],
  projects:
    process.env.BENCHTOP_PICTURES !== undefined
      ? [pictures]
      : process.env.ELECTRON_BINARY === undefined
        ? [page]
        : [page, shell],
  forbidOnly: true,
  // One attempt more on a machine that stood still; what needed it is named at the end, with a trace of the second attempt.
  retries: 1,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: { trace: 'on-first-retry', viewport: { width: 1280, height: 800 } },
});
