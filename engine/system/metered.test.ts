import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readMetered } from './metered.ts';

// No NetworkManager runs where tests do: programs of the same names answer as busctl and gdbus print its property.

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-metered-'));
  vi.stubEnv('PATH', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const program = (name: string, body: string): void =>
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
const answer = (text: string) =>
  program('busctl', `[ "$5" = org.freedesktop.NetworkManager ] && echo '${text}'`);

test.skipIf(process.platform !== 'linux')(
  'the network is metered where NetworkManager says or guesses so, and not known where nobody tells',
  async () => {
    expect(await readMetered()).toBe(null);
    for (const [said, meant] of [
      ['u 0', null],
      ['u 1', true],
      ['u 2', false],
      ['u 3', true],
      ['u 4', false],
    ] as const) {
      answer(said);
      expect(await readMetered(), said).toBe(meant);
    }
    // Without systemd GLib's program is asked.
    program('busctl', 'exit 1');
    program('gdbus', "echo '(<uint32 3>,)'");
    expect(await readMetered()).toBe(true);
  },
);
