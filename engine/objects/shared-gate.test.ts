import { expect, test } from 'vitest';
import { createSharedGate } from './shared-gate.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('many share, one is alone, and nobody waits for one that waits', async () => {
  const gate = createSharedGate();
  const events: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<void>((resolve) => {
      events.push(`${name} in`);
      ends.set(name, () => {
        events.push(`${name} out`);
        resolve();
      });
    });
  const all = [gate.share(work('slow')), gate.alone(work('collector')), gate.share(work('quick'))];
  await turn();
  expect(events).toEqual(['slow in', 'quick in']);
  ends.get('quick')?.();
  await turn();
  ends.get('slow')?.();
  await turn();
  all.push(gate.share(work('late')), gate.alone(work('other collector')));
  await turn();
  expect(events.slice(2)).toEqual(['quick out', 'slow out', 'collector in']);
  ends.get('collector')?.();
  await turn();
  ends.get('late')?.();
  await turn();
  expect(gate.isBusy()).toBe(true);
  ends.get('other collector')?.();
  await Promise.all(all);
  expect(events.slice(5)).toEqual([
    'collector out',
    'late in',
    'late out',
    'other collector in',
    'other collector out',
  ]);
  expect(gate.isBusy()).toBe(false);
});

test('who is in for long gives way to one that waits, and to nobody while others are in too', async () => {
  const gate = createSharedGate();
  const events: string[] = [];
  const leave = async () => {
    events.push('left in order');
  };
  await gate.share(async () => {
    await gate.giveWay(leave);
    expect(events).toEqual([]); // nobody waits
    const collectors = ['first', 'second'].map((name) =>
      gate.alone(async () => {
        events.push(name);
        await turn();
      }),
    );
    await gate.share(() => gate.giveWay(leave));
    expect(events).toEqual([]);
    await gate.giveWay(leave);
    // One at a time: whoever gave way is next.
    expect(events).toEqual(['left in order', 'first']);
    await collectors[0];
    await gate.giveWay(leave);
    await Promise.all(collectors);
  });
  expect(events).toEqual(['left in order', 'first', 'left in order', 'second']);
  expect(gate.isBusy()).toBe(false);
});

test('work that fails lets the next one in', async () => {
  const gate = createSharedGate();
  const failing = async () => {
    throw new Error('no');
  };
  await expect(gate.share(failing)).rejects.toThrow('no');
  await expect(gate.alone(failing)).rejects.toThrow('no');
  expect(await gate.share(async () => 1)).toBe(1);
});
