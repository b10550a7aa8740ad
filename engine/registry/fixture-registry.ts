import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { GateReport } from '../../contract/index.ts';
import { openHome } from '../fixture-home.ts';
import { bareRecords } from '../fixture-registry-records.ts';
import { createObjects, type Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import { createTracking, type Tracking } from '../tracking/index.ts';
import { createRegistry, type Registry } from './create-registry.ts';

export const mlmodelText = (inputs: object, outputs: object = [{ type: 'long', required: true }]): string =>
  `flavors:
  python_function:
    loader_module: mlflow.sklearn
  sklearn:
    pickled_model: model.pkl
mlflow_version: 3.18.0
signature:
  inputs: '${JSON.stringify(inputs)}'
  outputs: '${JSON.stringify(outputs)}'
  params: null
`;

export interface RegistryHouse {
  readonly folder: string;
  readonly store: Store;
  readonly tracking: Tracking;
  readonly objects: Objects;
  readonly now: () => number;
  /** How often the windows were told. */
  changes(): number;
  readonly api: Registry['handlers'];
  /** What every question comes with. */
  readonly call: { readonly signal: AbortSignal; readonly after: undefined };
  /** A finished run with a metric and files. */
  runWith(name: string, accuracy: number, files: Readonly<Record<string, string>>): Promise<string>;
  end(): Promise<void>;
}

/** For tests: a registry over a fresh home, with a clock that goes on by a second at each look. */
export async function openRegistry(
  judged: (version: { version: number }) => GateReport | null = () => null,
): Promise<RegistryHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-registry-'));
  const { home, store, close } = await openHome(folder);
  let clock = Date.UTC(2026, 0, 1);
  const now = () => (clock += 1000);
  const tracking = createTracking(store, now);
  const objects = createObjects(home, store, now);
  let changes = 0;
  const { handlers } = createRegistry({
    homePath: folder,
    store,
    objects,
    records: { ...bareRecords(tracking.run), project: () => ({ path: folder }), judged },
    onChange: () => changes++,
    now,
  });
  const { signal } = new AbortController();

  return {
    folder,
    store,
    tracking,
    objects,
    now,
    changes: () => changes,
    api: handlers,
    call: { signal, after: undefined },
    async runWith(name, accuracy, files) {
      const { id } = await tracking.createRun({
        name,
        projectId: null,
        status: 'finished',
        createdAt: now(),
        startedAt: now(),
        command: ['python', 'train.py'],
        workingFolder: null,
        source: 'runner',
      });
      await tracking.logPoints(id, [{ key: 'accuracy', value: accuracy, step: 0, timeMs: now() }], {
        origin: 'told',
      });
      for (const [path, text] of Object.entries(files)) {
        const { objectId, sizeBytes } = await objects.putStream(Readable.from([Buffer.from(text)]));
        await tracking.addArtifact(id, { path, objectId, sizeBytes });
      }
      return id;
    },
    async end() {
      await objects.close();
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
