import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGpuWatch } from './gpu-watch.ts';

let folder: string;
const path = process.env['PATH'];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-gpu-'));
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true, force: true });
});

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !condition();) {
    if (Date.now() > end) throw new Error(`Still not so: ${condition.toString()}`);
    await sleep(20);
  }
}

const pid = () => Number(readFileSync(join(folder, 'pid'), 'utf8'));
const isAlive = () => existsSync(`/proc/${pid()}/stat`);

/** A program of that name which prints two cards once a second. */
function installFake(): void {
  const script = `#!/bin/sh\necho "$@" > ${folder}/arguments\necho $$ > ${folder}/pid\nwhile :; do\n  echo '1, 100, 2048, 8192, Card B'\n  echo '0, 50, 1024, 8192, Card A'\n  sleep 1\ndone\n`;
  writeFileSync(join(folder, 'nvidia-smi'), script, { mode: 0o755 });
  process.env['PATH'] = `${folder}:${path}`;
}

test('one process measures while somebody holds the watch, and ends with the last holder', async () => {
  installFake();
  const watch = createGpuWatch();
  expect(watch.latest()).toEqual([]);
  const releases = [watch.hold(), watch.hold()];
  await until(() => watch.latest().length === 2);
  expect(watch.latest()).toMatchObject([
    { index: 0, name: 'Card A', share: 0.5 },
    { index: 1, share: 1 },
  ]);
  expect(readFileSync(join(folder, 'arguments'), 'utf8')).toBe(
    '--query-gpu=index,utilization.gpu,memory.used,memory.total,name --format=csv,noheader,nounits -l 1\n',
  );
  const first = pid();
  releases[0]?.();
  releases[0]?.();
  expect(isAlive()).toBe(true);
  releases[1]?.();
  await until(() => !isAlive());
  expect(watch.latest()).toEqual([]);
  const release = watch.hold();
  await until(() => watch.latest().length === 2);
  expect(pid()).not.toBe(first);
  release();
});

test('where there is no such program there is no GPU', async () => {
  process.env['PATH'] = folder;
  const watch = createGpuWatch();
  const release = watch.hold();
  await sleep(100);
  expect(watch.latest()).toEqual([]);
  release();
});

test('cards are counted, their MIG parts are not', async () => {
  const list = [
    'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5ba0d6)',
    '  MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef)',
    '  MIG 3g.20gb     Device  1: (UUID: MIG-cba663e8)',
    'GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-8e6b9c12)',
  ].join('\n');
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n[ "$*" = -L ] && cat <<'E'\n${list}\nE\n`, {
    mode: 0o755,
  });
  process.env['PATH'] = `${folder}:${path}`;
  expect(await createGpuWatch().count()).toBe(2);
  process.env['PATH'] = folder;
  expect(await createGpuWatch().count()).toBe(0);
});
