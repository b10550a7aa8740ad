import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, type StartedProgram } from './start-program.ts';

/** The bundle that `npx benchtop` and an installed Benchtop run. `installation` is the folder above out/. */
export function startEngine(installation: string, home: string): Promise<StartedProgram> {
  const bundle = join(installation, 'out', 'app', 'benchtop.mjs');
  // Where the command line keeps its compiled code, too.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(installation, 'out', 'compile-cache') };
  return startProgram([bundle, 'serve', '--home', home, '--port', '0'], env);
}

export function startBareServer(): Promise<StartedProgram> {
  return startProgram([fileURLToPath(new URL('./bare-server.mjs', import.meta.url))]);
}

/** Parses what it is sent and answers `{}`; with a path, appends it to that file and syncs it before. */
export function startNullServer(syncedPath?: string): Promise<StartedProgram> {
  const program = fileURLToPath(new URL('./null-server.mjs', import.meta.url));
  return startProgram(syncedPath === undefined ? [program] : [program, syncedPath]);
}

/** Why the engine cannot be started, or null. */
export function missingEngine(root: string): string | null {
  return existsSync(join(root, 'out', 'app', 'benchtop.mjs')) ? null : 'not measured: out/app is not built';
}
