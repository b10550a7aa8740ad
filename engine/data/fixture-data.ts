import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fixtureOpenedProject } from '../../contract/fixture-opened-project.ts';
import type { CheckoutEvent, SnapshotEvent, StreamItem } from '../../contract/index.ts';
import { openHome } from '../fixture-home.ts';
import { createObjects } from '../objects/index.ts';
import { createTracking } from '../tracking/index.ts';
import { createData } from './create-data.ts';

type Written = string | Uint8Array;
type Last<Event> = Extract<Event, { kind: 'done' }>;

/** For tests: data versions on a real store and real files. `root` holds a project's folder and the home. */
export async function openDataHouse() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-data-')));
  const projectPath = join(root, 'project');
  mkdirSync(projectPath);
  const { home, store, close } = await openHome(join(root, 'home'));
  let clock = 1_700_000_000_000;
  const now = () => clock++;
  const objects = createObjects(home, store, now);
  const tracking = createTracking(store, now);
  const project = fixtureOpenedProject({ path: projectPath });
  const data = createData({
    homePath: home.path,
    store,
    objects,
    now,
    projects: () => [project],
    run: tracking.run,
    onUnexpected: (error) => {
      throw error;
    },
  });
  const call: { readonly signal: AbortSignal } = { signal: new AbortController().signal };

  async function last<Event extends { kind: string }>(
    events: AsyncIterable<StreamItem<Event>>,
  ): Promise<Last<Event>> {
    let told: Event | undefined;
    for await (const { event } of events) told = event;
    if (told?.kind !== 'done') throw new Error(`The stream ended with ${JSON.stringify(told)}.`);
    return told as Last<Event>;
  }

  return {
    root,
    projectPath,
    store,
    objects,
    tracking,
    data,
    call,
    /** Lets time pass, in milliseconds. */
    wait: (ms: number) => (clock += ms),
    write(path: string, content: Written) {
      const full = join(projectPath, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, content);
      return full;
    },
    snapshot: (path: string): Promise<Last<SnapshotEvent>> =>
      last(data.handlers.snapshot({ path }, { ...call, after: undefined })),
    checkout: (version: string, destination: string): Promise<Last<CheckoutEvent>> =>
      last(data.handlers.checkout({ version, destination }, { ...call, after: undefined })),
    async close() {
      await data.close();
      await close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
