import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contract, createConnection, createMessagePort, type MessagePortLike } from '../../contract/index.ts';
import { openEngine, type EngineSource } from './engine-source.ts';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'benchtop-source-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const connected = (source: EngineSource) =>
  createConnection(contract, async () => {
    const { port1, port2 } = new MessageChannel() as unknown as {
      port1: MessagePortLike;
      port2: MessagePortLike;
    };
    source.connect(createMessagePort(port2));
    return createMessagePort(port1);
  });

const notHeld = { holdAwake: () => () => undefined };

test('a second window on a home joins the engine that holds it, and takes the home once that is gone', async () => {
  let gone = 0;
  const first = await openEngine(home, notHeld, () => undefined);
  const second = await openEngine(home, notHeld, () => (gone += 1));
  const [here, there] = [connected(first), connected(second)];
  const info = await here.api.system.info({});
  expect(await there.api.system.info({})).toEqual(info);
  await here.api.preferences.write({ scope: 'window', key: 'theme', value: 'dark' });
  expect(await there.api.preferences.read({ scope: 'window' })).toEqual({ theme: 'dark' });
  expect(gone).toBe(0);

  here.close();
  await first.close();
  await expect.poll(() => gone, { timeout: 10_000 }).toBeGreaterThan(0);
  there.close();
  const third = await openEngine(home, notHeld, () => undefined);
  const again = connected(third);
  expect(await again.api.preferences.read({ scope: 'window' })).toEqual({ theme: 'dark' });
  again.close();
  await third.close();
});
