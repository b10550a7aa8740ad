import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { latency as latencySchema } from '../../contract/index.ts';
import { askModel } from './ask-model.ts';
import type { Checks } from './definition/read-checks.ts';
import { writeTables, type HeldOut } from './evaluation/held-out.ts';
import type { KeptPredictions } from './gate-records.ts';
import type { GateRooms } from './gate-rooms.ts';
import type { RegisteredVersion } from './registered-version.ts';

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
 * Lets a version answer the held-out rows itself, in the environment of its run, and times single rows.
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
  const { run, answered, left } = await askModel(
    rooms,
    version,
    {
      name: 'predictions',
      program: rooms.predictorPath,
      async tablesIn(folder) {
        await writeTables(heldOut.tables, folder, async (objectId, path) => {
          await mkdir(dirname(path), { recursive: true });
          await rooms.writeFile(objectId, path);
        });
        return folder;
      },
      settings: settingsOf(heldOut, checks),
      answer: 'predictions.csv',
      otherwise: `Give a file of predictions: \`benchtop gate ${version.name}/${version.version} --predictions FILE\`.`,
    },
    signal,
  );
  const timings = left.find(({ path }) => path === 'timings.json');
  return {
    objectId: answered.objectId,
    name: answered.path,
    runId: run.id,
    at: now(),
    dataVersion: heldOut.dataVersion,
    asked: askedOf(heldOut, checks),
    latency:
      timings === undefined || timings.objectId === null
        ? null
        : latencySchema.parse(
            JSON.parse(new TextDecoder().decode(await rooms.readObject(timings.objectId, timings.sizeBytes))),
          ),
  };
}
