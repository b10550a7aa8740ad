import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { pythonEnvironment, quietMlflow } from '../../engine/fixture-python.ts';
import { startFaultProxy } from './testing/fault-proxy.ts';
import { startLaptop } from './testing/laptop.ts';
import { startMlflow } from './testing/mlflow-peers.ts';
import { recordRun, type RecordedSample } from './testing/record-run.ts';
import { syncAmount } from './testing/sync-amount.ts';
import { untilSettled } from './testing/until-settled.ts';
import { whatArrived, wholeArrival } from './testing/what-arrived.ts';

const newest = pythonEnvironment();
const tool = pythonEnvironment('.venv-export-import');
const size = {
  runs: syncAmount('RUNS', 15),
  points: syncAmount('POINTS', 5000),
  fileBytes: syncAmount('BYTES', 6e7),
};
const seriesOfRun = 4;
const filesOfRun = 2;

// The same runs go from one laptop to one server twice, in both ways. The tool takes them from Benchtop's own MLflow dialect.
test(
  'beside mlflow-export-import: time, bytes, and what a second go leaves',
  { timeout: 7_200_000 },
  async () => {
    if ('reason' in newest || 'reason' in tool) {
      console.log(`mlflow-export-import is not tried: ${'reason' in tool ? tool.reason : 'no server'}`);
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'benchtop-sync-beside-'));
    const mlflow = await startMlflow(newest.python, join(folder, 'mlflow'));
    const proxy = await startFaultProxy(() => mlflow.address);
    const laptop = await startLaptop(join(folder, 'home'));
    const measured = async (work: () => Promise<unknown>) => {
      const [up, down, at] = [proxy.bodyBytes(), proxy.answerBytes(), performance.now()];
      await work();
      return {
        seconds: Math.round((performance.now() - at) / 100) / 10,
        bytes: proxy.bodyBytes() - up,
        bytesBack: proxy.answerBytes() - down,
      };
    };
    try {
      const { experiment_id: experimentId } = (await laptop.post('experiments/create', { name: 'ours' })) as {
        experiment_id: string;
      };
      const samples: RecordedSample[] = [];
      for (let run = 0; run < size.runs; run++)
        samples.push(
          await recordRun(laptop, {
            experimentId,
            name: `run ${run}`,
            series: seriesOfRun,
            points: Math.ceil(size.points / seriesOfRun),
            files: Array.from({ length: filesOfRun }, () =>
              Math.ceil(size.fileBytes / size.runs / filesOfRun),
            ),
          }),
        );
      await laptop.api().sync.addTarget({ name: 'team', address: proxy.address });
      const push = async () => {
        await laptop.api().sync.push({ target: 'team', runIds: samples.map(({ runId }) => runId) });
        await untilSettled(laptop.api(), 1_800_000);
      };
      const run = promisify(execFile);
      const mlflowTool = (name: string, address: string, args: readonly string[]) =>
        run(join(dirname(tool.python), name), args, {
          cwd: folder,
          env: { ...process.env, ...quietMlflow, MLFLOW_TRACKING_URI: address },
          maxBuffer: 64 * 1024 * 1024,
        });
      const exported = join(folder, 'exported');
      mkdirSync(exported);
      const copy = async () => {
        await mlflowTool('export-experiment', laptop.address, [
          '--experiment',
          'ours',
          '--output-dir',
          exported,
        ]);
        const into = ['--experiment-name', 'theirs', '--input-dir', exported];
        await mlflowTool('import-experiment', proxy.address, into);
      };
      for (const [who, send, experiment] of [
        ['benchtop push', push, 'ours'],
        ['mlflow-export-import', copy, 'theirs'],
      ] as const) {
        const first = await measured(send);
        const afterFirst = await whatArrived(mlflow.address, experiment, samples);
        const second = await measured(send);
        const afterSecond = await whatArrived(mlflow.address, experiment, samples);
        console.log(
          `${who}: ${size.runs} runs of ${size.points} points, ${Math.round(size.fileBytes / 1e6)} MB of files: ${JSON.stringify(first)} ${JSON.stringify(afterFirst)}; ` +
            `a second time: ${JSON.stringify(second)} ${JSON.stringify(afterSecond)}`,
        );
        if (who !== 'benchtop push') continue;
        expect([afterFirst, afterSecond]).toEqual([wholeArrival, wholeArrival]);
        expect(second.bytes).toBeLessThan(first.bytes / 100);
      }
    } finally {
      await laptop.stop();
      await proxy.close();
      await mlflow.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
