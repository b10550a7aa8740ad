import { access, constants, readlink, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Language } from '../../contract/index.ts';
import { askProgram } from './ask-program.ts';

/** What an interpreter says about itself. */
export interface ProbedInterpreter {
  /** The program that answered, behind a shim or a link on PATH; the asked path when it did not say. */
  readonly path: string;
  readonly version: string | null;
  /** Python only: the installation below an environment. */
  readonly basePrefix: string | null;
  /** Why it cannot be used; null when it can. */
  readonly problem: string | null;
}

/** Well within the time of a whole list. */
const probeTimeoutMs = 1200;
/** A slow answer may be the machine's fault, so silence is believed this long only. */
const silenceKeptMs = 60_000;

const pythonQuestion =
  'import sys,json;print(json.dumps([sys.version.split()[0],sys.executable,sys.base_prefix]))';
const pythonAnswer = z.tuple([z.string(), z.string(), z.string()]);

/** Asks interpreters, and remembers answers as long as the executable and its `pyvenv.cfg` stay as they are. */
export function createInterpreterProbe(): (path: string, language: Language) => Promise<ProbedInterpreter> {
  const answers = new Map<string, { stamp: string; until: number; answer: Promise<ProbedInterpreter> }>();
  return async (path, language) => {
    const stamp = await stampOf(path);
    if (typeof stamp !== 'string') return stamp;
    const kept = answers.get(path);
    if (kept !== undefined && kept.stamp === stamp && kept.until > Date.now()) return kept.answer;
    const entry = { stamp, until: Number.POSITIVE_INFINITY, answer: probeInterpreter(path, language) };
    answers.set(path, entry);
    const answer = await entry.answer;
    if (answer.problem !== null) entry.until = Date.now() + silenceKeptMs;
    return answer;
  };
}

/**
 * Asks one interpreter for its version in a short process of its own. Python runs isolated (`-I -S`): neither the
 * environment's variables, the working folder nor a package's start-up file is read, so no code of a project runs.
 */
export async function probeInterpreter(
  path: string,
  language: Language,
  where: { cwd: string; env: Readonly<Record<string, string | undefined>>; timeoutMs: number } = {
    cwd: homedir(),
    env: process.env,
    timeoutMs: probeTimeoutMs,
  },
): Promise<ProbedInterpreter> {
  const args = language === 'python' ? ['-I', '-S', '-c', pythonQuestion] : ['--version'];
  const { status, stdout, stderr, failure } = await askProgram(path, args, where);
  if (failure !== null) return unusable(path, failure);
  if (status !== 0) {
    if (stderr.startsWith('Unknown option: -I')) return unusable(path, 'is older than Python 3.4');
    const last = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
    const how = status === null ? 'was killed by a signal' : `exits with ${status}`;
    return unusable(path, last === '' ? how : `${how}: ${last}`);
  }
  if (language !== 'python') {
    // Rscript wrote its version to stderr until R 4.
    const version = /\d+\.\d+(\.\d+)?(-\w+)?/.exec(stdout + stderr)?.[0];
    return version === undefined
      ? unusable(path, `does not tell its version: ${stdout.slice(0, 200)}`)
      : { path, version, basePrefix: null, problem: null };
  }
  const told = pythonAnswer.safeParse(parsed(stdout));
  if (!told.success) return unusable(path, `does not answer as Python does: ${stdout.trim().slice(0, 200)}`);
  const [version, executable, basePrefix] = told.data;
  return { path: executable === '' ? path : executable, version, basePrefix, problem: null };
}

const unusable = (path: string, problem: string): ProbedInterpreter => ({
  path,
  version: null,
  basePrefix: null,
  problem,
});

/** Changes when the interpreter does; or what makes it unusable without asking it. */
async function stampOf(path: string): Promise<string | ProbedInterpreter> {
  const executable = await stat(path).catch(() => null);
  if (executable === null) return unusable(path, await missingBecause(path));
  if (!executable.isFile()) return unusable(path, 'is not a file');
  const mayRun = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!mayRun) return unusable(path, 'may not be executed');
  const settings = await stat(join(dirname(dirname(path)), 'pyvenv.cfg')).catch(() => null); // no environment
  return `${executable.mtimeMs} ${executable.size} ${settings?.mtimeMs ?? ''}`;
}

async function missingBecause(path: string): Promise<string> {
  const target = await readlink(path).catch(() => null); // not a link, or its folder is gone
  return target === null ? 'is missing' : `is a broken link to ${target}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // told to the caller as an answer that is not Python's
  }
}
