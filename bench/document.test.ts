import { expect, test } from 'vitest';
import { documentOf } from './document.ts';
import type { Figure } from './measure.ts';
import type { BenchRecord } from './records.ts';
import { ratios, summarize } from './summary.ts';
import { tableOf } from './table.ts';

const setting = {
  cpu: 'A processor',
  cores: 2,
  memoryBytes: 8 * 2 ** 30,
  system: 'Linux 6.1',
  node: '24.21.0',
  temporaryFolder: 'ext4',
  loadAtStart: 0.3,
};
const figure = (ours: number[]): Figure => ({
  name: 'a start',
  unit: 'ms',
  below: 300,
  floorIs: 'a bare start',
  samples: { ours, floor: [100, 50, 200] },
});
const taken = (ours: number[]) => ({
  name: 'start',
  question: 'How long?',
  goal: 'below 300 ms',
  figures: [figure(ours)],
  notes: ['A note.'],
});
const record = (startedAt: string, ours: number[]): BenchRecord => ({
  startedAt,
  setting,
  measures: [taken(ours)],
});

test('a row says median and range, the ratio round by round, and whether the goal is met', () => {
  expect(tableOf(taken([250, 150, 400]))).toContain(
    '| a start | 250 ms (150–400) | 100 ms (50–200) | 2.5 (2–3) | – | < 300 ms | met |\n\n- Floor: a bare start.\n- A note.',
  );
  expect(tableOf(taken([300, 300, 300]))).toContain('| < 300 ms | **missed** |');
});

test('a goal may be set for the ratio to the floor, alone or beside one for the figure', () => {
  const row = (goal: Pick<Figure, 'below' | 'ratio'>) =>
    tableOf({ ...taken([]), figures: [{ ...figure([250, 150, 400]), ...goal }] });
  expect(row({ below: null, ratio: { atMost: 2.5 } })).toContain('| ≤ 2.5 × floor | met |');
  expect(row({ below: null, ratio: { atLeast: 2.6 } })).toContain('| ≥ 2.6 × floor | **missed** |');
  expect(row({ below: 300, ratio: { atMost: 2 } })).toContain('| < 300 ms, ≤ 2 × floor | **missed** |');
});

test('each measure is shown as it was taken last; what was not taken here keeps its section, and a measure that is gone has none', () => {
  const newer = record('2026-11-21T12:00:00.000Z', [1, 1, 1]);
  const older = record('2026-11-20T12:00:00.000Z', [2, 2, 2]);
  const document = documentOf(['start'], [newer, older], '');
  expect(document).toContain(
    'at 2026-11-21 12:00 UTC on: A processor, 2 cores, 8 GiB; Linux 6.1; Node 24.21.0',
  );
  expect(document).not.toContain('2026-11-20');
  const other = '## other\n\nHow much?\n\n| a table |\n';
  const page = `${document.replace('| a start |', '| an old start |')}\n${other}\n## gone\n\nNothing asks it.\n`;
  const again = documentOf(['other', 'never-taken', 'start'], [newer], page);
  expect(again).toBe(document.replace('## start', `${other}\n## start`));
  expect(documentOf(['other', 'start'], [], again)).toBe(again);
});

test('the median of an even number of samples lies between the middle two; none is an error, not a zero', () => {
  expect(summarize([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(() => summarize([])).toThrow(RangeError);
});

test('a ratio to nothing is left out', () => {
  expect(ratios([1, 2, 3], [0, 4])).toEqual([0.5]);
});
