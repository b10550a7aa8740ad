import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { EvaluationTask } from './evaluation-task.ts';
import type { EvaluationAnswer } from './evaluation-worker.ts';

/** Evaluates in a thread of its own, which ends with the signal. Rejects then with the signal's reason. */
export async function evaluateInThread(task: EvaluationTask, signal: AbortSignal): Promise<EvaluationAnswer> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./evaluation-worker.ts', import.meta.url), { workerData: task });
  try {
    const [answer] = (await once(worker, 'message', { signal })) as [EvaluationAnswer];
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await worker.terminate();
  }
}
