import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openEngine } from '../../fixture-engine.ts';

const sizeBytes = 2 ** 30;
const stageCount = 20;

/** By all threads of this process (proc(5)); what its children read is not in it. */
const bytesRead = () => Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

test('1 GiB that twenty stages read is hashed once for their status, and read once more to be kept when they run', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-shared-dep-')));
  const folder = join(root, 'project');
  mkdirSync(folder);
  const file = openSync(join(folder, 'large'), 'w');
  for (let at = 0; at < sizeBytes; at += 2 ** 22) writeSync(file, randomBytes(2 ** 22));
  closeSync(file);
  const stages = Array.from(
    { length: stageCount },
    (_, at) => `  s${at}: {cmd: 'echo > o${at}', deps: [large], outs: [o${at}]}\n`,
  );
  writeFileSync(join(folder, 'dvc.yaml'), `stages:\n${stages.join('')}`);
  const { api, close } = await openEngine(join(root, 'home'));
  try {
    const { id: projectId } = await api.projects.open({ path: folder });
    // What was written just now may be written again unseen, and is not remembered.
    await sleep(100);
    const read: Record<string, number> = {};
    const measured = async (name: string, work: () => Promise<unknown>) => {
      const before = bytesRead();
      await work();
      read[name] = (bytesRead() - before) / sizeBytes;
    };
    await measured('status', () => api.pipelines.status({ projectId }));
    await measured('status again', () => api.pipelines.status({ projectId }));
    await measured('run', async () => {
      const { id } = await api.pipelines.run({ projectId });
      for await (const { execution } of api.pipelines.follow({ executionId: id }))
        if (execution.status !== 'running') break;
      const { status, stages: ended } = await api.pipelines.execution({ executionId: id });
      expect([status, ...new Set(ended.map(({ note }) => note))]).toEqual(['finished', null]);
      // What the runs read is kept beside them.
      for (let before = -1; bytesRead() - before > 2 ** 20;) {
        before = bytesRead();
        await sleep(2000);
      }
    });
    console.log('Read, as parts of the 1 GiB:', read);
    expect(read['status']).toBeLessThan(1.05);
    expect(read['status again']).toBeLessThan(0.05);
    expect(read['run']).toBeLessThan(1.05);
  } finally {
    await close();
    rmSync(root, { recursive: true, force: true });
  }
}, 300_000);
