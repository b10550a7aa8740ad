import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import {
  BenchtopError,
  ownPipelineFile,
  pipelineFiles,
  type Artifact,
  type ProjectPlace,
  type RoomHandlers,
  type Run,
  type RunData,
} from '../../../contract/index.ts';
import { checkPipelineText, readPipeline } from '../definition/index.ts';
import { proposalText } from './proposal-text.ts';
import { proposeStages, type ObservedRun } from './propose-stages.ts';

/** So many of a project's newest runs are looked at. */
const runsAtMost = 100;
/** More files than these of one run stand for their folder. */
const filesOfFolder = 10;
const foldersOfRun = 50;

export interface ProposalsOptions {
  project(projectId: string): ProjectPlace;
  /** Runs that are over, the newest first. */
  runsOf(projectId: string, limit: number): Run[];
  dataOf(runId: string): RunData[];
  /** The direct children of a folder of what a run left. */
  artifactsOf(runId: string, folder: string): Promise<Artifact[]>;
  programOf(command: readonly string[]): string;
}

/** Pipelines as the runs of a project show them, and what a person takes of that. */
export function createProposals(
  options: ProposalsOptions,
): Pick<RoomHandlers<'pipelines'>, 'proposal' | 'saveProposal'> {
  return {
    async proposal({ projectId }) {
      const { path: root } = options.project(projectId);
      const runs = options
        .runsOf(projectId, runsAtMost)
        .filter(
          ({ status, source, tags }) =>
            status === 'finished' && source === 'runner' && !('benchtop.stage' in tags),
        );
      const observed: ObservedRun[] = [];
      const programs = new Set<string>();
      for (const run of runs) {
        const found = programs.has(programKey(run)) ? null : await observedRun(root, run);
        programs.add(programKey(run));
        if (found !== null) observed.push(found);
      }
      if (observed.length === 0) return null;
      const proposed = proposeStages(observed);
      return { ...proposed, text: proposalText(proposed.stages) };
    },
    async saveProposal({ projectId, text }) {
      const { path: root } = options.project(projectId);
      const [problem] = checkPipelineText(root, text).problems;
      if (problem !== undefined)
        throw new BenchtopError({
          code: 'invalid-input',
          what: `The pipeline has a mistake: ${problem.message}`,
          evidence: `line ${problem.line}, column ${problem.column}`,
          next: problem.fix,
        });
      for (const file of pipelineFiles) if (existsSync(join(root, file))) throw isThere(file);
      await writeFile(join(root, ownPipelineFile), text, { flag: 'wx' }).catch((error: unknown) => {
        throw error instanceof Error && 'code' in error && error.code === 'EEXIST'
          ? isThere(ownPipelineFile)
          : error;
      });
      const pipeline = await readPipeline(root);
      if (pipeline !== null) return pipeline;
      throw new BenchtopError({
        code: 'not-found',
        what: `${ownPipelineFile} was removed as soon as it was written.`,
      });
    },
  };

  function programKey(run: Run): string {
    return `${run.workingFolder ?? ''}\0${options.programOf(run.command)}`;
  }

  /** Null for a run outside the project, and for one of which no file is known. */
  async function observedRun(root: string, run: Run): Promise<ObservedRun | null> {
    const folder = run.workingFolder;
    const workingFolder = folder === null ? null : inside(root, folder);
    if (folder === null || workingFolder === null) return null;
    const data = options.dataOf(run.id).flatMap(({ path, role, knownBy }) => {
      const seen = inside(root, path);
      return seen === null || seen === '.' ? [] : [{ path: seen, role, knownBy }];
    });
    const declared = data
      .filter(({ role }) => role === 'output')
      .map(({ path }) => ({ path, known: 'declared' as const }));
    const left = (await filesLeft(run.id, folder))
      .map((path) => posix.join(workingFolder, path))
      .filter((path) => !declared.some((each) => path === each.path || path.startsWith(`${each.path}/`)))
      .map((path) => ({ path, known: 'observed' as const }));
    const reads = data.filter(({ role }) => role === 'input');
    const writes = [...declared, ...left];
    if (reads.length === 0 && writes.length === 0) return null;
    const program = options.programOf(run.command);
    const script = inside(root, resolve(folder, program));
    return {
      runId: run.id,
      command: run.command.map(shellWord).join(' '),
      program,
      script: script !== null && existsSync(join(root, script)) && /\.\w+$/.test(program) ? script : null,
      workingFolder,
      reads,
      writes,
    };
  }

  /** What a run left in its folder and what is still there: files, or the folder where they are many. */
  async function filesLeft(runId: string, workingFolder: string): Promise<string[]> {
    const found: string[] = [];
    const folders = [''];
    for (let at = 0; at < folders.length && at < foldersOfRun; at++) {
      const folder = folders[at] ?? '';
      const children = (await options.artifactsOf(runId, folder)).filter(({ path }) =>
        existsSync(join(workingFolder, path)),
      );
      const files = children.filter(({ isFolder }) => !isFolder);
      if (files.length > filesOfFolder && folder !== '') found.push(folder);
      else {
        found.push(...files.map(({ path }) => path));
        folders.push(...children.filter(({ isFolder }) => isFolder).map(({ path }) => path));
      }
    }
    return found;
  }
}

const isThere = (file: string): BenchtopError =>
  new BenchtopError({
    code: 'already-exists',
    what: `The project has a ${file} already.`,
    next: 'Add the stages to it by hand: Benchtop never writes over it.',
  });

/** The path as seen from the project, with `/`; null for one outside. */
function inside(root: string, path: string): string | null {
  const seen = relative(root, path);
  if (seen === '') return '.';
  return seen === '..' || seen.startsWith(`..${sep}`) || isAbsolute(seen) ? null : seen.replaceAll('\\', '/');
}

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
