import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { withFilledOutbox } from './filled-outbox.ts';
import type { Measure } from './measure.ts';
import { elapsed } from './with-objects.ts';

const rounds = 20;

export const outboxPage: Measure = {
  name: 'outbox-page',
  question: 'How long does a page of the outbox take that holds 100,000 operations?',
  goal: 'at most 100 ms',
  async run({ scratch }) {
    const samples: number[] = [];
    await withFilledOutbox(
      await mkdtemp(join(scratch, 'outbox-')),
      (number, of) => (number % 100 === 0 ? 'conflict' : number < of / 2 ? 'verified' : 'waiting'),
      { isPaused: true },
      async ({ outbox }) => {
        const call = { signal: new AbortController().signal };
        let after: number | null = null;
        for (let round = -1; round < rounds; round++) {
          const page: { next: number | null }[] = [];
          const input = { limit: 200, ...(after === null ? {} : { after }) };
          const ms = await elapsed(async () => page.push(await outbox(input, call)));
          after = page[0]?.next ?? null;
          if (round >= 0) samples.push(ms);
        }
      },
    );
    return {
      figures: [
        {
          name: 'a page of 200, with the counts of all',
          unit: 'ms',
          below: 100,
          floorIs: null,
          samples: { ours: samples },
        },
      ],
      notes: ['Pages one behind the other; each begins where the one before ended.'],
    };
  },
};
