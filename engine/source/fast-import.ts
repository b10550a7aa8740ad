import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gitProblem, runGit } from './git-program.ts';
import type { NewCommit, TreeChange } from './repository.ts';
import type { BytePath } from './shown-path.ts';

/** Nobody waits for it, and a large file may come from a slow disk. */
const timeoutMs = 600_000;
/** Pieces that are gathered for one write to the pipe. */
const gatherBytes = 256 * 1024;

/** Who commits: not the user, who may never have said who that is. */
export const committer = { name: 'Benchtop', email: 'benchtop@localhost' } as const;

/**
 * Writes one commit through `git fast-import` (git-fast-import(1)): contents come as they were read and scanned, in one process, with no
 * index and no working tree. Nothing is named before all of it is written.
 */
export async function fastImport(
  gitPath: string,
  commit: NewCommit,
): Promise<{ commitId: string; treeId: string }> {
  const answer = await runGit(
    // Loose objects are deflated as quickly as they can be: `git gc` packs them well in its own time.
    [
      '-c',
      'core.looseCompression=1',
      '-c',
      'pack.compression=1',
      'fast-import',
      '--quiet',
      '--done',
      '--depth=0',
    ],
    {
      cwd: gitPath,
      env: { GIT_DIR: gitPath },
      timeoutMs,
      input: gathered(commands(commit)),
      signal: commit.signal,
    },
  );
  const problem = gitProblem(answer);
  if (problem !== null) {
    if (answer.pid !== undefined) await rm(join(gitPath, `fast_import_crash_${answer.pid}`), { force: true });
    throw new Error(problem);
  }
  const [commitId = '', tree = ''] = answer.stdout.toString('latin1').split('\n');
  return { commitId, treeId: tree.split(/[ \t]/)[2] ?? '' };
}

async function* commands({ ref, parentId, message, at, changes }: NewCommit): AsyncGenerator<Uint8Array> {
  const who = `${committer.name} <${committer.email}> ${Math.floor(at / 1000)} +0000`;
  yield text(`commit ${ref}\nmark :1\nauthor ${who}\ncommitter ${who}\n`);
  yield* data(Buffer.from(message, 'utf8'));
  if (parentId !== null) yield text(`from ${parentId}\n`);
  for await (const change of changes) yield* commandsOf(change);
  yield text('\nget-mark :1\nls :1 ""\ndone\n');
}

function* commandsOf(change: TreeChange): Generator<Uint8Array> {
  const path = quoted(change.path);
  if ('isGone' in change) yield Buffer.from(`D ${path}\n`, 'latin1');
  else if ('id' in change) yield Buffer.from(`M ${change.mode} ${change.id} ${path}\n`, 'latin1');
  else {
    yield Buffer.from(`M ${change.mode} inline ${path}\n`, 'latin1');
    yield* data(change.content);
  }
}

function* data(content: Uint8Array): Generator<Uint8Array> {
  yield text(`data ${content.length}\n`);
  yield content;
  yield text('\n');
}

const text = (words: string) => Buffer.from(words, 'utf8');

/** As C would write it: a path may begin with a quote and hold a line feed. */
const quoted = (path: BytePath) =>
  `"${path.replaceAll(/["\\\n]/g, (sign) => (sign === '\n' ? String.raw`\n` : `\\${sign}`))}"`;

async function* gathered(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of parts) {
    waiting.push(part);
    bytes += part.length;
    if (bytes < gatherBytes) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  yield Buffer.concat(waiting);
}
