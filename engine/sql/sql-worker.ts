import { parentPort, workerData } from 'node:worker_threads';
import { errorShapeOf } from '../../contract/index.ts';
import { openForQuestions, type Question } from './answer-query.ts';

// The thread that answers the user's own queries, apart from the readers, so that a slow one keeps nobody waiting.
const port = parentPort;
if (port === null) throw new Error('sql-worker runs in a worker thread.');
const { databasePath, cancelled } = workerData as { databasePath: string; cancelled: Int32Array };
const answer = openForQuestions(databasePath, () => Atomics.load(cancelled, 0) === 1);
port.on('message', (question: Question | 'close') => {
  if (question === 'close') return port.close();
  try {
    port.postMessage({ value: answer(question) });
  } catch (error) {
    port.postMessage({ error: errorShapeOf(error) });
  }
});
