import { BenchtopError } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { jobLines } from './ps-command.ts';
import { runByPrefix } from '../run-by-prefix.ts';

export interface QueueOptions {
  readonly home: string;
  readonly hold?: boolean;
  readonly release?: boolean;
  readonly first?: string;
  readonly json?: boolean;
}

/** `benchtop queue`: does what the options ask for, then tells how the queue stands. */
export async function queueCommand(options: QueueOptions): Promise<void> {
  if (options.hold === true && options.release === true)
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'The queue cannot be held and released at once.',
      next: 'Give one of --hold and --release.',
    });
  await withEngine(options.home, async (engine) => {
    const { runner } = engine.api;
    if (options.hold === true || options.release === true)
      await runner.setQueueHeld({ isHeld: options.hold === true });
    if (options.first !== undefined) {
      const { id: runId } = await runByPrefix(engine.api, options.first);
      const waiting = (await runner.queue({})).jobs.filter((job) => job.status === 'queued');
      const front = waiting.find((job) => job.runId !== runId);
      await runner.moveJob({ runId, before: front?.runId ?? null });
    }
    const queue = await runner.queue({});
    if (options.json) console.log(jsonText(queue));
    else {
      const running = queue.jobs.filter((job) => job.status === 'running').length;
      const waiting = queue.jobs.length - running;
      console.log(
        `${running} of ${queue.slots} slots in use, ${waiting} waiting${queue.isHeld ? '; held' : ''}`,
      );
      if (queue.jobs.length > 0) for (const line of jobLines(queue.jobs, Date.now())) console.log(line);
      for (const { runId, needs, waitsFor } of queue.jobs)
        if (waitsFor !== null && needs.memoryBytes !== null)
          console.log(`${runId.slice(0, 8)} waits for ${waitsFor}`);
    }
  });
}
