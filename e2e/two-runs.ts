import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const program = fileURLToPath(new URL('../out/app/benchtop.mjs', import.meta.url));
const sample = fileURLToPath(new URL('../resources/sample/', import.meta.url));

/** The flights of the first three days of each month up to one: the whole year takes some seconds to prepare. */
function flightsUntil(month: number): Buffer {
  const packed = readFileSync(join(sample, 'data', 'flights.csv.gz'));
  const [head, ...rows] = gunzipSync(packed).toString().trimEnd().split('\n');
  const kept = rows.filter((row) => {
    const [ofMonth, day] = row.split(',').map(Number);
    return (ofMonth ?? 0) <= month && (day ?? 0) <= 3;
  });
  return gzipSync([head, ...kept, ''].join('\n'));
}

/**
 * Records two runs of the sample project's first stage, in a repository of its own; between them a line of code changes, and the
 * flights of December go.
 */
export function recordTwoRuns(home: string): {
  first: string;
  second: string;
  projectId: string;
  project: string;
} {
  const project = join(home, 'delays');
  cpSync(sample, project, { recursive: true, filter: (path) => relative(sample, path) !== 'recorded' });
  writeFileSync(join(project, '.gitignore'), 'data/\nwork/\nout/\n__pycache__/\n');
  execFileSync('git', ['init', '--quiet'], { cwd: project });
  const script = readFileSync(join(project, 'prepare.py'), 'utf8');
  const run = (name: string, lateMinutes: number, untilMonth: number) => {
    writeFileSync(join(project, 'prepare.py'), script.replace('LATE_MIN = 15', `LATE_MIN = ${lateMinutes}`));
    writeFileSync(join(project, 'data', 'flights.csv.gz'), flightsUntil(untilMonth));
    const started = [
      'run',
      '--home',
      home,
      '--project',
      project,
      '--name',
      name,
      '--input',
      join(project, 'data'),
      '--json',
    ];
    const words = ['python3', 'prepare.py', '--hours-ahead', '2'];
    const told = execFileSync(process.execPath, [program, ...started, '--', ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(told) as { id: string; projectId: string };
  };
  const { id: first, projectId } = run('first', 15, 12);
  return { first, second: run('second', 30, 11).id, projectId, project };
}

/** A hash of every file below a folder with its content, mode and time; of a repository but for the snapshots of runs. */
export function treeHash(folder: string): string {
  const hash = createHash('sha256');
  const visit = (at: string) => {
    for (const name of readdirSync(at).toSorted()) {
      const path = join(at, name);
      if (/\.git\/(objects|refs\/benchtop)$/.test(path)) continue;
      const { mode, mtimeMs, size, ...found } = lstatSync(path);
      if ((mode & 0o170000) === 0o040000) visit(path);
      else hash.update(`${path} ${mode} ${mtimeMs} ${size} ${found.ino}\n`).update(readFileSync(path));
    }
  };
  visit(folder);
  return hash.digest('hex');
}
