import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHouse } from '../fixture-house.ts';

let root: string;
let house: Awaited<ReturnType<typeof openHouse>>;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-resources-'));
  mkdirSync(join(root, 'project'));
  house = await openHouse(join(root, 'home'), join(root, 'project'));
});
afterEach(async () => {
  await house.close();
  rmSync(root, { recursive: true, force: true });
});

async function runToEnd(script: string) {
  const { runId } = await house.runner.start({ projectId: 'p', command: ['sh', '-c', script] });
  await house.runner.wait(runId);
  return house.tracking.run(runId);
}

test('a run’s processor, memory and disk are sampled, also of a process that fled the tree', async () => {
  const burn = 'i=0; while [ $i -lt 100000000 ]; do i=$((i+1)); done';
  // The burner is a daemon: its parents are gone and its group is its own. It ends by the time limit of its own.
  const { metrics } = await runToEnd(
    `(setsid timeout 9 sh -c '${burn}' </dev/null >/dev/null 2>&1 &) ; echo loss=1; sleep 10`,
  );
  expect(Object.keys(metrics).toSorted()).toEqual([
    'loss',
    'system/cpu_cores',
    'system/disk_read_bytes_per_s',
    'system/disk_write_bytes_per_s',
    'system/machine_cpu_cores',
    'system/machine_memory_bytes',
    'system/machine_network_received_bytes_per_s',
    'system/machine_network_sent_bytes_per_s',
    'system/memory_bytes',
  ]);
  const cpu = metrics['system/cpu_cores']!;
  expect(cpu).toMatchObject({ isGuessed: false });
  expect(cpu.count).toBeGreaterThan(3);
  expect(cpu.lastStep).toBeGreaterThan(3);
  expect(cpu.lastStep).toBeLessThan(60);
  expect(cpu.min).toBeGreaterThanOrEqual(0);
  expect(cpu.max).toBeGreaterThan(0.1);
  expect(cpu.max).toBeLessThan(8);
  expect(metrics['system/memory_bytes']!.max).toBeGreaterThan(500_000);
  expect(metrics['system/machine_cpu_cores']).toMatchObject({ last: 2 });
  expect(metrics['system/machine_network_sent_bytes_per_s']).toMatchObject({ last: 20 });
});

test('a run shorter than a sample has no system series', async () => {
  expect(Object.keys((await runToEnd('echo loss=1')).metrics)).toEqual(['loss']);
});
