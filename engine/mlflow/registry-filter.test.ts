import { expect, test } from 'vitest';
import { versionFilter, versionOrder } from './registry-filter.ts';

test('an order of model versions may say `attributes`, their filter may not, as in MLflow', () => {
  expect(versionOrder(['attributes.name DESC', 'attribute.version_number'])).toEqual([
    { key: 'name', isDescending: true },
    { key: 'version_number', isDescending: false },
  ]);
  expect(() => versionFilter("attributes.name = 'x'")).toThrow(
    "Invalid entity type 'attributes'. Valid entity types are ('attribute', 'tag', 'tags')",
  );
});
