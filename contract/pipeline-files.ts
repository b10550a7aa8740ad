import { BenchtopError } from './benchtop-error.ts';

/** Benchtop's own definition of a pipeline. Where it lies in a project, no other is read. */
export const ownPipelineFile = 'benchtop.yaml';
/** DVC's, read as it is. */
export const dvcPipelineFile = 'dvc.yaml';
/** The files of which one makes a folder a project with a pipeline. */
export const pipelineFiles = [ownPipelineFile, dvcPipelineFile] as const;

/** What is said where a pipeline is needed and none is defined. */
export const noPipeline = ({ name, path }: { name: string; path: string }): BenchtopError =>
  new BenchtopError({
    code: 'not-found',
    what: `${name} defines no pipeline.`,
    evidence: `no ${pipelineFiles.join(' or ')} in ${path}`,
    next: 'See docs/pipelines.md for how to write one.',
  });
