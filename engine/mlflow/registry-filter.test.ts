import { expect, test } from 'vitest';
import { modelSearch, versionFilter, versionOrder } from './registry-filter.ts';

test('an order of model versions may say `attributes`, their filter may not, as in MLflow', () => {
  expect(versionOrder(['attributes.name DESC', 'attribute.version_number'])).toEqual([
    { key: 'name', isDescending: true },
    { key: 'version_number', isDescending: false },
  ]);
  expect(() => versionFilter("attributes.name = 'x'")).toThrow(
    "Invalid entity type 'attributes'. Valid entity types are ('attribute', 'tag', 'tags')",
  );
});

test('IS NULL is refused before the attribute is looked up', () => {
  expect(() => modelSearch('creation_timestamp IS NOT NULL', [])).toThrow(
    'IS NULL / IS NOT NULL is not supported for registered model search.',
  );
  expect(() => versionFilter('nothing IS NULL')).toThrow(
    'IS NULL / IS NOT NULL is not supported for model version search.',
  );
});
