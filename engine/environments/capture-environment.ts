import type { HostFacts } from '../../contract/index.ts';
import { gitState } from '../source/index.ts';
import type { CapturedEnvironment } from './environment-lock.ts';
import { prefixOfInterpreter } from './environment-prefix.ts';
import { installedPackages } from './installed-packages.ts';
import { interpreterOfCommand, type StartedCommand } from './interpreter-of-command.ts';
import { probeInterpreter } from './probe-interpreter.ts';
import { recordableVariables } from './recordable-variables.ts';

/** Patient: nobody waits, and the run beside it may have taken all cores. */
const probeTimeoutMs = 10_000;

/** Reads what a command runs with. Starts git and the interpreter for a moment, with no code of the project. */
export async function captureEnvironment(
  started: StartedCommand,
  host: Promise<HostFacts>,
  capturedAt: number,
): Promise<CapturedEnvironment> {
  const [program, { git, problem: gitProblem }, facts] = await Promise.all([
    programOf(started),
    gitState(started.workingFolder),
    host,
  ]);
  return {
    capturedAt,
    interpreter: program.interpreter,
    packages: program.packages,
    blas: program.blas,
    git,
    host: facts,
    variables: recordableVariables(started.environment),
    problems: [program.problem, gitProblem].filter((problem) => problem !== null),
  };
}

/** The interpreter that a command uses, and its packages. Starts the interpreter for a moment. */
export async function programOf(
  started: StartedCommand,
): Promise<Pick<CapturedEnvironment, 'interpreter' | 'packages' | 'blas'> & { problem: string | null }> {
  const program = interpreterOfCommand(started);
  if (program === null)
    return {
      interpreter: null,
      packages: null,
      blas: [],
      problem: `The program ${started.command[0] ?? ''} was not found.`,
    };
  const { path, language, isLauncher } = program;
  if (language === null)
    return {
      interpreter: { path, language, kind: null, version: null },
      packages: null,
      blas: [],
      problem: isLauncher ? `Which interpreter ${path} starts could not be told from the command.` : null,
    };
  // Asked where and as the run asks, since a shim answers differently by folder and by variable.
  const answer = await probeInterpreter(path, language, {
    cwd: started.workingFolder,
    env: started.environment,
    timeoutMs: probeTimeoutMs,
  });
  const kind =
    prefixOfInterpreter(answer.path)?.kind ??
    (/\/\.pyenv\/versions\//.test(answer.path) ? 'pyenv' : 'system');
  const isPython = language === 'python' && answer.problem === null;
  return {
    interpreter: { path: answer.path, language, kind, version: answer.version },
    ...(isPython ? await installedPackages(answer) : { packages: null, blas: [] }),
    problem: answer.problem === null ? null : `${path} ${answer.problem}.`,
  };
}
