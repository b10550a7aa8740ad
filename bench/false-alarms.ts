import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { categoryEvidence, driftReport, numberEvidence, type ComparedColumn } from '../engine/drift/index.ts';
import { pythonEnvironment } from '../engine/fixture-python.ts';
import { normalQuantile, seededRandom, type SeededRandom } from '../engine/statistics/index.ts';
import type { Figure, Measure } from './measure.ts';

/** Data sets of one column and of twenty, so many of each. */
const dataSets = 400;
const wide = 20;
/** Columns that the peers judge in each cell. */
const peerColumns = 200;

/** Rows of the reference and of the current data. */
const sizes = [
  [200, 200],
  [1000, 1000],
  [2000, 2000],
  [5000, 1000],
  [5000, 5000],
] as const;
/** Categories of equal shares; 0 for normal numbers. */
const kinds = [0, 3, 11, 41] as const;
/** The share of rows that moved: of numbers by a higher mean, of categories from the first half of them to the last. */
const shifts = [0, 0.04, 0.1] as const;

interface Cell {
  readonly reference: number;
  readonly current: number;
  readonly categories: number;
}

interface PeerAnswer {
  readonly alarms: number;
  readonly scores: readonly number[];
}
type PeerAnswers = Record<'evidently' | 'nannyml', PeerAnswer>;

export const falseAlarms: Measure = {
  name: 'false-alarms',
  question: 'How often is drift told where there is none, and where there is some?',
  goal: 'where nothing drifted in at most 5 % of the data sets, however many rows, categories and columns they have; where something did not less often than the peers',
  isLong: true,
  run({ root }) {
    const environment = pythonEnvironment('.venv-drift');
    const figures = sizes.flatMap(([reference, current]) =>
      kinds.flatMap((categories) => {
        const cell = { reference, current, categories };
        const peers = 'reason' in environment ? null : peerAnswers(root, environment.python, cell);
        return figuresOf(cell, peers);
      }),
    );
    return Promise.resolve({
      figures,
      notes: [
        `Ours: ${dataSets} data sets each, counted where any column is told to drift. The peers: ${peerColumns} columns each, by their defaults (NannyML: ten chunks on each side, counted where one is told), and with the threshold that gives them as many false alarms as ours (NannyML: the current data as one chunk).`,
        ...('reason' in environment ? [`The peers were not measured: ${environment.reason}`] : []),
      ],
    });
  },
};

function peerAnswers(root: string, python: string, { reference, current, categories }: Cell): PeerAnswers[] {
  return JSON.parse(
    execFileSync(python, [join(root, 'bench', 'false-alarms.py'), String(peerColumns)], {
      input: JSON.stringify(shifts.map((shift) => [reference, current, categories, shift])),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
    }),
  ) as PeerAnswers[];
}

/** @param peers one for each shift; null where there are none */
export function figuresOf(cell: Cell, peers: readonly PeerAnswers[] | null): Figure[] {
  const random = seededRandom(cell.reference * 1000 + cell.current + cell.categories);
  const kind = cell.categories === 0 ? 'normal numbers' : `${cell.categories} categories`;
  const cellName = `${cell.reference} / ${cell.current} rows, ${kind}`;
  const row = (of: string, ours: number, peer: number | undefined): Figure => ({
    name: `${cellName}, ${of}`,
    unit: '%',
    below: null,
    floorIs: null,
    samples: { ours: [ours * 100], ...(peer === undefined ? {} : { peer: [peer * 100] }) },
  });
  const alarmsAt = shifts.map((shift) => alarmShare(random, cell, shift, 1));
  const ownRate = alarmsAt[0] ?? 0;
  return [
    row(`any of ${wide} columns, nothing moved`, alarmShare(random, cell, 0, wide), undefined),
    ...shifts.flatMap((shift, at) => {
      const moved = shift === 0 ? 'nothing moved' : `${shift * 100} % moved`;
      const ours = alarmsAt[at] ?? 0;
      if (peers === null) return [row(moved, ours, undefined)];
      return (['evidently', 'nannyml'] as const).flatMap((name) => {
        const of = name === 'evidently' ? 'Evidently' : 'NannyML';
        const answer = peers[at]?.[name];
        const atOurs = shareAbove(answer?.scores ?? [], thresholdAt(peers[0]?.[name].scores ?? [], ownRate));
        return [
          row(`${moved}, beside ${of} by default`, ours, answer?.alarms),
          ...(shift === 0 ? [] : [row(`${moved}, beside ${of} at our false alarms`, ours, atOurs)]),
        ];
      });
    }),
  ];
}

/** Where so large a share of the scores without drift lies above. */
function thresholdAt(scores: readonly number[], rate: number): number {
  const sorted = scores.toSorted((a, b) => b - a);
  return sorted[Math.floor(rate * sorted.length)] ?? -Infinity;
}

const shareAbove = (scores: readonly number[], threshold: number): number =>
  scores.filter((score) => score > threshold).length / scores.length;

function alarmShare(random: SeededRandom, cell: Cell, shift: number, columnCount: number): number {
  let alarms = 0;
  for (let round = 0; round < dataSets; round++) {
    const columns = Array.from({ length: columnCount }, (_, at): ComparedColumn => ({
      name: String(at),
      reference: { type: '', rowCount: cell.reference, missingCount: 0 },
      current: { type: '', rowCount: cell.current, missingCount: 0 },
      found:
        cell.categories === 0
          ? numberEvidence(
              {
                reference: normals(random, cell.reference, 0),
                current: normals(random, cell.current, shift),
              },
              'kolmogorov-smirnov',
            )
          : categoryEvidence(
              {
                reference: words(random, cell.reference, cell.categories, 0),
                current: words(random, cell.current, cell.categories, shift),
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

/** Their mean is so high that a share of the rows lies above what it was. */
function normals(random: SeededRandom, count: number, shift: number): Float64Array {
  const mean = 2 * normalQuantile(0.5 + shift / 2);
  return Float64Array.from(
    { length: count },
    () => mean + Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share()),
  );
}

function words(random: SeededRandom, count: number, categories: number, shift: number): Map<string, number> {
  const half = Math.floor(categories / 2);
  const counts = new Map<string, number>();
  for (let row = 0; row < count; row++) {
    const drawn = random.index(categories);
    // A word of the first half turns into one of the last as often as makes the share.
    const moves = drawn < half && random.share() < (shift * categories) / half;
    const word = String(moves ? categories - half + random.index(half) : drawn);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
