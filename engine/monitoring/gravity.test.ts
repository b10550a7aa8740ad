import fc from 'fast-check';
import { expect, test } from 'vitest';
import { severities, type MonitorAlarm } from '../../contract/index.ts';
import { followIncident, type IncidentState } from './follow-incident.ts';
import { gravestChunk } from './gravity.ts';
import { aboutChunks } from './results.ts';

const alarm = (column: string, severity: MonitorAlarm['severity'], moved: number | null): MonitorAlarm => ({
  panel: 'input',
  column,
  severity,
  about: `${column} moved`,
  moved,
});

test('the gravest chunk has the gravest alarm, then most that is amiss, and is the first of equal ones', () => {
  const chunk = (label: string, ...alarms: MonitorAlarm[]) => ({ label, alarms });
  const large = chunk('one large column', alarm('a', 'large', 0.9));
  const two = chunk('two large columns', alarm('a', 'large', 0.5), alarm('b', 'large', 0.6));
  const harm = chunk('a model that suffers', alarm('a', 'harm', null));
  const label = (...chunks: (typeof large)[]) => gravestChunk(chunks)?.label;
  expect(label(large, two)).toBe('two large columns');
  expect(label(two, harm, large)).toBe('a model that suffers');
  expect(label(harm, { ...harm, label: 'another' })).toBe('a model that suffers');
  expect(gravestChunk([chunk('quiet')])).toBeNull();
});

const alarms = fc.array(
  fc.record({
    column: fc.constantFrom('a', 'b', 'c'),
    severity: fc.constantFrom(...severities),
    moved: fc.constantFrom(null, 0.1, 0.2, 0.5),
  }),
  { maxLength: 4 },
);

test('the headline of a monitor and its incident name the same alarm of the same chunk', () => {
  fc.assert(
    fc.property(fc.array(alarms, { minLength: 1, maxLength: 8 }), (all) => {
      const chunks = all.map((each, at) => ({
        label: `chunk ${at}`,
        verdict: each.length > 0 ? ('alarm' as const) : ('quiet' as const),
        alarms: each.map(({ column, severity, moved }) => alarm(column, severity, moved)),
      }));
      let incident: IncidentState | null = null;
      for (const chunk of chunks)
        incident = followIncident(incident, chunk, null, { now: 0, quietChunks: 1000 }) ?? incident;
      const about = aboutChunks(chunks.map((chunk) => ({ ...judged, ...chunk })));
      if (incident === null) expect(about).toMatch(/^None of /);
      else expect(about).toContain(`, most of all ${incident.about}.`);
    }),
  );
});

const judged = {
  id: 1,
  key: '',
  judgedAt: 0,
  elapsedMs: 0,
  rowCount: 0,
  missingShare: null,
  removed: [],
  added: [],
  retyped: [],
  error: null,
  performance: null,
  counts: { input: { columns: 0, alarms: 0 }, output: { columns: 0, alarms: 0 } },
};
