import { expect, test } from 'vitest';
import type { Incident } from '../../contract/index.ts';
import { incidentNotice, newIncidents } from './incident-notice.ts';

const incident = (id: number, more: Partial<Incident> = {}): Incident => ({
  id,
  monitorId: 'm',
  openedAt: 0,
  firstChunk: '1',
  lastChunk: '1',
  alarmedCount: 1,
  quietCount: 0,
  severity: 'harm',
  about: '2: no input moved; the model suffers',
  gravest: { chunk: '2', amiss: 1 },
  evidence: [],
  closedAt: null,
  closedBy: null,
  note: '',
  snoozedUntil: null,
  ...more,
});

test('an incident is told once, when it opens; what was open before, and what is put off, is not', () => {
  const open = [incident(9), incident(8, { snoozedUntil: 500 }), incident(7)];
  const ids = (known: number | null) => newIncidents(known, open, 100).map(({ id }) => id);
  expect(ids(null)).toEqual([]);
  expect(ids(6)).toEqual([9, 7]);
  expect(ids(9)).toEqual([]);
  expect(incidentNotice(incident(9), 'live')).toEqual({
    title: 'live: the model suffers',
    body: '2: no input moved; the model suffers',
  });
});
