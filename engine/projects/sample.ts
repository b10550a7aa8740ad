import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Project } from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Home, Store } from '../store/index.ts';
import type { Recorder } from '../tracking/index.ts';

/** How `resources/sample/recorded/NN-name.json` tells of a run. NaN and infinities are written as words. */
const recording = z.object({
  name: z.string(),
  command: z.array(z.string()),
  stage: z.string(),
  status: z.enum(['finished', 'failed', 'killed']),
  exitCode: z.number().nullable().default(null),
  ending: z.string().optional(),
  signal: z.string().nullable().optional(),
  startedAt: z.number(),
  endedAt: z.number(),
  params: z.record(z.string(), z.string()),
  metrics: z.record(
    z.string(),
    z.array(
      z.tuple([z.number(), z.number(), z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])]),
    ),
  ),
  tags: z.record(z.string(), z.string()).default({}),
  artifacts: z.array(z.object({ path: z.string(), sizeBytes: z.number() })).default([]),
});

export const sampleName = 'Flight delays, New York 2013';

/**
 * Lays the sample project into the home and records its runs once. The user's copy is never overwritten:
 * a second call opens what is there.
 */
export async function makeSample(options: {
  sampleSource: string;
  home: Home;
  store: Store;
  recorder: Recorder;
  objects: Objects;
  register: (path: string, name: string) => Promise<Project>;
}): Promise<Project> {
  const { sampleSource, home, store, recorder, objects, register } = options;
  const path = join(home.path, 'sample', 'flight-delays');
  if (!existsSync(path)) {
    // Copied under another name first: a crash in between must not leave half a project.
    const unfinished = `${path}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await cp(sampleSource, unfinished, {
      recursive: true,
      filter: (source) =>
        !['recorded', 'work', 'out', '__pycache__'].some(
          (name) => source === join(sampleSource, name) || source.endsWith(`/${name}`),
        ),
    });
    await rename(unfinished, path);
  }
  const project = await register(path, sampleName);
  const recorded = await recordedNames(store, project.id);
  const folder = join(sampleSource, 'recorded');
  const names = existsSync(folder)
    ? (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted()
    : [];
  for (const name of names) {
    const told = recording.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
    if (!recorded.has(told.name))
      await recordRun(join(folder, name.slice(0, -'.json'.length)), told, project, {
        home,
        recorder,
        objects,
      });
  }
  return register(path, sampleName);
}

/** Names of the recordings that were taken over whole; one that a crash cut short is erased, to be recorded again. */
function recordedNames(store: Store, projectId: string): Promise<Set<string>> {
  return store.write('projects.recordings', (db) => {
    db.prepare("DELETE FROM run WHERE project_id = ? AND source = 'recording' AND status = 'running'").run(
      projectId,
    );
    const names = db
      .prepare("SELECT name FROM run WHERE project_id = ? AND source = 'recording'")
      .pluck()
      .all(projectId) as string[];
    return new Set(names);
  });
}

async function recordRun(
  files: string,
  told: z.output<typeof recording>,
  project: Project,
  to: { home: Home; recorder: Recorder; objects: Objects },
): Promise<void> {
  const run = await to.recorder.createRun({
    name: told.name,
    projectId: project.id,
    status: 'running',
    command: told.command,
    workingFolder: project.path,
    source: 'recording',
    createdAt: told.startedAt,
    startedAt: told.startedAt,
    params: told.params,
    tags: { 'benchtop.stage': told.stage, ...told.tags },
  });
  const points = Object.entries(told.metrics).flatMap(([key, values]) =>
    values.map(([step, timeMs, value]) => ({ key, step, timeMs, value: Number(value) })),
  );
  await to.recorder.logPoints(run.id, points, { origin: 'console' });
  for (const { path } of told.artifacts) {
    const stored = await to.objects.putFile(join(files, 'artifacts', path));
    await to.recorder.addArtifact(run.id, { path, ...stored });
  }
  const runFolder = join(to.home.runsPath, run.id);
  await mkdir(runFolder, { recursive: true });
  await cp(`${files}.log`, join(runFolder, 'out.log'));
  await to.recorder.updateRun(run.id, {
    status: told.status,
    endedAt: told.endedAt,
    exitCode: told.exitCode,
    ending: told.ending ?? endingOf(told),
  });
}

function endingOf(told: z.output<typeof recording>): string {
  return told.signal ? `killed by ${told.signal}` : `exit code ${told.exitCode ?? 0}`;
}
