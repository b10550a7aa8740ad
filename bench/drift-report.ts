import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { contract, createConnection, openWebSocketPort } from '../contract/index.ts';
import { pythonEnvironment } from '../engine/fixture-python.ts';
import type { Figure, Measure } from './measure.ts';
import { canReadUsage, cpuMs, processTree } from './process-usage.ts';
import { missingEngine, startEngine } from './programs.ts';

const rows = 1_000_000;
const rounds = 3;
/** Evidently takes minutes a round. */
const peerRounds = 1;
const columns = '1 M + 1 M rows, 35 columns of numbers and 15 of words';
/** A report with a kept reference: half of what the first may take. */
const keptBelowMs = 3000;
/** Tables with ten times as many columns: how much longer a column takes. */
const [narrow, wide] = [100, 1000];
const wideRows = 100_000;

interface Usage {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly peakMegabytes: number;
}

export const driftReport: Measure = {
  name: 'drift-report',
  question: 'What does it take to hold a million rows against a million others?',
  goal: `${columns}, exact: below 6 s of CPU and 1.5 GB`,
  isLong: true,
  async run({ root, scratch }) {
    const missing = canReadUsage ? missingEngine(root) : 'not measured: needs the /proc of Linux';
    if (missing !== null) return { figures: [], notes: [missing] };
    const environment = pythonEnvironment('.venv-drift');
    if ('reason' in environment) return { figures: [], notes: [`not measured: ${environment.reason}`] };
    const folder = join(scratch, 'drift');
    mkdirSync(folder);
    const python = (...args: string[]) =>
      execFileSync(environment.python, [join(root, 'bench', 'drift-step.py'), ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
      });
    python('make', folder, String(rows));
    const take = (peer: string, count: number) =>
      Array.from({ length: count }, () => JSON.parse(python(peer, folder)) as Usage);
    const sides = { reference: join(folder, 'reference.parquet'), current: join(folder, 'current.parquet') };
    const ours: Usage[] = [];
    for (let round = 0; round < rounds; round++)
      ours.push(await withEngine(root, scratch, `paths-${round}`, (report) => report(sides)));
    const kept: Usage[] = [];
    for (let round = 0; round < rounds; round++)
      kept.push(
        await withEngine(root, scratch, `kept-${round}`, async (report) => {
          // The second report of a file as a reference is the one that keeps it.
          await report(sides);
          await report(sides);
          return report(sides);
        }),
      );
    const linear = await columnRatios(root, scratch, python);
    const floor = take('numpy', rounds);
    const peers = { Evidently: take('evidently', peerRounds), NannyML: take('nannyml', peerRounds) };
    rmSync(folder, { recursive: true });
    const floorIs = 'the same distances by sorting in NumPy, one thread';
    const figures = Object.entries(peers).flatMap(([name, peer]) => {
      const row = (
        title: string,
        unit: Figure['unit'],
        below: number | null,
        of: (usage: Usage) => number,
      ) => ({
        name: `${title}, beside ${name}`,
        unit,
        below,
        floorIs,
        samples: { ours: ours.map(of), floor: floor.map(of), peer: peer.map(of) },
      });
      return [
        row('CPU', 'ms', 6000, (usage) => usage.cpuMs),
        row('time', 'ms', null, (usage) => usage.wallMs),
        row('most memory of one process', 'MB', 1500, (usage) => usage.peakMegabytes),
      ];
    });
    return {
      figures: [
        ...figures,
        {
          name: 'CPU of a report whose reference is kept',
          unit: 'ms',
          below: keptBelowMs,
          floorIs,
          samples: { ours: kept.map((usage) => usage.cpuMs), floor: floor.map((usage) => usage.cpuMs) },
        },
        {
          name: `CPU a column of ${wide} columns, of one of ${narrow}`,
          unit: '%',
          below: 120,
          floorIs: null,
          samples: { ours: linear },
        },
      ],
      notes: [
        `${columns}; from Parquet to the report, reading included. The peers' libraries were loaded before.`,
        `A reference is kept by the second report; the one after it is measured. Columns are counted with ${wideRows} + ${wideRows} rows of numbers.`,
        'Evidently 0.7.23 (DataDriftPreset) and NannyML 0.13.1 (univariate) by their defaults: other measures than ours, partly of bins.',
      ],
    };
  },
};

interface Sides {
  readonly reference: string;
  readonly current: string;
}

/** What reports use of the engine and the process that reads tables, from a fresh start in a home of its own. */
async function withEngine<T>(
  root: string,
  scratch: string,
  home: string,
  work: (report: (sides: Sides) => Promise<Usage>) => Promise<T>,
): Promise<T> {
  const engine = await startEngine(root, join(scratch, `drift-home-${home}`));
  const token = new URLSearchParams(engine.url.hash.slice(1)).get('token') ?? '';
  const connection = createConnection(contract, () =>
    openWebSocketPort(new WebSocket(`ws://${engine.url.host}/rpc`, ['benchtop', `token.${token}`])),
  );
  try {
    return await work(async (sides) => {
      const before = cpuMs(processTree(engine.pid));
      const start = performance.now();
      await connection.api.data.drift(sides);
      const wallMs = performance.now() - start;
      const processes = processTree(engine.pid);
      return {
        wallMs,
        cpuMs: cpuMs(processes) - before,
        peakMegabytes: Math.max(...processes.map(peakMegabytes)),
      };
    });
  } finally {
    connection.close();
    await engine.stop();
    rmSync(join(scratch, `drift-home-${home}`), { recursive: true, force: true });
  }
}

/** How much longer a column takes where there are ten times as many, in percent, round by round. */
async function columnRatios(
  root: string,
  scratch: string,
  python: (...args: string[]) => string,
): Promise<number[]> {
  const sidesOf = (count: number): Sides => {
    const folder = join(scratch, `drift-${count}`);
    mkdirSync(folder);
    python('make-wide', folder, String(wideRows), String(count));
    return { reference: join(folder, 'reference.parquet'), current: join(folder, 'current.parquet') };
  };
  const [few, many] = [sidesOf(narrow), sidesOf(wide)];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++)
    ratios.push(
      await withEngine(root, scratch, `wide-${round}`, async (report) => {
        // Starts the process that reads tables. Neither file is a reference twice, so that nothing is kept.
        await report({ reference: few.current, current: few.reference });
        const [small, large] = [await report(few), await report(many)];
        return (100 * large.cpuMs * narrow) / (small.cpuMs * wide);
      }),
    );
  for (const count of [narrow, wide]) rmSync(join(scratch, `drift-${count}`), { recursive: true });
  return ratios;
}

/** The most memory that a process had at any time (`VmHWM`). */
const peakMegabytes = (pid: number): number =>
  (Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6;
