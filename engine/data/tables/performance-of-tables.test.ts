import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { performanceQuestion, type PerformanceReport } from '../../../contract/index.ts';
import { createTableReader } from './table-reader.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-performance-')));
const reader = createTableReader({ folder, onIdle: () => undefined });
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true });
});

let count = 0;
function table(text: string) {
  const path = join(folder, `${count++}.csv`);
  writeFileSync(path, text);
  return { path, name: path, format: 'csv', isGzip: false } as const;
}

interface Asked {
  columns?: Record<string, unknown>;
  labels?: string;
  late?: Record<string, unknown>;
}

function estimate(
  before: string,
  now: string,
  { columns, labels, late }: Asked = {},
): Promise<PerformanceReport> {
  const [reference, current] = [table(before), table(now)];
  const lateLabels = labels === undefined ? null : table(labels);
  const asked = performanceQuestion.parse({
    reference: reference.path,
    current: current.path,
    columns: { probabilities: 'p', prediction: 'told', label: 'y', ...columns },
    chunkRows: 20,
    labels: lateLabels === null ? null : { path: lateLabels.path, id: 'id', ...late },
  });
  return reader.ask(
    { kind: 'performance', reference, current, lateLabels, asked },
    new AbortController().signal,
  );
}

const answers = (rows: number, hasLabels: boolean) =>
  `id,at,p,told,${hasLabels ? 'y' : 'z'}\n${Array.from({ length: rows }, (_, at) => {
    const isOne = at % 2 === 0;
    const time = new Date(Date.UTC(2026, 0, 1 + Math.floor(at / 20))).toISOString();
    return `${at},${time},${isOne ? 0.7 + (at % 5) / 20 : 0.1 + (at % 7) / 30},${isOne ? '1.0' : '0'},${at % 9 === 0 ? 1 - Number(isOne) : Number(isOne)}`;
  }).join('\n')}\n`;

test('labels that came later are joined by id, whatever way a class is written', async () => {
  const labels = `id,y,known\n${Array.from({ length: 45 }, (_, at) => `${at},${at % 2 === 0},2026-01-10 00:00:00`).join('\n')}\n99,1,2026-01-11 12:00:00\n`;
  const report = await estimate(answers(100, true), answers(60, false), {
    columns: { predictedAt: 'at' },
    labels: labels.replaceAll('true', '1').replaceAll('false', '0.0'),
    late: { labelledAt: 'known', maturityMs: 9 * 86_400_000 },
  });
  expect(report).toMatchObject({
    problem: 'two-classes',
    classes: [{ name: '0' }, { name: '1' }],
    reference: { rowCount: 100, leftOutCount: 0 },
    labels: { unmatchedCount: 1, replacedCount: 0, knownUpTo: Date.UTC(2026, 0, 11, 12) },
  });
  const chunks = report.chunks.filter(({ side }) => side === 'current');
  expect(chunks.map(({ labels: own, startedAt }) => [own?.coverage, own?.isMature, startedAt])).toEqual([
    [1, true, Date.UTC(2026, 0, 1)],
    [1, true, Date.UTC(2026, 0, 2)],
    [0.25, false, Date.UTC(2026, 0, 3)],
  ]);
  expect(chunks[0]?.values.find(({ metric }) => metric === 'accuracy')?.realised).toBe(1);
});

test('rows without an answer are left out and counted', async () => {
  const report = await estimate(
    `${answers(60, true)}1,,,1,1\n2,,0.5,,0\n3,,0.5,1,\n`,
    `${answers(40, false)}1,,,1,\n`,
  );
  expect(report.reference).toMatchObject({ rowCount: 63, leftOutCount: 3 });
  expect(report.current).toMatchObject({ rowCount: 41, leftOutCount: 1 });
  expect(report.chunks.map(({ rowCount }) => rowCount)).toEqual([20, 20, 20, 20, 20]);
});

test('of several classes each has its column', async () => {
  const rows = Array.from(
    { length: 90 },
    (_, at) => ['cat,0.8,0.1,0.1', 'dog,0.2,0.7,0.1', 'eel,0.1,0.3,0.6'][at % 3],
  );
  const text = `told,c,d,e,y\n${rows.map((row) => `${row},${row?.slice(0, 3)}`).join('\n')}\n`;
  const columns = { probabilities: { dog: 'd', cat: 'c', eel: 'e' } };
  const report = await estimate(text, text, { columns });
  expect(report.classes.map(({ name }) => name)).toEqual(['cat', 'dog', 'eel']);
  expect(report.metrics.find(({ metric }) => metric === 'f1')?.ofReference).toBe(1);
  await expect(estimate(text, text.replace('eel,0.1', 'owl,0.1'), { columns })).rejects.toMatchObject({
    message: expect.stringContaining('a prediction "owl"') as string,
    evidence: 'The classes are cat, dog, eel.',
  });
});

test('what does not fit is said with the file and the place in it', async () => {
  const fine = answers(60, true);
  for (const [before, now, asked, said] of [
    [fine, 'a,b\n1,2\n', {}, /has no column "p"/],
    [answers(60, false), fine, {}, /No row of .* has a probability, a prediction and a label/],
    [fine, `${fine}7,,1.5,1,1\n`, {}, /holds 1\.5 in row 61, which is no probability/],
    [fine, '', {}, /has no column/],
    [fine, 'p,told\n0.5,1,3\n', {}, /cannot be read as a table/],
    [fine.replaceAll(/,1\n/g, ',yes\n').replaceAll(/,0\n/g, ',no\n'), fine, {}, /Nobody says which class/],
    [fine, fine, { columns: { predictedAt: 'when' } }, /has no column "when"/],
    [fine, fine, { labels: 'id,label\n1,1\n' }, /has no column "y"/],
    [fine, `${fine}1,,0.5,1,1\n`, { labels: 'id,y\n1,1\n' }, /have the id "1"/],
  ] as const)
    await expect(estimate(before, now, asked)).rejects.toThrow(said);
});
