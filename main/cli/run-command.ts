import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { relative } from 'node:path';
import type { EngineApi } from '../../contract/index.ts';
import { joinEngine } from './join-engine.ts';

export interface RunOptions {
  readonly home: string;
  readonly project?: string;
  readonly name?: string;
}

/** `benchtop run`: the child's output on stdout, the run's id and address on stderr, the child's exit code as its own. */
export async function runCommand(command: string[], options: RunOptions): Promise<void> {
  const engine = await joinEngine(options.home);
  try {
    const here = realpathSync(process.cwd());
    const project = await engine.api.projects.open({ path: realpathSync(options.project ?? here) });
    const { runId } = await engine.api.runner.start({
      projectId: project.id,
      command,
      workingFolder: relative(project.path, here) || '.',
      env: callerEnvironment(),
      ...(options.name === undefined ? {} : { name: options.name }),
    });
    console.error(`benchtop: run ${runId}  ${engine.windowUrl(`/runs/${runId}`)}`);
    const cancel = () =>
      void engine.api.runner
        .cancel({ runId })
        .catch((error: unknown) => console.error(`benchtop: ${String(error)}`));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, cancel);
    await printLog(engine.api, runId);
    const run = await engine.api.tracking.run({ runId });
    if (run.status !== 'finished') console.error(`benchtop: ${run.ending ?? run.status}`);
    process.exitCode = run.exitCode ?? exitCodeOfSignal(run.ending);
  } finally {
    engine.close();
  }
}

export async function printLog(api: EngineApi, runId: string): Promise<void> {
  for await (const { bytes } of api.runner.followLog({ runId })) {
    if (!process.stdout.write(bytes)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}

/** As a shell tells it: 128 + the number of the signal that ended the command; 1 for an end of another kind. */
function exitCodeOfSignal(ending: string | null): number {
  const [name] = /SIG[A-Z0-9]+/.exec(ending ?? '') ?? [];
  const number = name === undefined ? undefined : constants.signals[name as NodeJS.Signals];
  return number === undefined ? 1 : 128 + number;
}

/** The child sees what it would see without us: the caller's variables, less those that steer Benchtop itself. */
function callerEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !name.startsWith('BENCHTOP_'),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
