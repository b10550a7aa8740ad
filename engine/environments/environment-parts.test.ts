import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEngine } from '../fixture-engine.ts';
import { openHome } from '../fixture-home.ts';
import { migrations } from '../migrations.ts';
import { environmentParts } from './environment-parts.ts';

const facts = (capturedAt: number, branch: string) => ({
  capturedAt,
  interpreter: { path: '/usr/bin/python3', language: 'python', kind: 'system', version: '3.12.1' },
  blas: [],
  git: { commit: 'c', branch, isDirty: false, remoteUrl: null },
  host: {
    os: 'Debian',
    kernel: 'Linux',
    architecture: 'x64',
    cpuModel: null,
    cores: 2,
    memoryBytes: 1,
    gpus: null,
    gpuDriver: null,
    cpuFeatures: null,
    libc: null,
  },
  variables: { LANG: 'C' },
  problems: [],
});
const packages = [{ name: 'numpy', version: '2.1.0', filesSha256: null, origin: null }];

test('what an older store knows of environments is kept once, and goes with the last run that has it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-environment-parts-'));
  const old = await openHome(
    folder,
    migrations.filter(({ number }) => number < environmentParts.number),
  );
  await old.store.write('test.old', (db) => {
    db.prepare(
      `INSERT INTO run (run_id, experiment, name, status, created_at, command, source)
       SELECT value, 0, value, 'finished', 1, '[]', 'runner' FROM json_each('["a", "b", "other", "none"]')`,
    ).run();
    db.prepare('INSERT INTO package_list VALUES (?, ?)').run('list', JSON.stringify(packages));
    const insert = db.prepare('INSERT INTO run_environment VALUES (?, ?, ?)');
    insert.run('a', 'list', JSON.stringify(facts(5, 'main')));
    insert.run('b', 'list', JSON.stringify(facts(6, 'main')));
    insert.run('other', null, JSON.stringify(facts(7, 'trial')));
  });
  await old.close();
  const { api, close } = await openEngine(folder);
  try {
    const environmentOf = (runId: string) => api.environments.ofRun({ runId });
    expect(await environmentOf('a')).toMatchObject({ ...facts(5, 'main'), packages });
    expect(await environmentOf('b')).toMatchObject({ ...facts(6, 'main'), packages });
    expect(await environmentOf('other')).toMatchObject({ ...facts(7, 'trial'), packages: null });
    expect(await environmentOf('none')).toBeNull();
    expect(await partCount()).toBe(3);
    await erase('a', 'other');
    expect(await environmentOf('b')).toMatchObject({ ...facts(6, 'main'), packages });
    expect(await partCount()).toBe(2);
    await erase('b');
    expect(await partCount()).toBe(0);
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }

  async function erase(...runIds: string[]) {
    await api.tracking.deleteRuns({ runIds });
    await api.bin.erase({ runIds });
  }
  async function partCount() {
    const { rows } = await api.sql.query({ query: 'SELECT count(*) FROM environment_part' });
    return rows[0]?.[0];
  }
});
