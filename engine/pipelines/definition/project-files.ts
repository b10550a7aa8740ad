import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../../is-missing.ts';

/**
 * Reads a project's files and remembers the state in which each was found, so that whoever keeps what was made of them knows
 * when it is out of date.
 */
export interface ProjectFiles {
  readonly root: string;
  /** Null where there is no such file. Paths are relative to the project. */
  text(path: string): string | null;
  kind(path: string): 'file' | 'folder' | null;
  /** What lies in a folder, by name; nothing where there is none. */
  entries(path: string): readonly Dirent[];
  /** True while nothing that was read has changed. */
  isCurrent(): boolean;
  /** The state in which each path was found. */
  states(): FileStates;
  /** Whether all that was read had stayed as it was for so long, in milliseconds, when it was read. */
  wasOlderThan(ageMs: number): boolean;
}

/** Paths below the project, and how each was found; nothing but `openProjectFiles` reads these words. */
export type FileStates = readonly (readonly [path: string, state: string])[];

/** A file this young may change again within one step of its file system's clock. */
export const settledAfterMs = 50;

/** @param states of files that were read before, of which is only to be known whether they are as they were. */
export function openProjectFiles(root: string, states: FileStates = []): ProjectFiles {
  const seen = new Map<string, string>(states);
  let youngestMs = Infinity;

  const stateOf = (path: string) => {
    const stat = statSync(join(root, path), { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
  };
  /** Before it is read: what changes while it is read is then seen as a change. */
  const note = (path: string): boolean => {
    const state = stateOf(path);
    if (!seen.has(path) || seen.get(path) === present) seen.set(path, state);
    if (state === '') return false;
    const changedAt = Number(state.slice(state.lastIndexOf(':') + 1)) / 1e6;
    youngestMs = Math.min(youngestMs, Date.now() - changedAt);
    return true;
  };

  return {
    root,
    text(path) {
      if (!note(path)) return null;
      try {
        return readFileSync(join(root, path), 'utf8');
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    kind(path) {
      // Whether it is there is all that counts, so what a run writes into it does not make it new.
      const stat = statSync(join(root, path), { throwIfNoEntry: false });
      if (!seen.has(path)) seen.set(path, stat === undefined ? '' : present);
      return stat === undefined ? null : stat.isDirectory() ? 'folder' : 'file';
    },
    entries(path) {
      if (!note(path)) return [];
      const entries = readdirSync(join(root, path), { withFileTypes: true });
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    isCurrent() {
      if (youngestMs < settledAfterMs) return false;
      for (const [path, state] of seen) {
        const current = stateOf(path);
        if (state === present ? current === '' : current !== state) return false;
      }
      return true;
    },
    states: () => [...seen],
    wasOlderThan: (ageMs) => youngestMs > ageMs,
  };
}

const present = 'present';
