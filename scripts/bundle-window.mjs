import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { windowConfig } from './window-config.mjs';

/**
 * Builds the page that both hosts show.
 *
 * @param {string} root
 * @param {string} outDir
 */
export async function bundleWindow(root, outDir) {
  if (!existsSync(join(root, 'renderer', 'index.html'))) {
    throw new Error('Cannot build window: no file renderer/index.html');
  }
  const config = windowConfig(root);
  await build({ ...config, logLevel: 'warn', build: { ...config.build, outDir, emptyOutDir: true } });
}
