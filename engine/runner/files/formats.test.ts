import { expect, test } from 'vitest';
import { csvLog } from './csv-log.ts';
import { eventFile } from './event-file.ts';
import { jsonLinesLog } from './json-lines-log.ts';
import { trainerStateFile } from './trainer-state.ts';

const rowsOf = (format: typeof csvLog, text: string) => format.read(Buffer.from(text), null)?.rows ?? null;

test('Keras’ CSVLogger: epoch counts, the rest are measures', () => {
  expect(rowsOf(csvLog, 'epoch,accuracy,loss,val_loss\n0,0.5,1.25,1.5\n1,0.75,1e-3,nan\n')).toEqual([
    {
      step: 0,
      timeMs: null,
      values: [
        ['accuracy', 0.5],
        ['loss', 1.25],
        ['val_loss', 1.5],
      ],
    },
    {
      step: 1,
      timeMs: null,
      values: [
        ['accuracy', 0.75],
        ['loss', 0.001],
        ['val_loss', Number.NaN],
      ],
    },
  ]);
});

test('Lightning’s metrics.csv: empty cells, step before epoch, two rows of one step', () => {
  const text = 'epoch,step,train_loss,val_loss\n0,49,0.5,\n0,49,,0.7\n1,99,0.4,\n';
  expect(rowsOf(csvLog, text)?.map(({ step, values }) => [step, values])).toEqual([
    [49, [['train_loss', 0.5]]],
    [49, [['val_loss', 0.7]]],
    [99, [['train_loss', 0.4]]],
  ]);
});

test('YOLO’s results.csv: names and cells with spaces around them', () => {
  const text = '                  epoch,      train/box_loss\n                      1,             1.0412\n';
  expect(rowsOf(csvLog, text)).toEqual([{ step: 1, timeMs: null, values: [['train/box_loss', 1.0412]] }]);
});

test('Stable-Baselines’ progress.csv counts time steps; semicolons, tabs, quotes and a clock are understood', () => {
  expect(rowsOf(csvLog, 'rollout/ep_rew_mean,time/total_timesteps\n12.5,2048\n')?.[0]?.step).toBe(2048);
  expect(rowsOf(csvLog, 'step;"the ""loss"""\n3;0.5\n')?.[0]?.values).toEqual([['the "loss"', 0.5]]);
  expect(rowsOf(csvLog, 'step\ttimestamp\tloss\n3\t1700000000.5\t0.5\n')).toEqual([
    { step: 3, timeMs: 1_700_000_000_500, values: [['loss', 0.5]] },
  ]);
});

test.each([
  ['no heading', '1,2,3\n4,5,6\n'],
  ['no column that counts', 'carrier,delay\nUA,3\n'],
  ['a counter that falls', 'round,points\n3,5\n1,7\n'],
  ['a counter that is no number', 'step,what\nfirst,5\n'],
])('a table of data is told from a log: %s', (_, text) => {
  expect(csvLog.read(Buffer.from(text), null)).toBeNull();
});

test('what is read in pieces is what is read at once', () => {
  const text = 'epoch,loss\n0,1\n1,0.5\n2,0.25\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const first = csvLog.read(Buffer.from(text.slice(0, cut)), null);
    const second = csvLog.read(
      Buffer.from(text.slice(first?.usedBytes ?? 0)),
      JSON.parse(JSON.stringify(first?.state ?? null)),
    );
    expect([...(first?.rows ?? []), ...(second?.rows ?? [])].map((row) => row.step)).toEqual([0, 1, 2]);
  }
});

test('JSON lines with a counter are a log, without one they are data', () => {
  expect(rowsOf(jsonLinesLog, '{"epoch":1,"step":50,"loss":NaN,"lr":{"g0":0.1},"mode":"train"}\n')).toEqual([
    {
      step: 50,
      timeMs: null,
      values: [
        ['loss', Number.NaN],
        ['lr/g0', 0.1],
      ],
    },
  ]);
  expect(rowsOf(jsonLinesLog, '{"id":1,"text":"a"}\n')).toBeNull();
  expect(rowsOf(jsonLinesLog, 'not JSON\n')).toBeNull();
});

test('the Trainer’s state tells its whole history; half a file is waited for', () => {
  const state = {
    global_step: 20,
    log_history: [
      { epoch: 0.5, loss: 2.5, step: 10 },
      { eval_loss: 2, step: 20 },
    ],
  };
  expect(rowsOf(trainerStateFile, JSON.stringify(state, null, 2))).toEqual([
    { step: 10, timeMs: null, values: [['loss', 2.5]] },
    { step: 20, timeMs: null, values: [['eval_loss', 2]] },
  ]);
  expect(rowsOf(trainerStateFile, '{"log_history": [')).toEqual([]);
  expect(rowsOf(trainerStateFile, '{"other": 1}')).toBeNull();
});

test('no bytes, however odd, are taken for TensorBoard’s events', () => {
  for (let length = 0; length < 200; length++) {
    const noise = Buffer.from(Array.from({ length }, (_, at) => (at * 167 + length * 31) % 251));
    expect(eventFile.read(noise, null)?.rows ?? []).toEqual([]);
  }
});
