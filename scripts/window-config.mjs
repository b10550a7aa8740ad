import react from '@vitejs/plugin-react';
import { join } from 'node:path';

/**
 * How the window is built, for `npm start` and for its component tests.
 *
 * @param {string} root
 * @returns {import('vite').InlineConfig}
 */
export function windowConfig(root) {
  return {
    configFile: false,
    root: join(root, 'renderer'),
    // Both hosts serve the window at the top, and history routes load the same page from any depth.
    base: '/',
    cacheDir: join(root, 'out', 'vite'),
    plugins: [react()],
    // The content security policy allows neither inline scripts nor data: fonts.
    build: { modulePreload: { polyfill: false }, assetsInlineLimit: 0, reportCompressedSize: false },
  };
}
