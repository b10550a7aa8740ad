import { resolve } from 'node:path';
import { announcedAddress, defaultHomePath } from '../../engine/index.ts';
import { startEngine, type StartedEngine } from './start-engine.ts';

/** Commands that ask an engine whatever their options are: all but `serve`, which is one, and `run`, whose words may be its program's. */
export const askingCommands: ReadonlySet<string> = new Set(
  'approve attach compare data delete drift env estimate fetched gate gc graph logs metrics model monitor open outbox pause profile ps pull push queue refuse repro reproduce request restore resume rules runs show sql status stop target trigger undelete verify'.split(
    ' ',
  ),
);

let ahead: { readonly homePath: string; readonly started: StartedEngine } | null = null;

/**
 * Starts the engine that a command will ask, where none is announced, before the command line itself is loaded: the two come up beside
 * each other. Which command it will be is only guessed from its words; where nobody takes the engine, it ends as any that nobody needs.
 */
export function startAhead(words: readonly string[]): void {
  const home = homeToAsk(words);
  if (home === null) return;
  const homePath = resolve(home);
  if (announcedAddress(homePath) !== null) return;
  try {
    ahead = { homePath, started: startEngine(homePath) };
  } catch {
    // The command will meet the same, and say so.
  }
}

/** The engine that was started ahead for a home; it is handed out once. */
export function engineAhead(homePath: string): StartedEngine | null {
  if (ahead?.homePath !== homePath) return null;
  const { started } = ahead;
  ahead = null;
  return started;
}

/** The home whose engine the words of a command line ask; null where they ask none, or only for help. */
export function homeToAsk(words: readonly string[]): string | null {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  if (!askingCommands.has(own[0] ?? '') || own.includes('--help') || own.includes('-h')) return null;
  const at = own.findLastIndex((word) => word === '--home' || word.startsWith('--home='));
  if (at < 0) return defaultHomePath();
  const home = own[at] === '--home' ? own[at + 1] : own[at]?.slice('--home='.length);
  return home === undefined || home === '' ? null : home;
}
