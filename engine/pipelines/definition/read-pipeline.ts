import { basename } from 'node:path';
import { ownPipelineFile, type Pipeline } from '../../../contract/index.ts';
import { setNewest } from '../../set-newest.ts';
import { definitionFiles } from './definition-files.ts';
import { readDvcConfig } from './dvc-config.ts';
import { readDvcSource } from './dvc-source.ts';
import { joinStages } from './join-stages.ts';
import type { LastingDefinitions } from './lasting-definitions.ts';
import { isGlob, meetGlob } from './meet-glob.ts';
import { defaultParamsFile, readParams } from './params-file.ts';
import { openProjectFiles, type ProjectFiles } from './project-files.ts';
import { resolveDefinition, type PlacedStage, type Problem } from './resolve-definition.ts';
import { isOutside } from './stage-paths.ts';
import { valueAt } from './value-at.ts';

const kept = new Map<string, { files: ProjectFiles; pipeline: Pipeline | null }>();
const projectsKept = 16;

/** A clock of a file system ticks so seldom at worst. Of a file that was younger when it was read nobody can tell later whether it was changed again. */
const coarseTickMs = 2000;

/** This reader: a bundle's file is named after what is in it, and in what it imports. */
export const ownFile = basename(import.meta.url);

/**
 * Reads a project's pipeline: `benchtop.yaml`, or else its `dvc.yaml` files, those in sub-folders included (their stages are named
 * as DVC addresses them, `sub/dvc.yaml:train`). Null where it defines none. What is wrong is told with its place; the stages that
 * are right are kept. What was read before, also by an engine before this one, is given again while no file that it was read of has
 * changed.
 */
export async function readPipeline(
  projectPath: string,
  lasting: LastingDefinitions | null = null,
): Promise<Pipeline | null> {
  const known = kept.get(projectPath);
  if (known?.files.isCurrent() === true) return known.pipeline;
  const before = known === undefined ? (lasting?.of(projectPath) ?? null) : null;
  if (before !== null) {
    const files = openProjectFiles(projectPath, before.states);
    if (files.isCurrent()) return remembered(projectPath, files, before.pipeline);
  }
  const files = openProjectFiles(projectPath);
  const pipeline = readNow(files);
  if (files.wasOlderThan(coarseTickMs)) lasting?.note(projectPath, { states: files.states(), pipeline });
  return remembered(projectPath, files, pipeline);
}

function remembered(projectPath: string, files: ProjectFiles, pipeline: Pipeline | null): Pipeline | null {
  setNewest(kept, projectsKept, projectPath, { files, pipeline });
  return pipeline;
}

/** What a text would be as the benchtop.yaml of a project. */
export function checkPipelineText(projectPath: string, text: string): Pipeline {
  const files = openProjectFiles(projectPath);
  const pipeline = readNow({
    ...files,
    text: (path) => (path === ownPipelineFile ? text : files.text(path)),
    kind: (path) => (path === ownPipelineFile ? 'file' : files.kind(path)),
  });
  return pipeline ?? { file: ownPipelineFile, stages: [], sources: [], problems: [] };
}

function readNow(files: ProjectFiles): Pipeline | null {
  const config = readDvcConfig(files);
  const placed: PlacedStage[] = [];
  const problems: Problem[] = [];
  const sources: Pipeline['sources'] = [];
  const outputs = new Set<string>();
  const read = (file: string): void => {
    const resolved = resolveDefinition(files, file, config);
    problems.push(...resolved.problems);
    placed.push(...resolved.stages);
    for (const { stage } of resolved.stages) for (const { path } of stage.outputs) outputs.add(path);
  };

  const isOwn = files.kind(ownPipelineFile) === 'file';
  if (isOwn) read(ownPipelineFile);
  const pipelineFiles: string[] = isOwn ? [ownPipelineFile] : [];
  for (const { kind, path } of definitionFiles(files, (folder) => outputs.has(folder))) {
    if (kind === 'source')
      sources.push(...(readDvcSource(files.root, path, files.text(path) ?? '') ?? unreadable(path)));
    else if (!isOwn) {
      pipelineFiles.push(path);
      read(path);
    }
  }
  const [file] = pipelineFiles;
  if (file === undefined) return null;

  if (isOwn) meetGlobs();
  const placeOf = new Map(placed.map((each) => [each.stage, each]));
  const joined = joinStages(
    placed.map(({ stage }) => stage),
    sources,
  );
  for (const { stage, key, path, message, fix } of joined.mistakes)
    problems.push({ file: stage.file, message, ...placeAt(placeOf.get(stage), key, path), fix });
  checkParams();
  return { file, stages: joined.stages, sources, problems: eachOnce(problems) };

  function unreadable(path: string): Pipeline['sources'] {
    problems.push({
      file: path,
      message: `${path} is no file of DVC.`,
      line: 1,
      column: 1,
      fix: 'Restore it from git, or remove it.',
    });
    return [];
  }

  function meetGlobs(): void {
    for (const [index, { stage, place }] of placed.entries()) {
      if (!stage.deps.some(isGlob)) continue;
      const deps = stage.deps.flatMap((dep) => {
        if (!isGlob(dep) || isOutside(dep) || outputs.has(dep) || files.kind(dep) !== null) return [dep];
        const met = meetGlob(files, dep, [...outputs]);
        if (met !== null && met.length > 0) return met;
        problems.push({
          file: stage.file,
          message: met === null ? `${dep} looks through too many files.` : `${dep} matches nothing.`,
          ...place('deps', dep),
          fix: met === null ? 'Name the folder itself.' : 'Correct the pattern, or add the files.',
        });
        return [];
      });
      placed[index] = { stage: { ...stage, deps: [...new Set(deps)] }, place };
    }
  }

  /** Params that a stage reads must be there, but for those in a file that a stage writes. */
  function checkParams(): void {
    for (const { stage, place } of placed) {
      for (const { file: paramsFile, names } of stage.params) {
        if (outputs.has(paramsFile) || isOutside(paramsFile)) continue;
        const params = readParams(files, paramsFile);
        if ('mistake' in params) {
          const isHere = params.isMissing || files.kind(paramsFile) === 'folder';
          problems.push({
            file: isHere ? stage.file : paramsFile,
            message: params.mistake,
            ...(isHere ? place('params', paramsFile) : { line: params.line, column: params.column }),
            fix: params.fix,
          });
          continue;
        }
        for (const name of names) {
          if (name.includes('*') || valueAt(params.values, name) !== undefined) continue;
          problems.push({
            file: stage.file,
            message: `Stage "${stage.name}" reads the param ${name}, which ${paramsFile} does not have.`,
            ...place('params', paramsFile === defaultParamsFile ? name : paramsFile),
            fix: `Add ${name} to ${paramsFile}, or take it out of params.`,
          });
        }
      }
    }
  }
}

const placeAt = (placed: PlacedStage | undefined, key: string, path: string) =>
  placed?.place(key, path) ?? { line: 1, column: 1 };

/** What is wrong in a template is wrong in each stage that is made of it. */
function eachOnce(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((each) => [JSON.stringify(each), each])).values()];
}
