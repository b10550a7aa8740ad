import { expect, test } from 'vitest';
import type { TriggerSettings } from '../../../contract/index.ts';
import { conditionText, manners } from './trigger-text.ts';

const settings = (more: Partial<TriggerSettings>): TriggerSettings => ({
  name: 'nightly',
  condition: { kind: 'time', cron: '0 3 * * *' },
  stages: [],
  isForced: false,
  isEnabled: true,
  timeZone: 'Europe/Berlin',
  quietHours: null,
  isOnlyOnMains: false,
  coolDownMs: 0,
  whenBusy: 'queue',
  ...more,
});

test('a trigger says what it waits for and what holds it back', () => {
  const said = (condition: TriggerSettings['condition']) => conditionText(settings({ condition }));
  expect(said({ kind: 'time', cron: '0 3 * * *' })).toBe('every day at 03:00, Europe/Berlin (0 3 * * *)');
  expect(said({ kind: 'time', cron: '0 3 L * *' })).toBe('0 3 L * *, Europe/Berlin');
  expect(said({ kind: 'pipeline', projectId: 'p', status: 'any' })).toBe('when another pipeline has ended');
  expect(said({ kind: 'files', path: 'data', quietMs: 1000 })).toBe('when data has changed');
  expect(manners(settings({}))).toBe('');
  expect(
    manners(
      settings({ stages: ['train'], quietHours: { from: '22:00', to: '07:00' }, coolDownMs: 3_600_000 }),
    ),
  ).toBe('train · not from 22:00 to 07:00 · at most every 1 h 00 m');
});
