import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fixtureOpenedProject } from '../contract/fixture-opened-project.ts';
import type { CheckoutEvent, SnapshotEvent, StreamItem } from '../contract/index.ts';
import { openHome } from './fixture-home.ts';
import { createObjects } from './objects/index.ts';
import { createTracking } from './tracking/index.ts';
import { createData } from './data/index.ts';

type Written = string | Uint8Array;
type Last<Event> = Extract<Event, { kind: 'done' }>;

/**
 * For tests: data versions on a real store and real files. `root` holds a project's folder and the home.
 * @param clock milliseconds UTC; one more at every look when left out
 */
export async function openDataHouse(clock = countingClock()) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-data-')));
  const projectPath = join(root, 'project');
  mkdirSync(projectPath);
  const { home, store, close } = await openHome(join(root, 'home'));
  let aheadMs = 0;
  const now = () => clock() + aheadMs;
  const objects = createObjects(home, store, now);
  const tracking = createTracking(store, now);
  const project = fixtureOpenedProject({ path: projectPath });
  const data = createData({
    homePath: home.path,
    store,
    objects,
    now,
    projects: () => [project],
    run: tracking.bareRun,
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
    project,
    store,
    objects,
    tracking,
    data,
    now,
    call,
    /** Lets time pass, in milliseconds. */
    wait: (ms: number) => (aheadMs += ms),
    write(path: string, content: Written, mode = 0o644) {
      const full = join(projectPath, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, content, { mode });
      return full;
    },
    snapshot: (path: string): Promise<Last<SnapshotEvent>> =>
      last(data.handlers.snapshot({ path }, { ...call, after: undefined })),
    checkout: (version: string, destination: string): Promise<Last<CheckoutEvent>> =>
      last(data.handlers.checkout({ version, destination }, { ...call, after: undefined })),
    /** Records a run that begins with declared inputs of which these versions are known. */
    runReads: (id: string, inputs: Parameters<typeof data.noteInputs>[2]) =>
      tracking.createRun({
        id,
        projectId: null,
        name: 'reads',
        source: 'runner',
        status: 'running',
        command: ['true'],
        workingFolder: projectPath,
        createdAt: now(),
        startedAt: null,
        together: (db) => data.noteInputs(db, id, inputs),
      }),
    async close() {
      await data.close();
      await objects.close();
      await close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function countingClock(): () => number {
  let at = 1_700_000_000_000;
  return () => at++;
}
