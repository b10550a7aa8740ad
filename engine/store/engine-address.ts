import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the running engine of a home can be reached; `engine.json`, readable by its owner only. */
export interface EngineAddress {
  readonly pid: number;
  readonly port: number;
  readonly token: string | null;
  /** Milliseconds UTC. */
  readonly startedAt: number;
}

/**
 * The address that the engine of a home announced, if it is well formed. The engine may be gone: ask it. Checked by hand: every
 * command reads it before anything else, and zod takes longer to load than all of that.
 */
export function announcedAddress(homePath: string): EngineAddress | null {
  const path = join(homePath, 'engine.json');
  if (!existsSync(path)) return null;
  try {
    const told = JSON.parse(readFileSync(path, 'utf8')) as { [name in keyof EngineAddress]?: unknown };
    const { pid, port, token, startedAt } = told;
    if (typeof pid !== 'number' || typeof port !== 'number' || typeof startedAt !== 'number') return null;
    return token === null || typeof token === 'string' ? { pid, port, token, startedAt } : null;
  } catch {
    return null; // half-written by a crash, or from another program: as good as no announcement
  }
}
