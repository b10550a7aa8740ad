import { expect, test } from 'vitest';
import { createFeed } from './feed.ts';

async function take<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

test('a reader that comes back with its cursor misses nothing and sees nothing twice', async () => {
  const feed = createFeed<number>(100);
  const signal = new AbortController().signal;
  const reading = take(feed.follow(undefined, signal), 1);
  await Promise.resolve();
  feed.publish(1);
  const [first] = await reading;
  expect(first?.event).toEqual([1]);
  feed.publish(2);
  feed.publish(3);
  const [second] = await take(feed.follow(first!.cursor, signal), 1);
  expect(second?.event).toEqual([2, 3]);
});

test('a cursor that is too old, or of another engine, is told that events were missed', async () => {
  const feed = createFeed<number>(2);
  const signal = new AbortController().signal;
  const reading = take(feed.follow(undefined, signal), 1);
  await Promise.resolve();
  feed.publish(0);
  const [{ cursor } = { cursor: '' }] = await reading;
  for (const number of [1, 2, 3]) feed.publish(number);
  expect((await take(feed.follow(cursor, signal), 1))[0]?.event).toBeNull();
  const other = createFeed<number>(2);
  expect((await take(other.follow(cursor, signal), 1))[0]?.event).toBeNull();
});

test('ends when it is aborted', async () => {
  const abort = new AbortController();
  const reading = take(createFeed<number>(2).follow(undefined, abort.signal), 1);
  abort.abort();
  expect(await reading).toEqual([]);
});

test('the first event comes at once, what follows it within the pause comes together', async () => {
  const feed = createFeed<number>(100);
  const batches = feed.follow(undefined, new AbortController().signal, 40)[Symbol.asyncIterator]();
  const first = batches.next();
  await Promise.resolve();
  feed.publish(1);
  expect((await first).value).toMatchObject({ event: [1] });
  const second = batches.next();
  feed.publish(2);
  await new Promise((resolve) => setTimeout(resolve, 5));
  feed.publish(3);
  expect((await second).value).toMatchObject({ event: [2, 3] });
});
