import { dirname } from 'node:path';

/** So many groups are remembered: those that began last. */
const groupsAtMost = 8;

/** What the runs of a group, such as the stages of an execution, have said that they write, and no other of the group does. */
export interface DeclaredOutputs {
  /** @param paths absolute; a folder stands for all in it. */
  declare(group: string, runId: string, paths: readonly string[]): void;
  /** Whether a path was made by another run of the group, whenever that was. */
  isOfAnother(group: string, runId: string, path: string): boolean;
}

export function createDeclaredOutputs(): DeclaredOutputs {
  const groups = new Map<string, Map<string, string>>();
  return {
    declare(group, runId, paths) {
      const writers = groups.get(group) ?? new Map<string, string>();
      for (const path of paths) writers.set(path, runId);
      groups.delete(group);
      groups.set(group, writers);
      const [oldest] = groups.keys();
      if (groups.size > groupsAtMost && oldest !== undefined) groups.delete(oldest);
    },
    isOfAnother(group, runId, path) {
      const writers = groups.get(group);
      if (writers === undefined || writers.size === 0) return false;
      for (let at = path; ; at = dirname(at)) {
        const writer = writers.get(at);
        if (writer !== undefined) return writer !== runId;
        if (dirname(at) === at) return false;
      }
    },
  };
}
