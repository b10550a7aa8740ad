import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchtopSide, dvcSide, type Edit } from './beside-dvc.ts';

/** What came of one edit at a side: the stages that ran, and what they made. */
type Reproduced = Awaited<ReturnType<Awaited<ReturnType<typeof dvcSide>>['repro']>>;

/** For tests: the same project of DVC's twice, run whole and then after each edit, by DVC and by Benchtop. */
export async function reproBesideDvc(
  python: string,
  edits: readonly (readonly [string, Edit])[],
): Promise<readonly { what: string; theirs: Reproduced; ours: Reproduced }[]> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-beside-dvc-')));
  for (const name of ['dvc', 'benchtop']) mkdirSync(join(root, name));
  const theirs = await dvcSide(join(root, 'dvc'), python);
  const ours = await benchtopSide(join(root, 'benchtop'), python);
  const reproduced = [];
  try {
    for (const [what, edit] of [['everything', () => undefined] as const, ...edits]) {
      for (const side of [theirs, ours]) side.edit(edit);
      reproduced.push({ what, theirs: await theirs.repro(), ours: await ours.repro() });
    }
    return reproduced;
  } finally {
    await ours.close();
    rmSync(root, { recursive: true, force: true });
  }
}
