import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareHistory } from './compare-history.ts';
import { keptValue } from './wire-value.ts';

interface Sample {
  readonly timeMs: number;
  readonly step: number;
  readonly value: number;
}

const sample = fc.record({
  timeMs: fc.integer({ min: 0, max: 5 }),
  step: fc.integer({ min: 0, max: 3 }),
  value: fc.constantFrom(0, -0, 1.5, Number.NaN, Infinity, -Infinity),
});
const inOrder = (points: readonly Sample[]) =>
  points.toSorted((a, b) => a.timeMs - b.timeMs || a.step - b.step);
const named = ({ timeMs, step, value }: Sample) => `${timeMs} ${step} ${keptValue(value) + 0}`;

async function* pages<T>(items: readonly T[], size: number) {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

test('finds what is missing and what is too much, whatever the pages and the order within one step', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(sample, { selector: named }),
      fc.array(sample),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.boolean()),
      async (local, others, pageSize, coin) => {
        const remote = [...local.filter(() => coin.next().value === true), ...others];
        const { shared, missing, extra } = await compareHistory(
          pages(
            inOrder(local).map((point) => ({ key: 'm', ...point })),
            pageSize,
          ),
          pages(
            // Servers order the values of one step each in its own way.
            inOrder(remote.toReversed()).map(({ timeMs, step, value }) => ({
              key: 'm',
              step,
              timestamp: timeMs,
              value: keptValue(value),
            })),
            pageSize + 1,
          ),
        );
        const there = new Set(remote.map(named));
        expect(missing.map(named).toSorted()).toEqual(
          local
            .map(named)
            .filter((name) => !there.has(name))
            .toSorted(),
        );
        expect(shared).toBe(local.length - missing.length);
        expect(extra).toBe(remote.length - shared);
      },
    ),
  );
});
