import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gitProblem, runGit } from './git-program.ts';
import type { NewCommit, NewCommits, TreeChange } from './repository.ts';
import type { BytePath } from './shown-path.ts';

/** Nobody waits for it, and a large file may come from a slow disk. */
const timeoutMs = 600_000;
/** Pieces that are gathered for one write to the pipe. */
const gatherBytes = 256 * 1024;

/** Who commits: not the user, who may never have said who that is. */
export const committer = { name: 'Benchtop', email: 'benchtop@localhost' } as const;

/**
 * Writes commits through `git fast-import` (git-fast-import(1)): contents come as they were read and scanned, in one process, with no
 * index and no working tree. Nothing is named before all of it is written.
 */
export async function fastImport(
  gitPath: string,
  commits: NewCommits,
): Promise<{ commitId: string; treeId: string }[]> {
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
      input: gathered(commands(commits)),
      signal: commits.signal,
    },
  );
  const problem = gitProblem(answer);
  if (problem !== null) {
    if (answer.pid !== undefined) await rm(join(gitPath, `fast_import_crash_${answer.pid}`), { force: true });
    throw new Error(problem);
  }
  const lines = answer.stdout.toString('latin1').split('\n');
  return Array.from({ length: Math.floor(lines.length / 2) }, (_, number) => ({
    commitId: lines[number * 2] ?? '',
    treeId: lines[number * 2 + 1]?.split(/[ \t]/)[2] ?? '',
  }));
}

async function* commands({ parentId, changes, each }: NewCommits): AsyncGenerator<Uint8Array> {
  const shared: string[] = [];
  let marks = 0;
  for await (const change of changes) {
    if ('content' in change) {
      marks++;
      yield text(`blob\nmark :${marks}\n`);
      yield* data(change.content);
      shared.push(`M ${change.mode} :${marks} ${quoted(change.path)}\n`);
    } else shared.push(lineOf(change));
  }
  const inAll = Buffer.from(shared.join(''), 'latin1');
  const made: number[] = [];
  for (const commit of each()) {
    marks++;
    made.push(marks);
    yield* commandsOf(commit, marks, parentId, inAll);
  }
  yield text(`${made.map((mark) => `get-mark :${mark}\nls :${mark} ""\n`).join('')}done\n`);
}

function* commandsOf(
  { ref, message, at, own }: NewCommit,
  mark: number,
  parentId: string | null,
  inAll: Uint8Array,
): Generator<Uint8Array> {
  const who = `${committer.name} <${committer.email}> ${Math.floor(at / 1000)} +0000`;
  yield text(`commit ${ref}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\n`);
  yield* data(Buffer.from(message, 'utf8'));
  if (parentId !== null) yield text(`from ${parentId}\n`);
  yield inAll;
  for (const change of own) {
    if ('content' in change) {
      yield Buffer.from(`M ${change.mode} inline ${quoted(change.path)}\n`, 'latin1');
      yield* data(change.content);
    } else yield Buffer.from(lineOf(change), 'latin1');
  }
  yield text('\n');
}

/** A change without contents. */
const lineOf = (change: Exclude<TreeChange, { content: Uint8Array }>): string =>
  'isGone' in change
    ? `D ${quoted(change.path)}\n`
    : `M ${change.mode} ${change.id} ${quoted(change.path)}\n`;

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
