import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

export const finding = z.object({
  kind: z.enum([
    'script',
    'notebook',
    'environment',
    'git',
    'mlruns',
    'mlflow-db',
    'tensorboard',
    'pipeline',
    'data',
    'params',
  ]),
  /** Relative to the project's folder, with forward slashes. */
  path: z.string(),
  detail: z.string(),
});
export type Finding = z.infer<typeof finding>;

export const project = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  openedAt: z.number(),
  isSample: z.boolean(),
  /** False when the folder is not there at the moment (moved, deleted, a disk that is not plugged in). */
  isPresent: z.boolean(),
  runCount: z.number(),
});
export type Project = z.infer<typeof project>;
/** What a project is known by. */
export type ProjectPlace = Pick<Project, 'id' | 'name' | 'path'>;

const projectId = z.object({ projectId: z.string() });

export const projects = {
  list: procedure('The known projects, the one opened last first.', z.object({}), z.array(project)),
  open: procedure(
    'Opens a folder as a project. Nothing is written into it.',
    z.object({ path: z.string() }),
    project,
  ),
  openSample: procedure(
    'Makes the sample project with its recorded runs, once, and opens it.',
    z.object({}),
    project,
  ),
  forget: procedure('Takes a project off the list. Its folder and its runs stay.', projectId, z.object({})),
  findings: procedure(
    'What lies in the folder: scripts, environments, earlier trackers, pipelines.',
    projectId,
    z.array(finding),
  ),
};
