import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { categoryEvidence, driftReport, numberEvidence, type ComparedColumn } from '../engine/drift/index.ts';
import { pythonEnvironment } from '../engine/fixture-python.ts';
import { normalQuantile, seededRandom, type SeededRandom } from '../engine/statistics/index.ts';
import { falseAlarmsPicture, type PicturedCell } from './false-alarms-picture.ts';
import type { Figure, Measure } from './measure.ts';

/** Columns of a data set. */
const wide = 20;
/** Rows that are drawn for a share without drift, of numbers and of categories, which take less, and data sets at most. */
const rowsDrawn = { numbers: 80_000_000, categories: 200_000_000 };
const dataSetsAtMost = 5000;
/** Columns with drift that are judged by us, and columns that each peer judges in a cell. */
const shiftedColumns = 2000;
const peerColumns = { evidently: 1000, nannyml: 200 } as const;

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
  readonly alarms: number | null;
  readonly scores: readonly number[];
}
type PeerAnswers = Record<'evidently' | 'nannyml', PeerAnswer>;

export const falseAlarms: Measure = {
  name: 'false-alarms',
  question: 'How often is drift told where there is none, and where there is some?',
  goal: 'where nothing drifted in at most 5 % of the data sets, however many rows, categories and columns they have; where something did not less often than the peers',
  isLong: true,
  async run({ root, scratch }) {
    const environment = pythonEnvironment('.venv-drift');
    const cells = sizes.flatMap(([reference, current]) =>
      kinds.map((categories): Cell => ({ reference, current, categories })),
    );
    // The peers take minutes, on a core of their own.
    const asked = 'reason' in environment ? null : peerAnswers(root, scratch, environment.python, cells);
    const own = cells.map((cell) => ({ cell, shares: ownShares(cell) }));
    const peers = await asked;
    const found = own.map(({ cell, shares }, at) =>
      cellFound(cell, shares, peers?.slice(at * shifts.length, (at + 1) * shifts.length) ?? null),
    );
    if (peers !== null)
      writeFileSync(
        join(root, 'docs', 'pictures', 'false-alarms.svg'),
        falseAlarmsPicture(found.map(({ pictured }) => pictured)),
      );
    return {
      figures: found.flatMap(({ figures }) => figures),
      notes: [
        `Ours: ${Math.min(...cells.map(dataSetsOf))} to ${dataSetsAtMost} data sets of ${wide} columns each where nothing moved, counted where any column is told to drift, and the same columns one by one; ${shiftedColumns} columns where something did. The peers: ${peerColumns.evidently} columns (Evidently) and ${peerColumns.nannyml} (NannyML), by their defaults (NannyML: ten chunks on each side, counted where one is told), and with the threshold that gives them as many false alarms as ours (NannyML: the current data as one chunk).`,
        ...('reason' in environment ? [`The peers were not measured: ${environment.reason}`] : []),
      ],
    };
  },
};

/** For each cell one answer for each shift. They go by way of a file: nobody reads a pipe while we judge. */
async function peerAnswers(
  root: string,
  scratch: string,
  python: string,
  cells: readonly Cell[],
): Promise<PeerAnswers[]> {
  const path = join(scratch, 'false-alarms-of-peers.jsonl');
  const { evidently, nannyml } = peerColumns;
  const child = spawn(python, [join(root, 'bench', 'false-alarms.py'), String(evidently), String(nannyml)], {
    stdio: ['pipe', openSync(path, 'w'), 'ignore'],
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  });
  child.stdin?.end(
    JSON.stringify(
      cells.flatMap(({ reference, current, categories }) =>
        shifts.map((shift) => [reference, current, categories, shift]),
      ),
    ),
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The peers ended with ${code}.`);
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as PeerAnswers);
}

/** What we tell of a cell: without drift of data sets and of single columns, and of single columns at each shift. */
interface OwnShares {
  readonly ofAny: number;
  readonly ofOne: number;
  readonly told: readonly number[];
}

function ownShares(cell: Cell): OwnShares {
  const random = seededRandom(cell.reference * 1000 + cell.current + cell.categories);
  const none = sharesWithoutDrift(random, cell);
  return {
    ...none,
    told: shifts.map((shift) => (shift === 0 ? none.ofOne : alarmShare(random, cell, shift))),
  };
}

/** @param peers one for each shift; null where there are none */
function cellFound(
  cell: Cell,
  { ofAny, ofOne, told }: OwnShares,
  peers: readonly PeerAnswers[] | null,
): { figures: Figure[]; pictured: PicturedCell } {
  const kind = cell.categories === 0 ? 'normal numbers' : `${cell.categories} categories`;
  const name = `${cell.reference} / ${cell.current} rows, ${kind}`;
  const row = (of: string, ours: number, peer: number | null): Figure => ({
    name: `${name}, ${of}`,
    unit: '%',
    below: null,
    floorIs: null,
    samples: { ours: [ours * 100], ...(peer === null ? {} : { peer: [peer * 100] }) },
  });
  const atOurs = (of: keyof PeerAnswers, at: number): number | null => {
    const [without, withShift] = [peers?.[0]?.[of].scores, peers?.[at]?.[of].scores];
    if (without === undefined || withShift === undefined) return null;
    return shareAbove(withShift, thresholdAt(without, ofOne));
  };
  const byDefault = (of: keyof PeerAnswers) => peers?.[0]?.[of].alarms ?? null;
  return {
    figures: [
      row(`any of ${wide} columns, nothing moved`, ofAny, null),
      row('nothing moved, beside Evidently by default', ofOne, byDefault('evidently')),
      row('nothing moved, beside NannyML by default', ofOne, byDefault('nannyml')),
      ...shifts.flatMap((shift, at) =>
        shift === 0
          ? []
          : [
              row(
                `${shift * 100} % moved, beside Evidently at our false alarms`,
                told[at] ?? 0,
                atOurs('evidently', at),
              ),
              row(
                `${shift * 100} % moved, beside NannyML at our false alarms`,
                told[at] ?? 0,
                atOurs('nannyml', at),
              ),
            ],
      ),
    ],
    pictured: {
      name,
      falseAlarms: { any: ofAny, evidently: byDefault('evidently'), nannyml: byDefault('nannyml') },
      told: { ours: told[1] ?? 0, evidently: atOurs('evidently', 1), nannyml: atOurs('nannyml', 1) },
    },
  };
}

/** Where so large a share of the scores without drift lies above. */
function thresholdAt(scores: readonly number[], rate: number): number {
  const sorted = scores.toSorted((a, b) => b - a);
  return sorted[Math.floor(rate * sorted.length)] ?? -Infinity;
}

const shareAbove = (scores: readonly number[], threshold: number): number =>
  scores.filter((score) => score > threshold).length / scores.length;

const dataSetsOf = ({ reference, current, categories }: Cell): number =>
  Math.min(
    dataSetsAtMost,
    Math.round(
      (categories === 0 ? rowsDrawn.numbers : rowsDrawn.categories) / (wide * (reference + current)),
    ),
  );

/** Of data sets of many columns, and of their columns one by one. */
function sharesWithoutDrift(random: SeededRandom, cell: Cell): { ofAny: number; ofOne: number } {
  const dataSets = dataSetsOf(cell);
  let any = 0;
  let one = 0;
  for (let round = 0; round < dataSets; round++) {
    const columns = Array.from({ length: wide }, (_, at) => column(random, cell, 0, at));
    any += Number(isTold(columns));
    for (const each of columns) one += Number(isTold([each]));
  }
  return { ofAny: any / dataSets, ofOne: one / (dataSets * wide) };
}

function alarmShare(random: SeededRandom, cell: Cell, shift: number): number {
  let alarms = 0;
  for (let round = 0; round < shiftedColumns; round++)
    alarms += Number(isTold([column(random, cell, shift, 0)]));
  return alarms / shiftedColumns;
}

function isTold(columns: readonly ComparedColumn[]): boolean {
  const tables = { path: '', rowCount: 0 };
  const report = driftReport({ reference: tables, current: tables, added: [], removed: [] }, columns);
  return report.verdict === 'drift';
}

const column = (random: SeededRandom, cell: Cell, shift: number, at: number): ComparedColumn => ({
  name: String(at),
  reference: { type: '', rowCount: cell.reference, missingCount: 0 },
  current: { type: '', rowCount: cell.current, missingCount: 0 },
  found:
    cell.categories === 0
      ? numberEvidence(
          { reference: normals(random, cell.reference, 0), current: normals(random, cell.current, shift) },
          null,
        )
      : categoryEvidence(
          {
            reference: words(random, cell.reference, cell.categories, 0),
            current: words(random, cell.current, cell.categories, shift),
          },
          'chi-square',
        ),
});

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
  const counts = new Uint32Array(categories);
  for (let row = 0; row < count; row++) {
    const drawn = random.index(categories);
    // A word of the first half turns into one of the last as often as makes the share.
    const moves = shift > 0 && drawn < half && random.share() < (shift * categories) / half;
    const word = moves ? categories - half + random.index(half) : drawn;
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return new Map(
    [...counts].map((each, word) => [String(word), each] as const).filter(([, each]) => each > 0),
  );
}
