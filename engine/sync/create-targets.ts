import { BenchtopError, type RoomHandlers, type SyncTarget } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { Carrier } from './carrier.ts';
import { checkedAddress } from './checked-address.ts';
import { markFolder } from './folder/places.ts';
import { probePlace } from './folder/probe-place.ts';
import type { Secrets } from './secrets.ts';
import {
  allTargets,
  forgetRemoved,
  removeTarget,
  restoreTarget,
  saveTarget,
  syncTargetOf,
  targetNamed,
  type Target,
} from './targets.ts';

type TargetHandlers = Pick<
  RoomHandlers<'sync'>,
  'targets' | 'addTarget' | 'changeTarget' | 'removeTarget' | 'restoreTarget' | 'tryTarget' | 'testTarget'
>;
type Settings = Omit<Target, 'id' | 'trouble' | 'failures' | 'attemptAt'>;

/** The places that things are sent to: adding, changing, trying and removing them. */
export function createTargets({
  store,
  now,
  secrets,
  open,
  reopen,
  onChange,
}: {
  store: Store;
  now: () => number;
  secrets: Secrets;
  open: (target: Target, secret: string | null) => Carrier;
  /** Ends what is on its way to a target: it is opened as it is set up now. */
  reopen: (target: number) => Promise<void>;
  onChange: () => void;
}): { handlers: TargetHandlers } {
  /** Of removed targets, for those who bring them back: no longer on the disk. */
  const removedSecrets = new Map<number, string>();
  const shown = (target: Target): SyncTarget =>
    store.now((db) => syncTargetOf(db, target, secrets.whereIs(target.id)));
  const named = (name: string): Target => store.now((db) => targetNamed(db, name));

  async function save(
    before: Target | null,
    target: Settings,
    secret: string | undefined,
  ): Promise<SyncTarget> {
    requireWhole(target, secret !== undefined || (before !== null && before.auth !== 'none'));
    const saved = await store.write('sync.saveTarget', (db) => {
      if (before === null) forgetRemoved(db, target.name);
      return saveTarget(db, target);
    });
    if (target.auth === 'none') await secrets.write(saved.id, null);
    else if (secret !== undefined) await secrets.write(saved.id, secret);
    await reopen(saved.id);
    onChange();
    return shown(saved);
  }

  /** What was given of a new place, with what is meant where nothing was said. */
  function settingsOf({
    kind,
    address,
    secret: _secret,
    ...given
  }: Omit<Parameters<TargetHandlers['addTarget']>[0], 'name'>): Omit<Settings, 'name'> {
    const checked = checkedAddress(kind, address);
    if (kind !== 'mlflow' && given.auth !== undefined && given.auth !== 'none')
      throw new BenchtopError({
        code: 'invalid-input',
        what: `A ${kind} target takes no secret from here.`,
        next:
          kind === 'git' ? 'Git uses its own credentials.' : 'The system’s own rights of the folder count.',
      });
    return {
      kind,
      address: checked,
      auth: given.auth ?? 'none',
      user: given.user ?? null,
      caPath: given.caPath ?? null,
      maxBytesPerSecond: given.maxBytesPerSecond ?? null,
      isPaused: given.isPaused ?? false,
      pausesOnMetered: given.pausesOnMetered ?? kind !== 'folder',
      createdAt: now(),
    };
  }

  async function probe(target: Target, secret: string | null) {
    const carrier = open(target, secret);
    try {
      return await carrier.probe();
    } finally {
      carrier.close();
    }
  }

  return {
    handlers: {
      targets: () => store.now(allTargets).map(shown),
      async addTarget({ name, ...place }) {
        if (store.now(allTargets).some((target) => target.name === name))
          throw new BenchtopError({
            code: 'already-exists',
            what: `There is a target "${name}" already.`,
            next: 'Choose another name, or `benchtop target change`.',
          });
        const settings = settingsOf(place);
        if (settings.kind === 'folder') await markFolder(settings.address);
        return save(null, { name, ...settings }, place.secret);
      },
      async changeTarget({ target: name, change: { secret, ...change } }) {
        const target = named(name);
        const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        return save(target, { ...target, ...given }, secret);
      },
      async removeTarget({ target: name }) {
        const { id } = named(name);
        const secret = secrets.whereIs(id) === 'none' ? null : await secrets.read(id).catch(orNone);
        await store.write('sync.removeTarget', (db) => removeTarget(db, id, now()));
        await reopen(id);
        await secrets.write(id, null);
        if (secret !== null) removedSecrets.set(id, secret);
        onChange();
        return {};
      },
      async restoreTarget({ target: name }) {
        const target = await store.write('sync.restoreTarget', (db) => restoreTarget(db, name));
        const secret = removedSecrets.get(target.id);
        removedSecrets.delete(target.id);
        if (secret !== undefined) await secrets.write(target.id, secret);
        await reopen(target.id);
        onChange();
        return shown(target);
      },
      async tryTarget({ secretOf, ...place }) {
        const settings = settingsOf(place);
        if (settings.kind === 'folder') return probePlace(settings.address);
        const kept = secretOf === undefined ? null : await secrets.read(named(secretOf).id);
        const secret = place.secret ?? kept;
        requireWhole(settings, secret !== null);
        return probe(
          { ...settings, id: 0, name: 'new', trouble: null, failures: 0, attemptAt: null },
          secret,
        );
      },
      async testTarget({ target: name }) {
        const target = named(name);
        return probe(target, target.auth === 'none' ? null : await secrets.read(target.id));
      },
    },
  };
}

/** @throws {BenchtopError} `invalid-input` where a name or a secret is missing. */
function requireWhole({ auth, user }: Pick<Settings, 'auth' | 'user'>, hasSecret: boolean): void {
  if (auth === 'basic' && (user ?? '') === '')
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'A password needs a user.',
      next: 'Give the user (`--user`).',
    });
  if (auth !== 'none' && !hasSecret)
    throw new BenchtopError({
      code: 'invalid-input',
      what: `${auth === 'token' ? 'The token' : 'The password'} is missing.`,
      next: 'Give it in the window, or with --secret-env NAME or --secret-stdin.',
    });
}

/** A secret that the keychain does not open is not brought back. */
function orNone(error: unknown): null {
  if (error instanceof BenchtopError && error.code === 'not-allowed') return null;
  throw error;
}
