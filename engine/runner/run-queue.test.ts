import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Priority } from '../../contract/index.ts';
import { createRunQueue, type Place, type Wish } from './run-queue.ts';

const anything: Wish = { gpus: 0, memoryBytes: 0, priority: 'normal' };

/** A queue whose runs note when they begin. */
function queueOf(slots: number, gpus = 0, freeMemoryBytes = () => 0) {
  const begun: [string, readonly number[]][] = [];
  const queue = createRunQueue(slots, () => gpus, freeMemoryBytes);
  const add = (runId: string, wanted = 0, more: Partial<Wish> = {}) =>
    queue.add(runId, { ...anything, gpus: wanted, ...more }, (place) => begun.push([runId, place.gpus]));
  return { queue, add, begun, names: () => begun.map(([runId]) => runId) };
}

test('as many run as there are slots; who leaves makes room for the next', () => {
  const { queue, add, names } = queueOf(2);
  ['a', 'b', 'c', 'd'].forEach((runId) => add(runId));
  expect(names()).toEqual(['a', 'b']);
  queue.leave('a');
  expect(names()).toEqual(['a', 'b', 'c']);
  expect(queue.waiting()).toEqual(['d']);
});

test('a run that brings more slots goes beyond those there are, and does not pass one that waits', () => {
  const { queue, add, names } = queueOf(2);
  ['a', 'b'].forEach((runId) => add(runId));
  ['c', 'd'].forEach((runId) => add(runId, 0, { slots: 3 }));
  expect(names()).toEqual(['a', 'b', 'c']);
  add('e');
  add('f', 0, { slots: 3 });
  queue.leave('a');
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
  queue.leave('b');
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
  queue.leave('c');
  expect(names()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('one run a GPU, and those without may pass', () => {
  const { queue, add, begun } = queueOf(4, 2);
  add('a', 1);
  add('b', 1);
  add('c', 1);
  add('d', 0);
  expect(begun).toEqual([
    ['a', [0]],
    ['b', [1]],
    ['d', []],
  ]);
  queue.leave('b');
  expect(begun.at(-1)).toEqual(['c', [1]]);
});

test('a run that wants both GPUs is not passed by by those that want one', () => {
  const { queue, add, names } = queueOf(4, 2);
  add('one', 1);
  add('both', 2);
  add('later', 1);
  expect(names()).toEqual(['one']);
  queue.leave('one');
  expect(names()).toEqual(['one', 'both']);
});

test('more GPUs than there are is as many as there are, and none on a machine without', () => {
  const { add, begun } = queueOf(4, 1);
  add('a', 8);
  const bare = queueOf(4, 0);
  bare.add('b', 1);
  expect(begun).toEqual([['a', [0]]]);
  expect(bare.begun).toEqual([['b', []]]);
});

test('a run whose memory does not fit waits for it, is not passed by by another large one, and small ones pass', () => {
  let free = 10;
  const { queue, add, names } = queueOf(5, 0, () => free);
  add('large', 0, { memoryBytes: 60 });
  expect(names()).toEqual(['large']); // nothing else runs: waiting would help nobody
  add('second', 0, { memoryBytes: 50 });
  add('third', 0, { memoryBytes: 5 });
  add('unknown');
  expect(names()).toEqual(['large', 'unknown']);
  expect(['second', 'third', 'unknown'].map((runId) => queue.waitsFor(runId))).toEqual([
    'memory',
    'memory',
    null,
  ]);
  free = 55;
  queue.look();
  expect(names()).toEqual(['large', 'unknown', 'second', 'third']);
});

test('who is more urgent comes in before those that wait already, and behind its like', () => {
  const { queue, add } = queueOf(1);
  add('runs');
  add('a');
  add('low', 0, { priority: 'low' });
  add('b');
  add('high', 0, { priority: 'high' });
  add('high too', 0, { priority: 'high' });
  expect(queue.waiting()).toEqual(['high', 'high too', 'a', 'b', 'low']);
  expect([queue.waitsFor('a'), queue.waitsFor('runs')]).toEqual(['a slot', null]);
  queue.setHeld(true);
  expect(queue.waitsFor('a')).toBe('the queue to go on');
});

test('order can be changed, and a held queue begins nobody', () => {
  const { queue, add, names } = queueOf(1);
  ['a', 'b', 'c', 'd'].forEach((runId) => add(runId));
  expect(queue.move('d', 'b')).toBe(true);
  expect(queue.waiting()).toEqual(['d', 'b', 'c']);
  expect(queue.move('d', null)).toBe(true);
  expect(queue.move('a', 'b')).toBe(false);
  expect(queue.move('b', 'gone')).toBe(false);
  queue.setHeld(true);
  queue.leave('a');
  expect(names()).toEqual(['a']);
  queue.setHeld(false);
  expect(names()).toEqual(['a', 'b']);
});

test('no GPU has two runs, no slot too many is given, and everybody gets a turn', () => {
  const wish = fc.record({
    gpus: fc.integer({ min: 0, max: 3 }),
    memoryBytes: fc.constantFrom(0, 60, 1000),
    priority: fc.constantFrom<Priority>('high', 'normal', 'low'),
    leaves: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 3 }),
      fc.array(wish),
      (slots, gpus, wishes) => {
        const running = new Map<string, Place>();
        const queue = createRunQueue(
          slots,
          () => gpus,
          () => 100,
        );
        const leave = () => {
          const [runId] = [...running.keys()];
          if (runId === undefined) return;
          running.delete(runId);
          queue.leave(runId);
        };
        wishes.forEach((asked, at) => {
          queue.add(String(at), asked, (place) => {
            running.set(String(at), place);
            const taken = [...running.values()].flatMap((one) => one.gpus);
            expect(new Set(taken).size).toBe(taken.length);
            expect(running.size).toBeLessThanOrEqual(slots);
          });
          if (asked.leaves) leave();
        });
        for (let round = 0; round <= wishes.length; round++) leave();
        expect(queue.waiting()).toEqual([]);
      },
    ),
  );
});
