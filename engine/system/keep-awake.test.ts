import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKeepAwake, isOnMains } from './keep-awake.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-power-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

function supply(name: string, facts: Record<string, string>): void {
  mkdirSync(join(root, name), { recursive: true });
  for (const [fact, text] of Object.entries(facts)) writeFileSync(join(root, name, fact), `${text}\n`);
}

test('a laptop on its battery is not on mains; a machine without a battery always is', () => {
  expect(isOnMains(join(root, 'missing'))).toBe(true);
  supply('BAT0', { type: 'Battery', status: 'Discharging' });
  expect(isOnMains(root)).toBe(false);
  supply('BAT0', { type: 'Battery', status: 'Charging' });
  expect(isOnMains(root)).toBe(true);
  supply('AC', { type: 'Mains', online: '0' });
  expect(isOnMains(root)).toBe(false);
  supply('AC', { type: 'Mains', online: '1' });
  expect(isOnMains(root)).toBe(true);
});

test('it is kept awake while something runs on mains, and no longer', () => {
  vi.useFakeTimers();
  let running = 0;
  let mains = true;
  let holds = 0;
  const keeper = createKeepAwake({
    runningCount: () => running,
    isOnMains: () => mains,
    hold: () => {
      holds++;
      return () => void holds--;
    },
  });
  const after = () => {
    vi.advanceTimersByTime(20_000);
    return holds;
  };
  expect(after()).toBe(0);
  running = 2;
  expect(after()).toBe(1);
  mains = false;
  expect(after()).toBe(0);
  mains = true;
  expect(after()).toBe(1);
  keeper.close();
  expect(holds).toBe(0);
});
