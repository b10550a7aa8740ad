import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Priority } from '../../../contract/index.ts';
import { callerEnvironment } from '../caller-environment.ts';
import { exitCodeOfRun, exitCodeOfSignal } from '../exit-code-of-run.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { logToEnd } from '../log-bytes.ts';
import { writeOut } from '../write-out.ts';

export interface RunOptions {
  readonly home: string;
  readonly project?: string;
  readonly name?: string;
  readonly param: Readonly<Record<string, string>>;
  readonly input: readonly string[];
  /** Milliseconds. */
  readonly timeout?: number;
  readonly gpu?: number;
  readonly priority?: Priority;
  readonly detach?: boolean;
  readonly json?: boolean;
}

/**
 * `benchtop run`: the child's output on stdout, the run's id and address on stderr, the child's exit code as its own. With
 * `--detach` (or `--queue`) the id on stdout, at once; with `--json` the run's record on stdout in place of its output.
 */
export async function runCommand(command: string[], options: RunOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const here = realpathSync(process.cwd());
    const project = await engine.api.projects.open({ path: realpathSync(options.project ?? here) });
    const { warning } = await engine.api.runner.needs({ projectId: project.id, command });
    if (warning !== null) console.error(`benchtop: ${warning}`);
    const { runId } = await engine.api.runner.start({
      projectId: project.id,
      command,
      workingFolder: folderWithin(project.path, here),
      env: callerEnvironment(),
      params: { ...options.param },
      inputs: options.input.map((path) => resolve(here, path)),
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.gpu === undefined ? {} : { gpus: options.gpu }),
      ...(options.priority === undefined ? {} : { priority: options.priority }),
      ...(options.timeout === undefined ? {} : { timeLimitMs: options.timeout }),
    });
    console.error(`benchtop: run ${runId}  ${engine.windowUrl(`/runs/${runId}`)}`);
    if (options.detach) {
      console.log(options.json ? jsonText(await engine.api.tracking.run({ runId })) : runId);
      return;
    }
    let interruptedBy: NodeJS.Signals | null = null;
    const cancel = (signal: NodeJS.Signals) => {
      interruptedBy ??= signal;
      engine.api.runner
        .cancel({ runId })
        .catch((error: unknown) => console.error(`benchtop: ${String(error)}`));
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, cancel);
    for await (const bytes of logToEnd(engine.api, runId)) if (!options.json) await writeOut(bytes);
    await engine.api.source.snapshot({ runId }); // whoever called may change the code next
    const run = await engine.api.tracking.run({ runId });
    if (options.json) console.log(jsonText(run));
    else if (run.status !== 'finished') console.error(`benchtop: ${run.ending ?? run.status}`);
    process.exitCode =
      interruptedBy !== null && run.status === 'killed'
        ? exitCodeOfSignal(interruptedBy)
        : exitCodeOfRun(run);
  });
}

/** Where you are, as seen from the project; the project's own folder when you are outside of it. */
function folderWithin(projectPath: string, here: string): string {
  const path = relative(projectPath, here);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? '.' : path;
}
