import AxeBuilder from '@axe-core/playwright';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.ts';

const program = fileURLToPath(new URL('../out/app/benchtop.mjs', import.meta.url));

const script = (sign: string) => `import csv, sys
rows = [float(row["x"]) for row in csv.DictReader(open(sys.argv[1]))]
print("loss=%r" % (${sign}sum(rows) / len(rows)))
`;
const months = (count: number) =>
  `id,x\n${Array.from({ length: count }, (_, at) => `${at},${at}`).join('\n')}\n`;

test('two runs are compared down to the rows; the first is brought back, identical', async ({
  window,
  host,
}) => {
  test.setTimeout(120_000);
  const project = join(host.home, 'delays');
  mkdirSync(join(project, 'data'), { recursive: true });
  writeFileSync(join(project, '.gitignore'), 'data/\n');
  execFileSync('git', ['init', '--quiet'], { cwd: project });
  const run = (name: string, count: number, sign: string) => {
    writeFileSync(join(project, 'train.py'), script(sign));
    writeFileSync(join(project, 'data', 'months.csv'), months(count));
    const started = ['run', '--home', host.home, '--project', project, '--name', name, '--json'];
    const words = ['python3', 'train.py', 'data/months.csv', '--seed', '1'];
    const told = execFileSync(process.execPath, [program, ...started, '--', ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return (JSON.parse(told) as { id: string }).id;
  };
  const first = run('first', 30, '');
  const second = run('second', 28, '-');

  await window.goto(host.url(`/runs/${second}`));
  const changed = window.getByRole('region', { name: 'What changed' });
  await expect(changed.getByRole('row', { name: /train\.py/ })).toContainText('+1 −1 lines');
  await expect(changed.getByRole('row', { name: /months\.csv/ })).toContainText('0 added, 2 removed', {
    timeout: 30_000,
  });
  await changed.getByRole('link', { name: 'Compare' }).click();
  const causes = window.getByRole('region', { name: 'Likely causes' });
  await expect(causes.getByRole('row', { name: /months\.csv/ })).toBeVisible({ timeout: 30_000 });
  await expect(causes).toContainText('The same in both: command, params, packages');

  await window.goto(host.url(`/runs/${first}/reproduce`));
  const part = window.getByRole('region', { name: 'Reproduce' });
  await expect(part.getByRole('row', { name: /^code/ })).toContainText('ready');
  await expect(part.getByRole('row', { name: /^data/ })).toContainText('months.csv');
  await part.getByRole('button', { name: 'Reproduce' }).click();
  await expect(part.getByRole('article')).toContainText('identical', { timeout: 60_000 });
  await expect(part.getByRole('article')).toContainText('1 metric and 0 files are the same.');
  await expect(window.getByRole('link', { name: /identical/ })).toBeVisible();
  const { violations } = await new AxeBuilder({ page: window }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});
