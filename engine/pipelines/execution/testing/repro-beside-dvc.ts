import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { benchtopSide, dvcSide, type Edit } from './beside-dvc.ts';

/**
 * For tests: the same project of DVC's twice, run whole and then after each edit, by DVC and by Benchtop; expects that the same
 * stages run and make the same outputs.
 */
export async function reproBesideDvc(
  python: string,
  edits: readonly (readonly [string, Edit])[],
): Promise<void> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-beside-dvc-')));
  for (const name of ['dvc', 'benchtop']) mkdirSync(join(root, name));
  const theirs = await dvcSide(join(root, 'dvc'), python);
  const ours = await benchtopSide(join(root, 'benchtop'), python);
  try {
    for (const [what, edit] of [['everything', () => undefined] as const, ...edits]) {
      for (const side of [theirs, ours]) side.edit(edit);
      const expected = await theirs.repro();
      expect.soft(await ours.repro(), what).toEqual(expected);
      console.log(`${what}: ${expected.ran.join(', ') || 'nothing'} ran in DVC`);
    }
  } finally {
    await ours.close();
    rmSync(root, { recursive: true, force: true });
  }
}
