import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { EngineApi } from '../contract/index.ts';
import { alternate } from './alternate.ts';
import type { BenchContext, Figure, Measure, Samples } from './measure.ts';
import { missingEngine } from './programs.ts';
import { withRunner } from './with-runner.ts';

const count = 1000;
/** DVC takes minutes for a thousand. */
const fewCount = 100;
const jobs = 2;
const rounds = 5;
/** An engine has loaded all of its rooms by then. */
const bringToLifeMs = 1500;
const call = promisify(execFile);

/** Positions of the stages that each comes after. */
type Shape = readonly (readonly number[])[];
const shapes: Readonly<Record<'wide' | 'deep' | 'random', Shape>> = {
  wide: Array.from({ length: count }, () => []),
  deep: Array.from({ length: count }, (_, at) => (at === 0 ? [] : [at - 1])),
  random: randomShape(),
};

export const pipelineThousand: Measure = {
  name: 'pipeline-thousand',
  question: 'What does a pipeline of 1000 stages that do nothing cost, all of them recorded as runs?',
  goal: 'at most 3 times bare spawns',
  async run(context) {
    const missing = missingEngine(context.root);
    if (missing !== null) return { figures: [], notes: [missing] };
    const figures: Figure[] = [];
    const hasNinja = await call('ninja', ['--version']).then(
      () => true,
      () => false,
    );
    const notes = [
      hasNinja
        ? `The peer of the thousand is ninja with ${jobs} jobs, which records nothing of a run.`
        : 'ninja was not found; it would be the peer of the thousand.',
      'Each stage of ours is a run with its row, its output, its code and its environment.',
      'Where `true` has something below it, its output is there before (`persist`), and is kept as the version that it is.',
    ];
    for (const [name, shape] of Object.entries(shapes)) {
      const sides = {
        floor: () => bareSpawns(name === 'deep' ? 1 : jobs),
        ours: () => benchtop(context, shape),
      };
      const samples: Samples = hasNinja
        ? await alternate(rounds, { ...sides, peer: () => ninja(context, shape) })
        : await alternate(rounds, sides);
      figures.push({
        name: `1000 × true, ${name}`,
        unit: 'ms',
        below: null,
        ratio: { atMost: 3 },
        floorIs: `1000 × sh -c true, ${name === 'deep' ? 'one after the other' : `${jobs} at once`}`,
        samples,
      });
    }
    for (const name of ['deep', 'random'] as const) {
      const atOnce = name === 'deep' ? 1 : jobs;
      figures.push({
        name: `1000 stages that write what the next reads, ${name}`,
        unit: 'ms',
        below: null,
        ratio: { atMost: 3 },
        floorIs: `the same commands, ${atOnce === 1 ? 'one after the other' : `${atOnce} at once`}`,
        samples: await alternate(rounds, {
          floor: async () => bareSpawns(atOnce, await mkdtemp(join(context.scratch, 'spawns-'))),
          ours: () => benchtop(context, shapes[name], 'writing'),
        }),
      });
    }
    notes.push(await besides(context));
    const dvc = join(context.root, '.venv-dvc', 'bin', 'dvc');
    if (existsSync(dvc)) {
      const few = shapes.deep.slice(0, fewCount);
      figures.push({
        name: `${fewCount} stages, one after the other`,
        unit: 'ms',
        below: null,
        floorIs: null,
        samples: {
          peer: [await dvcRepro(context, dvc, few)],
          ours: [await benchtop(context, few, 'writing')],
        },
      });
      notes.push(`The peer of the ${fewCount} is \`dvc repro\`, without git.`);
    } else notes.push('DVC was not measured: `node scripts/python-environment.mjs .venv-dvc` makes it.');
    return { figures, notes };
  },
};

/** Spawns, some at once, and prints how many milliseconds they took. */
const spawning = `
  const { spawn } = require('node:child_process');
  const [count, atOnce, writes] = process.argv.slice(1).map(Number);
  const command = (at) => (writes ? 'echo > s' + at : 'true');
  const startedAt = performance.now();
  let left = count;
  const next = () => left-- > 0 && spawn('/bin/sh', ['-c', command(left)], { stdio: 'ignore' }).once('close', next);
  for (let at = 0; at < atOnce; at++) next();
  process.once('beforeExit', () => console.log(performance.now() - startedAt));
`;

/** Milliseconds for as many shells as there are stages, some at once. In a process of its own: what a process holds makes its spawns dearer, by up to three times after other measures. */
async function bareSpawns(atOnce: number, writtenTo: string | null = null): Promise<number> {
  const args = [String(count), String(atOnce), writtenTo === null ? '0' : '1'];
  const { stdout } = await call(process.execPath, ['-e', spawning, ...args], { cwd: writtenTo ?? undefined });
  return Number(stdout);
}

async function ninja({ scratch }: BenchContext, shape: Shape): Promise<number> {
  const folder = await mkdtemp(join(scratch, 'ninja-'));
  const builds = shape.map(
    (above, at) => `build s${at}: nothing ${above.map((each) => `s${each}`).join(' ')}\n`,
  );
  await writeFile(join(folder, 'build.ninja'), `rule nothing\n  command = true\n${builds.join('')}`);
  const startedAt = performance.now();
  await call('ninja', ['-C', folder, '-j', String(jobs), '--quiet']);
  const tookMs = performance.now() - startedAt;
  await rm(folder, { recursive: true });
  return tookMs;
}

/** What others that record nothing, or little, take for the same. */
async function besides(context: BenchContext): Promise<string> {
  const taken = async (name: string, work: () => Promise<number>) =>
    `${name} ${await work().then(
      (ms) => `${Math.round(ms).toLocaleString('en-US')} ms`,
      (error: unknown) => `not measured (${String(error).split('\n', 1)[0]?.slice(0, 150)})`,
    )}`;
  const lines: string[] = [];
  for (const [name, shape] of Object.entries(shapes))
    lines.push(await taken(`make, ${count} ${name}:`, () => make(context, shape)));
  const few = shapes.deep.slice(0, fewCount);
  lines.push(await taken(`snakemake, ${fewCount} one after the other:`, () => snakemake(context, few)));
  return `Beside it: ${lines.join('; ')}.`;
}

async function make({ scratch }: BenchContext, shape: Shape): Promise<number> {
  const folder = await mkdtemp(join(scratch, 'make-'));
  const names = shape.map((_, at) => `s${at}`).join(' ');
  // A shell for each, as the others start one: make would leave it out for so plain a command.
  const rules = shape.map((above, at) => `s${at}: ${above.map((each) => `s${each}`).join(' ')}\n\t@: ;\n`);
  await writeFile(join(folder, 'Makefile'), `all: ${names}\n.PHONY: all ${names}\n${rules.join('')}`);
  const startedAt = performance.now();
  await call('make', ['-C', folder, '-j', String(jobs), '--silent']);
  const tookMs = performance.now() - startedAt;
  await rm(folder, { recursive: true });
  return tookMs;
}

async function snakemake({ root, scratch }: BenchContext, shape: Shape): Promise<number> {
  const program = join(root, '.venv-snakemake', 'bin', 'snakemake');
  const folder = await mkdtemp(join(scratch, 'snakemake-'));
  const rules = shape.map((above, at) => {
    const input = above.length === 0 ? '' : `  input: ${above.map((each) => `"s${each}"`).join(', ')}\n`;
    return `rule t${at}:\n${input}  output: "s${at}"\n  shell: "echo > s${at}"\n`;
  });
  const all = shape.map((_, at) => `"s${at}"`).join(', ');
  await writeFile(join(folder, 'Snakefile'), `rule all:\n  input: ${all}\n${rules.join('')}`);
  const startedAt = performance.now();
  await call(program, ['--cores', String(jobs), '--quiet', 'all'], { cwd: folder });
  const tookMs = performance.now() - startedAt;
  await rm(folder, { recursive: true });
  return tookMs;
}

async function dvcRepro({ scratch }: BenchContext, dvc: string, shape: Shape): Promise<number> {
  const folder = await mkdtemp(join(scratch, 'dvc-'));
  const options = { cwd: folder, env: { ...process.env, DVC_NO_ANALYTICS: '1' } };
  await call(dvc, ['init', '--no-scm', '-q'], options);
  await writeFile(join(folder, 'dvc.yaml'), definition(shape, 'writing'));
  const startedAt = performance.now();
  await call(dvc, ['repro', '-q'], options);
  const tookMs = performance.now() - startedAt;
  await rm(folder, { recursive: true });
  return tookMs;
}

type Work = 'nothing' | 'writing';

/** Each stage has an output that those behind it read; it writes it, or leaves the one that is there. */
function definition(shape: Shape, work: Work): string {
  const read = new Set(shape.flat());
  const stages = shape.map((above, at) => {
    const deps = above.length === 0 ? '' : `, deps: [${above.map((each) => `s${each}`).join(', ')}]`;
    const out = work === 'writing' ? `s${at}` : `s${at}: {persist: true}`;
    const outs = read.has(at) ? `, outs: [${out}]` : '';
    return `  t${at}: {cmd: ${read.has(at) && work === 'writing' ? `echo > s${at}` : '"true"'}${deps}${outs}}\n`;
  });
  return `stages:\n${stages.join('')}`;
}

/** From asking until the end of the execution is recorded. */
async function benchtop(context: BenchContext, shape: Shape, work: Work = 'nothing'): Promise<number> {
  return withRunner(context, async ({ api, projectId, projectPath }) => {
    await writeFile(join(projectPath, 'benchtop.yaml'), definition(shape, work));
    if (work === 'nothing')
      for (const at of new Set(shape.flat())) await writeFile(join(projectPath, `s${at}`), '\n');
    // What an engine does once, in its first second and for the first who searches, is none of its stages'.
    await api.tracking.countRuns({});
    await sleep(bringToLifeMs);
    const startedAt = performance.now();
    const { id } = await api.pipelines.run({ projectId, jobs });
    await ended(api, id);
    return performance.now() - startedAt;
  });
}

async function ended(api: EngineApi, executionId: string): Promise<void> {
  for await (const { execution } of api.pipelines.follow({ executionId })) {
    if (execution.status === 'running') continue;
    if (execution.status !== 'finished') throw new Error(JSON.stringify(execution));
  }
}

function randomShape(): Shape {
  let seed = 11;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  return Array.from({ length: count }, (_, at) =>
    at < 10 ? [] : [...new Set([at - 1 - random(Math.min(at, 60)), at - 1 - random(Math.min(at, 60))])],
  );
}
