import { mkdir, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { gateTag, type Run } from '../../contract/index.ts';
import type { GateRooms } from './gate-rooms.ts';

export interface EvidenceRun {
  readonly projectId: string;
  readonly name: string;
  /** Of the version it is about, such as `churn/3`. */
  readonly about: string;
  readonly command: readonly string[];
  readonly workingFolder: string;
  /** The Python that comes first on the PATH; null for whichever is there. */
  readonly python: string | null;
  readonly timeLimitMs: number;
}

/** Runs something that a check rests on, as any run is recorded, and waits for its end. A signal ends it. */
export async function runForEvidence(
  { runner, snapshotOf, run }: Pick<GateRooms, 'runner' | 'snapshotOf' | 'run'>,
  { projectId, name, about, command, workingFolder, python, timeLimitMs }: EvidenceRun,
  signal: AbortSignal,
): Promise<Run> {
  signal.throwIfAborted();
  const { PATH = '' } = process.env;
  const { runId } = await runner.start({
    projectId,
    command: [...command],
    name,
    scratchFolder: workingFolder,
    timeLimitMs,
    tags: { [gateTag]: about },
    env: python === null ? {} : { PATH: [dirname(python), PATH].join(delimiter) },
  });
  const cancel = () => void runner.cancel(runId).catch(() => undefined); // it has ended
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) cancel();
    await runner.wait(runId);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
  // Until its own code is kept its folder is read.
  await snapshotOf(runId);
  signal.throwIfAborted();
  const ended = run(runId);
  if (ended === null) throw new Error(`Run ${runId} is gone.`);
  return ended;
}

/** Does work in a new folder that is gone afterwards. */
export async function inScratch<Value>(
  scratchPath: string,
  name: string,
  work: (folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = join(scratchPath, name);
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
