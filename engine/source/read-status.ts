import type { FileMode, WorkingChange, WorkingTree } from './repository.ts';

const noMode = '000000';
/** More files with a flag that hides their changes are those of a sparse checkout, which are not there at all. */
const maxHidden = 1000;

/** Reads `git status --porcelain=v2 -z --branch` (git-status(1), "Porcelain Format Version 2"). */
export function readStatus(status: Buffer): WorkingTree {
  let headId: string | null = null;
  const changes: WorkingChange[] = [];
  for (const line of status.toString('latin1').split('\0')) {
    if (line.startsWith('# branch.oid ')) {
      const id = line.slice('# branch.oid '.length);
      headId = id === '(initial)' ? null : id;
    } else if (line.startsWith('1 ') || line.startsWith('u ')) changes.push(changeOf(line));
    else if (line.startsWith('? ')) {
      const path = line.slice(2);
      const isFolder = path.endsWith('/');
      changes.push({
        path: isFolder ? path.slice(0, -1) : path,
        committed: null,
        staged: null,
        mode: isFolder ? '160000' : null,
        is: isFolder ? 'repository' : 'untracked',
      });
    }
  }
  return { headId, changes, machineMade: [], note: null };
}

/** `1 XY sub mH mI mW hH hI path`, or for a conflict `u XY sub m1 m2 m3 mW h1 h2 h3 path`, where 2 is our side. */
function changeOf(line: string): WorkingChange {
  const isConflict = line.startsWith('u');
  const words = line.split(' ');
  const [, xy = '', sub = ''] = words;
  const fieldCount = isConflict ? 10 : 8;
  const path = words.slice(fieldCount).join(' ');
  const [committedMode, committedId] = isConflict ? [words[4], words[8]] : [words[3], words[6]];
  const workMode = (isConflict ? words[6] : words[5]) ?? noMode;
  const isAsStaged = !isConflict && xy[1] === '.';
  return {
    path,
    committed: stored(committedMode, committedId),
    staged: isAsStaged ? stored(words[4], words[7]) : null,
    mode: workMode === noMode ? null : (workMode as FileMode),
    is: workMode === noMode ? 'gone' : sub.startsWith('S') ? 'repository' : 'changed',
  };
}

function stored(mode: string | undefined, id: string | undefined): WorkingChange['committed'] {
  return mode === undefined || id === undefined || mode === noMode ? null : { mode: mode as FileMode, id };
}

/**
 * Files whose changes git was told not to look for (`git update-index --assume-unchanged` or `--skip-worktree`), from
 * `git ls-files -v -z`: people hide local settings so, which a run has read all the same.
 */
export function hiddenChanges(flags: Buffer, known: readonly WorkingChange[]): WorkingChange[] {
  const hidden: string[] = [];
  for (let at = 0; at < flags.length;) {
    const end = flags.indexOf(0, at);
    const tag = flags[at] ?? 0;
    // A small letter: assumed unchanged. S: not in the working tree, as git believes.
    if ((tag >= 0x61 && tag <= 0x7a) || tag === 0x53) hidden.push(flags.toString('latin1', at + 2, end));
    at = end + 1;
  }
  if (hidden.length > maxHidden) return [];
  const shown = new Set(known.map(({ path }) => path));
  return hidden
    .filter((path) => !shown.has(path))
    .map((path) => ({ path, committed: null, staged: null, mode: null, is: 'untracked' }));
}
