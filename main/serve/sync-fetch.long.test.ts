import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pythonEnvironment } from '../../engine/fixture-python.ts';
import { startFaultProxy } from './testing/fault-proxy.ts';
import { fetchedContent, registerFetched, untilPull } from './testing/fetched-model.ts';
import { startLaptop } from './testing/laptop.ts';
import { startMlflow } from './testing/mlflow-peers.ts';
import { openSendingSide } from './testing/sending-side.ts';

const servers = { newest: pythonEnvironment(), '2.x': pythonEnvironment('.venv-mlflow2') } as const;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-fetch-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf('reason' in servers.newest)(
  'a fetch whose engine is killed leaves nothing half, and the next engine goes on with it by itself',
  { timeout: 300_000 },
  async () => {
    if ('reason' in servers.newest) return;
    const team = await startMlflow(servers.newest.python, join(folder, 'newest'));
    const proxy = await startFaultProxy(() => team.address);
    const laptop = await startLaptop(join(folder, 'killed'));
    try {
      await registerFetched(team);
      await laptop.api().sync.addTarget({ name: 'team', address: proxy.address });
      const destination = join(folder, 'fetched');
      let readings = 0;
      proxy.setFaults((method, path) => {
        if (method !== 'GET' || !path.includes('/artifacts/') || !path.endsWith('model.bin')) return null;
        readings += 1;
        return { kind: 'silence' };
      });
      await laptop
        .api()
        .sync.pull({ target: 'team', model: 'fetched@champion', registerAs: 'theirs', destination });
      // One file is here, and the other hangs on its way.
      await untilPull(laptop.api(), ({ fileCount }) => fileCount === 2 && readings > 0);
      const [half] = await laptop.api().sync.pulls({});
      expect(half).toMatchObject({ state: 'pulling', registeredAs: null });
      expect(() => readFileSync(join(destination, 'MLmodel'))).toThrow('ENOENT');
      proxy.setFaults(() => null);
      await laptop.killAndStart();
      const whole = await untilPull(laptop.api(), ({ state }) => state === 'verified');
      expect(whole).toMatchObject({ fileCount: 2, registeredAs: 'theirs/1', destination, alias: 'champion' });
      expect(readFileSync(join(destination, 'model.bin'))).toEqual(fetchedContent);
      expect(await laptop.api().registry.model({ name: 'theirs' })).toMatchObject({ versionCount: 1 });
      console.log(`a killed fetch: ${whole.totalBytes} bytes, whole and registered once after the kill`);
    } finally {
      proxy.cutAll();
      await laptop.stop();
      await proxy.close();
      await team.stop();
    }
  },
);

test.skipIf('reason' in servers['2.x'])(
  'a version is fetched from a 2.x server, by its alias, and verified',
  { timeout: 300_000 },
  async () => {
    if ('reason' in servers['2.x']) return;
    const team = await startMlflow(servers['2.x'].python, join(folder, 'two'));
    const reader = await openSendingSide(join(folder, 'reader'));
    try {
      const runId = await registerFetched(team);
      await reader.api.sync.addTarget({ name: 'team', address: team.address });
      expect(await reader.api.sync.readTeam({ target: 'team' })).toEqual({ versions: 1 });
      const { versions } = await reader.api.sync.teamModels({});
      expect(versions.map(({ name, version, aliases }) => [name, version, aliases])).toEqual([
        ['fetched', '1', ['champion']],
      ]);
      const destination = join(folder, 'from-two');
      await reader.api.sync.pull({
        target: 'team',
        model: 'fetched@champion',
        registerAs: 'fetched',
        destination,
      });
      const pull = await untilPull(reader.api, ({ state }) => state === 'verified');
      expect(pull).toMatchObject({ verifiedBy: 'second-reading', fileCount: 2, registeredAs: 'fetched/1' });
      expect(pull.origin.runId).toBe(runId);
      expect(pull.origin.serverVersion).toMatch(/^2\./);
      expect(readFileSync(join(destination, 'model.bin'))).toEqual(fetchedContent);
      console.log(
        `fetched from MLflow ${pull.origin.serverVersion}: ${pull.fileCount} files, ${pull.totalBytes} bytes`,
      );
    } finally {
      await reader.close();
      await team.stop();
    }
  },
);
