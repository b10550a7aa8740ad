import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { categoryEvidence, driftReport, numberEvidence, type ComparedColumn } from '../engine/drift/index.ts';
import { pythonEnvironment } from '../engine/fixture-python.ts';
import { seededRandom, type SeededRandom } from '../engine/statistics/index.ts';
import type { Figure, Measure } from './measure.ts';

/** Data sets of one column and of twenty, so many of each. */
const dataSets = 400;
const wide = 20;
/** Columns that the peers judge in each cell. */
const peerColumns = 200;

/** Rows of the reference and of the current data, and categories; 0 for normal numbers. */
const cells = [200, 1000, 5000].flatMap((reference) =>
  [reference, reference / 5].flatMap((current) =>
    [0, 3, 11, 41].map((categories) => [reference, current, categories] as const),
  ),
);

export const falseAlarms: Measure = {
  name: 'false-alarms',
  question: 'Where nothing drifted at all, how often is drift told?',
  goal: 'in at most 5 % of the data sets, however many rows, categories and columns they have',
  isLong: true,
  run({ root }) {
    const environment = pythonEnvironment('.venv-drift');
    const peers =
      'reason' in environment
        ? null
        : (JSON.parse(
            execFileSync(environment.python, [join(root, 'bench', 'false-alarms.py'), String(peerColumns)], {
              input: JSON.stringify(cells),
              encoding: 'utf8',
              stdio: ['pipe', 'pipe', 'ignore'],
            }),
          ) as { evidently: number; nannyml: number }[]);
    const figures = cells.flatMap(([reference, current, categories], at): Figure[] => {
      const random = seededRandom(at + 1);
      const kind = categories === 0 ? 'normal numbers' : `${categories} categories`;
      const row = (of: string, ours: number, peer: number | undefined): Figure => ({
        name: `${reference} / ${current} rows, ${kind}, ${of}`,
        unit: '%',
        below: null,
        floorIs: null,
        samples: { ours: [ours * 100], ...(peer === undefined ? {} : { peer: [peer * 100] }) },
      });
      const one = alarmShare(random, reference, current, categories, 1);
      const many = alarmShare(random, reference, current, categories, wide);
      return [
        row('one column, beside Evidently', one, peers?.[at]?.evidently),
        row('one column, beside NannyML', one, peers?.[at]?.nannyml),
        row(`any of ${wide} columns`, many, undefined),
      ];
    });
    return Promise.resolve({
      figures,
      notes: [
        `Ours: ${dataSets} data sets each, counted where any column is told to drift. The peers: ${peerColumns} columns each, by their defaults, NannyML with the current data as one chunk.`,
        ...('reason' in environment ? [`The peers were not measured: ${environment.reason}`] : []),
      ],
    });
  },
};

function alarmShare(
  random: SeededRandom,
  reference: number,
  current: number,
  categories: number,
  columnCount: number,
): number {
  let alarms = 0;
  for (let round = 0; round < dataSets; round++) {
    const columns = Array.from({ length: columnCount }, (_, at): ComparedColumn => ({
      name: String(at),
      reference: { type: '', rowCount: reference, missingCount: 0 },
      current: { type: '', rowCount: current, missingCount: 0 },
      found:
        categories === 0
          ? numberEvidence(
              { reference: normals(random, reference), current: normals(random, current) },
              'kolmogorov-smirnov',
            )
          : categoryEvidence(
              {
                reference: words(random, reference, categories),
                current: words(random, current, categories),
              },
              'chi-square',
            ),
    }));
    const tables = { path: '', rowCount: 0 };
    const report = driftReport({ reference: tables, current: tables, added: [], removed: [] }, columns);
    if (report.verdict === 'drift') alarms++;
  }
  return alarms / dataSets;
}

const normals = (random: SeededRandom, count: number): Float64Array =>
  Float64Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share()),
  );

function words(random: SeededRandom, count: number, categories: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let row = 0; row < count; row++) {
    const word = String(random.index(categories));
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
