import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDialect, type Dialect } from './testing/dialect.ts';

let dialect: Dialect;
beforeAll(async () => {
  dialect = await openDialect();
});
afterAll(async () => expect(await dialect.close()).toEqual([]));

async function ask(method: string, path: string, body: object = {}): Promise<unknown> {
  return (await dialect.ask(method, path, body)).json();
}

interface Run {
  readonly info: { readonly run_id: string };
  readonly data: Readonly<Record<'metrics' | 'params' | 'tags', readonly { key: string }[] | undefined>>;
}

const sorted = (items: readonly { key: string }[] | undefined) =>
  items?.toSorted((one, other) => (one.key < other.key ? -1 : 1));
const inOrder = ({ data, ...run }: Run) => ({
  ...run,
  data: { metrics: sorted(data.metrics), params: sorted(data.params), tags: sorted(data.tags) },
});

const odd = [Number.NaN, Infinity, -Infinity, 0, -0, 5e-324, Number.MAX_VALUE, 1e22, 1e-7, 2 ** 53];
const keys = ['loss', 'val/loss', 'ünï', 'a b'];
const value = fc.oneof(fc.double(), fc.constantFrom(...odd), fc.integer());
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '"', '\\', '\u0000', '\u2028', "it's"),
);

test('a run found by a search is the run that is read by its id, whatever its params and metrics hold', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...keys), value, { noNullPrototype: true }),
      fc.dictionary(fc.constantFrom(...keys), text, { noNullPrototype: true }),
      async (metrics, params) => {
        const { run } = (await ask('POST', 'runs/create', { experiment_id: '0' })) as { run: Run };
        const { run_id } = run.info;
        const written = (number: number) => (Number.isFinite(number) ? number : String(number));
        await ask('POST', 'runs/log-batch', {
          run_id,
          metrics: Object.entries(metrics).map(([key, number]) => ({
            key,
            value: written(number),
            timestamp: 1_700_000_000_000,
            step: -3,
          })),
          params: Object.entries(params).map(([key, word]) => ({ key, value: word })),
        });
        const found = (await ask('POST', 'runs/search', {
          experiment_ids: ['0'],
          filter: `run_id = '${run_id}'`,
        })) as { runs: Run[] };
        const read = (await ask('GET', `runs/get?run_id=${run_id}`)) as { run: Run };
        expect(found.runs.map(inOrder)).toEqual([inOrder(read.run)]);
        expect(read.run.data.metrics ?? []).toHaveLength(Object.keys(metrics).length);
      },
    ),
    { numRuns: 25 },
  );
});
