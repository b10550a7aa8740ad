import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';

/**
 * For tests: kills a program that stores, collects and verifies at random moments; each one checks first what was acknowledged
 * to those before it. Resolves to how many files were acknowledged in all.
 */
export async function killAtRandom(rounds: number, longestMs: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-kill-'));
  const acknowledgedPath = join(folder, 'acknowledged');
  const kept = new Set<string>();
  try {
    for (let round = 1; round <= rounds; round++) {
      writeFileSync(acknowledgedPath, [...kept].join('\n'));
      const program = spawn(
        process.execPath,
        [fileURLToPath(new URL('./crash-program.ts', import.meta.url)), folder, acknowledgedPath, `${round}`],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
        },
      );
      const complaints: string[] = [];
      program.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
      // Every other one is killed early: while it looks at what is there, or stores its first files.
      const begun = Promise.withResolvers<void>();
      const reading = (async () => {
        for await (const line of createInterface({ input: program.stdout })) {
          if (line.startsWith('kept ')) kept.add(line.slice(5));
          else if (line !== 'checked') complaints.push(line);
          if (line !== 'checked' || round % 2 === 0) begun.resolve();
        }
      })();
      const ended = new Promise((resolve) => program.once('exit', resolve));
      await Promise.race([begun.promise, ended]);
      await sleep(Math.random() * longestMs);
      program.kill('SIGKILL');
      await Promise.all([ended, reading]);
      expect(complaints.join('\n')).toBe('');
    }
    return kept.size;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
