import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../out/app/benchtop.mjs', import.meta.url));

const script = (sign: string) => `import csv, sys
rows = [float(row["x"]) for row in csv.DictReader(open(sys.argv[1]))]
print("loss=%r" % (${sign}sum(rows) / len(rows)))
`;
const months = (count: number) =>
  `id,x\n${Array.from({ length: count }, (_, at) => `${at},${at}`).join('\n')}\n`;

/** Records two runs of one script in a repository of its own; between them a line of code and two rows of data change. */
export function recordTwoRuns(home: string): { first: string; second: string; projectId: string } {
  const project = join(home, 'delays');
  mkdirSync(join(project, 'data'), { recursive: true });
  writeFileSync(join(project, '.gitignore'), 'data/\n');
  execFileSync('git', ['init', '--quiet'], { cwd: project });
  const run = (name: string, count: number, sign: string) => {
    writeFileSync(join(project, 'train.py'), script(sign));
    writeFileSync(join(project, 'data', 'months.csv'), months(count));
    const started = ['run', '--home', home, '--project', project, '--name', name, '--json'];
    const words = ['python3', 'train.py', 'data/months.csv', '--seed', '1'];
    const told = execFileSync(process.execPath, [program, ...started, '--', ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(told) as { id: string; projectId: string };
  };
  const { id: first, projectId } = run('first', 30, '');
  return { first, second: run('second', 28, '-').id, projectId };
}
