import { expect, test } from 'vitest';
import type { JudgedChunk, MonitorAlarm } from '../../contract/index.ts';
import { followIncident, type IncidentState } from './follow-incident.ts';

const alarm = (
  column: string,
  moved: number,
  severity: MonitorAlarm['severity'] = 'large',
): MonitorAlarm => ({
  panel: 'input',
  column,
  severity,
  about: `${column} moved`,
  moved,
});
const chunk = (label: string, ...alarms: MonitorAlarm[]) => ({
  label,
  verdict: (alarms.length > 0 ? 'alarm' : 'quiet') as JudgedChunk['verdict'],
  alarms,
});

/** What becomes of an incident over chunks, one after the other; each state once it changed. */
function story(chunks: readonly ReturnType<typeof chunk>[], quietChunks = 2): IncidentState[] {
  const states: IncidentState[] = [];
  let open: IncidentState | null = null;
  for (const [at, each] of chunks.entries()) {
    const next = followIncident(open, each, null, { now: at, quietChunks });
    if (next === null) continue;
    states.push(next);
    open = next.closedAt === null ? next : null;
  }
  return states;
}

test('one incident from the first alarm until it has been quiet for long enough', () => {
  const states = story([
    chunk('1'),
    chunk('2', alarm('a', 0.1)),
    chunk('3'),
    chunk('4', alarm('b', 0.3), alarm('a', 0.2)),
    chunk('5'),
    chunk('6'),
    chunk('7'),
    chunk('8', alarm('a', 0.1)),
  ]);
  expect(new Set(states.map(({ openedAt }) => openedAt))).toEqual(new Set([1, 7]));
  expect(states.find(({ closedAt }) => closedAt !== null)).toMatchObject({
    firstChunk: '2',
    lastChunk: '4',
    alarmedCount: 2,
    closedAt: 5,
    closedBy: 'quiet',
    about: 'b in 4: b moved',
    evidence: [
      { column: 'b', chunk: '4' },
      { column: 'a', moved: 0.2, chunk: '4' },
    ],
  });
});

test('too little data says neither; what cannot be read weighs most', () => {
  const little = { ...chunk('2'), verdict: 'not-enough-data' as const };
  const states = story([chunk('1', alarm('a', 0.5)), little, little, chunk('3')]);
  expect(states.at(-1)).toMatchObject({ quietCount: 1, closedAt: null });
  const broken = { ...alarm('x', 0, 'broken'), column: null, moved: null, about: 'cannot be read' };
  const worse = story([chunk('1', alarm('a', 0.9)), { ...chunk('2', broken), verdict: 'failed' }]);
  expect(worse.at(-1)).toMatchObject({ severity: 'broken', about: '2: cannot be read', alarmedCount: 2 });
});

test('a chunk that is judged anew is not counted twice, and what a person closed stays closed', () => {
  const now = { now: 9, quietChunks: 2 };
  const told = { verdict: 'alarm', severity: 'large' } as const;
  const [open] = story([chunk('1', alarm('a', 0.1))]);
  expect(followIncident(open!, chunk('1', alarm('a', 0.4)), told, now)).toMatchObject({
    alarmedCount: 1,
    evidence: [{ moved: 0.4 }],
  });
  expect(followIncident(null, chunk('1', alarm('a', 0.4)), told, now)).toBeNull();
  expect(
    followIncident(null, chunk('1', alarm('a', 0.4)), { verdict: 'quiet', severity: null }, now),
  ).toMatchObject({ alarmedCount: 1 });
  // Labels that came meanwhile tell that the model suffers.
  const harm = { ...alarm('x', 0, 'harm'), column: null, moved: null, about: 'the model suffers' };
  expect(followIncident(null, chunk('1', harm, alarm('a', 0.4)), told, now)).toMatchObject({
    severity: 'harm',
    alarmedCount: 1,
    firstChunk: '1',
  });
  const quiet = { verdict: 'quiet', severity: null } as const;
  expect(followIncident(open!, chunk('0'), quiet, now)).toBeNull();
  expect(followIncident(open!, chunk('0'), told, now)).toMatchObject({ quietCount: 1 });
});
