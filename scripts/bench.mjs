import { join } from 'node:path';
import { enterProductNode, projectRoot } from './bootstrap.mjs';

// `npm run bench [-- NAME …]`: builds what is out of date, then measures it.
await enterProductNode(import.meta.url);
const { buildBeforeStart } = await import('./build.mjs');
const { findChromium } = await import('./chromium.mjs');
const { endLike, runChild } = await import('./run-child.mjs');

await buildBeforeStart(projectRoot);
const env = { ...process.env };
const chromium = await findChromium();
if ('path' in chromium) env.CHROMIUM_PATH = chromium.path;
else {
  delete env.CHROMIUM_PATH;
  process.stderr.write(`benchtop: ${chromium.missing}\n`);
}
endLike(
  await runChild(process.execPath, [join(projectRoot, 'bench', 'run.ts'), ...process.argv.slice(2)], { env }),
);
