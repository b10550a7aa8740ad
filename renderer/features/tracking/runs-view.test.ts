import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bands,
  isSameView,
  plainView,
  viewOfParams,
  viewParams,
  withoutView,
  type RunsView,
} from './runs-view.ts';

test('a view survives the way through an address', () => {
  const anyView: fc.Arbitrary<RunsView> = fc.record({
    text: fc.string({ maxLength: 40 }),
    order: fc.record({
      by: fc.constantFrom('created', 'metrics.loss', 'min.val/loss', 'params.a b&c=d'),
      descending: fc.boolean(),
    }),
    columns: fc.option(fc.array(fc.string({ maxLength: 20 }), { maxLength: 5 })),
    onlyDiffering: fc.boolean(),
    baseline: fc.option(fc.stringMatching(/^[0-9a-f]{32}$/)),
    groupBy: fc.option(fc.string({ minLength: 1, maxLength: 20 })),
    band: fc.constantFrom(...bands),
  });
  fc.assert(
    fc.property(anyView, (view) => {
      const params = new URLSearchParams(viewParams(view).toString());
      const read = viewOfParams(params);
      if (read === null) expect(isSameView(view, { ...plainView, text: view.text })).toBe(true);
      else expect(read).toEqual(view);
    }),
  );
});

test('an address with a filter alone is no view, a damaged one neither', () => {
  expect(viewOfParams(new URLSearchParams('q=loss&view=abc'))).toBeNull();
  expect(viewOfParams(new URLSearchParams('columns=[1'))).toBeNull();
  expect(viewOfParams(new URLSearchParams('band=wide'))).toBeNull();
});

test('once taken over, filter and name of the view stay in the address', () => {
  expect(withoutView(new URLSearchParams('q=a&order=-name&view=x')).toString()).toBe('q=a&view=x');
});
