import type { GitState, HostFacts } from '../../contract/index.ts';
import { gitState } from '../source/index.ts';
import { createTurns } from '../turns.ts';
import type { CapturedEnvironment } from './environment-lock.ts';
import { prefixOfInterpreter } from './environment-prefix.ts';
import { hostFacts } from './host-facts.ts';
import { installedPackages } from './installed-packages.ts';
import { interpreterOfCommand, type CommandProgram, type StartedCommand } from './interpreter-of-command.ts';
import { probeInterpreter } from './probe-interpreter.ts';
import { recordableVariables } from './recordable-variables.ts';

/** Patient: nobody waits, and the run beside it may have taken all cores. */
const probeTimeoutMs = 10_000;

type Program = Pick<CapturedEnvironment, 'interpreter' | 'packages' | 'blas'> & { problem: string | null };
export interface EnvironmentCapture {
  /**
   * Reads what a command runs with. Starts git and the interpreter for a moment, with no code of the project; for commands of a
   * group, which follow each other closely, one answer stands for all that asked before it was sought.
   */
  capture(
    started: StartedCommand & { readonly group: string | null },
    capturedAt: number,
  ): Promise<CapturedEnvironment>;
  /** Whoever waits for others of its group waits no more. */
  hurry(): void;
}

export function createEnvironmentCapture(): EnvironmentCapture {
  const repositories = createTurns(([folder = '']: readonly string[]): ReturnType<typeof gitState> =>
    gitState(folder),
  );
  const programs = createTurns<StartedCommand, Program>(([started]) => {
    if (started === undefined) throw new Error('Nobody has asked.');
    return programOf(started);
  });
  let host: Promise<HostFacts> | undefined;

  async function sharedProgramOf(started: StartedCommand, group: string | null): Promise<Program> {
    const found = interpreterOfCommand(started);
    // Nothing has to be asked.
    if (found === null || found.language === null) return programOf(started, found);
    const key = JSON.stringify([found.path, started.workingFolder, group, started.environment]);
    return programs.ask(key, started, group !== null);
  }

  return {
    async capture(started, capturedAt) {
      const { workingFolder, group } = started;
      const repository: Promise<{ git: GitState | null; problem: string | null }> = repositories.ask(
        JSON.stringify([workingFolder, group]),
        workingFolder,
        group !== null,
      );
      const [program, { git, problem: gitProblem }, facts] = await Promise.all([
        sharedProgramOf(started, group),
        repository,
        (host ??= hostFacts()),
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
    },
    hurry() {
      repositories.hurry();
      programs.hurry();
    },
  };
}

/**
 * The interpreter that a command uses, and its packages. Starts the interpreter for a moment.
 * @param program what the command was found to start.
 */
export async function programOf(
  started: StartedCommand,
  program: CommandProgram | null = interpreterOfCommand(started),
): Promise<Program> {
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
