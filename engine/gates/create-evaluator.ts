import { join } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';
import { checksFileName, type Checks } from './definition/read-checks.ts';
import { evaluatePredictions, type EvaluatedPredictions } from './evaluation/evaluate-predictions.ts';
import { recordedPath, tablesIn, type HeldOut } from './evaluation/held-out.ts';
import { predictionsOf, savePredictions, type KeptPredictions } from './gate-records.ts';
import type { GateGround } from './gate-rooms.ts';
import { askedOf, predictRows } from './predict-rows.ts';
import type { RegisteredVersion } from './registered-version.ts';

/** What measures versions on held-out rows. */
export interface Evaluator {
  /** The held-out rows of a project as they are now, recorded as a data version; null where checks.yaml names none. */
  heldOutOf(projectPath: string | null, checks: Checks, signal: AbortSignal): Promise<HeldOut | null>;
  /**
   * What a version says of the held-out rows: what it answered itself, now or earlier, or else what a file told. Null where nobody
   * tells. @throws {BenchtopError} why it cannot answer itself, where there is no file either.
   */
  predictions(
    version: RegisteredVersion,
    heldOut: HeldOut | null,
    checks: Checks,
    signal: AbortSignal,
  ): Promise<KeptPredictions | null>;
  /** A version beside another on the same rows, or alone; or in words why not. */
  evaluate(
    version: RegisteredVersion,
    champion: RegisteredVersion | null,
    by: { checks: Checks; heldOut: HeldOut | null },
    signal: AbortSignal,
  ): Promise<EvaluatedPredictions | { why: string; next: string }>;
}

export function createEvaluator({ store, now, rooms }: GateGround): Evaluator {
  async function predictions(
    version: RegisteredVersion,
    heldOut: HeldOut | null,
    checks: Checks,
    signal: AbortSignal,
  ): Promise<KeptPredictions | null> {
    const given = store.now((db) => predictionsOf(db, version, 'file'));
    if (heldOut === null) return given;
    const asked = askedOf(heldOut, checks);
    const known = store.now((db) => predictionsOf(db, version, { asked }));
    if (known !== null) return known;
    try {
      const made = await predictRows(rooms, version, heldOut, checks, now, signal);
      await store.write('gates.predictions', (db) => savePredictions(db, version, made));
      return { ...made, madeBy: 'model' };
    } catch (error) {
      if (!(error instanceof BenchtopError) || signal.aborted || given === null) throw error;
      return given;
    }
  }

  return {
    predictions,

    async heldOutOf(projectPath, { evaluation: { data } }, signal) {
      if (data === null || projectPath === null) return null;
      const dataVersion = await rooms.keepData(join(projectPath, recordedPath(data)), signal);
      if (dataVersion === null)
        throw new BenchtopError({
          code: 'file-unreadable',
          what: `The held-out data ${data} could not be read whole.`,
        });
      return { name: data, dataVersion, tables: tablesIn(await rooms.manifestOf(dataVersion), data) };
    },

    async evaluate(version, champion, { checks, heldOut }, signal) {
      const lacking = (number: number) => ({
        why: `Nothing tells what version ${number} says of held-out rows.`,
        next: `Name the held-out data in ${checksFileName}, or give predictions: \`benchtop gate ${version.name}/${version.version} --predictions FILE\`.`,
      });
      const own = await predictions(version, heldOut, checks, signal);
      if (own === null) return lacking(version.version);
      const other = champion === null ? null : await predictions(champion, heldOut, checks, signal);
      if (champion !== null && other === null) return lacking(champion.version);
      const compared = { candidate: own, champion: other, heldOut };
      const found = await evaluatePredictions(rooms.tables, compared, checks, signal);
      if (!('why' in found)) return found;
      return { why: found.why, next: 'docs/gates.md says what a file of predictions has to hold.' };
    },
  };
}
