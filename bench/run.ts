import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentOf } from './document.ts';
import { measures } from './measures.ts';
import type { BenchContext } from './measure.ts';
import { readRecords, writeRecord, type Taken } from './records.ts';
import { recordRuns } from './recorded-home.ts';
import { readSetting, settingLine } from './setting.ts';
import { tableOf } from './table.ts';

// `npm run bench [-- NAME …]`: takes the measures, prints them, keeps them as JSON and writes docs/benchmarks.md.
// A missed goal is printed and fails nothing: a busy machine is no defect.
const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !measures.some((measure) => measure.name === name));
if (unknown.length > 0) {
  console.error(
    `bench: no measure ${unknown.join(', ')}. There are: ${measures.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

const startedAt = new Date().toISOString();
const setting = readSetting();
console.log(settingLine(setting));
const scratch = mkdtempSync(join(tmpdir(), 'benchtop-bench-'));
let recorded: Promise<string> | undefined;
const context: BenchContext = {
  root,
  scratch,
  chromiumPath: process.env.CHROMIUM_PATH ?? null,
  homeWithRuns() {
    const home = join(scratch, 'recorded-home');
    recorded ??= recordRuns(home).then(() => home);
    return recorded;
  },
};

try {
  const taken: Taken[] = [];
  for (const { run, isLong = false, ...about } of measures) {
    if (wanted.length > 0 ? !wanted.includes(about.name) : isLong) continue;
    console.log(`\n${about.name}: ${about.question} Goal: ${about.goal}.`);
    const measured = { ...about, ...(await run(context)) };
    console.log(tableOf(measured));
    taken.push(measured);
  }
  console.log(`\nKept in ${writeRecord(root, { startedAt, setting, measures: taken })}`);
  writeDocument();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function writeDocument(): void {
  const path = join(root, 'docs', 'benchmarks.md');
  const names = measures.map(({ name }) => name);
  const page = existsSync(path) ? readFileSync(path, 'utf8') : '';
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(path, documentOf(names, readRecords(root), page));
  console.log('Wrote docs/benchmarks.md');
}
