import { readdirSync, readlinkSync } from 'node:fs';
import { isMissing } from '../../is-missing.ts';
import { processEntry, readProc, type ProcessIdentity } from '../process-identity.ts';
import { createTreeMembers } from './tree-members.ts';

/** Programs read their data when they begin: they are looked at more often then. */
const lookMs = 250;
const firstLookMs = 50;
const firstMs = 5000;
/** Of a run's processes so many are looked at, and so many different files are told. */
const processesAtMost = 64;
const filesAtMost = 20_000;

/** Of the system, of programs, and of the tools around them: never a run's data. */
const passedOver =
  /^\/(proc|dev|sys|run|usr|lib|lib32|lib64|bin|sbin|etc|boot|snap|nix)\/|\/(site-packages|dist-packages|node_modules|\.git|__pycache__|conda-meta|\.cache)\/|\/lib\/python|\.(so|pyc|py|pyi)(\.[\d.]+)?$/;

interface Watched {
  readonly root: ProcessIdentity;
  readonly projectPath: string | null;
  readonly since: number;
  readonly told: Set<string>;
}

/**
 * Tells which files the processes of runs have open for reading, by looking at /proc/<pid>/fd several times a second (proc(5)). A
 * file that is open for a shorter time is missed, and so is one that is only mapped. Linux only; elsewhere nothing is told.
 */
export function watchOpenFiles({
  home,
  onOpen,
  onError,
}: {
  /** What lies in there is Benchtop's own, but for projects: the sample is one. */
  home: string;
  onOpen: (runId: string, paths: readonly string[]) => void;
  onError: (error: unknown) => void;
}): {
  /** @param run of processes below `root`; its project, where it has one. */
  follow(run: { runId: string; root: ProcessIdentity; projectPath: string | null }): () => void;
} {
  const isOwn = (path: string, projectPath: string | null) =>
    path.startsWith(`${home}/`) &&
    !(projectPath?.startsWith(`${home}/`) === true && path.startsWith(`${projectPath}/`));
  const runs = new Map<string, Watched>();
  const members = createTreeMembers();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const at = performance.now();
    for (const [runId, run] of runs) {
      try {
        const opened = openedBy(run);
        if (opened.length > 0) onOpen(runId, opened);
      } catch (error) {
        runs.delete(runId);
        onError(error);
      }
    }
    const isBeginning = [...runs.values()].some(({ since }) => at - since < firstMs);
    timer = runs.size === 0 ? undefined : setTimeout(look, isBeginning ? firstLookMs : lookMs).unref();
  }

  function openedBy(run: Watched): string[] {
    // The pid may be another's by now.
    if (processEntry(run.root.pid)?.startTicks !== run.root.startTicks) return [];
    const opened: string[] = [];
    const open = [run.root.pid];
    for (let seen = 0; seen < processesAtMost; seen++) {
      const pid = open.pop();
      if (pid === undefined) break;
      open.push(...members.children(pid));
      for (const { path, fd } of filesOf(pid)) {
        if (run.told.has(path) || run.told.size >= filesAtMost) continue;
        if (passedOver.test(path) || isOwn(path, run.projectPath)) continue;
        if (!isForReading(pid, fd)) continue;
        run.told.add(path);
        opened.push(path);
      }
    }
    return opened;
  }

  return {
    follow({ runId, root, projectPath }) {
      if (process.platform !== 'linux') return () => undefined;
      runs.set(runId, { root, projectPath, since: performance.now(), told: new Set() });
      timer ??= setTimeout(look, 0).unref();
      return () => runs.delete(runId);
    },
  };
}

function filesOf(pid: number): { path: string; fd: string }[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const path = targetOf(`/proc/${pid}/fd/${fd}`);
      return path === null || !path.startsWith('/') || path.endsWith(' (deleted)') ? [] : [{ path, fd }];
    });
  } catch (error) {
    if (isNotOurs(error)) return [];
    throw error;
  }
}

function targetOf(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch (error) {
    if (isNotOurs(error)) return null;
    throw error;
  }
}

/** The process has ended meanwhile, closed the file, or is not ours to look at. */
const isNotOurs = (error: unknown): boolean =>
  isMissing(error) ||
  (error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'ESRCH'].includes(String(error.code)));

/** The lowest two bits of a file's flags are 0 for one that was opened for reading only (open(2)). */
function isForReading(pid: number, fd: string): boolean {
  const flags = /^flags:\s+([0-7]+)$/m.exec(readProc(`/proc/${pid}/fdinfo/${fd}`) ?? '')?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) === 0;
}
