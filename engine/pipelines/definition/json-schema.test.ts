import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { benchtopJsonSchema } from './json-schema.ts';

const docs = join(import.meta.dirname, '../../../docs');

test('the published schema is the one that benchtop.yaml is read with (vitest -u writes it)', async () => {
  await expect(`${JSON.stringify(benchtopJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    join(docs, 'benchtop.schema.json'),
  );
});

test('docs/pipelines.md shows every key', () => {
  const text = readFileSync(join(docs, 'pipelines.md'), 'utf8');
  const keys = new Set<string>();
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, inner] of Object.entries(node)) {
      if (name === 'properties') for (const key of Object.keys(inner as object)) keys.add(key);
      collect(inner);
    }
  };
  collect(benchtopJsonSchema());
  expect(keys.size).toBeGreaterThan(40);
  expect([...keys].filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
});
