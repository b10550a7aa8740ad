import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOutputParser } from './index.ts';
import { lineReading } from './line-reading.ts';
import { plainReading } from './plain-line.ts';

function pointsOf(...lines: string[]) {
  const parser = createOutputParser();
  for (const line of lines) parser.line(line, 5);
  return parser.take().points;
}

test('any number that is printed as name=value is read back exactly', () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: false }), fc.nat(1_000_000), (value, step) => {
      expect(pointsOf(`step=${step} loss=${value}`)).toEqual([
        { key: 'loss', step, timeMs: 5, value: Number(String(value)) },
      ]);
    }),
  );
});

test('no line, however odd, stops the reading', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 })), (lines) => {
      const points = pointsOf(...lines, 'loss=1.5');
      expect(points.at(-1)).toMatchObject({ key: 'loss', value: 1.5 });
    }),
  );
});

test.each([
  'x'.repeat(60_000),
  `${'a '.repeat(20_000)}loss`,
  `${'=1 '.repeat(15_000)}`,
  `{${'"a":{'.repeat(5000)}`,
  `${'['.repeat(30_000)}1/2`,
  `${'9'.repeat(60_000)}`,
  `${' '.repeat(60_000)}x`,
])('a hostile line costs no time (%#)', (line) => {
  const start = performance.now();
  pointsOf(line);
  // Linear work takes a millisecond or two; quadratic work takes seconds.
  expect(performance.now() - start).toBeLessThan(1000);
});

test('progress: bars, epochs, both', () => {
  const parser = createOutputParser();
  expect(parser.progress()).toBeNull();
  parser.line(' 25%|██▌       | 25/100 [00:01<00:03, 25.0it/s]', 0);
  expect(parser.progress()).toBe(0.25);
  parser.line('Epoch 3/4', 0);
  expect(parser.progress()).toBe(0.5);
  parser.line(' 50%|█████     | 50/100 [00:01<00:03, 25.0it/s]', 0);
  expect(parser.progress()).toBe(0.625);
});

test('the short way of reading a line says what the long way says', () => {
  const name = fc.constantFrom(
    'epoch',
    'step',
    'iter',
    'loss',
    'val_auc',
    'rows',
    'seed',
    'lr',
    'train_epoch',
    'gap',
    'pid',
    'valAcc',
  );
  const value = fc.oneof(
    fc.integer().map(String),
    fc.double().map(String),
    fc.constantFrom('nan', '-inf', '5.', '.5', '3s', '1,5'),
  );
  const token = fc.tuple(name, value).map(([key, text]) => `${key}=${text}`);
  fc.assert(
    fc.property(
      fc.array(token, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(' ', ', ', '  '),
      (tokens, between) => {
        const line = tokens.join(between);
        const short = plainReading(line);
        expect(short ?? lineReading(line)).toEqual(lineReading(line));
      },
    ),
    { numRuns: 2000 },
  );
});
