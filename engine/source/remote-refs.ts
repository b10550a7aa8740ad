import { gitProblem, runGit, type GitAnswer } from './git-program.ts';

/** A snapshot's commit in the repository that holds it. */
export interface PushedRef {
  readonly repositoryPath: string;
  readonly commitId: string;
  readonly ref: string;
}

/** A large repository over a slow line. */
const timeoutMs = 3_600_000;
const askMs = 120_000;

/** The ways on which the user's own git goes out, with their credentials; `ext` and the like never. */
const ways = ['https', 'http', 'ssh', 'git', 'file'].flatMap((name) => [
  '-c',
  `protocol.${name}.allow=always`,
]);

/** What git said, or why it says nothing: in one line. */
export class GitRefusal extends Error {
  readonly answer: GitAnswer;
  constructor(answer: GitAnswer) {
    super(gitProblem(answer) ?? 'git ended without a word');
    this.answer = answer;
  }
}

/** The refs of a remote that fit a pattern, with their commits. @throws {GitRefusal} */
export async function remoteRefs(
  folder: string,
  url: string,
  pattern: string,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const answer = await runGit([...ways, 'ls-remote', '--', url, pattern], {
    cwd: folder,
    timeoutMs: askMs,
    signal,
  });
  if (answer.status !== 0) throw new GitRefusal(answer);
  const lines = answer.stdout.toString('utf8').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [commit, ref] = line.split('\t');
      return commit === undefined || ref === undefined ? [] : [[ref, commit]];
    }),
  );
}

/**
 * Pushes one commit as one ref: never by force, no branch, no tag, no submodule, and no hook of the repository is run.
 * @throws {GitRefusal}
 */
export async function pushRef(
  { repositoryPath, commitId, ref }: PushedRef,
  url: string,
  signal: AbortSignal,
): Promise<void> {
  const answer = await runGit(
    [
      ...ways,
      'push',
      '--porcelain',
      '--no-verify',
      '--no-signed',
      '--no-follow-tags',
      '--recurse-submodules=no',
      '--',
      url,
      `${commitId}:${ref}`,
    ],
    { cwd: repositoryPath, env: { GIT_DIR: repositoryPath }, timeoutMs, signal },
  );
  if (answer.status !== 0) throw new GitRefusal(answer);
}
