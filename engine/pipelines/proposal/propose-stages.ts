import { basename, extname } from 'node:path';
import {
  ownPipelineFile,
  stageDefaults,
  type DataKnownBy,
  type PipelineProposal,
  type ProposalCertainty,
  type ProposedStage,
} from '../../../contract/index.ts';
import { joinStages, type BareStage } from '../definition/index.ts';

/** A run that ended well, with what is known of its files; paths are relative to the project. */
export interface ObservedRun {
  readonly runId: string;
  /** For the shell. */
  readonly command: string;
  /** What makes two runs the same program: `train.py`. */
  readonly program: string;
  /** The program's own file; null where it has none in the project. */
  readonly script: string | null;
  readonly workingFolder: string;
  readonly reads: readonly { path: string; knownBy: readonly DataKnownBy[] }[];
  readonly writes: readonly { path: string; known: ProposalCertainty }[];
}

/**
 * Stages out of runs, the newest first: one for each program, as its newest run shows it. What two write belongs to the one that wrote it
 * last, what a program both reads and writes is an output, and where stages would go in a circle the least sure dependency is left out.
 */
export function proposeStages(runs: readonly ObservedRun[]): Omit<PipelineProposal, 'text'> {
  const leftOut: string[] = [];
  const newest = new Map<string, ObservedRun>();
  for (const run of runs) {
    const key = `${run.workingFolder}\0${run.program}`;
    if (!newest.has(key)) newest.set(key, run);
  }
  const names = new Set<string>();
  const written = new Map<string, string>();
  const stages: ProposedStage[] = [];
  for (const run of newest.values()) {
    const outs = run.writes.filter(({ path }) => {
      const other = [...written].find(([taken]) => overlap(taken, path));
      if (other !== undefined)
        leftOut.push(`${run.program} wrote ${path} too; it is an output of ${other[1]}.`);
      return other === undefined;
    });
    const own = outs.filter(
      ({ path }, at) => !outs.some((each, before) => before !== at && holds(each.path, path)),
    );
    const name = newName(run.program, names);
    for (const { path } of own) written.set(path, name);
    const deps = run.reads.flatMap(({ path, knownBy }) => {
      if (!own.some((out) => overlap(out.path, path))) return [{ path, known: certaintyOf(knownBy) }];
      leftOut.push(`${run.program} reads ${path} and writes it; it is only an output.`);
      return [];
    });
    const script = run.script === null ? [] : [{ path: run.script, known: 'declared' as const }];
    stages.push({
      name,
      command: run.command,
      workingFolder: run.workingFolder,
      runId: run.runId,
      deps: [...script, ...deps.filter(({ path }) => path !== run.script)],
      outs: own,
    });
  }
  breakCircles(stages, leftOut);
  const ordered = joinStages(stages.map(bareStage), []).stages.flatMap(
    ({ name }) => stages.find((stage) => stage.name === name) ?? [],
  );
  return { stages: ordered, edges: edgesOf(ordered), leftOut };
}

const certaintyOf = (knownBy: readonly DataKnownBy[]): ProposalCertainty =>
  knownBy.includes('declared') || knownBy.includes('logged')
    ? 'declared'
    : knownBy.includes('observed')
      ? 'observed'
      : 'guessed';

const sureness: readonly ProposalCertainty[] = ['guessed', 'observed', 'declared'];
const lessSure = (a: ProposalCertainty, b: ProposalCertainty): ProposalCertainty =>
  sureness.indexOf(a) < sureness.indexOf(b) ? a : b;

const holds = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`);
const overlap = (a: string, b: string): boolean => holds(a, b) || holds(b, a);

/** `train` of `src/train.py`, `pkg-train` of `-m pkg.train`; numbered where it is taken. */
function newName(program: string, names: Set<string>): string {
  const last = program.startsWith('-m ') ? program.slice(3) : basename(program, extname(program));
  const plain = last.replaceAll(/[^\w-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'stage';
  let name = plain;
  for (let number = 2; names.has(name); number++) name = `${plain}-${number}`;
  names.add(name);
  return name;
}

function breakCircles(stages: ProposedStage[], leftOut: string[]): void {
  for (;;) {
    const circle = joinStages(stages.map(bareStage), []).mistakes.find(({ key }) => key === 'deps');
    if (circle === undefined) return;
    const inCircle = edgesOf(stages).filter(({ from, to }) => reaches(stages, to, from));
    const [weakest] = inCircle.toSorted((a, b) => sureness.indexOf(a.known) - sureness.indexOf(b.known));
    const at = stages.findIndex(({ name }) => name === weakest?.to);
    const stage = stages[at];
    if (weakest === undefined || stage === undefined) return;
    leftOut.push(`${stage.name} reads ${weakest.path} of ${weakest.from}, which needs ${stage.name} itself.`);
    stages[at] = { ...stage, deps: stage.deps.filter(({ path }) => path !== weakest.path) };
  }
}

/** True when one stage needs another, directly or through others. */
function reaches(stages: readonly ProposedStage[], from: string, to: string): boolean {
  const edges = edgesOf(stages);
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    for (const edge of edges) if (edge.from === at) open.push(edge.to);
  }
  return false;
}

function edgesOf(stages: readonly ProposedStage[]): PipelineProposal['edges'] {
  return stages.flatMap((to) =>
    to.deps.flatMap((dep) =>
      stages.flatMap((from) =>
        from === to
          ? []
          : from.outs
              .filter((out) => overlap(out.path, dep.path))
              .slice(0, 1)
              .map((out) => ({
                from: from.name,
                to: to.name,
                path: dep.path,
                known: lessSure(out.known, dep.known),
              })),
      ),
    ),
  );
}

const bareStage = (stage: ProposedStage): BareStage => ({
  ...stageDefaults,
  name: stage.name,
  commands: [stage.command],
  workingFolder: stage.workingFolder,
  deps: stage.deps.map(({ path }) => path),
  outputs: stage.outs.map(({ path }) => ({ path, kind: 'output', isCached: true, isPersistent: false })),
  file: ownPipelineFile,
  line: 1,
});
