import { runningMs, type Job } from '../../../contract/index.ts';
import { durationText } from '../duration-text.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';

export interface PsOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** `benchtop ps`: what runs and what waits, with how far it is where the run tells. */
export async function psCommand(options: PsOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { jobs } = await engine.api.runner.queue({});
    if (options.json) console.log(jsonText(jobs));
    else if (jobs.length === 0) console.log('Nothing is running.');
    else for (const line of jobLines(jobs, Date.now())) console.log(line);
  });
}

/** The heading and a line for each job; what is not known is a dash, `~` stands before what is only known of earlier runs. */
export function jobLines(jobs: readonly Job[], nowMs: number): string[] {
  const rows = jobs.map((job) => [
    job.runId.slice(0, 8),
    job.status === 'queued' ? 'waiting' : job.isPaused ? 'paused' : 'running',
    job.startedAt === null ? '-' : durationText(runningMs({ ...job, endedAt: null }, nowMs) ?? 0),
    job.progress === null ? '-' : `${Math.round(job.progress * 100)} %`,
    job.etaAt === null ? '-' : `${job.isEtaLearnt ? '~' : ''}${durationText(job.etaAt - nowMs)}`,
    job.gpus.length === 0 ? '-' : job.gpus.join(','),
    job.name,
  ]);
  return textColumns([['RUN', 'STATE', 'RUNNING', 'DONE', 'LEFT', 'GPU', 'NAME'], ...rows]);
}
