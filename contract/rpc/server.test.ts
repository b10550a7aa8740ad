import { expect, test } from 'vitest';
import { z } from 'zod';
import { createConnection } from './client.ts';
import { createPortPair } from './port.ts';
import { procedure, stream, type Answered } from './procedure.ts';
import { serveContract } from './server.ts';

const first = { room: { ask: procedure('Is always there.', z.object({}), z.string()) } };
const later = {
  sums: {
    add: procedure('Two numbers in one.', z.object({ a: z.number(), b: z.number() }), z.number()),
    upTo: stream('Numbers up to the last.', z.object({ last: z.number() }), z.number()),
  },
};
const sums: Answered<typeof later> = {
  contract: later,
  handlers: {
    sums: {
      add: ({ a, b }) => a + b,
      async *upTo({ last }) {
        for (let n = 1; n <= last; n++) yield { cursor: String(n), event: n };
      },
    },
  },
};

function connected(load: () => Promise<Answered<typeof later>>, failures: string[] = []) {
  return createConnection({ ...first, ...later }, async () => {
    const [near, far] = createPortPair();
    const failed = (error: unknown, path: string) => failures.push(`${path}: ${String(error)}`);
    serveContract(far, first, { room: { ask: () => 'here' } }, failed, load);
    return near;
  });
}

test('later rooms are loaded for a call of one of them, and answer it as the first do', async () => {
  let loads = 0;
  const { api, close } = connected(async () => {
    loads += 1;
    return sums;
  });
  expect(await api.room.ask({})).toBe('here');
  expect(loads).toBe(0);
  expect(await api.sums.add({ a: 1, b: 2 })).toBe(3);
  expect(loads).toBe(1);
  const events: number[] = [];
  for await (const event of api.sums.upTo({ last: 3 })) events.push(event);
  expect(events).toEqual([1, 2, 3]);
  await expect(api.sums.add({ a: 1, b: 'two' as never })).rejects.toMatchObject({ code: 'invalid-input' });
  close();
});

test('later rooms that cannot be loaded fail their calls, and no other', async () => {
  const failures: string[] = [];
  const { api, close } = connected(() => Promise.reject(new TypeError('no such file')), failures);
  await expect(api.sums.add({ a: 1, b: 2 })).rejects.toMatchObject({ code: 'internal' });
  expect(failures).toEqual(['sums.add: TypeError: no such file']);
  expect(await api.room.ask({})).toBe('here');
  close();
});

test('a call that is cancelled while its room is loaded reaches no handler', async () => {
  const loaded = Promise.withResolvers<Answered<typeof later>>();
  let reached = false;
  const { api, close } = connected(() => loaded.promise);
  const leaving = new AbortController();
  const answer = api.sums.add({ a: 1, b: 2 }, { signal: leaving.signal });
  await api.room.ask({});
  leaving.abort();
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  await api.room.ask({});
  const add = () => {
    reached = true;
    return 0;
  };
  loaded.resolve({ contract: later, handlers: { sums: { ...sums.handlers.sums, add } } });
  await api.room.ask({});
  expect(reached).toBe(false);
  close();
});
