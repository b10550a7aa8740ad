import { dirname } from 'node:path';

/** What runs have said that they write. A run that finds it changed when it ends has not made it, if another has said so. */
export interface DeclaredOutputs {
  /** @param paths absolute; a folder stands for all in it. */
  declare(runId: string, paths: readonly string[]): void;
  isOfAnother(runId: string, path: string): boolean;
  /** When nothing runs any more, nothing of it can be mistaken. */
  clear(): void;
}

export function createDeclaredOutputs(): DeclaredOutputs {
  const writers = new Map<string, string>();
  return {
    declare(runId, paths) {
      for (const path of paths) writers.set(path, runId);
    },
    isOfAnother(runId, path) {
      if (writers.size === 0) return false;
      for (let at = path; ; at = dirname(at)) {
        const writer = writers.get(at);
        if (writer !== undefined) return writer !== runId;
        if (dirname(at) === at) return false;
      }
    },
    clear: () => writers.clear(),
  };
}
