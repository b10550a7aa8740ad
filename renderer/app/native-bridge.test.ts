import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectNative } from './native-bridge.ts';

// Only the window's event target is needed: real ports, events with the fields a browser gives them.
const page = new EventTarget();
let requests: string[];
beforeEach(() => {
  requests = [];
  Object.assign(globalThis, { window: page });
});
afterEach(() => Reflect.deleteProperty(globalThis, 'window'));

const bridge = { requestPort: (id: string) => requests.push(id) } as unknown as Parameters<
  typeof connectNative
>[0];
const arrive = (data: unknown, ports: readonly unknown[], source: unknown = page) =>
  page.dispatchEvent(Object.assign(new Event('message'), { data, ports, source }));

const firstMessage = (port: MessagePort) =>
  new Promise((resolve) => {
    port.onmessage = (event) => resolve(event.data);
  });

test('the port asked for is the one that carries messages, and no other page can put its own in the place', async () => {
  const asked = connectNative(bridge);
  const [id] = requests;
  const { port1, port2 } = new MessageChannel();
  const foreign = new MessageChannel();
  arrive({ benchtopPort: id }, [foreign.port1], {});
  arrive({ benchtopPort: 'port-0' }, [foreign.port1]);
  arrive('noise', [foreign.port1]);
  arrive({ benchtopPort: id }, [port2]);
  const port = await asked;
  const heard = firstMessage(port1);
  void port.post({ kind: 'cancel', id: 4 });
  expect(await heard).toEqual({ kind: 'cancel', id: 4 });
  port.close();
  foreign.port1.close();
});

test('without an engine the request rejects, so that the connection tries again', async () => {
  const asked = connectNative(bridge);
  arrive({ benchtopPort: requests[0] }, []);
  await expect(asked).rejects.toMatchObject({ code: 'disconnected' });
});

test('two requests at once get a port each', async () => {
  const [one, two] = [connectNative(bridge), connectNative(bridge)];
  expect(new Set(requests).size).toBe(2);
  const channels = [new MessageChannel(), new MessageChannel()] as const;
  arrive({ benchtopPort: requests[1] }, [channels[1].port2]);
  arrive({ benchtopPort: requests[0] }, [channels[0].port2]);
  const heard = Promise.all(channels.map(({ port1 }) => firstMessage(port1)));
  void (await one).post({ kind: 'cancel', id: 1 });
  void (await two).post({ kind: 'cancel', id: 2 });
  expect(await heard).toEqual([
    { kind: 'cancel', id: 1 },
    { kind: 'cancel', id: 2 },
  ]);
  for (const { port1 } of channels) port1.close();
});
