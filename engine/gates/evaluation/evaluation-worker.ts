import { parentPort, workerData } from 'node:worker_threads';
import { evaluateModel } from './evaluate-model.ts';
import { Unfit, type Evaluated, type EvaluationTask } from './evaluation-task.ts';

export type EvaluationAnswer = { readonly value: Evaluated } | { readonly why: string };

// The thread of one evaluation: drawing rows thousands of times takes seconds. It is ended from outside when nobody wants its answer.
const port = parentPort;
if (port === null) throw new Error('evaluation-worker runs in a worker thread.');
port.postMessage(answerOf(workerData as EvaluationTask));

function answerOf(task: EvaluationTask): EvaluationAnswer {
  try {
    return { value: evaluateModel(task) };
  } catch (error) {
    if (error instanceof Unfit) return { why: error.message };
    throw error;
  }
}
