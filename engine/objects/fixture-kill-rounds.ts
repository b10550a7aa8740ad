import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const projectRoot = join(import.meta.dirname, '../..');
/** The program that is killed and the threads that it starts. */
const sources = ['crash-program.ts', 'objects-worker.ts', 'fixture-reader.ts'].map(
  (name) => `engine/objects/${name}`,
);

export interface KilledPrograms {
  /** Files that were acknowledged in all. */
  readonly acknowledged: number;
  /** How many programs were killed while they did what. */
  readonly kills: ReadonlyMap<string, number>;
}

/**
 * For tests: kills a program that stores, collects and verifies at random moments, again and again on the same store; each
 * one checks first what was acknowledged to those before it.
 * @param longestMs from the first thing that a program does until it is killed.
 * @throws what a program complained of.
 */
export async function killAtRandom(rounds: number, longestMs: number): Promise<KilledPrograms> {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-kill-'));
  const bundled = basename(folder);
  const acknowledgedPath = join(folder, 'acknowledged');
  const kept = new Set<string>();
  const kills = new Map<string, number>();
  let acknowledged = 0;
  try {
    // In one file it starts in a fifth of the time that its sources take; it is started a thousand times.
    execFileSync(process.execPath, ['scripts/bundle-programs.mjs', bundled, ...sources], {
      cwd: projectRoot,
    });
    mkdirSync(join(folder, 'on'));
    for (let round = 1; round <= rounds; round++) {
      writeFileSync(acknowledgedPath, [...kept].join('\n'));
      const running = spawn(
        process.execPath,
        [
          join(projectRoot, 'out', bundled, 'crash-program.mjs'),
          join(folder, 'on'),
          acknowledgedPath,
          `${round}`,
        ],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
        },
      );
      const complaints: string[] = [];
      running.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
      // Every fifth is killed early: while it opens the store and looks at what is there.
      const begun = Promise.withResolvers<void>();
      let doing = 'start';
      const reading = (async () => {
        for await (const line of createInterface({ input: running.stdout })) {
          const [, what, id] = /^(kept|given up|at) (\S+)$/.exec(line) ?? [];
          if (what === 'at') doing = id ?? '';
          else if (what === 'kept') {
            kept.add(id ?? '');
            acknowledged++;
          } else if (what === 'given up') kept.delete(id ?? '');
          else if (line !== 'checked') complaints.push(line);
          if (line === 'checked' || round % 5 === 0) begun.resolve();
        }
      })();
      const ended = new Promise((resolve) => running.once('exit', resolve));
      await Promise.race([begun.promise, ended]);
      await sleep(Math.random() * longestMs);
      running.kill('SIGKILL');
      await Promise.all([ended, reading]);
      if (complaints.length > 0) throw new Error(`round ${round}: ${complaints.join('\n')}`);
      kills.set(doing, (kills.get(doing) ?? 0) + 1);
    }
    return { acknowledged, kills };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(projectRoot, 'out', bundled), { recursive: true, force: true });
  }
}
