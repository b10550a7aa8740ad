import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchtopError, type RunEnvironment } from '../../contract/index.ts';
import { askProgram } from './ask-program.ts';
import { requirementsText } from './environment-lock.ts';

/** Written last, so that a folder without it is one that was never finished. */
const doneMark = 'benchtop-lock';

/**
 * An environment with the packages of a lock, below a folder of environments: made once for each lock, by uv where it is
 * installed and else by venv and pip. Wheels come from the installer's cache where it has them, so it may work without a network.
 * Returns the path of its Python.
 * @throws {BenchtopError} `cannot-start` with what the installer said last.
 */
export async function rebuiltEnvironment(
  environmentsPath: string,
  environment: RunEnvironment,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(environmentsPath, environment.lockId);
  const python = join(folder, 'bin', 'python');
  if (existsSync(join(folder, doneMark))) return python;
  const requirements = requirementsText(environment);
  const version = environment.interpreter?.version ?? null;
  if (requirements === null || version === null)
    throw cannotBuild('Only Python environments can be built again.', 'no list of packages was recorded');
  await rm(folder, { recursive: true, force: true });
  await mkdir(environmentsPath, { recursive: true, mode: 0o700 });
  const list = join(environmentsPath, `${environment.lockId}.txt`);
  await writeFile(list, requirements.replaceAll(/^pip==.*\n/gm, ''), { mode: 0o600 });
  const ask = (program: string, ...args: string[]) =>
    askProgram(program, args, { cwd: environmentsPath, env: process.env, timeoutMs: 30 * 60_000, signal });
  const hasUv = (await ask('uv', '--version')).status === 0;
  if (hasUv) {
    await done(ask('uv', 'venv', '--python', version, folder));
    const install = ['pip', 'install', '--quiet', '--python', python, '--no-deps', '-r', list];
    const cached = await ask('uv', ...install, '--offline');
    if (cached.status !== 0) await done(ask('uv', ...install));
  } else {
    const base = await baseOf(version, async (program) => (await ask(program, '--version')).stdout);
    await done(ask(base, '-m', 'venv', folder));
    await done(
      ask(python, '-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check', '-r', list),
    );
  }
  await writeFile(join(folder, doneMark), environment.lockId);
  return python;
}

/** A Python on the PATH of the same minor version: packages for another would not load. */
async function baseOf(version: string, ask: (program: string) => Promise<string>): Promise<string> {
  const [minor = ''] = /^\d+\.\d+/.exec(version) ?? [];
  for (const program of [`python${minor}`, 'python3', 'python'])
    if ((await ask(program)).startsWith(`Python ${minor}.`)) return program;
  throw cannotBuild(
    `There is no Python ${minor} on the PATH to build the environment with.`,
    `the run had Python ${version}`,
  );
}

async function done(asked: ReturnType<typeof askProgram>): Promise<void> {
  const { status, stdout, stderr, failure } = await asked;
  if (status === 0) return;
  const said = failure ?? `${stderr}\n${stdout}`.trim().split('\n').slice(-6).join('\n');
  throw cannotBuild('The environment could not be built again.', said);
}

const cannotBuild = (what: string, evidence: string) =>
  new BenchtopError({
    code: 'cannot-start',
    what,
    evidence,
    next: 'Build it by hand from `benchtop env lock RUN --requirements`, and choose it for the project.',
  });
