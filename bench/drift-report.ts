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
    const ours: Usage[] = [];
    for (let round = 0; round < rounds; round++) ours.push(await ownUsage(root, scratch, folder));
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
      figures,
      notes: [
        `${columns}; from Parquet to the report, reading included. The peers' libraries were loaded before.`,
        'Evidently 0.7.23 (DataDriftPreset) and NannyML 0.13.1 (univariate) by their defaults: other measures than ours, partly of bins.',
      ],
    };
  },
};

/** What the engine and the process that reads tables use for one report, from a fresh start. */
async function ownUsage(root: string, scratch: string, folder: string): Promise<Usage> {
  const engine = await startEngine(root, join(scratch, 'drift-home'));
  const token = new URLSearchParams(engine.url.hash.slice(1)).get('token') ?? '';
  const connection = createConnection(contract, () =>
    openWebSocketPort(new WebSocket(`ws://${engine.url.host}/rpc`, ['benchtop', `token.${token}`])),
  );
  try {
    const before = cpuMs(processTree(engine.pid));
    const start = performance.now();
    await connection.api.data.drift({
      reference: join(folder, 'reference.parquet'),
      current: join(folder, 'current.parquet'),
    });
    const wallMs = performance.now() - start;
    const processes = processTree(engine.pid);
    return {
      wallMs,
      cpuMs: cpuMs(processes) - before,
      peakMegabytes: Math.max(...processes.map(peakMegabytes)),
    };
  } finally {
    connection.close();
    await engine.stop();
  }
}

/** The most memory that a process had at any time (`VmHWM`). */
const peakMegabytes = (pid: number): number =>
  (Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6;
