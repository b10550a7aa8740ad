import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Execution } from '../../../contract/index.ts';

const program = fileURLToPath(new URL('./fixture-kill.ts', import.meta.url));

/** Before a commit, after it, or between two of them: when a piece of work has been done and told of that the next commit will hold. */
export type KillMoment = 'before' | 'after' | 'between';

/** For tests: a project whose stages each write down that they ran, and engines that are killed while it runs. */
export function createCrashes(definition: string) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-crashes-')));
  const project = join(root, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'dvc.yaml'), definition);
  const ran = join(project, 'ran');
  return {
    project,
    /** Resolves to how the execution ended; null where the engine was killed before. */
    async engine(killAt: number, moment: KillMoment): Promise<Execution | null> {
      const args = [program, join(root, 'home'), project, String(killAt), moment, '2'];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let told = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
      const signal = await new Promise((resolve) =>
        child.once('close', (_code, endedBy) => resolve(endedBy)),
      );
      if (signal === 'SIGKILL') return null;
      return JSON.parse(told) as Execution;
    },
    /** The names of the stages that ran, each as often as it did, in order of the alphabet. */
    ran: () => (existsSync(ran) ? readFileSync(ran, 'utf8').trim().split('\n').toSorted() : []),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Six stages, the middle four beside each other in pairs. */
export const diamond = `stages:
  a: {cmd: echo a >> ran; echo a > a.out, outs: [a.out]}
  b: {cmd: echo b >> ran; cat a.out > b.out, deps: [a.out], outs: [b.out]}
  c: {cmd: echo c >> ran; cat a.out > c.out, deps: [a.out], outs: [c.out]}
  d: {cmd: echo d >> ran; cat b.out > d.out, deps: [b.out], outs: [d.out]}
  e: {cmd: echo e >> ran; cat c.out > e.out, deps: [c.out], outs: [e.out]}
  f: {cmd: echo f >> ran; cat d.out e.out > f.out, deps: [d.out, e.out], outs: [f.out]}
`;
