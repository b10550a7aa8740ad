import { BenchtopError, errorShapeOf, type PullOrigin, type RoomHandlers } from '../../../contract/index.ts';
import type { Objects } from '../../objects/index.ts';
import { modelVersion } from '../../registry/index.ts';
import type { Store } from '../../store/index.ts';
import type { Carrier } from '../carrier.ts';
import { versionId } from '../local-version.ts';
import type { SyncRecords } from '../records.ts';
import { targetNamed, type Target } from '../targets.ts';
import { fetchFiles } from './fetch-files.ts';
import { requireFree, registerPulled, writePulled } from './place-pulled.ts';
import { beginPull, latestPulls, pullById, setPull, unfinishedPulls } from './pull-rows.ts';
import { createPullRemoval } from './remove-pull.ts';
import type { TeamRegistry, ThereFile, ThereVersion } from './team-registry.ts';
import { keepTeam, teamReadings, teamVersions } from './team-rows.ts';

type TeamHandlers = Pick<
  RoomHandlers<'sync'>,
  'teamModels' | 'readTeam' | 'pull' | 'pulls' | 'cancelPull' | 'removePull' | 'restorePull'
>;

/** Versions that are kept of one registry. */
const versionsAtMost = 100_000;
/** How often the bytes of a fetch are written down, in ms. */
const noteEveryMs = 500;

/** The registries of targets, read only, and the fetching of models from them. */
export function createTeam({
  store,
  objects,
  records,
  now,
  open,
  onChange,
  onUnexpected,
}: {
  store: Store;
  objects: Pick<Objects, 'putStream' | 'writeFiles'>;
  records: SyncRecords;
  now: () => number;
  open: (target: Target) => Promise<Carrier>;
  onChange: () => void;
  onUnexpected: (error: unknown, where: string) => void;
}): { handlers: TeamHandlers; resume(): void; close(): Promise<void> } {
  let isClosing = false;
  const underway = new Map<number, { stop: AbortController; work: Promise<void> }>();
  const numberOf = (name: string | undefined): number | null =>
    name === undefined ? null : store.now((db) => targetNamed(db, name)).id;

  /** Asks the registry of a target, and closes the lines to it, at once where the signal says so. */
  async function asking<T>(
    name: string,
    work: (registry: TeamRegistry, target: Target) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const target = store.now((db) => targetNamed(db, name));
    const carrier = await open(target);
    signal?.addEventListener('abort', carrier.close, { once: true });
    try {
      signal?.throwIfAborted();
      if (carrier.registry !== null) return await work(carrier.registry, target);
      throw new BenchtopError({
        code: 'unsupported',
        what: `${name} is a git remote, and keeps no models.`,
        next: 'Name an MLflow server or a folder.',
      });
    } finally {
      signal?.removeEventListener('abort', carrier.close);
      carrier.close();
    }
  }

  async function found(registry: TeamRegistry, target: Target, model: string) {
    const { name, by } = referenceOf(model);
    const version = await registry.version(name, by);
    if (version === null)
      throw new BenchtopError({
        code: 'not-found',
        what: `${target.name} has no ${model}.`,
        next: `\`benchtop target models ${target.name}\` lists what it has.`,
      });
    return { version, alias: 'alias' in by ? by.alias : null };
  }

  async function carry(
    pullId: number,
    registerAs: string | null,
    known: ThereVersion | null,
    signal: AbortSignal,
  ) {
    const { target: targetName, name, version: number } = store.now((db) => pullById(db, pullId));
    let doneBytes = 0;
    let notedAt = 0;
    const note = (): Promise<void> =>
      store.write('sync.pulling', (db) => setPull(db, pullId, { doneBytes }, now()));
    await asking(
      targetName,
      async (registry, target) => {
        const version = known ?? (await found(registry, target, versionId(name, number))).version;
        const files: readonly ThereFile[] = await registry.files(version);
        if (files.length === 0)
          throw new BenchtopError({
            code: 'not-found',
            what: `${name}/${number} has no files at ${targetName}.`,
          });
        const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        await store.write('sync.pulling', (db) =>
          setPull(db, pullId, { fileCount: files.length, totalBytes, doneBytes: 0 }, now()),
        );
        const verifiedBy = await fetchFiles({ store, objects }, pullId, files, {
          signal,
          onBytes(bytes) {
            doneBytes += bytes;
            if (performance.now() - notedAt < noteEveryMs) return;
            notedAt = performance.now();
            void note().catch((error: unknown) => onUnexpected(error, 'sync.pulling'));
            onChange();
          },
        });
        signal.throwIfAborted();
        const { destination, origin } = store.now((db) => pullById(db, pullId));
        if (destination !== null) await writePulled({ store, objects }, pullId, destination);
        const whole = { state: 'verified', verifiedBy, doneBytes } as const;
        // What it became before is not made a second time.
        if (registerAs === null || isRegistered(pullId, registerAs)) {
          await store.write('sync.pulled', (db) => setPull(db, pullId, whole, now()));
          return;
        }
        const cause = records.causeOf(`pulled from ${targetName}`);
        await records.changeRegistry('registerPulled', (db) => {
          const registeredAs = registerPulled(db, pullId, origin, registerAs, cause);
          setPull(db, pullId, { ...whole, registeredAs }, now());
        });
      },
      signal,
    );
  }

  function isRegistered(pullId: number, name: string): boolean {
    return store.now((db) => {
      const [, as, number] = /^(.*)\/(\d+)$/s.exec(pullById(db, pullId).registeredAs ?? '') ?? [];
      return as === name && modelVersion(db, name, Number(number)) !== undefined;
    });
  }

  /** Fetches it, unless that is being done already. */
  function begin(pullId: number, registerAs: string | null, known: ThereVersion | null): void {
    if (underway.has(pullId)) return;
    const stop = new AbortController();
    const work = carry(pullId, registerAs, known, stop.signal)
      .catch((error: unknown) => failed(pullId, error, stop.signal))
      .catch((error: unknown) => onUnexpected(error, 'sync.pull'))
      .finally(() => {
        underway.delete(pullId);
        onChange();
      });
    underway.set(pullId, { stop, work });
  }

  async function failed(pullId: number, error: unknown, signal: AbortSignal): Promise<void> {
    // The next engine goes on with it.
    if (isClosing) return;
    if (!signal.aborted && !(error instanceof BenchtopError)) onUnexpected(error, 'sync.pull');
    await store.write('sync.pullFailed', (db) =>
      setPull(
        db,
        pullId,
        signal.aborted ? { state: 'cancelled' } : { state: 'failed', error: errorShapeOf(error) },
        now(),
      ),
    );
  }

  const handlers: TeamHandlers = {
    ...createPullRemoval({ store, now, onChange }),
    teamModels: ({ target, limit }) => {
      const number = numberOf(target);
      return store.now((db) => ({
        versions: teamVersions(db, number, limit),
        targets: teamReadings(db, number),
      }));
    },
    readTeam: ({ target }) =>
      asking(target, async (registry, { id }) => {
        const versions: ThereVersion[] = [];
        for await (const some of registry.versions()) {
          versions.push(...some);
          if (versions.length >= versionsAtMost) break;
        }
        await store.write('sync.team', (db) => keepTeam(db, id, versions, now()));
        onChange();
        return { versions: versions.length };
      }),
    async pull({ target, model, destination = null, registerAs }) {
      if (destination !== null) await requireFree(destination);
      const { version, alias, origin } = await asking(target, async (registry, { address, ...rest }) => {
        const asked = await found(registry, { address, ...rest }, model);
        const { name, version: number, runId, source, createdAt, tags } = asked.version;
        const from: PullOrigin = {
          address,
          serverVersion: await registry.serverVersion(),
          name,
          version: number,
          runId,
          source,
          createdAt,
          tags,
        };
        return { ...asked, origin: from };
      });
      const pullId = await store.write('sync.pull', (db) =>
        beginPull(db, {
          target,
          alias,
          origin,
          destination,
          registerAs: registerAs ?? null,
          at: now(),
        }),
      );
      begin(pullId, registerAs ?? null, version);
      onChange();
      return store.now((db) => pullById(db, pullId));
    },
    pulls: ({ limit }) => store.now((db) => latestPulls(db, limit)),
    async cancelPull({ pullId }) {
      const running = underway.get(pullId);
      running?.stop.abort();
      await running?.work;
      return store.now((db) => pullById(db, pullId));
    },
  };
  return {
    handlers,
    resume() {
      for (const { id, registerAs } of store.now(unfinishedPulls)) begin(id, registerAs, null);
    },
    async close() {
      isClosing = true;
      const all = [...underway.values()];
      for (const { stop } of all) stop.abort();
      await Promise.all(all.map(({ work }) => work));
    },
  };
}

/** `churn@champion`, `churn/3`. @throws {BenchtopError} `invalid-input`. */
function referenceOf(model: string): { name: string; by: { alias: string } | { number: string } } {
  const [, name, sign, rest] = /^(.+)([@/])([^@/]+)$/s.exec(model) ?? [];
  if (name !== undefined && rest !== undefined) {
    if (sign === '@') return { name, by: { alias: rest } };
    if (/^[1-9]\d*$/.test(rest)) return { name, by: { number: rest } };
  }
  throw new BenchtopError({
    code: 'invalid-input',
    what: `"${model}" names no version.`,
    next: 'Write churn@champion or churn/3.',
  });
}
