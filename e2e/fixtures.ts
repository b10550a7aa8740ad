import { expect, test as base, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../out/app/benchtop.mjs', import.meta.url));

/** A `benchtop serve` of its own on an empty home, as the built program runs it. */
export interface Host {
  readonly home: string;
  /** The address of a page of the window, with the token. */
  url(path?: string): string;
  /** SIGKILL, as a crash would. The port stays the same for the next `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/**
 * Tests of the window: `host` is a fresh engine, `window` its page. Whatever the page asks of another host than loopback is refused
 * and counted, and one such request fails the test; so does an error in the page's console.
 */
export const test = base.extend<{ host: Host; window: Page }>({
  // Playwright wants the first parameter destructured, also where a fixture uses none.
  // oxlint-disable-next-line no-empty-pattern
  host: async ({}, use) => {
    const home = mkdtempSync(join(tmpdir(), 'benchtop-e2e-'));
    let child: ChildProcess;
    let ready = '';
    const start = async () => {
      const port = ready === '' ? [] : ['--port', new URL(ready).port];
      const started = spawn(process.execPath, [program, 'serve', '--home', home, ...port], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child = started;
      for await (const line of createInterface({ input: started.stdout })) {
        const address = /^benchtop ready (\S+)/.exec(line)?.[1];
        if (address === undefined) continue;
        ready = address;
        return;
      }
      throw new Error('The engine ended before it was ready.');
    };
    const end = async (signal: NodeJS.Signals) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await ended;
    };
    await start();
    await use({
      home,
      url: (path = '/') => ready.replace('/#', `${path}#`),
      kill: () => end('SIGKILL'),
      start,
    });
    await end('SIGTERM');
    // What a run's supervisor writes last may come after the engine's end.
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  },

  window: async ({ page, host }, use) => {
    const outside: string[] = [];
    const complaints: string[] = [];
    await page.route(
      (url) => !['127.0.0.1', 'localhost', ''].includes(url.hostname),
      async (route) => {
        outside.push(route.request().url());
        await route.abort();
      },
    );
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(host.url());
    await use(page);
    expect(outside, 'requests that leave the machine').toEqual([]);
    expect(complaints, 'errors of the page').toEqual([]);
  },
});

export { expect } from '@playwright/test';
