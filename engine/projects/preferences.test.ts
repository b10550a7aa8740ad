import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHome } from '../fixture-home.ts';
import { createPreferences } from './preferences.ts';

test('what is written in a scope is read there from then on, until it is removed', async () => {
  const root = mkdtempSync(join(tmpdir(), 'benchtop-preferences-'));
  const { store, close } = await openHome(root);
  try {
    const { read, write } = createPreferences(store);
    expect(read('one')).toEqual({});
    await write('one', 'width', 3);
    await write('other', 'width', 4);
    expect(read('one')).toEqual({ width: 3 });
    await write('one', 'width', { of: [1] });
    expect(read('one')).toEqual({ width: { of: [1] } });
    await write('one', 'width', null);
    expect(read('one')).toEqual({});
    expect(createPreferences(store).read('other')).toEqual({ width: 4 });
  } finally {
    await close();
    rmSync(root, { recursive: true, force: true });
  }
});
