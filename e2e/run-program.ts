import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const benchtop = fileURLToPath(new URL('../out/app/benchtop.mjs', import.meta.url));

/** Writes a program that reads and writes files into a project, and records a run of it. Returns the run's id and its project's. */
export function runProgram(
  home: string,
  project: string,
  name: string,
  body: string,
): { id: string; projectId: string } {
  writeFileSync(
    join(project, name),
    `import { openSync, readFileSync, writeFileSync } from 'node:fs';\n${body}\n`,
  );
  const words = ['run', '--home', home, '--project', project, '--name', name, '--json', '--', 'node', name];
  const told = execFileSync(process.execPath, [benchtop, ...words], {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(told) as { id: string; projectId: string };
}
