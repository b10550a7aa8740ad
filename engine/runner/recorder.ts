import type { Run, RunStatus } from '../../contract/index.ts';

/** One value of one metric, as read from a run's output. `timeMs` is milliseconds UTC. */
export interface Point {
  key: string;
  step: number;
  timeMs: number;
  value: number;
}

/** What the runner asks of the room that keeps runs. Every promise resolves when the change is durable. */
export interface Recorder {
  createRun(input: {
    name?: string;
    projectId: string | null;
    experimentId?: string;
    parentRunId?: string | null;
    status: RunStatus;
    command: string[];
    workingFolder: string | null;
    source: 'runner' | 'mlflow' | 'recording';
    createdAt: number;
    startedAt: number | null;
    params?: Record<string, string>;
    tags?: Record<string, string>;
  }): Promise<Run>;
  updateRun(
    runId: string,
    change: { status?: RunStatus; startedAt?: number; endedAt?: number; ending?: string; exitCode?: number | null },
  ): Promise<void>;
  /** Exact repetitions of (key, time, step, value) are dropped, so a replay after a crash adds nothing. */
  logPoints(runId: string, points: Point[], options: { isGuessed: boolean }): Promise<void>;
  /** The first value of a param wins. */
  logParams(runId: string, params: Record<string, string>): Promise<void>;
  setTags(runId: string, tags: Record<string, string>): Promise<void>;
  addArtifact(runId: string, artifact: { path: string; objectId: string; sizeBytes: number }): Promise<void>;
  /** Runs that were queued or running when the engine last stopped. */
  unfinishedRuns(): Run[];
}

/** What the runner asks of the room that keeps files. */
export interface Objects {
  putFile(path: string): Promise<{ objectId: string; sizeBytes: number }>;
}
