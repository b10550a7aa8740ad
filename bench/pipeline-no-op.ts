import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineApi } from '../contract/index.ts';
import { pythonEnvironment } from '../engine/fixture-python.ts';
import { announcedAddress } from '../engine/index.ts';
import { alternate } from './alternate.ts';
import type { BenchContext, Figure, Measure } from './measure.ts';
import { missingEngine } from './programs.ts';
import { withRunner, type RunnerSide } from './with-runner.ts';

const count = 100;
const depCount = 5;
const warmRounds = 15;
const coldRounds = 5;
const call = promisify(execFile);

/** Each reads what the one before it wrote, and files of its own. */
const stages = Array.from({ length: count }, (_, at) => {
  const own = Array.from({ length: depCount }, (_unused, index) => `data/d${at}-${index}.txt`);
  const deps = at === 0 ? own : [`out/o${at - 1}.txt`, ...own.slice(1)];
  return { name: `s${at}`, deps, out: `out/o${at}.txt`, command: `cat ${deps.join(' ')} > out/o${at}.txt` };
});
const deps = [...new Set(stages.flatMap((stage) => stage.deps))];

export const pipelineNoOp: Measure = {
  name: 'pipeline-no-op',
  question: `How long does it take to find that nothing has to be done, in a pipeline of ${count} stages with ${depCount} deps each?`,
  goal: 'below 100 ms with an engine that runs, at most 400 ms from the command line without one',
  async run(context) {
    const missing = missingEngine(context.root);
    if (missing !== null) return { figures: [], notes: [missing] };
    const figures: Figure[] = [];
    const notes: string[] = [];
    const home = await withRunner(context, async (side) => {
      await makeProject(side.projectPath);
      await repro(side);
      // What was written within the last tick of the clock is read again the next time, and then known.
      await new Promise((resolve) => setTimeout(resolve, 200));
      await side.api.pipelines.status({ projectId: side.projectId });
      const samples = await alternate(warmRounds, {
        floor: async () => timed(async () => deps.forEach((path) => statSync(join(side.projectPath, path)))),
        ours: async () =>
          timed(async () => {
            const { stages: judged } = await side.api.pipelines.status({ projectId: side.projectId });
            if (judged.some(({ state }) => state !== 'up-to-date')) throw new Error('Not all is up to date.');
          }),
      });
      const floorIs = 'a stat of each dep, in this process';
      figures.push({ name: 'status, engine running', unit: 'ms', below: 100, floorIs, samples });
      figures.push({
        name: 'run to its end, engine running',
        unit: 'ms',
        below: 100,
        floorIs: null,
        samples: await alternate(warmRounds, { ours: () => timed(() => repro(side)) }),
      });
      return side;
    });
    const peers = await madePeers(context, notes);
    const dvc = peers.get('dvc status');
    for (const command of ['status', 'repro'] as const) {
      const floor = () =>
        timed(() => call(process.execPath, ['-e', statAll, ...deps], { cwd: home.projectPath }));
      const ours = () => coldCommand(context, home, [command, '--project', home.projectPath]);
      const samples =
        command === 'status' && dvc !== undefined
          ? await alternate(coldRounds, { floor, peer: () => timed(dvc), ours })
          : await alternate(coldRounds, { floor, ours });
      figures.push({
        name: `benchtop ${command}, no engine running`,
        unit: 'ms',
        below: 400,
        floorIs: 'Node that asks for the state of each dep',
        samples,
      });
    }
    const noted = async (name: string, work: () => Promise<number>) => {
      const { it } = await alternate(coldRounds, { it: work });
      notes.push(`${name}: ${Math.round(it.toSorted((a, b) => a - b)[it.length >> 1] ?? 0)} ms.`);
    };
    await noted(
      'benchtop status by the launcher of a checkout, which first holds the sources against what was built of them',
      () =>
        coldCommand(context, home, ['status', '--project', home.projectPath], ['scripts', 'benchtop.mjs']),
    );
    for (const [name, work] of peers) if (name !== 'dvc status') await noted(name, () => timed(work));
    return {
      figures,
      notes: [
        'The peer is `dvc status`. Like it, Benchtop goes by content: a file that was only touched is read again and found to be the same. make and ninja go by times alone.',
        ...notes,
      ],
    };
  },
};

const statAll = 'for (const path of process.argv.slice(1)) require("fs").statSync(path)';

async function makeProject(path: string): Promise<void> {
  await Promise.all(['data', 'out'].map((folder) => mkdir(join(path, folder), { recursive: true })));
  for (const dep of deps) if (dep.startsWith('data/')) await writeFile(join(path, dep), dep);
  const text = stages.map(
    (stage) =>
      `  ${stage.name}:\n    cmd: ${stage.command}\n    deps: [${stage.deps.join(', ')}]\n    outs: [${stage.out}]\n`,
  );
  await writeFile(join(path, 'dvc.yaml'), `stages:\n${text.join('')}`);
}

async function repro({ api, projectId }: { api: EngineApi; projectId: string }): Promise<void> {
  const { id } = await api.pipelines.run({ projectId });
  for await (const { execution } of api.pipelines.follow({ executionId: id }))
    if (execution.status !== 'running' && execution.status !== 'finished')
      throw new Error(JSON.stringify(execution));
}

/** The bundled command line, as an installed one runs it, which starts an engine that stays; it is ended before the next. */
async function coldCommand(
  { root }: BenchContext,
  { home }: RunnerSide,
  args: string[],
  program = ['out', 'app', 'benchtop.mjs'],
): Promise<number> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'out', 'compile-cache') };
  const tookMs = await timed(() =>
    call(process.execPath, [join(root, ...program), ...args, '--home', home], { env }),
  );
  const pid = announcedAddress(home)?.pid;
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM');
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return tookMs;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH: gone
  }
}

/** The same pipeline for others, run once; what does not run on this machine is told in the notes. */
async function madePeers(
  { scratch }: BenchContext,
  notes: string[],
): Promise<Map<string, () => Promise<unknown>>> {
  const folder = await mkdtemp(join(scratch, 'no-op-peers-'));
  await makeProject(folder);
  const rules = (begin: (stage: (typeof stages)[number]) => string) => stages.map(begin).join('');
  await writeFile(
    join(folder, 'Makefile'),
    `all: out/o${count - 1}.txt\n${rules(({ out, deps: own, command }) => `${out}: ${own.join(' ')}\n\t${command}\n`)}`,
  );
  await writeFile(
    join(folder, 'build.ninja'),
    `rule it\n  command = $cmd\n${rules(({ out, deps: own, command }) => `build ${out}: it ${own.join(' ')}\n  cmd = ${command}\n`)}`,
  );
  const list = (paths: readonly string[]) => paths.map((path) => JSON.stringify(path)).join(', ');
  await writeFile(
    join(folder, 'Snakefile'),
    `rule all:\n  input: "out/o${count - 1}.txt"\n${rules(({ name, out, deps: own, command }) => `rule ${name}:\n  input: ${list(own)}\n  output: "${out}"\n  shell: "${command}"\n`)}`,
  );
  const programOf = (environment: '.venv-dvc' | '.venv-snakemake', name: string): string => {
    const found = pythonEnvironment(environment);
    if ('reason' in found) throw new Error(found.reason);
    return join(dirname(found.python), name);
  };
  const peers = new Map<string, () => Promise<unknown>>();
  const add = async (name: string, make: () => Promise<[first: string[], again: string[]]>) => {
    // Each in a copy of its own: what one writes is no business of the others.
    const own = `${folder}-${name.replaceAll(' ', '-')}`;
    try {
      const [first, again] = await make();
      await cp(folder, own, { recursive: true });
      const run = ([program = '', ...args]: string[]) =>
        call(program, args, { cwd: own, env: { ...process.env, DVC_NO_ANALYTICS: '1' } });
      if (name.startsWith('dvc')) await run([first[0] ?? '', 'init', '--no-scm', '--quiet']);
      await run(first);
      peers.set(name, () => run(again));
    } catch (error) {
      const [line = ''] = String(error).split('\n');
      notes.push(`${name}: not measured (${line.slice(0, 200)}).`);
    }
  };
  const plain = (program: string) => add(program, async () => [[program], [program]]);
  await plain('make');
  await plain('ninja');
  await add('snakemake', async () => {
    const program = programOf('.venv-snakemake', 'snakemake');
    const command = [program, '--cores', '2', '--quiet', 'all'];
    return [command, command];
  });
  await add('dvc status', async () => {
    const program = programOf('.venv-dvc', 'dvc');
    return [
      [program, 'repro', '--quiet'],
      [program, 'status'],
    ];
  });
  return peers;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
