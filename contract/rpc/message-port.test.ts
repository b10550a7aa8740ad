import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { createMessagePort, type MessagePortLike } from './message-port.ts';

const channel = () => new MessageChannel() as unknown as { port1: MessagePortLike; port2: MessagePortLike };

test('what was posted before a close arrives before it, and both ends hear of the close once', async () => {
  const { port1, port2 } = channel();
  const [here, there] = [createMessagePort(port1), createMessagePort(port2)];
  const heard: string[] = [];
  here.onMessage(() => undefined);
  here.onClose(() => heard.push('here closed'));
  there.onMessage((message) => heard.push(`there ${message.id}`));
  there.onClose(() => heard.push('there closed'));
  for (const id of [1, 2, 3]) void here.post({ kind: 'cancel', id });
  here.close();
  here.close();
  await expect.poll(() => heard.length).toBe(5);
  expect(heard.filter((what) => what.startsWith('there'))).toEqual([
    'there 1',
    'there 2',
    'there 3',
    'there closed',
  ]);
  expect(heard).toContain('here closed');
  void here.post({ kind: 'cancel', id: 4 });
});

test.each([
  ['a text', 'hello'],
  ['a message of no kind', { kind: 'shutdown', id: 1 }],
  ['nothing', undefined],
])('%s from the other side ends the link', async (_name, sent) => {
  const { port1, port2 } = channel();
  const port = createMessagePort(port1);
  const heard: string[] = [];
  port.onMessage((message) => heard.push(message.kind));
  port.onClose(() => heard.push('closed'));
  port2.postMessage(sent);
  port2.postMessage({ kind: 'cancel', id: 1 });
  await expect.poll(() => heard).toEqual(['closed']);
});

test('a listener that comes after the close is told of it', async () => {
  const { port1 } = channel();
  const port = createMessagePort(port1);
  port.close();
  await expect(new Promise<void>((resolve) => port.onClose(resolve))).resolves.toBeUndefined();
});
