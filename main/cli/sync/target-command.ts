import { resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import {
  BenchtopError,
  ruleText,
  type SyncTarget,
  type TargetKind,
  type TargetProbe,
} from '../../../contract/index.ts';
import { bytesText } from '../data/data-snapshot-command.ts';
import { durationText } from '../duration-text.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';

export interface TargetOptions {
  readonly home: string;
  readonly json?: boolean;
}

export interface AddTargetOptions extends TargetOptions {
  readonly auth?: SyncTarget['auth'];
  readonly user?: string;
  readonly secretEnv?: string;
  readonly secretStdin?: boolean;
  readonly ca?: string;
  readonly folder?: string;
  readonly git?: string;
  /** False: without one. */
  readonly limit?: number | boolean;
  readonly metered?: 'pause' | 'send';
}

export interface ChangeTargetOptions extends AddTargetOptions {
  readonly pause?: boolean;
  readonly resume?: boolean;
}

/** `benchtop target list`. */
export async function listTargets(options: TargetOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const targets = await engine.api.sync.targets({});
    const rules = await engine.api.sync.rules({});
    const rulesOf = ({ name }: SyncTarget) => rules.filter(({ target }) => target === name);
    if (options.json === true)
      console.log(jsonText(targets.map((target) => ({ ...target, rules: rulesOf(target) }))));
    else if (targets.length === 0)
      console.log('No targets. Add one with `benchtop target add NAME ADDRESS`.');
    else
      for (const target of targets) {
        console.log(targetText(target, Date.now()));
        for (const rule of rulesOf(target)) console.log(`  by itself: ${ruleText(rule)}`);
      }
  });
}

/** `benchtop target add`. */
export async function addTarget(
  name: string,
  address: string | undefined,
  options: AddTargetOptions,
): Promise<void> {
  const place = placeOf(address, options);
  const settings = await settingsOf(options);
  await withEngine(options.home, async (engine) => {
    const added = await engine.api.sync.addTarget({ name, ...place, ...settings });
    console.log(options.json === true ? jsonText(added) : targetText(added, Date.now()));
  });
}

/** `benchtop target change`. */
export async function changeTarget(name: string, options: ChangeTargetOptions): Promise<void> {
  const { pause = false, resume = false } = options;
  const settings = await settingsOf(options);
  await withEngine(options.home, async (engine) => {
    const changed = await engine.api.sync.changeTarget({
      target: name,
      change: { ...settings, ...(pause || resume ? { isPaused: pause } : {}) },
    });
    console.log(options.json === true ? jsonText(changed) : targetText(changed, Date.now()));
  });
}

/** `benchtop target test`. */
export async function testTarget(name: string, options: TargetOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const probe = await engine.api.sync.testTarget({ target: name });
    const kind = (await engine.api.sync.targets({})).find((target) => target.name === name)?.kind;
    if (options.json === true) {
      console.log(jsonText(probe));
      return;
    }
    console.log(`${name} answers in ${probe.elapsedMs} ms${foundText(kind, probe)}.`);
    for (const notice of probe.notices) console.log(`  ${notice}`);
  });
}

function foundText(kind: TargetKind | undefined, { version, freeBytes }: TargetProbe): string {
  if (kind === 'mlflow') return `: MLflow ${version ?? 'of an unknown version'}`;
  return freeBytes === undefined ? '' : `: ${bytesText(freeBytes)} are free`;
}

/** `benchtop target remove`. */
export async function removeTarget(name: string, options: TargetOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    await engine.api.sync.removeTarget({ target: name });
    console.log(options.json === true ? jsonText({ name }) : `${name}  removed`);
  });
}

/** Where a new target is: exactly one of a server, a folder and a git remote. */
function placeOf(
  address: string | undefined,
  { folder, git }: AddTargetOptions,
): { kind: TargetKind; address: string } {
  const places = [
    ...(address === undefined ? [] : [{ kind: 'mlflow' as const, address }]),
    ...(folder === undefined ? [] : [{ kind: 'folder' as const, address: resolve(folder) }]),
    ...(git === undefined ? [] : [{ kind: 'git' as const, address: /^[./]/.test(git) ? resolve(git) : git }]),
  ];
  const [place] = places;
  if (place !== undefined && places.length === 1) return place;
  throw new BenchtopError({
    code: 'invalid-input',
    what: place === undefined ? 'The address is missing.' : 'A target has one address.',
    next: 'Give the address of an MLflow server, or --folder PATH, or --git URL.',
  });
}

/** A secret never comes as an argument: every program of this machine could read it there. */
async function settingsOf(options: AddTargetOptions) {
  const { auth, user, ca, limit, metered } = options;
  const secret = await secretOf(options);
  return {
    ...(auth === undefined ? {} : { auth }),
    ...(user === undefined ? {} : { user }),
    ...(secret === undefined ? {} : { secret }),
    ...(ca === undefined ? {} : { caPath: resolve(ca) }),
    ...(typeof limit === 'number' ? { maxBytesPerSecond: limit } : {}),
    ...(limit === false ? { maxBytesPerSecond: null } : {}),
    ...(metered === undefined ? {} : { pausesOnMetered: metered === 'pause' }),
  };
}

async function secretOf({ secretEnv, secretStdin = false }: AddTargetOptions): Promise<string | undefined> {
  const given =
    secretEnv !== undefined ? process.env[secretEnv] : secretStdin ? await textOf(process.stdin) : undefined;
  const secret = given?.replace(/\r?\n$/, '');
  if ((secretEnv !== undefined || secretStdin) && (secret ?? '') === '')
    throw new BenchtopError({
      code: 'invalid-input',
      what: secretEnv === undefined ? 'There was no secret on stdin.' : `The variable ${secretEnv} is empty.`,
    });
  return secret;
}

const secretWords: Readonly<Record<SyncTarget['secretIn'], string>> = {
  none: 'no secret',
  keychain: 'secret in the keychain',
  file: 'secret in a file that only you can read',
};

/** `team  https://…  3 waiting  secret in the keychain`, and below it what is the matter. */
function targetText(target: SyncTarget, now: number): string {
  const { name, kind, address, counts, secretIn, isPaused, trouble, nextAttemptAt } = target;
  const shown = (['waiting', 'sending', 'conflict', 'refused', 'verified'] as const).flatMap((state) => {
    const count = counts[state] ?? 0;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  const first = [
    name,
    address,
    shown.join(', ') || 'nothing sent yet',
    kind === 'mlflow' ? secretWords[secretIn] : kind,
    isPaused ? 'paused' : '',
  ]
    .filter((part) => part !== '')
    .join('  ');
  if (trouble === null) return first;
  const next = nextAttemptAt === null ? '' : ` Next attempt in ${durationText(nextAttemptAt - now)}.`;
  return `${first}\n  ${trouble.what}${next}${trouble.next === undefined ? '' : ` ${trouble.next}`}`;
}
