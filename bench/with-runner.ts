import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { contract, createConnection, openWebSocketPort, type EngineApi } from '../contract/index.ts';
import type { BenchContext } from './measure.ts';
import { startEngine } from './programs.ts';
import type { StartedProgram } from './start-program.ts';

/** An engine in a process of its own, with one project, as the window and the command line use it. */
export interface RunnerSide {
  readonly api: EngineApi;
  readonly engine: StartedProgram;
  readonly projectId: string;
  readonly projectPath: string;
  readonly home: string;
  /** Starts a command and waits until its record is whole. */
  runToEnd(command: string[], inputs?: string[]): Promise<{ runId: string }>;
}

/** Starts an engine on a fresh home and ends it after the work. */
export async function withRunner<T>(
  { root, scratch }: BenchContext,
  work: (side: RunnerSide) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(scratch, 'runner-home-'));
  const projectPath = await mkdtemp(join(scratch, 'runner-project-'));
  const engine = await startEngine(root, home);
  const token = new URLSearchParams(engine.url.hash.slice(1)).get('token') ?? '';
  const { api, close } = createConnection(contract, () =>
    openWebSocketPort(new WebSocket(`ws://${engine.url.host}/rpc`, ['benchtop', `token.${token}`])),
  );
  try {
    const { id: projectId } = await api.projects.open({ path: projectPath });
    return await work({
      api,
      engine,
      projectId,
      projectPath,
      home,
      async runToEnd(command, inputs = []) {
        const { runId } = await api.runner.start({ projectId, command, inputs });
        await endOf(api, runId);
        return { runId };
      },
    });
  } finally {
    close();
    await engine.stop();
  }
}

const lookEveryMs = 15;

/** Asked again and again: a stream of the output would cost the engine more than what is measured. */
async function endOf(api: EngineApi, runId: string): Promise<void> {
  while ((await api.tracking.run({ runId })).endedAt === null) await sleep(lookEveryMs);
}
