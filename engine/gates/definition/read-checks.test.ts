import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checksJsonSchema } from './checks-schema.ts';
import { readChecks } from './read-checks.ts';

const project = mkdtempSync(join(tmpdir(), 'checks-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));

function checksIn(text: string) {
  writeFileSync(join(project, 'checks.yaml'), text);
  return readChecks(project);
}

test('without a file what needs a setting is off, and production asks for more than staging', () => {
  const { file, levels, evaluation, problems } = readChecks(join(project, 'nowhere'));
  expect({ file, problems }).toEqual({ file: null, problems: [] });
  expect(levels.code_snapshot).toEqual({ staging: 'warn', production: 'block' });
  expect(levels.tests).toEqual({ staging: null, production: null });
  expect(evaluation).toMatchObject({ metric: null, resamples: 2000, seed: 1, method: 'percentile' });
  expect(readChecks(null)).toEqual(readChecks(join(project, 'nowhere')));
});

test('a level counts everywhere, one of an environment more, and settings turn a check on', () => {
  const checks = checksIn(`evaluation:
  data: data/test.csv
  metric: auc
  positive: 1
  also: [accuracy]
checks:
  data_pinned: off
  code_snapshot: {level: block, staging: warn}
  tests:
    command: pytest -q
    timeout: 10 min
    staging: off
  latency: {p95: 20 ms}
`);
  expect(checks.problems).toEqual([]);
  expect(checks.levels).toMatchObject({
    data_pinned: { staging: null, production: null },
    code_snapshot: { staging: 'warn', production: 'block' },
    tests: { staging: null, production: 'block' },
    latency: { staging: 'block', production: 'block' },
    no_secrets: { staging: 'block', production: 'block' },
  });
  expect(checks.tests).toEqual({ command: 'pytest -q', timeLimitMs: 600_000 });
  expect(checks.latency).toEqual({ p50Ms: null, p95Ms: 20, rows: 200 });
  expect(checks.evaluation).toMatchObject({ metric: 'auc', positive: '1', also: ['accuracy'] });
  expect(checks.file?.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ['checks:\n  tets: block\n', 2, 3, '"tets" is no key here.', 'Did you mean "tests"?'],
  ['checks:\n  card: blok\n', 2, 9, '"card" must be block, warn or off', 'docs/gates.md'],
  ['checks:\n  tests: block\n', 2, 10, '"tests" has no `command`.', 'pytest -q'],
  ['checks:\n  latency: {p95: soon}\n', 2, 18, '"soon" is no time.', '20 ms'],
  ['checks:\n  slices:\n    columns: [city]\n', 3, 5, '"slices" has no `no_worse_than`.', 'no_worse_than'],
  ['evaluation:\n  metric: gini\n', 2, 11, '"metric" must be one of accuracy', 'docs/gates.md'],
  ['evaluation:\n  confidence: 95\n', 2, 15, '"confidence" must be from 0.5 to 0.999', 'docs/gates.md'],
  ['checks: [tests\n', 2, 1, '', 'Correct the YAML'],
])('what is wrong is told with its place: %j', (text, line, column, message, fix) => {
  const [first, ...others] = checksIn(text).problems;
  expect(first).toMatchObject({ file: 'checks.yaml', line, column });
  expect(first?.message).toContain(message);
  expect(first?.fix).toContain(fix);
  expect(others).toEqual([]);
});

const docs = join(import.meta.dirname, '../../../docs');

test('the published schema is the one that checks.yaml is read with (vitest -u writes it)', async () => {
  await expect(`${JSON.stringify(checksJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    join(docs, 'checks.schema.json'),
  );
});
