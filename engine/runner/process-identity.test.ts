import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { expect, test } from 'vitest';
import { lastPid, oomKillCount, processEntry, uptimeS } from './process-identity.ts';

test('what the kernel tells of the machine is found in its files, however often it is asked', () => {
  for (const _ of [1, 2]) {
    expect(Math.abs((uptimeS() ?? 0) - uptime())).toBeLessThan(60);
    const { pid } = spawnSync('true');
    expect(lastPid()).toBeGreaterThanOrEqual(pid);
    const told = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1];
    expect(oomKillCount()).toBe(told === undefined ? null : Number(told));
  }
  expect(processEntry(process.pid)).toMatchObject({ pid: process.pid, parentPid: process.ppid });
});
