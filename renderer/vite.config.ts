import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `vite build renderer` writes the window to out/window; both hosts serve it from there. */
export default defineConfig({
  plugins: [react()],
  base: '/',
  build: {
    outDir: '../out/window',
    emptyOutDir: true,
    target: 'es2024',
    // The content security policy knows no inline assets and no polyfill script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
