import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { elapsed } from './with-objects.ts';

type Command = readonly [program: string, ...args: string[]];

/** A tool that keeps versions of files, with what it is asked in a folder that has the files in `data/`. */
export interface VersioningTool {
  readonly name: string;
  /** With its version. */
  readonly title: string;
  readonly begin: readonly Command[];
  readonly add: readonly Command[];
  readonly unchanged: readonly Command[];
  /** Writes the files again, once `data/` is gone. */
  readonly out: readonly Command[];
}

/** The tools of this machine that can be measured, and of the others why not. */
export function versioningTools(root: string): { tools: VersioningTool[]; missing: string[] } {
  const missing: string[] = [];
  const tools = [gitLfs, restic, () => dvc(root), () => oxen(root)].flatMap((make) => {
    try {
      return [make()];
    } catch (error) {
      missing.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  return { tools, missing };
}

function gitLfs(): VersioningTool {
  const [title = ''] = installed('git-lfs', ['--version']).split(' ');
  return {
    name: 'git-lfs',
    title,
    begin: [
      ['git', 'init', '-q'],
      ['git', 'lfs', 'install', '--local'],
      ['git', 'lfs', 'track', 'data/**'],
    ],
    add: [['git', 'add', '-A']],
    unchanged: [['git', 'status', '--porcelain']],
    out: [['git', 'checkout-index', '-a', '-q', '-f']],
  };
}

function restic(): VersioningTool {
  const title = installed('restic', ['version']).split(' ').slice(0, 2).join(' ');
  const repository = ['--quiet', '--repo', '.restic'];
  const backup: Command = ['restic', ...repository, 'backup', 'data'];
  return {
    name: 'restic',
    title: `${title} (unchanged: a second backup)`,
    begin: [['restic', ...repository, 'init']],
    add: [backup],
    unchanged: [backup],
    out: [['restic', ...repository, 'restore', 'latest', '--target', '.']],
  };
}

function dvc(root: string): VersioningTool {
  const program = join(environment(root, '.venv-dvc'), 'dvc');
  return {
    name: 'DVC',
    title: `DVC ${installed(program, ['--version']).trim()}`,
    begin: [[program, 'init', '--no-scm', '--quiet']],
    add: [[program, 'add', '--quiet', 'data']],
    unchanged: [[program, 'status', '--quiet']],
    out: [[program, 'checkout', '--quiet']],
  };
}

function oxen(root: string): VersioningTool {
  const python = join(environment(root, '.venv-oxen'), 'python');
  const version = installed(python, ['-c', 'import importlib.metadata as m; print(m.version("oxenai"))']);
  const step = (name: string): Command => [
    python,
    fileURLToPath(new URL('./oxen-step.py', import.meta.url)),
    name,
  ];
  return {
    name: 'Oxen',
    title: `Oxen ${version.trim()} (its Python library, the interpreter’s start included)`,
    begin: [step('begin')],
    add: [step('add'), step('commit')],
    unchanged: [step('status')],
    out: [step('restore')],
  };
}

/** @throws {Error} with how to get it. */
function installed(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (cause) {
    throw new Error(
      `${program}: not measured, as it is not installed (on Debian: apt-get install ${program}).`,
      {
        cause,
      },
    );
  }
}

/** The folder of programs of a Python environment, made where it is not there. @throws {Error} with the reason. */
function environment(root: string, name: string): string {
  const script = join(root, 'scripts', 'python-environment.mjs');
  try {
    return join(execFileSync(process.execPath, [script, name], { encoding: 'utf8', stdio: 'pipe' }), '..');
  } catch (cause) {
    const why = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(`${name}: not measured. ${why}`, { cause });
  }
}

export interface ToolTimes {
  readonly addMs: number;
  readonly unchangedMs: number;
  readonly outMs: number;
}

/** Has a tool store the files of `data/` in a folder, look at them again and write them out. Milliseconds. */
export async function timesOf(tool: VersioningTool, folder: string): Promise<ToolTimes> {
  const home = join(folder, '..', `${tool.name}-home`);
  mkdirSync(home, { recursive: true });
  const env = {
    ...process.env,
    HOME: home,
    DVC_NO_ANALYTICS: '1',
    DVC_SITE_CACHE_DIR: join(home, 'dvc'),
    RESTIC_PASSWORD: 'bench',
    RESTIC_CACHE_DIR: join(home, 'restic'),
  };
  const run = (commands: readonly Command[]) => {
    for (const [program, ...args] of commands)
      execFileSync(program, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  run(tool.begin);
  const addMs = await elapsed(() => run(tool.add));
  run(tool.unchanged); // what is known only from the second time on
  const unchangedMs = await elapsed(() => run(tool.unchanged));
  const data = join(folder, 'data');
  const files = () => readdirSync(data, { recursive: true }).length;
  const before = files();
  rmSync(data, { recursive: true });
  const outMs = await elapsed(() => run(tool.out));
  if (files() !== before) throw new Error(`${tool.name} wrote ${files()} of ${before} files.`);
  return { addMs, unchangedMs, outMs };
}
