import { createHash, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BenchtopError, latency as latencySchema } from '../../contract/index.ts';
import type { Checks } from './definition/read-checks.ts';
import { inScratch, runForEvidence } from './evidence-run.ts';
import { writeTables, type HeldOut } from './evaluation/held-out.ts';
import type { KeptPredictions } from './gate-records.ts';
import type { GateRooms } from './gate-rooms.ts';
import type { RegisteredVersion } from './registered-version.ts';

const timeLimitMs = 60 * 60_000;

type Asking = Pick<Checks, 'evaluation' | 'latency'>;

const settingsOf = ({ tables }: HeldOut, { evaluation, latency }: Asking) => ({
  tables: tables.map(({ name }) => name),
  features: evaluation.features,
  besides: [evaluation.label, ...(evaluation.id === null ? [] : [evaluation.id])],
  id: evaluation.id,
  timedRows: latency.rows,
});

/** Tells one question to a model from another: the contents of the held-out tables, and how they are read. */
export const askedOf = (heldOut: HeldOut, checks: Asking): string =>
  createHash('sha256')
    .update(JSON.stringify([heldOut.tables, settingsOf(heldOut, checks)]))
    .digest('hex');

/**
 * Lets a version answer the held-out rows itself, in the environment of its run, and times single rows. Loading a model runs code that
 * it holds: that is done in a run of its own, never here.
 * @throws {BenchtopError} where its environment is not known, or it cannot be loaded or asked.
 */
export async function predictRows(
  rooms: GateRooms,
  version: RegisteredVersion,
  heldOut: HeldOut,
  checks: Asking,
  now: () => number,
  signal: AbortSignal,
): Promise<Omit<KeptPredictions, 'madeBy'>> {
  const run = version.runId === null ? null : rooms.run(version.runId);
  const environment = run === null ? null : await rooms.environmentOf(run.id);
  const projectId = run?.projectId ?? null;
  if (environment === null || environment.interpreter?.language !== 'python' || projectId === null)
    throw new BenchtopError({
      code: 'unsupported',
      what: `In what environment version ${version.version} can be loaded is not known: no Python was recorded with its run.`,
      next: `Give a file of predictions: \`benchtop gate ${version.name}/${version.version} --predictions FILE\`.`,
    });
  const python = await rooms.pythonFor(environment, signal);
  const model = await rooms.modelPath(version.name, version.version);
  return inScratch(rooms.scratchPath, `gate-${randomBytes(8).toString('hex')}`, async (folder) => {
    const workingFolder = join(folder, 'work');
    const rows = join(folder, 'held-out');
    await mkdir(workingFolder, { recursive: true });
    await writeTables(heldOut.tables, rows, async (objectId, path) => {
      await mkdir(dirname(path), { recursive: true });
      await rooms.writeFile(objectId, path);
    });
    const settings = settingsOf(heldOut, checks);
    const about = `${version.name}/${version.version}`;
    const ended = await runForEvidence(
      rooms,
      {
        projectId,
        name: `predictions of ${about}`.slice(0, 250),
        about,
        command: [python, rooms.predictorPath, model, rows, JSON.stringify(settings)],
        workingFolder,
        python,
        timeLimitMs,
      },
      signal,
    );
    const left = rooms.artifacts(ended.id);
    const predictions = left.find(({ path }) => path === 'predictions.csv');
    if (ended.status !== 'finished' || predictions === undefined || predictions.objectId === null)
      throw new BenchtopError({
        code: 'cannot-start',
        what: `Version ${version.version} did not answer the held-out rows: ${ended.ending ?? ended.status}.`,
        evidence: await rooms.lastOutput(ended.id),
        next: `\`benchtop logs ${ended.id.slice(0, 8)}\` has all of it; or give a file of predictions.`,
      });
    const timings = left.find(({ path }) => path === 'timings.json');
    return {
      objectId: predictions.objectId,
      name: predictions.path,
      runId: ended.id,
      at: now(),
      dataVersion: heldOut.dataVersion,
      asked: askedOf(heldOut, checks),
      latency:
        timings === undefined || timings.objectId === null
          ? null
          : latencySchema.parse(
              JSON.parse(
                new TextDecoder().decode(await rooms.readObject(timings.objectId, timings.sizeBytes)),
              ),
            ),
    };
  });
}
