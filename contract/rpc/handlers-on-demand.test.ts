import { expect, test } from 'vitest';
import { z } from 'zod';
import { createConnection, type Connection } from './client.ts';
import { createPortPair } from './port.ts';
import { procedure, stream, type HandlersOnDemand } from './procedure.ts';
import { serveContract } from './server.ts';

const contract = {
  sums: {
    add: procedure('Two numbers in one.', z.object({ a: z.number(), b: z.number() }), z.number()),
    upTo: stream('Numbers up to the last.', z.object({ last: z.number() }), z.number()),
  },
  broken: { ask: procedure('Cannot be made.', z.object({}), z.object({})) },
};

function connected(handlers: HandlersOnDemand<typeof contract>, failures: string[]) {
  return createConnection(contract, async () => {
    const [near, far] = createPortPair();
    serveContract(far, contract, handlers, (error, path) => failures.push(`${path}: ${String(error)}`));
    return near;
  });
}

const sums = {
  add: ({ a, b }: { a: number; b: number }) => a + b,
  async *upTo({ last }: { last: number }) {
    for (let n = 1; n <= last; n++) yield { cursor: String(n), event: n };
  },
};

test('a room is made for the first call that may reach it, and asked whenever it is called', async () => {
  let asked = 0;
  const failures: string[] = [];
  const { api, close }: Connection<typeof contract> = connected(
    {
      sums: async () => {
        asked += 1;
        return sums;
      },
      broken: () => Promise.reject(new TypeError('no such file')),
    },
    failures,
  );
  await expect(api.sums.add({ a: 1, b: 'two' as never })).rejects.toMatchObject({ code: 'invalid-input' });
  expect(asked).toBe(0);
  expect(await api.sums.add({ a: 1, b: 2 })).toBe(3);
  const events: number[] = [];
  for await (const event of api.sums.upTo({ last: 3 })) events.push(event);
  expect(events).toEqual([1, 2, 3]);
  expect(asked).toBe(2);
  await expect(api.broken.ask({})).rejects.toMatchObject({ code: 'internal' });
  expect(failures).toEqual(['broken.ask: TypeError: no such file']);
  close();
});

test('a call that is cancelled while its room is made reaches no handler', async () => {
  const made = Promise.withResolvers<typeof sums>();
  let reached = false;
  const { api, close } = connected({ sums: () => made.promise, broken: { ask: () => ({}) } }, []);
  const leaving = new AbortController();
  const answer = api.sums.add({ a: 1, b: 2 }, { signal: leaving.signal });
  await api.broken.ask({});
  leaving.abort();
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  await api.broken.ask({});
  made.resolve({
    ...sums,
    add: () => {
      reached = true;
      return 0;
    },
  });
  await api.broken.ask({});
  expect(reached).toBe(false);
  close();
});
