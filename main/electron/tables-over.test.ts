import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { MessagePortLike } from '../../contract/index.ts';
import { tablesOver } from './tables-over.ts';

test('what is said to a process that is still starting arrives, and its end is heard', async () => {
  const { port1, port2 } = new MessageChannel();
  const arriving = Promise.withResolvers<MessagePortLike>();
  const tables = tablesOver(arriving.promise);
  const replies: unknown[] = [];
  let exits = 0;
  tables.onReply((reply) => replies.push(reply));
  tables.onExit(() => (exits += 1));
  tables.send({ kind: 'begin', folder: '/some' });
  const heard: unknown[] = [];
  port2.on('message', (request) => {
    heard.push(request);
    port2.postMessage({ error: { code: 'unsupported', what: 'No table.' } });
  });
  arriving.resolve(port1 as unknown as MessagePortLike);
  await expect.poll(() => replies).toEqual([{ error: { code: 'unsupported', what: 'No table.' } }]);
  expect(heard).toEqual([{ kind: 'begin', folder: '/some' }]);
  tables.kill();
  await expect.poll(() => exits).toBe(1);
});
