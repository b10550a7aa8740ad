import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDataHouse } from '../fixture-data.ts';

test('an input behind a link is what the link leads to when the run is recorded', async () => {
  const house = await openDataHouse();
  try {
    const old = house.write('old.csv', 'a\n');
    const { version } = (await house.snapshot(old)).moment;
    const other = house.write('new.csv', 'b\n');
    await house.snapshot(other);
    const link = join(house.projectPath, 'input.csv');
    async function readsOf(id: string): Promise<string[]> {
      await house.runReads(id, [{ path: link, version, hasLinks: true }]);
      return house.data.ofRun(id).map(({ path }) => path);
    }
    symlinkSync(old, link);
    expect(await readsOf('a'.repeat(32))).toEqual([old]);
    rmSync(link);
    symlinkSync(other, link);
    expect(await readsOf('b'.repeat(32))).toEqual([]);
  } finally {
    await house.close();
  }
});
