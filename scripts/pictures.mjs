import { enterProductNode, projectRoot } from './bootstrap.mjs';

// `npm run pictures`: takes the pictures of the documentation anew from the running program, into docs/pictures/.
await enterProductNode(import.meta.url);
const { build } = await import('./build.mjs');
const { findChromium } = await import('./chromium.mjs');
const { runTool } = await import('./test-steps.mjs');

await build(projectRoot);
const chromium = await findChromium();
if ('missing' in chromium) {
  console.error(chromium.missing);
  process.exit(1);
}
const { endedWell } = await runTool(projectRoot, {
  tool: '@playwright/test/cli.js',
  args: ['test', '--config', 'e2e/playwright.config.ts', '--project=pictures'],
  env: { ...process.env, CHROMIUM_PATH: chromium.path, BENCHTOP_PICTURES: '1' },
  show: true,
  limitMinutes: 15,
});
process.exit(endedWell ? 0 : 1);
