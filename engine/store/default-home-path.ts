import { homedir } from 'node:os';
import { join } from 'node:path';

/** `BENCHTOP_HOME`, or the platform's folder for data that programs keep. */
export function defaultHomePath(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.BENCHTOP_HOME) return env.BENCHTOP_HOME;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'benchtop');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'benchtop');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'benchtop');
}
