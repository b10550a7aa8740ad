import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

/** Work that takes its time and tells who was answered together. */
function slowTurns(tookMs = 60) {
  const answered: string[][] = [];
  const begunAt: number[] = [];
  const turns = createTurns<string, number>(async (askers) => {
    begunAt.push(performance.now());
    const number = answered.push([...askers]);
    await sleep(tookMs);
    if (askers.includes('bad')) throw new Error('no answer');
    return number;
  });
  return { turns, answered, begunAt };
}

test('who asks while work is under way is answered by the next, which begins after the question', async () => {
  const { turns, answered } = slowTurns();
  const first = turns.ask('a', 'one', false);
  await sleep(20);
  const later = [turns.ask('a', 'two', false), turns.ask('a', 'three', false)];
  const other = turns.ask('b', 'four', false);
  expect(await first).toBe(1);
  expect(await Promise.all(later)).toEqual([3, 3]);
  expect(await other).toBe(2);
  expect(answered).toEqual([['one'], ['four'], ['two', 'three']]);
});

test('turns of a group rest in between; one that is in no group, or in a hurry, does not wait', async () => {
  const { turns, begunAt } = slowTurns();
  const ask = (isInGroup: boolean) => turns.ask('a', 'x', isInGroup);
  await ask(true);
  await ask(true);
  expect(begunAt[1]! - begunAt[0]!).toBeGreaterThan(250);
  await ask(false);
  expect(begunAt[2]! - begunAt[1]!).toBeLessThan(begunAt[1]! - begunAt[0]!);
  const last = ask(true);
  turns.hurry();
  await last;
  expect(begunAt[3]! - begunAt[2]!).toBeLessThan(begunAt[1]! - begunAt[0]!);
});

test('a failure is told to those who asked for it, and to nobody after them', async () => {
  const { turns } = slowTurns(5);
  const together = [turns.ask('a', 'good', false), turns.ask('a', 'bad', false)];
  for (const answer of together) await expect(answer).rejects.toThrow('no answer');
  expect(await turns.ask('a', 'good', false)).toBe(2);
});

test('who asks in a group while others are in a hurry does not make them wait', async () => {
  const { turns, begunAt } = slowTurns();
  await turns.ask('a', 'x', true);
  const hurried = turns.ask('a', 'x', true);
  turns.hurry();
  await Promise.all([hurried, turns.ask('a', 'x', true)]);
  await turns.ask('a', 'x', true);
  expect(begunAt[1]! - begunAt[0]!).toBeLessThan(begunAt[2]! - begunAt[1]!);
});
