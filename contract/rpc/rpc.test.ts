import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BenchtopError } from '../benchtop-error.ts';
import { createConnection, type Connection, type LinkStatus } from './client.ts';
import type { Port } from './port.ts';
import { procedure, stream, type Handlers } from './procedure.ts';
import { serveContract } from './server.ts';
import { linkKinds, type TestLink } from './testing/links.ts';

const any = z.object({ value: z.unknown() });
const contract = {
  room: {
    echo: procedure('Gives back what it was given.', any, any),
    strict: procedure('Takes one small number.', z.object({ n: z.number().int().max(9) }), z.object({})),
    refuse: procedure('Fails as expected.', z.object({}), z.object({})),
    break: procedure('Fails unexpectedly.', z.object({}), z.object({})),
    uncarriable: procedure('Answers with what no wire carries.', z.object({}), any),
    hang: procedure('Ends when it is cancelled.', z.object({}), z.object({})),
    count: stream('Numbers up to the last, then the end.', z.object({ last: z.number() }), z.number()),
    tick: stream('Numbers without end, one whenever the test says so.', z.object({}), z.number()),
    stumble: stream('One number, then an expected failure.', z.object({}), z.number()),
  },
};

let unexpected: { error: unknown; path: string }[];
let begun: string[];
let aborted: string[];
let ticks: (() => void)[];

const untilAborted = (signal: AbortSignal, name: string) =>
  new Promise<void>((resolve) => {
    begun.push(name);
    signal.addEventListener('abort', () => {
      aborted.push(name);
      resolve();
    });
  });

const handlers: Handlers<typeof contract> = {
  room: {
    echo: ({ value }) => ({ value }),
    strict: () => ({}),
    refuse() {
      throw new BenchtopError({
        code: 'conflict',
        what: 'It is taken.',
        evidence: 'by 7',
        next: 'Choose another.',
      });
    },
    break() {
      throw new TypeError('a defect');
    },
    uncarriable: () => ({ value: () => 1 }),
    async hang(_input, { signal }) {
      await untilAborted(signal, 'hang');
      return {};
    },
    async *count({ last }, { after }) {
      for (let n = Number(after ?? 0) + 1; n <= last; n++) yield { cursor: String(n), event: n };
    },
    async *tick(_input, { signal, after }) {
      const over = untilAborted(signal, `tick after ${after}`);
      for (let n = Number(after ?? 0) + 1; !signal.aborted; n++) {
        await Promise.race([over, new Promise<void>((resolve) => ticks.push(resolve))]);
        if (!signal.aborted) yield { cursor: String(n), event: n };
      }
    },
    async *stumble() {
      yield { cursor: '1', event: 1 };
      throw new BenchtopError({ code: 'too-large', what: 'It grew.' });
    },
  },
};

async function tick(): Promise<void> {
  await expect.poll(() => ticks.length).toBeGreaterThan(0);
  for (const resolve of ticks.splice(0)) resolve();
}

describe.each(linkKinds)('over $kind', ({ open }) => {
  let link: TestLink;
  let connection: Connection<typeof contract>;
  let statuses: LinkStatus[];
  let refuseLinks: boolean;
  let letFirstLinkOpen: () => void;

  beforeEach(async () => {
    unexpected = [];
    begun = [];
    aborted = [];
    ticks = [];
    refuseLinks = false;
    link = await open((port) =>
      serveContract(port, contract, handlers, (error, path) => unexpected.push({ error, path })),
    );
    const firstLink = new Promise<void>((resolve) => (letFirstLinkOpen = resolve));
    connection = createConnection(contract, async () => {
      if (refuseLinks) throw new BenchtopError({ code: 'disconnected', what: 'Refused by the test.' });
      await firstLink;
      return link.openPort();
    });
    statuses = [];
    connection.onStatus((status) => statuses.push(status));
  });
  afterEach(async () => {
    connection.close();
    await link.close();
  });

  const echo = async (value: unknown) => (await connection.api.room.echo({ value })).value;
  const linked = async () => {
    letFirstLinkOpen();
    await expect.poll(() => connection.status()).toBe('open');
  };

  test('calls made before there is a link are answered once there is one', async () => {
    const answers = Promise.all([echo(1), echo('two'), echo(null)]);
    expect(connection.status()).toBe('connecting');
    await linked();
    expect(await answers).toEqual([1, 'two', null]);
    expect(statuses).toEqual(['open']);
  });

  test('a call made by a listener of the link is sent once', async () => {
    const answers: Promise<unknown>[] = [];
    connection.onStatus((status) => {
      if (status === 'open') answers.push(echo('at once'));
    });
    await linked();
    expect(await Promise.all(answers)).toEqual(['at once']);
  });

  test('columns and the numbers JSON lacks arrive bit for bit', async () => {
    await linked();
    const special = new Float64Array([Number.NaN, Infinity, -Infinity, -0, 5e-324, 1.7976931348623157e308]);
    const bytes = new Uint8Array(1024 * 1024).map((_, at) => at);
    const value = {
      special,
      empty: new Float64Array(0),
      unaligned: new Uint8Array(bytes.buffer, 3, 5),
      inner: new Float64Array(new Float64Array([1, 2, 3, 4]).buffer, 8, 2),
      ints: [new Int32Array([-1, 2]), new Uint32Array([4294967295])],
      bytes,
      numbers: [Number.NaN, Infinity, -Infinity, -0, 0],
    };
    expect(await echo(value)).toStrictEqual(value);
  });

  test('objects that look like marks of the wire, or like a prototype, stay what they are', async () => {
    await linked();
    const value = JSON.parse(
      `{"$column":["f64",1,0],"a":{"$number":"NaN"},"b":[{"$object":[["x",1]]}],"$":{"$":1},
        "__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"toJSON":"text"}`,
    ) as object;
    const back = await echo(value);
    expect(JSON.stringify(back)).toBe(JSON.stringify(value));
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test('an expected failure arrives with all its parts, a defect as internal and once in the log', async () => {
    await linked();
    const refused = await connection.api.room.refuse({}).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BenchtopError);
    expect((refused as BenchtopError).toShape()).toEqual({
      code: 'conflict',
      what: 'It is taken.',
      evidence: 'by 7',
      next: 'Choose another.',
    });
    expect(unexpected).toEqual([]);
    await expect(connection.api.room.break({})).rejects.toMatchObject({ code: 'internal' });
    expect(unexpected).toEqual([{ error: expect.any(TypeError) as unknown, path: 'room.break' }]);
  });

  test('bad input never reaches the handler and says what is wrong', async () => {
    await linked();
    await expect(connection.api.room.strict({ n: 10.5 })).rejects.toMatchObject({
      code: 'invalid-input',
      evidence: expect.stringContaining('n') as string,
    });
    expect(unexpected).toEqual([]);
  });

  test('what cannot be carried fails its own call, whoever sent it, and nothing else', async () => {
    await linked();
    await expect(echo(() => 1)).rejects.toBeInstanceOf(BenchtopError);
    await expect(connection.api.room.uncarriable({})).rejects.toBeInstanceOf(BenchtopError);
    expect(unexpected).toHaveLength(1);
    expect(await echo('still here')).toBe('still here');
    expect(statuses).toEqual(['open']);
  });

  test('what cannot be carried and was asked before the link fails alone, too', async () => {
    const bad = echo(() => 1);
    const good = echo(2);
    letFirstLinkOpen();
    await expect(bad).rejects.toBeInstanceOf(BenchtopError);
    expect(await good).toBe(2);
  });

  test('a stream arrives whole and in order, and ends', async () => {
    await linked();
    const seen: number[] = [];
    for await (const n of connection.api.room.count({ last: 2000 })) seen.push(n);
    expect(seen).toEqual(Array.from({ length: 2000 }, (_, at) => at + 1));
  });

  test('a stream that fails gives what came before, then the error', async () => {
    await linked();
    const events = connection.api.room.stumble({})[Symbol.asyncIterator]();
    expect(await events.next()).toEqual({ done: false, value: 1 });
    await expect(events.next()).rejects.toMatchObject({ code: 'too-large', message: 'It grew.' });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test('a call is cancelled by its signal on both sides', async () => {
    await linked();
    const abort = new AbortController();
    const hanging = connection.api.room.hang({}, { signal: abort.signal });
    await expect.poll(() => begun).toEqual(['hang']);
    abort.abort();
    await expect(hanging).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => aborted).toEqual(['hang']);
    await expect(connection.api.room.hang({}, { signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(begun).toEqual(['hang']);
    expect(unexpected).toEqual([]);
  });

  test('leaving a stream’s loop ends it on the other side', async () => {
    await linked();
    const reading = (async () => {
      for await (const n of connection.api.room.tick({})) if (n === 2) break;
    })();
    await tick();
    await tick();
    await reading;
    await expect.poll(() => aborted).toEqual(['tick after undefined']);
  });

  test('when the link breaks, calls reject, streams go on after the last event seen', async () => {
    await linked();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const n of connection.api.room.tick({})) {
        seen.push(n);
        if (n === 4) break;
      }
    })();
    const hanging = connection.api.room.hang({}).catch((error: unknown) => error);
    await tick();
    await expect.poll(() => seen).toEqual([1]);
    await tick();
    await expect.poll(() => seen).toEqual([1, 2]);
    await expect.poll(() => begun).toContain('hang');

    link.breakLinks();
    expect(await hanging).toMatchObject({ code: 'disconnected' });
    await expect.poll(() => aborted.toSorted()).toEqual(['hang', 'tick after undefined']);
    await expect.poll(() => begun).toContain('tick after 2');
    expect(statuses).toEqual(['open', 'lost', 'open']);
    ticks.splice(0, ticks.length - 1);
    await tick();
    await expect.poll(() => seen).toEqual([1, 2, 3]);
    await tick();
    await reading;
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(await echo('again')).toBe('again');
  });

  test('while there is no link a call rejects at once, and works again after', async () => {
    await linked();
    await echo(0);
    refuseLinks = true;
    link.breakLinks();
    await expect.poll(() => connection.status()).toBe('lost');
    await expect(echo(1)).rejects.toMatchObject({ code: 'disconnected' });
    refuseLinks = false;
    await expect.poll(() => connection.status(), { timeout: 5000 }).toBe('open');
    expect(await echo(2)).toBe(2);
  });

  test('after close nothing waits for ever', async () => {
    await linked();
    const hanging = connection.api.room.hang({}).catch((error: unknown) => error);
    await expect.poll(() => begun).toEqual(['hang']);
    connection.close();
    expect(await hanging).toMatchObject({ code: 'disconnected' });
    await expect.poll(() => aborted).toEqual(['hang']);
    await expect(echo(1)).rejects.toMatchObject({ code: 'disconnected' });
    const events = connection.api.room.count({ last: 1 })[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toMatchObject({ code: 'disconnected' });
  });

  test('a caller that never ends its calls is told so, and others are served again once it does', async () => {
    await linked();
    const abort = new AbortController();
    const hanging = Array.from({ length: 512 }, () => connection.api.room.hang({}, { signal: abort.signal }));
    const settled = Promise.allSettled(hanging);
    await expect(echo(1)).rejects.toMatchObject({ code: 'too-many' });
    abort.abort();
    await settled;
    await expect.poll(() => aborted.length).toBe(512);
    expect(await echo(1)).toBe(1);
  });

  test.each([
    'room.none',
    'room',
    '',
    'room.echo.more',
    '__proto__.echo',
    'room.__proto__',
    'room.constructor',
    'constructor.name',
    'room.toString',
    'toString.call',
  ])('the path "%s" names no procedure', async (path) => {
    const port: Port = await link.openPort();
    const answer = new Promise((resolve) => port.onMessage(resolve));
    void port.post({ kind: 'call', id: 1, path, input: {} });
    expect(await answer).toMatchObject({ kind: 'error', id: 1, error: { code: 'invalid-input' } });
    expect(unexpected).toEqual([]);
    port.close();
  });
});
